"""Backup and restore: everything comes back, nothing comes in by that door that a link would refuse."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deskblog.errors import Refused, Unusable
from deskblog.log import codec, kinds
from deskblog.store import backup as b
from deskblog.store.keeping import Restored, read_backup, write_backup
from deskblog.store.keyfile import load_or_make_keys
from deskblog.store.store import Store
from tests.log.chronicle import keys
from tests.store.diary import NOON, Diary, Shelf, borders
from tests.store.test_blobs import LEAF, blob, bring, photo

SALT = bytes(16)


def written(shelf: Shelf, file: Path, passphrase: str = "") -> b.Written:
    return write_backup(shelf.store, keys("anne"), shelf.office, file, passphrase, SALT)


def restored(file: Path, folder: Path, passphrase: str = "") -> tuple[Restored, Shelf | None]:
    return read_backup(file, passphrase, folder, lambda: NOON), None


def texts(folder: Path, shelf: Shelf) -> list[str]:
    store = Store.open(folder, keys("anne").device, lambda: NOON)
    store.know(shelf.office)
    rows = [row.text for row in store.timeline(limit=500).rows]
    store.close()
    return rows


@pytest.fixture
def full(shelf: Shelf, anne: Diary, bruno: Diary) -> Shelf:
    """Own posts, another's, a withdrawn one, a fork, a log past its border."""
    shelf.book.admit("carla")
    shelf.learn()
    carla = Diary(shelf.book, "carla")
    anne.posts(3, "anne {n}")
    bruno.posts(300, "bruno {n}")
    twin = bruno.twin()
    bruno.post("here")
    twin.post("there")
    gone = anne.post("withdrawn")
    anne.say(kinds.Withdraw(gone.entry.id))
    carla.posts(5, "carla {n}")
    for diary in (anne, bruno, twin, carla):
        shelf.take(diary)
    shelf.book.remove("carla", heads=borders((carla, 4)))
    shelf.learn()
    shelf.store.put("ui-language", "fr")
    shelf.store.put("own-log", "00" * 8)
    return shelf


def test_everything_comes_back(full: Shelf, tmp_path: Path) -> None:
    file = tmp_path / "deskblog.backup"
    done = written(full, file)
    back, _none = restored(file, tmp_path / "new")
    assert done.posts == back.posts == full.store.count() > 300
    assert (back.office, back.person, back.aside) == (full.office.name, "Anne", None)
    assert texts(back.folder, full) == [row.text for row in full.store.timeline(limit=500).rows]
    assert load_or_make_keys(back.folder).device == keys("anne").device
    store = Store.open(back.folder, keys("anne").device, lambda: NOON)
    store.know(full.office)
    assert store.heads(full.office) == full.store.heads(full.office)
    assert store.get("ui-language") == "fr" and store.get("own-log") == "", "it goes on in a new log"
    assert {act.id for act in store.load_acts()} == set(full.office.acts)
    store.close()


def test_a_backup_is_its_owners_alone_and_whole_or_not_there(full: Shelf, tmp_path: Path) -> None:
    file = tmp_path / "deep" / "deskblog.backup"
    written(full, file)
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["deskblog.backup"]
    with pytest.raises(Unusable, match="cannot be used"):
        written(full, Path("/dev/null/backup"))


def test_with_a_passphrase_nobody_else_reads_it(full: Shelf, tmp_path: Path) -> None:
    file = tmp_path / "sealed"
    written(full, file, "correct horse")
    raw = file.read_bytes()
    assert b.is_sealed(file) and b"bruno" not in raw and keys("anne").seed not in raw
    with pytest.raises(Refused, match="passphrase is wrong"):
        restored(file, tmp_path / "new", "battery staple")
    assert not (tmp_path / "new").exists()
    back, _none = restored(file, tmp_path / "new", "correct horse")
    assert back.posts == full.store.count()
    cut = tmp_path / "cut"
    cut.write_bytes(raw[:-40])
    with pytest.raises(Refused, match="damaged"):
        restored(cut, tmp_path / "other", "correct horse")


def test_what_was_in_the_folder_is_moved_aside(full: Shelf, tmp_path: Path) -> None:
    file, folder = tmp_path / "backup", tmp_path / "new"
    written(full, file)
    folder.mkdir()
    (folder / "posts.db").write_bytes(b"something else")
    for _time in range(2):
        back, _none = restored(file, folder)
        assert back.aside is not None and back.aside.is_dir() and back.aside != folder
    assert len([path for path in tmp_path.iterdir() if path.name.startswith("new.before-")]) == 2


@pytest.mark.parametrize(
    "magic", [b"deskblog backup 2\n\x00", b"deskblog backup 17\n", b"", b"PK\x03\x04", b"\x00" * 99]
)
def test_another_file_or_a_newer_one_is_left_alone(tmp_path: Path, magic: bytes) -> None:
    file = tmp_path / "file"
    file.write_bytes(magic)
    with pytest.raises(Refused):
        restored(file, tmp_path / "new")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def records(file: Path) -> list[b.Record]:
    return list(b.read_records(file, ""))


def rewritten(file: Path, changed: list[b.Record]) -> None:
    writer = b.Writer(file, "", SALT)
    for record in changed:
        writer.add(record)
    writer.close()


def _flip(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1])


