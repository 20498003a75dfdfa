"""Photos and files from one desk to another: chosen, sent, fetched, shown to be here, gone when taken back."""

from __future__ import annotations

import asyncio
import os
from hashlib import blake2b
from pathlib import Path

import pytest

from deskblog import events, limits
from deskblog.errors import Refused, Unusable
from deskblog.values import Attached, BlobState, Row, Sort, Waiting
from tests.engine.desk import Desk, desks, turns
from tests.media.test_photo import picture

WORDS = b"quarterly figures " * 300
LARGE = os.urandom(limits.BLOB_AT_ONCE + limits.BLOB_PART * 9 + 17)


async def with_file(desk: Desk, text: str, name: str, data: bytes, answer_to: str = "", kind: str = "post") -> Row:
    one, _notice = await desk.engine.attaching.choose(name, data)
    return await desk.engine.post(text, attached=[one], answer_to=answer_to, kind=kind)


def here(text: str, count: int = 1) -> object:
    """True of rows among which that text has so many attachments, each with its preview, whole."""

    def true(rows: tuple[Row, ...]) -> bool:
        row = next((row for row in rows if row.text == text), None)
        return row is not None and len(row.attached) == count and all(map(_whole, row.attached))

    return true


def _whole(one: Attached) -> bool:
    blobs = [one.blob, *([one.preview] if one.preview else [])]
    return all(blob.state is BlobState.HERE for blob in blobs)


async def until_here(desk: Desk, text: str, count: int = 1) -> tuple[Attached, ...]:
    await desk.until_rows(here(text, count))  # type: ignore[arg-type]
    return next(row for row in await desk.rows() if row.text == text).attached


async def bytes_of(desk: Desk, one: Attached) -> bytes:
    path = await desk.engine.attaching.path(one.blob)
    assert path is not None
    return path.read_bytes()


def chosen(desk: Desk) -> tuple[Attached, ...]:
    return desk.engine.attaching.chosen


def files(desk: Desk) -> list[Path]:
    return [path for path in (desk.folder / "blobs").rglob("*") if path.is_file()]


