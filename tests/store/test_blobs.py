"""Blobs: named by posts, fetched in parts, kept while a held body names them, and only what fits its name."""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path

import pytest

from deskblog import limits
from deskblog.log import act as a
from deskblog.log import kinds
from deskblog.log.attachment import Attachment, BlobName
from deskblog.store.blobs import Blobs
from deskblog.values import Attached, BlobState, EntryId, Sort
from deskblog.values import BlobFate as Fate
from tests.log.chronicle import Chronicle
from tests.store.diary import DAY, NOON, Diary, Shelf, borders, without_bodies

LEAF, CAT, FILM = b"leaf" * 1000, b"cat" * 70_000, b"film" * 2_000_000


def blob(data: bytes) -> BlobName:
    return BlobName(blake2b(data, digest_size=32).digest(), len(data))


def photo(data: bytes, name: str = "leaf.jpg", *, preview: bytes = b"") -> Attachment:
    return Attachment(name, Sort.PHOTO, blob(data), 30, 20, 0, blob(preview) if preview else None)


def attached(shelf: Shelf) -> dict[str, tuple[Attached, ...]]:
    return {row.text: row.attached for row in shelf.store.timeline().rows}


def bring(blobs: Blobs, data: bytes, *, of: BlobName | None = None) -> Fate:
    """Brings bytes in parts, as a colleague sends them."""
    fate = Fate.UNWANTED
    for offset in range(0, len(data), limits.BLOB_PART):
        fate = blobs.take(of or blob(data), offset, data[offset : offset + limits.BLOB_PART])
    return fate


def files(shelf: Shelf) -> list[Path]:
    return [path for path in (shelf.folder / "blobs").rglob("*") if path.is_file()]


def test_a_post_says_what_is_attached_and_whether_it_is_here(shelf: Shelf, bruno: Diary) -> None:
    bruno.say(kinds.Post("Which plant?", (photo(CAT, preview=LEAF), Attachment("a\u202eb\n.pdf", 77, blob(FILM)))))
    done = shelf.store.ingest(bruno.name, bruno.held, shelf.office)
    assert done.named == (blob(CAT), blob(LEAF))  # a film is looked at first
    (first, second) = attached(shelf)["Which plant?"]
    assert (first.name, first.sort, first.width, first.height) == ("leaf.jpg", Sort.PHOTO, 30, 20)
    assert first.preview is not None
    assert (first.preview.size, first.preview.state) == (len(LEAF), BlobState.WANTED)
    assert (second.name, second.sort, second.blob.state) == ("ab .pdf", Sort.FILE, BlobState.NAMED)
    assert bring(shelf.store.blobs, LEAF) is Fate.WHOLE
    preview = attached(shelf)["Which plant?"][0].preview
    assert preview is not None and preview.state is BlobState.HERE
    path = shelf.store.blobs.path(blob(LEAF))
    assert path is not None and path.read_bytes() == LEAF


def test_any_size_is_noted(shelf: Shelf, bruno: Diary) -> None:
    """Also those whose last byte is that of an empty array."""
    sizes = [*range(1, 300), 0x1090, limits.BLOB]
    for size in sizes:
        bruno.say(kinds.Post("x", (Attachment("x", 0, BlobName(bytes(32), 5), preview=BlobName(bytes(32), size)),)))
        if size > limits.PREVIEW:
            break
    shelf.take(bruno)
    noted = shelf.store.database.rows("SELECT size FROM attached WHERE preview")
    assert {row[0] for row in noted} == {size for size in sizes if size <= limits.PREVIEW}


def test_small_ones_are_wanted_first_and_each_comes_to_its_turn(shelf: Shelf, bruno: Diary) -> None:
    texts = [str(n).encode() * (n + 1) for n in range(5)]
    for text in texts:
        bruno.say(kinds.Post("x", (photo(text),)))
    shelf.take(bruno)
    asked = [shelf.store.blobs.wanted(2) for _time in range(4)]
    names = [blob(text) for text in texts]
    assert [[name for name, _come in some] for some in asked] == [
        [names[0], names[1]],
        [names[2], names[3]],
        [names[4], names[0]],
        [names[1], names[2]],
    ]


def test_a_broken_off_one_goes_on_where_it_stopped_after_a_restart(shelf: Shelf, bruno: Diary) -> None:
    bruno.say(kinds.Post("x", (photo(CAT),)))
    shelf.take(bruno)
    name = blob(CAT)
    assert shelf.store.blobs.take(name, 0, CAT[:50_000]) is Fate.MORE
    shelf.store.close()
    shelf.open()
    assert shelf.store.blobs.wanted(9) == [(name, 50_000)]
    assert shelf.store.blobs.read(name, 0) is None
    assert shelf.store.blobs.take(name, 50_000, CAT[50_000:]) is Fate.WHOLE
    assert shelf.store.blobs.read(name, 200_000) == CAT[200_000:]
    assert shelf.store.blobs.read(name, len(CAT)) is None
    assert shelf.store.blobs.wanted(9) == []


