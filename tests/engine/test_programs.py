"""Newer versions go from PC to PC over real links, signed by the real minisign; only the makers’ word counts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from deskblog import events, limits
from deskblog.commands.forms import event_json
from deskblog.engine import programs
from deskblog.engine.shelf import Shelf
from deskblog.errors import Refused
from deskblog.net import messages as m
from deskblog.net.release import Key, Release, read_key, read_word
from deskblog.values import BlobFate
from tests.engine.desk import Desk, desks
from tests.makers import Makers, beside

KIND = programs._own_kind()


@pytest.fixture
def makers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Makers:
    """Their key is pinned in what runs here."""
    found = Makers(tmp_path)
    monkeypatch.setattr("deskblog.release_key.KEYS", (found.public,))
    return found


@asynccontextmanager
async def office(folder: Path, *names: str) -> AsyncIterator[list[Desk]]:
    """All are in, and linked with the first."""
    async with desks(folder, *names) as all_of_them:
        await all_of_them[0].found()
        for one in all_of_them[1:]:
            await all_of_them[0].admit(one)
        yield list(all_of_them)


def came(desk: Desk) -> list[events.ProgramCame]:
    return [event for event in desk.said if isinstance(event, events.ProgramCame)]


def refused(desk: Desk) -> asyncio.Event:
    """Set when bytes of a colleague were not what their word says."""
    network, seen = desk.engine._network, asyncio.Event()
    assert network is not None
    count = network.count_fault

    def counted(*fault: Any) -> None:
        count(*fault)
        seen.set()

    network.count_fault = counted  # type: ignore[method-assign,assignment]
    return seen


async def again(desk: Desk, folder: Path) -> Desk:
    """The same PC after its program was ended and begun."""
    await desk.engine.stop()
    begun = Desk(folder, desk.name)
    await begun.engine.start()
    return begun


async def level(desks_: Sequence[Desk]) -> None:
    """What was said before is heard: a post of the first is everywhere."""
    text = f"level {len(await desks_[0].rows())}"
    await desks_[0].engine.post(text)
    for one in desks_[1:]:
        await one.until_held(text)


async def test_it_goes_from_pc_to_pc_and_is_the_makers(makers: Makers, tmp_path: Path) -> None:
    package = makers.package("9.1.0", KIND)
    async with office(tmp_path, "Anne", "Paul", "Léa") as (anne, paul, lea):
        await paul.engine.programs.choose(on=True)
        assert await anne.engine.programs.add(package) == "9.1.0"
        await paul.until(lambda: bool(came(paul)))
        (told,) = came(paul)
        assert told.version == "9.1.0"
        assert Path(told.file).read_bytes() == package.read_bytes()
        assert beside(Path(told.file)).read_bytes() == beside(package).read_bytes()
        row = paul.engine.programs.row
        assert (row.ready, row.file, row.coming) == ("9.1.0", told.file, "")
        line = event_json(told)
        assert line["event"] == "program" and "9.1.0" in line["what"] and line["file"] == told.file
        assert lea.engine.programs.row.held == () and not came(lea), "she has not chosen so"
        await anne.engine.stop()
        lea.engine.reach(paul.address)  # from a colleague who had it from a colleague
        await lea.engine.programs.choose(on=True)
        await lea.until(lambda: bool(came(lea)))
        assert Path(came(lea)[0].file).read_bytes() == package.read_bytes()


async def test_it_is_off_until_chosen_and_the_choice_is_kept(makers: Makers, tmp_path: Path) -> None:
    async with office(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.engine.programs.add(makers.package("9.1.0", KIND))
        await level((anne, paul))
        row = paul.engine.programs.row
        assert row.can and not row.on and not row.coming and not row.held
        await paul.engine.programs.choose(on=True)  # what was told before counts
        await paul.until(lambda: bool(came(paul)))
        paul = await again(paul, tmp_path)
        assert paul.engine.programs.row.on
        assert paul.engine.programs.row.ready == "9.1.0"
        await paul.engine.programs.choose(on=False)
        paul = await again(paul, tmp_path)
        assert not paul.engine.programs.row.on
        await paul.engine.stop()


async def test_what_is_told_before_this_end_of_a_link_is_level_counts(makers: Makers, tmp_path: Path) -> None:
    """One end may be level, and tell what it holds, before the other has fetched all it lacks: it tells once."""
    async with office(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.engine.programs.add(makers.package("9.1.0", KIND))
        await level((anne, paul))
        network, his = paul.engine._network, paul.engine.programs
        assert network is not None
        (peer,) = network.level_peers()
        his.gone(peer)  # as it is with a link that was just made
        his.heard(peer, m.ProgramTold(anne.engine.programs._shelf.held[KIND].word))
        await his.choose(on=True)
        await paul.until(lambda: bool(came(paul)))


async def test_it_is_chosen_and_taken_back_at_once(makers: Makers, tmp_path: Path) -> None:
    """Whatever had begun to be fetched is given up, and who tells of it meanwhile begins nothing twice."""
    async with office(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.engine.programs.add(makers.package("9.1.0", KIND))
        await level((anne, paul))
        his = paul.engine.programs
        await asyncio.gather(his.choose(on=True), his._look(), his.choose(on=False))
        assert not his.on and not his.row.coming and not his._gathering._blobs
        await asyncio.gather(his.choose(on=True), his._look(), his._look())
        await paul.until(lambda: bool(came(paul)))
        assert len(came(paul)) == 1 and not his.row.coming


async def test_of_other_kinds_and_of_older_versions_nothing_is_fetched(makers: Makers, tmp_path: Path) -> None:
    async with office(tmp_path, "Anne", "Paul") as (anne, paul):
        await paul.engine.programs.choose(on=True)
        await anne.engine.programs.add(makers.package("9.1.0", "setup.exe"))
        await anne.engine.programs.add(makers.package("0.0.1", KIND))
        await anne.engine.programs.add(makers.package(paul.engine.programs.own, KIND))
        await level((anne, paul))
        assert not paul.engine.programs.row.coming and not paul.engine.programs.row.held
        assert not came(anne), "nor is it news to whoever runs it already"
        await anne.engine.programs.add(makers.package("9.1.0", KIND))
        await paul.until(lambda: bool(came(paul)))
        await anne.engine.programs.add(makers.package("9.10.0", KIND))
        await paul.until(lambda: len(came(paul)) == 2)
        assert [one.version for one in came(paul)] == ["9.1.0", "9.10.0"]
        assert [Path(file).name for file in paul.engine.programs.row.held] == [f"deskblog-9.10.0-{KIND}"]
        assert len(list(Path(came(paul)[1].file).parent.iterdir())) == 2, "the older one is gone"


async def test_bytes_that_are_not_the_makers_are_thrown_away_and_an_honest_pc_is_asked(
    makers: Makers, tmp_path: Path
) -> None:
    package = makers.package("9.1.0", KIND)
    async with office(tmp_path, "Anne", "Paul", "Mal") as (anne, paul, mal):
        await mal.engine.programs.add(package)
        (file,) = mal.engine.programs.row.held
        data = bytearray(package.read_bytes())
        data[150_000] ^= 1
        Path(file).write_bytes(data)
        await paul.engine.programs.choose(on=True)
        wrong = refused(paul)
        paul.engine.reach(mal.address)
        await asyncio.wait_for(wrong.wait(), 20)
        assert not came(paul) and not paul.engine.programs.row.held
        assert [one.suffix for one in (tmp_path / "Paul" / "programs").iterdir()] in ([], [".part"])
        await anne.engine.programs.add(package)
        await paul.until(lambda: bool(came(paul)))
        assert Path(came(paul)[0].file).read_bytes() == package.read_bytes()


async def test_what_the_makers_did_not_sign_is_neither_told_nor_kept(makers: Makers, tmp_path: Path) -> None:
    other = Makers(tmp_path, "others")
    async with office(tmp_path, "Anne", "Paul") as (anne, paul):
        add = anne.engine.programs.add
        paul.engine.programs.keys = (read_key(other.public),)  # his deskblog is of other makers
        await paul.engine.programs.choose(on=True)
        package = makers.package("9.1.0", KIND)
        signature = beside(package).read_bytes()
        beside(package).unlink()
        with pytest.raises(Refused, match="no signature beside it"):
            await add(package)
        with pytest.raises(Refused, match="not what deskblog’s makers signed"):
            await add(other.package("9.1.0", KIND))
        beside(package).write_bytes(signature)
        package.write_bytes(package.read_bytes()[:-1] + b"x")
        with pytest.raises(Refused, match="not what deskblog’s makers signed"):
            await add(package)
        assert not list((tmp_path / "Anne" / "programs").iterdir())
        await add(makers.package("9.2.0", KIND))
        with pytest.raises(Refused, match=r"older than what is kept for colleagues: 9\.2\.0"):
            await add(makers.package("9.1.0", KIND))
        await level((anne, paul))  # he passes such words over, and is no worse off
        assert paul.engine.refusals.get("Forged") and not paul.engine.programs.row.coming
        assert paul.linked_with() == {"Anne"}


async def test_without_a_pinned_key_nothing_is_fetched_or_kept(tmp_path: Path) -> None:
    async with office(tmp_path, "Anne") as (anne,):
        row = anne.engine.programs.row
        assert not row.can and not row.on and row.held == ()
        for asked in (anne.engine.programs.choose(on=True), anne.engine.programs.add(tmp_path / "x")):
            with pytest.raises(Refused, match="knows no key of its makers"):
                await asked
        assert not (tmp_path / "Anne" / "programs").exists()


async def test_where_there_is_no_room_it_is_said_once_and_nothing_is_begun(
    makers: Makers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PROGRAM_ROOM", 1 << 60)
    async with office(tmp_path, "Anne", "Paul") as (anne, paul):
        await paul.engine.programs.choose(on=True)
        await anne.engine.programs.add(makers.package("9.1.0", KIND))
        troubles = lambda: [one for one in paul.said if isinstance(one, events.Trouble)]  # noqa: E731
        await paul.until(lambda: bool(troubles()))
        await anne.engine.programs.add(makers.package("9.2.0", KIND))
        await level((anne, paul))
        assert [one.what for one in troubles()] == ["There is no room on the disk for deskblog 9.1.0."]
        assert not paul.engine.programs.row.coming and not list((tmp_path / "Paul" / "programs").iterdir())
        monkeypatch.setattr(limits, "PROGRAM_ROOM", 0)
        await paul.engine.programs.choose(on=True)
        await paul.until(lambda: bool(came(paul)))
        assert came(paul)[0].version == "9.2.0"


async def test_a_flood_of_words_is_not_looked_at(
    makers: Makers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[bytes] = []

    def counted(word: bytes, keys: tuple[Key, ...]) -> Release:
        read.append(word)
        return read_word(word, keys)

    monkeypatch.setattr(programs, "read_word", counted)
    package = makers.package("9.1.0", KIND)
    async with office(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.engine.programs.add(package)
        await level((anne, paul))
        read.clear()
        for _n in range(3 * limits.PROGRAM_WORDS_MINUTE):
            await anne.engine.programs.add(package)
        mine = len(read)  # Anne reads each that is added
        assert mine >= 3 * limits.PROGRAM_WORDS_MINUTE
        await level((anne, paul))
        assert len(read) <= 4 * limits.PROGRAM_WORDS_MINUTE


def test_of_more_kinds_than_are_kept_the_oldest_goes(makers: Makers, tmp_path: Path) -> None:
    keys = (read_key(makers.public),)
    shelf = Shelf(tmp_path / "shelf", keys)
    for n in range(limits.PROGRAM_KINDS + 1):
        path = makers.package(f"9.{n}", f"kind-{n}.whl", 10)
        shelf.add(read_word(beside(path).read_bytes(), keys), path)
    assert sorted(shelf.held) == [f"kind-{n}.whl" for n in range(1, limits.PROGRAM_KINDS + 1)]
    again = Shelf(tmp_path / "shelf", keys)
    again.open()
    assert again.held == shelf.held
    assert Shelf(tmp_path / "shelf", ()).held == {}


def test_what_lay_there_and_is_not_whole_is_not_handed_on(makers: Makers, tmp_path: Path) -> None:
    keys = (read_key(makers.public),)
    shelf = Shelf(tmp_path / "shelf", keys)
    path = makers.package("9.1.0", KIND)
    release = read_word(beside(path).read_bytes(), keys)
    shelf.add(release, path)
    assert shelf.read(release.name.hash, 0) == path.read_bytes()[: limits.BLOB_PART]
    assert shelf.read(release.name.hash, release.name.size) is None
    assert shelf.read(bytes(32), 0) is None
    shelf.path(release).write_bytes(b"cut short")
    again = Shelf(tmp_path / "shelf", keys)
    again.open()
    assert again.held == {} and again.read(release.name.hash, 0) is None


def test_a_fetch_that_was_cut_off_goes_on_where_it_was(makers: Makers, tmp_path: Path) -> None:
    keys = (read_key(makers.public),)
    path = makers.package("9.1.0", KIND)
    data, release = path.read_bytes(), read_word(beside(path).read_bytes(), keys)
    shelf = Shelf(tmp_path / "shelf", keys)
    assert shelf.has_room(release) and shelf.come(release) == 0
    parts = [(at, data[at : at + limits.BLOB_PART]) for at in range(0, len(data), limits.BLOB_PART)]
    for at, part in parts[:2]:
        assert shelf.take(release, at, part) is BlobFate.MORE
    (coming,) = (tmp_path / "shelf").iterdir()
    coming.write_bytes(coming.read_bytes() + b"half a part that a power cut left")
    later = Shelf(tmp_path / "shelf", keys)
    later.open()
    assert later.come(release) == 2 * limits.BLOB_PART
    for at, part in parts[2:]:
        fate = later.take(release, at, part)
    assert fate is BlobFate.WHOLE and later.path(release).read_bytes() == data
    assert later.come(release) == 0
