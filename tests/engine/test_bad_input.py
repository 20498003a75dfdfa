"""What people and hostile colleagues put into a conversation: a clear word to whoever did, nothing lost, nobody
else disturbed. Each case between two real engines, where a second one sees whether it is disturbed."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from deskblog import events, limits
from deskblog.commands import COMMANDS
from deskblog.errors import Refused
from deskblog.log import kinds
from deskblog.values import EntryId, Sort
from tests.engine.desk import Desk, desks
from tests.media.test_photo import picture, png_of


async def still_well(*all_of_them: Desk) -> None:
    """Nobody was blamed or told of trouble, and a post goes round as before."""
    first = all_of_them[0]
    await first.engine.post("all is well")
    for desk in all_of_them:
        await desk.until_held("all is well")
        assert not any(desk.engine.refusals.values())
        assert not any(isinstance(event, events.Trouble) for event in desk.said)


async def run(desk: Desk, name: str, **args: object) -> list[dict[str, object]]:
    return [line async for line in COMMANDS[name](desk.engine, args, lambda _hear: lambda: None)]


def bomb() -> bytes:
    """A PNG that claims little and unpacks to a gigabyte: 30,000 lines of the 4 it says it has."""
    data = zlib.compress(bytes(1 << 30), 9)
    head = struct.pack(">IIBBBBB", 40_000, 9_000, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", data), (b"IEND", b""))
    packed = (struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        pytest.param("wall.png", png_of(20_000, 10_000), "200", id="200 megapixels"),
        pytest.param("bomb.png", bomb(), "360", id="a bomb"),
    ],
)
async def test_a_picture_that_would_fill_the_memory_is_refused_before_it_is_unpacked(
    tmp_path: Path, name: str, data: bytes, why: str
) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        with pytest.raises(Refused, match=why):
            await anne.engine.attaching.choose(name, data)
        assert anne.engine.attaching.chosen == ()
        await still_well(anne, paul)


async def test_a_film_of_two_gigabytes_is_refused_without_reading_it(tmp_path: Path) -> None:
    film = tmp_path / "holiday.mp4"
    with film.open("wb") as file:
        file.write(b"\0\0\0\x18ftypmp42")
        file.truncate(2 << 30)  # it takes no room on the disk
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        with pytest.raises(Refused, match="2048 MB; 25 MB is the most") as refused:
            await run(anne, "post", text="Look", attach=[str(film)])
        assert "kept" in refused.value.kept
        assert await anne.rows() == ()


async def test_an_archive_called_a_photo_goes_as_an_archive_and_both_are_told(tmp_path: Path) -> None:
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", bytes(10 << 20))
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        one, notice = await anne.engine.attaching.choose("holiday.jpg", packed.getvalue())
        assert "an archive" in notice and one.sort is Sort.FILE and one.preview is None
        await anne.engine.post("Mine", attached=[one])
        await paul.until_held("Mine")
        ident = (await paul.rows())[0].id
        (line,) = await run(paul, "save", id=ident, folder=str(tmp_path / "out"), number=None, wait=20.0)
        assert (line["what"], line["disguised"]) == ("archive", True)
        await still_well(anne, paul)


@pytest.mark.parametrize(
    "name", ["../../.bashrc", "..\\..\\autoexec.bat", "/etc/passwd", "a\u202efdp.exe", "CON", "x" * 3000]
)
async def test_a_name_that_leads_elsewhere_is_a_plain_name_on_both_sides(tmp_path: Path, name: str) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        one, _notice = await anne.engine.attaching.choose(name, b"some bytes")
        await anne.engine.post("Here", attached=[one])
        await paul.until_rows(lambda rows: bool(rows and rows[0].attached))
        (held,) = (await paul.rows())[0].attached
        assert not set("/\\\u202e") & set(held.name) and ".." not in held.name and len(held.name) <= limits.FILE_NAME
        folder = tmp_path / "out" / "deep"
        folder.mkdir(parents=True)
        await run(paul, "save", id=(await paul.rows())[0].id, folder=str(folder), number=None, wait=20.0)
        assert [path.parent for path in (tmp_path / "out").rglob("*") if path.is_file()] == [folder]


async def test_ten_thousand_tags_are_too_long_a_post_and_as_many_posts_stay_findable(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        with pytest.raises(Refused, match="280 is the most"):
            await anne.engine.post(" ".join(f"#t{n}" for n in range(10_000)))
        many = 70  # as many as fit into a post
        await anne.engine.post("".join(f"#{chr(0x4E00 + n)} " for n in range(many)))
        assert len((await anne.rows())[0].tags) == many
        assert len((await anne.engine.search(f"#{chr(0x4E00 + many - 1)}")).rows) == 1


async def forged(desk: Desk, content: kinds.Content) -> EntryId:
    """An entry as a program could write it that asks nobody: well-formed, signed, sent."""
    vault = desk.engine._vault
    await vault.write(content)
    assert vault.pen.log is not None
    end = await vault.call(vault.store.head, vault.pen.log)
    assert end is not None
    return end.id


async def test_an_answer_to_what_was_never_seen_is_shown_and_finds_its_question_later(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        with pytest.raises(Refused, match="There is no post"):
            await anne.engine.post("To nothing", answer_to="ab" * 32)
        await forged(anne, kinds.Answer("To nothing", b"\xab" * 32))
        await paul.until_held("To nothing")
        (row,) = await paul.rows()
        assert (row.kind, row.quote) == ("answer", "")
        await still_well(anne, paul)


async def test_an_answer_to_what_was_withdrawn_stays_without_a_word_of_it(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        asked = await anne.engine.post("A secret, by mistake")
        await paul.until_held("A secret, by mistake")
        await anne.engine.withdraw(asked.id)
        await paul.until_rows(lambda rows: not rows)
        with pytest.raises(Refused, match="There is no post"):
            await paul.engine.post("What did you mean?", answer_to=asked.id)
        await forged(paul, kinds.Answer("What did you mean?", bytes.fromhex(asked.id)))
        for desk in (anne, paul):
            await desk.until_held("What did you mean?")
            (row,) = await desk.rows()
            assert "secret" not in row.quote
        await still_well(anne, paul)


async def test_a_reaction_a_thousand_times_is_one(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        post = await anne.engine.post("Cake")
        await paul.until_held("Cake")
        signs = [kinds.SIGNS[n % 3] for n in range(1000)]
        for sign in signs:
            await forged(paul, kinds.React(bytes.fromhex(post.id), sign))
        for desk in (anne, paul):
            await desk.until_rows(
                lambda rows: [(one.sign, one.people) for one in rows[0].reactions] == [(signs[-1], ("Paul",))]
            )
        news = [event for event in anne.said if isinstance(event, events.RowsChanged)]
        assert len(news) <= 1000 and not [e for e in anne.said if isinstance(e, events.Posted) and len(e.rows) > 1]
        await still_well(anne, paul)


async def test_a_vote_written_after_the_end_counts_nowhere(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        now = anne.engine._vault.pen._now()
        asked = await anne.engine.polls.begin("When?", ["a", "b"], closes=now + 600_000)
        await paul.until_held("When?")
        paul.engine.polls._now = lambda: now + 700_000
        with pytest.raises(Refused, match="is closed"):
            await paul.engine.polls.vote(asked.id, [0])
        paul.engine._vault.pen._now = lambda: now + 700_000
        await forged(paul, kinds.Vote(bytes.fromhex(asked.id), (0,)))
        await paul.engine.post("I was late")
        await anne.until_held("I was late")
        for desk in (anne, paul):
            row = next(row for row in await desk.rows() if row.id == asked.id)
            assert row.poll is not None and row.poll.voters == 0


async def test_markup_and_a_photo_in_eight_posts_at_once_disturb_nobody(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        html = "<img src=file:///etc/passwd onerror=alert(1)><b>hi</b>"
        one, _notice = await anne.engine.attaching.choose("a.jpg", picture("JPEG", (40, 30)))
        await anne.engine.post(html, attached=[one])
        await paul.until_held(html)
        await still_well(anne, paul)