def test_bytes_that_are_not_what_the_name_says_are_thrown_away(shelf: Shelf, bruno: Diary) -> None:
    bruno.say(kinds.Post("x", (photo(CAT),)))
    shelf.take(bruno)
    assert bring(shelf.store.blobs, CAT[:-1] + b"!", of=blob(CAT)) is Fate.WRONG
    assert files(shelf) == []
    assert shelf.store.blobs.wanted(9) == [(blob(CAT), 0)]
    assert bring(shelf.store.blobs, CAT) is Fate.WHOLE


def test_a_wrong_size_under_a_right_hash_stands_in_nobodys_way(shelf: Shelf, bruno: Diary) -> None:
    lie = BlobName(blob(CAT).hash, 10)
    bruno.say(kinds.Post("lie", (Attachment("x", 1, lie),)))
    bruno.say(kinds.Post("truth", (photo(CAT),)))
    shelf.take(bruno)
    assert shelf.store.blobs.take(lie, 0, CAT[:10]) is Fate.WRONG
    assert bring(shelf.store.blobs, CAT) is Fate.WHOLE
    states = {text: found[0].blob.state for text, found in attached(shelf).items()}
    assert states == {"lie": BlobState.WANTED, "truth": BlobState.HERE}


def test_a_part_out_of_its_place_or_of_what_nobody_named_is_not_kept(shelf: Shelf, bruno: Diary) -> None:
    bruno.say(kinds.Post("x", (photo(CAT),)))
    shelf.take(bruno)
    assert shelf.store.blobs.take(blob(CAT), 50_000, CAT[50_000:]) is Fate.MORE
    assert shelf.store.blobs.wanted(9) == [(blob(CAT), 0)]
    assert shelf.store.blobs.take(blob(LEAF), 0, LEAF) is Fate.UNWANTED
    assert shelf.store.blobs.want(blob(LEAF)) is None


def test_a_large_one_is_wanted_when_somebody_looks_at_it(shelf: Shelf, bruno: Diary) -> None:
    bruno.say(kinds.Post("x", (photo(FILM),)))
    shelf.take(bruno)
    assert shelf.store.blobs.wanted(9) == []
    assert shelf.store.blobs.want(blob(FILM)) is BlobState.WANTED
    assert shelf.store.blobs.wanted(9) == [(blob(FILM), 0)]
    shelf.store.blobs.give_up(blob(FILM))
    assert shelf.store.blobs.wanted(9) == []


@pytest.mark.parametrize("way", ["withdrawn", "dropped"])
def test_a_blob_goes_with_the_last_body_that_names_it(way: str, shelf: Shelf, bruno: Diary, book: Chronicle) -> None:
    chloe = Diary(book, "chloe")
    first = bruno.say(kinds.Post("first", (photo(LEAF),)))
    second = chloe.say(kinds.Post("second", (photo(LEAF),)), at=NOON)
    shelf.take(bruno)
    shelf.take(chloe)
    bring(shelf.store.blobs, LEAF)
    if way == "withdrawn":
        bruno.say(kinds.Withdraw(first.entry.id))
        shelf.take(bruno)
    else:
        book.write("anne", a.Rule("Office", (("retention-days", 1),)))
        shelf.learn()
        shelf.now = NOON + DAY // 2
        assert shelf.store.sweep(shelf.office).let_go
    assert shelf.texts() == ["second"]
    assert shelf.store.blobs.collect() == ()
    chloe.say(kinds.Withdraw(second.entry.id))
    assert shelf.store.ingest(chloe.name, chloe.held[-1:], shelf.office).let_go
    assert shelf.store.blobs.collect(keep={blob(LEAF)}) == ()
    assert shelf.store.blobs.collect() == (blob(LEAF),)
    assert files(shelf) == [] and shelf.store.blobs.state(blob(LEAF)) is None


def test_what_does_not_count_for_now_keeps_its_blobs(shelf: Shelf, bruno: Diary, book: Chronicle) -> None:
    bruno.say(kinds.Post("x", (photo(LEAF),)))
    shelf.take(bruno)
    bring(shelf.store.blobs, LEAF)
    book.remove("bruno", heads=borders((bruno, 1)))
    shelf.learn()
    assert shelf.texts() == []
    assert shelf.store.blobs.collect() == ()
    assert shelf.store.blobs.path(blob(LEAF)) is not None