FORGERIES = {
    "signature of a run": lambda r: msgspec.structs.replace(r, signature=_flip(r.signature)),
    "no signature": lambda r: msgspec.structs.replace(r, signature=b""),
    "a header": lambda r: msgspec.structs.replace(r, headers=(_flip(r.headers[0]), *r.headers[1:])),
    "a body": lambda r: msgspec.structs.replace(r, bodies=(*r.bodies[:-1], b"another body of some length")),
    "a body less": lambda r: msgspec.structs.replace(r, bodies=r.bodies[:-1]),
    "another device": lambda r: msgspec.structs.replace(r, device=keys("carla").device),
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=list(FORGERIES))
def test_nothing_forged_comes_in_by_this_door(full: Shelf, tmp_path: Path, forge) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "backup"
    written(full, file)
    changed = records(file)
    place = next(n for n, record in enumerate(changed) if isinstance(record, b.Stored) and len(record.headers) > 1)
    changed[place] = forge(changed[place])
    rewritten(file, changed)
    with pytest.raises(Refused, match="damaged"):
        restored(file, tmp_path / "new")
    assert not (tmp_path / "new").exists() and not (tmp_path / "new.restoring").exists()


def test_acts_with_a_bad_signature_or_of_no_office_are_refused(full: Shelf, tmp_path: Path) -> None:
    file = tmp_path / "backup"
    written(full, file)
    whole = records(file)
    acts = next(record for record in whole if isinstance(record, b.Acts))
    raw, signature = acts.acts[0]
    for bad in (b.Acts(((raw, _flip(signature)), *acts.acts[1:])), b.Acts(acts.acts[1:])):
        rewritten(file, [bad if isinstance(record, b.Acts) else record for record in whole])
        with pytest.raises(Refused):
            restored(file, tmp_path / "new")
    rewritten(file, whole[1:])
    with pytest.raises(Refused, match="no backup"):
        restored(file, tmp_path / "new")


@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_to_the_file_it_is_refused_or_whole(
    full: Shelf, tmp_path: Path, data: st.DataObject
) -> None:
    file = tmp_path / "backup"
    if not file.exists():
        written(full, file)
    raw = bytearray(file.read_bytes())
    if data.draw(st.booleans()):
        del raw[data.draw(st.integers(0, len(raw) - 1)) :]
    else:
        raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    broken = tmp_path / "broken"
    broken.write_bytes(raw)
    with pytest.raises(Refused):
        list(b.read_records(broken, ""))


def test_a_record_that_says_it_is_huge_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "backup"
    file.write_bytes(b.MAGIC + b.OPEN + (2**31).to_bytes(4, "big") + b"x" * 100)
    with pytest.raises(Refused, match="damaged"):
        records(file)
    file.write_bytes(b.MAGIC + b.OPEN + (5).to_bytes(4, "big") + codec.encode(["no", 1])[:5])
    with pytest.raises(Refused, match="damaged"):
        records(file)


# --- photos and files -------------------------------------------------------------------------------------
def test_photos_come_back_and_what_was_ones_own_is_ones_own(
    shelf: Shelf, anne: Diary, bruno: Diary, tmp_path: Path
) -> None:
    film = os.urandom(2 * b.CHUNK + 7)
    shelf.store.blobs.put(LEAF)
    anne.say(kinds.Post("mine", (photo(LEAF),)))
    bruno.say(kinds.Post("his", (photo(film, preview=b"small"),)))
    for diary in (anne, bruno):
        shelf.take(diary)
    bring(shelf.store.blobs, film)
    shelf.store.blobs.put(b"for a post that is not written")
    written(shelf, tmp_path / "deskblog.backup", "correct horse")
    restored(tmp_path / "deskblog.backup", tmp_path / "new", "correct horse")
    store = Store.open(tmp_path / "new", keys("anne").device, lambda: NOON)
    store.know(shelf.office)
    assert store.blobs.here() == [(blob(LEAF), True), (blob(film), False)]
    path = store.blobs.path(blob(film))
    assert path is not None and path.read_bytes() == film
    assert [name for name, _come in store.blobs.wanted(9)] == [blob(b"small")]
    store.close()


def test_a_photo_that_has_rotted_or_was_forged_does_not_come_back(
    shelf: Shelf, anne: Diary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = shelf.store.blobs.put(LEAF)
    anne.say(kinds.Post("x", (photo(LEAF),)))
    shelf.take(anne)
    monkeypatch.setattr(
        "deskblog.store.keeping.stored_blobs",
        lambda _blobs: [
            b.Bytes(name.hash, name.size, True, 0, bytes(name.size)),
            b.Bytes(bytes(32), 5, True, 0, b"stray"),
        ],
    )
    written(shelf, tmp_path / "forged")
    restored(tmp_path / "forged", tmp_path / "new")
    monkeypatch.undo()
    store = Store.open(tmp_path / "new", keys("anne").device, lambda: NOON)
    assert store.blobs.here() == [] and [one for one, _come in store.blobs.wanted(9)] == [name]
    assert not [path for path in (tmp_path / "new" / "blobs").rglob("*") if path.is_file()]
    store.close()
    shelf.store.blobs.folder.path(name).write_bytes(b"rotten")
    written(shelf, tmp_path / "rotten")
    restored(tmp_path / "rotten", tmp_path / "again")
    assert not (tmp_path / "again" / "blobs").exists()