async def test_a_photo_is_seen_by_a_colleague_with_its_preview(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        row = await with_file(anne, "Which plant is this?", "leaf.bmp", picture("BMP", (900, 600)), kind="question")
        assert _whole(row.attached[0]) and chosen(anne) == ()
        (one,) = await until_here(paul, "Which plant is this?")
        assert (one.name, one.sort, one.width, one.height) == ("leaf.png", Sort.PHOTO, 900, 600)
        assert one.preview is not None and one.preview.size <= limits.PREVIEW
        assert await bytes_of(paul, one) == await bytes_of(anne, one)
        told = [event for event in paul.said if isinstance(event, events.RowsChanged)]
        assert told and told[-1].rows[0].attached == (one,)


async def test_a_post_may_be_a_photo_alone_and_carry_several(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        several = [(await anne.engine.attaching.choose(f"{n}.txt", WORDS + bytes([n])))[0] for n in range(8)]
        with pytest.raises(Refused, match="8 photos and files at most"):
            await anne.engine.attaching.choose("9.txt", WORDS)
        assert chosen(anne) == tuple(several)
        await anne.engine.post("", attached=several)
        got = await until_here(paul, "", 8)
        assert [one.name for one in got] == [f"{n}.txt" for n in range(8)]
        with pytest.raises(Refused, match="nothing to post"):
            await anne.engine.post("")


async def test_a_large_file_comes_when_somebody_looks_at_it(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        await with_file(anne, "The plans", "plans.bin", LARGE)
        await with_file(anne, "A word", "word.txt", WORDS)
        await until_here(paul, "A word")
        (one,) = next(row for row in await paul.rows() if row.text == "The plans").attached
        assert one.blob.state is BlobState.NAMED and await paul.engine.attaching.path(one.blob) is None
        assert await paul.engine.attaching.fetch(one.blob) is BlobState.WANTED
        (one,) = await until_here(paul, "The plans")
        assert await bytes_of(paul, one) == LARGE


async def test_it_goes_on_where_the_link_was_cut(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        await with_file(anne, "The plans", "plans.bin", LARGE)
        await paul.until_held("The plans")
        await paul.engine.stop()
        name = f"{blake2b(LARGE, digest_size=32).hexdigest()}-{len(LARGE)}"
        part = paul.folder / "blobs" / "parts" / name
        part.parent.mkdir(parents=True, exist_ok=True)
        half = 40 * limits.BLOB_PART
        part.write_bytes(LARGE[:half])
        os.utime(part, (0, 0))
        paul = Desk(tmp_path, "Paul")
        try:
            await paul.engine.start()
            (one,) = next(row for row in await paul.rows() if row.text == "The plans").attached
            await paul.engine.attaching.fetch(one.blob)
            await paul.meet(anne)
            (one,) = await until_here(paul, "The plans")
            assert await bytes_of(paul, one) == LARGE
        finally:
            await paul.engine.stop()


async def test_a_file_comes_over_a_colleague_while_its_author_is_off(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul", "Marc") as (anne, paul, marc):
        await anne.found()
        await anne.admit(paul)
        await anne.admit(marc)
        await with_file(anne, "The menu", "menu.txt", WORDS)
        await until_here(paul, "The menu")
        await anne.engine.stop()
        await paul.meet(marc)
        (one,) = await until_here(marc, "The menu")
        assert await bytes_of(marc, one) == WORDS


async def test_a_large_file_is_passed_on_by_one_who_had_not_looked_at_it(tmp_path: Path) -> None:
    """Marc is linked with Paul alone, Paul with Anne."""
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        async with desks(tmp_path, "Marc") as (marc,):
            await paul.meet(anne)
            code = (await anne.engine.invite()).code
            await marc.engine.join(code, "Marc", at=anne.address)
            await marc.engine.stop()
        await with_file(anne, "The plans", "plans.bin", LARGE)
        await paul.until_held("The plans")
        async with desks(tmp_path, "Marc") as (marc,):
            await paul.meet(marc)
            await marc.until_held("The plans")
            (one,) = next(row for row in await marc.rows() if row.text == "The plans").attached
            await marc.engine.attaching.fetch(one.blob)
            (one,) = await until_here(marc, "The plans")
            assert await bytes_of(marc, one) == LARGE
            await until_here(paul, "The plans")
            assert marc.linked_with() == {"Paul"}


async def test_bytes_that_rotted_on_one_disk_are_had_from_another(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul", "Marc") as (anne, paul, marc):
        await anne.found()
        await anne.admit(paul)
        await anne.admit(marc)
        await marc.engine.stop()
        await with_file(anne, "The menu", "menu.txt", WORDS)
        (one,) = await until_here(paul, "The menu")
        path = await paul.engine.attaching.path(one.blob)
        assert path is not None
        path.write_bytes(WORDS[:-1] + b"!")
        async with desks(tmp_path, "Marc") as (marc,):
            await paul.meet(marc)
            await marc.until_held("The menu")
            await anne.meet(marc)
            (one,) = await until_here(marc, "The menu")
            assert await bytes_of(marc, one) == WORDS
            assert not marc.engine.refusals  # a disk that rots is no liar


async def test_what_is_taken_back_leaves_no_file_on_either_disk(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        row = await with_file(anne, "Not for you", "salaries.txt", WORDS)
        await until_here(paul, "Not for you")
        await anne.engine.withdraw(row.id)
        await paul.until_rows(lambda rows: all(one.text != "Not for you" for one in rows))
        for desk in (anne, paul):
            await desk.engine.attaching.collect()
            assert files(desk) == []


async def test_what_was_chosen_outlives_a_restart_and_goes_when_it_is_not_wanted(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        kept, _notice = await anne.engine.attaching.choose("word.txt", WORDS)
        other, _notice = await anne.engine.attaching.choose("other.txt", WORDS + b"!")
        await anne.engine.stop()
        anne = Desk(tmp_path, "Anne", network=False)
        await anne.engine.start()
        assert chosen(anne) == (kept, other)
        await anne.engine.attaching.drop(other)
        await anne.engine.attaching.collect()
        assert len(files(anne)) == 1 and chosen(anne) == (kept,)
        assert await bytes_of(anne, kept) == WORDS
        await anne.engine.stop()


async def test_a_post_that_waits_keeps_its_photo_and_gives_it_back(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        await anne.engine.outbox.wait(30)
        one, _notice = await anne.engine.attaching.choose("word.txt", WORDS)
        held = await anne.engine.say("In a moment", attached=[one])
        assert isinstance(held, Waiting) and chosen(anne) == ()
        await anne.engine.attaching.collect()
        assert await bytes_of(anne, one) == WORDS
        taken = await anne.engine.outbox.undo(held.id)
        assert taken is not None and taken.attached == (one,)
        await anne.engine.attaching.give_back(taken.attached)
        assert chosen(anne) == (one,)
        again = await anne.engine.say("Now", attached=[one])
        await anne.engine.outbox.flush()
        assert isinstance(again, Waiting)
        (row,) = await anne.rows()
        assert row.text == "Now" and _whole(row.attached[0])


async def test_what_cannot_be_read_is_refused_in_words(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        with pytest.raises(Refused, match="is no file"):
            await anne.engine.attaching.choose_file(tmp_path)
        with pytest.raises(Refused, match="is no file"):
            await anne.engine.attaching.choose_file(tmp_path / "nowhere.jpg")
        sparse = tmp_path / "film.mkv"
        with sparse.open("wb") as file:
            file.truncate(2_000_000_000)
        with pytest.raises(Refused, match="has 1908 MB; 25 MB is the most"):
            await anne.engine.attaching.choose_file(sparse)
        assert files(anne) == [] and chosen(anne) == ()


async def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        (anne.folder / "blobs").write_bytes(b"in the way")
        with pytest.raises(Unusable, match="cannot be kept"):
            await anne.engine.attaching.choose("word.txt", WORDS)
        assert chosen(anne) == ()


async def test_what_is_chosen_while_another_is_thrown_away_keeps_its_file(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        attaching = anne.engine.attaching
        first, _notice = await attaching.choose("a.txt", b"a")
        async with anne.slow_disk():
            choosing = asyncio.create_task(attaching.choose_made("b.txt", Sort.FILE, b"b", b""))
            await turns()
            dropping = asyncio.create_task(attaching.drop(first))
            await turns()
        await asyncio.gather(choosing, dropping)
        (left,) = chosen(anne)
        assert left.name == "b.txt" and await bytes_of(anne, left) == b"b"


async def test_what_was_taken_back_keeps_its_file_until_it_is_chosen_again(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        await anne.engine.outbox.wait(30)
        one, _notice = await anne.engine.attaching.choose("a.txt", b"a")
        waiting = await anne.engine.say("Too early", attached=[one])
        taken = await anne.engine.outbox.undo(waiting.id)
        await anne.engine.attaching.collect()
        assert taken is not None and chosen(anne) == ()
        await anne.engine.attaching.give_back(taken.attached)
        assert await bytes_of(anne, chosen(anne)[0]) == b"a"
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.engine.attaching.drop(chosen(anne)[0])
        assert files(anne) == []