def test_a_body_that_comes_later_names_its_blobs_then(shelf: Shelf, bruno: Diary) -> None:
    post = bruno.say(kinds.Post("x", (photo(LEAF),)))
    shelf.store.ingest(bruno.name, without_bodies(bruno.held), shelf.office)
    assert shelf.store.blobs.wanted(9) == []
    assert bruno.held[0].body is not None and post.body is not None
    bodies = [(EntryId(one.entry.id), one.body) for one in bruno.held if one.body is not None]
    assert shelf.store.fill(bodies, shelf.office).named == (blob(LEAF),)


def test_rebuild_makes_the_view_anew_and_leaves_the_files(shelf: Shelf, bruno: Diary) -> None:
    bruno.say(kinds.Post("x", (photo(LEAF, preview=b"tiny"),)))
    shelf.take(bruno)
    bring(shelf.store.blobs, LEAF)
    before = attached(shelf)
    with shelf.store.database.transaction(durable=False):
        shelf.store.database.run("DELETE FROM attached")
    assert attached(shelf) == {"x": ()}
    shelf.store.rebuild(shelf.office)
    assert attached(shelf) == before


def test_past_the_ceiling_the_oldest_of_whoever_has_most_here_go(
    shelf: Shelf, bruno: Diary, book: Chronicle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "BLOBS_KEPT", 10_000)
    chloe = Diary(book, "chloe")
    shelf.store.blobs.put(b"mine" * 5000)
    chloe.say(kinds.Post("c", (photo(b"c" * 3000),)))
    shelf.take(chloe)
    bring(shelf.store.blobs, b"c" * 3000)
    for n in range(5):
        data = bytes([n]) * 2500
        bruno.say(kinds.Post(str(n), (photo(data),)))
        shelf.now += 1000
        shelf.take(bruno)
        assert bring(shelf.store.blobs, data) is Fate.WHOLE
    states = {text: found[0].blob.state.name for text, found in attached(shelf).items()}
    assert states == {"c": "HERE", "0": "LET_GO", "1": "LET_GO", "2": "LET_GO", "3": "HERE", "4": "HERE"}
    assert shelf.store.blobs.path(blob(b"mine" * 5000)) is not None
    assert shelf.store.blobs.want(blob(bytes(2500))) is BlobState.WANTED  # it can be had again


def test_ones_own_stays_until_it_is_thrown_away(shelf: Shelf, anne: Diary) -> None:
    name = shelf.store.blobs.put(LEAF)
    assert shelf.store.blobs.collect(keep={name}) == ()
    anne.say(kinds.Post("x", (photo(LEAF),)))
    shelf.take(anne)
    assert shelf.store.blobs.collect() == ()
    assert attached(shelf)["x"][0].blob.state is BlobState.HERE


def test_a_check_finds_what_has_rotted_and_what_strays(shelf: Shelf, bruno: Diary) -> None:
    bruno.say(kinds.Post("x", (photo(LEAF), photo(CAT))))
    shelf.take(bruno)
    bring(shelf.store.blobs, LEAF)
    bring(shelf.store.blobs, CAT)
    path = shelf.store.blobs.path(blob(CAT))
    assert path is not None
    path.write_bytes(CAT[:-1] + b"x")
    stray = shelf.store.blobs.folder.put(b"nobody named me")
    assert shelf.store.blobs.check() == 1
    assert not shelf.store.blobs.folder.path(stray).exists()
    assert shelf.store.blobs.wanted(9) == [(blob(CAT), 0)]
    assert bring(shelf.store.blobs, CAT) is Fate.WHOLE


def test_a_hash_and_a_size_are_all_that_a_path_is_made_of(shelf: Shelf, bruno: Diary) -> None:
    bruno.say(kinds.Post("x", (Attachment("../../etc/passwd", 1, blob(LEAF)), Attachment("C:\\CON", 1, blob(CAT)))))
    shelf.take(bruno)
    bring(shelf.store.blobs, LEAF)
    bring(shelf.store.blobs, CAT)
    digits = {f"{name.hash.hex()}-{name.size}" for name in (blob(LEAF), blob(CAT))}
    assert {path.name for path in files(shelf)} == digits


def test_whoever_was_removed_takes_no_blob_away(shelf: Shelf, bruno: Diary, book: Chronicle) -> None:
    bruno.say(kinds.Post("x", (photo(LEAF),)))
    shelf.take(bruno)
    bring(shelf.store.blobs, LEAF)
    book.remove("bruno", heads=borders((bruno, 2)))
    shelf.learn()
    bruno.say(kinds.Withdraw(bruno.held[1].entry.id))
    shelf.take(bruno)
    assert shelf.store.blobs.collect() == ()
    assert attached(shelf)["x"][0].blob.state is BlobState.HERE
