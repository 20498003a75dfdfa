"""A member gone bad, and blobs: wrong bytes, no bytes, bytes without end, questions without end. On real TLS."""

from __future__ import annotations

import os
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

import pytest

from deskblog import limits
from deskblog.log import kinds
from deskblog.log.attachment import Attachment, BlobName
from deskblog.net import messages as m
from deskblog.values import BlobState, Sort
from tests.engine.desk import Desk
from tests.engine.raw import RawLink
from tests.engine.test_attaching import bytes_of, files, here, until_here, with_file
from tests.engine.test_greedy import Log, an_office, goes_on, member

GOOD = os.urandom(3 * limits.BLOB_PART + 5)


def blob(data: bytes) -> BlobName:
    return BlobName(blake2b(data, digest_size=32).digest(), len(data))


async def say(link: RawLink, desk: Desk, log: Log, names: Sequence[BlobName], text: str = "look") -> None:
    """Posts with so many attachments, as a live entry."""
    attached = tuple(Attachment("leaf.jpg", Sort.PHOTO, name) for name in names)
    if log.at is None:
        link.send(log.say(log.opening))
    link.send(log.say(kinds.Post(text, attached)))
    await desk.until_held(text)


async def asked(link: RawLink, name: BlobName) -> m.BlobAsked:
    while True:
        message = await link.message()
        if isinstance(message, m.BlobAsked) and message.hash == name.hash:
            return message


async def state(desk: Desk, text: str) -> BlobState:
    return next(row for row in await desk.rows() if row.text == text).attached[0].blob.state


def new_log(desk: Desk, keys: object) -> Log:
    office = desk.engine._vault.office
    assert office is not None
    return Log(keys, office)  # type: ignore[arg-type]


async def test_wrong_bytes_are_thrown_away_and_the_right_ones_come_from_another(tmp_path: Path) -> None:
    async with an_office(tmp_path) as (anne, paul, keys):
        log = new_log(anne, keys)
        async with await member(anne, keys) as link:
            await say(link, anne, log, [blob(GOOD)])
            for offset in range(0, len(GOOD), limits.BLOB_PART):
                await asked(link, blob(GOOD))
                part = bytes(len(GOOD[offset : offset + limits.BLOB_PART]))
                link.send(m.BlobSent(blob(GOOD).hash, len(GOOD), offset, part))
            await goes_on(anne, paul, "after the lie")
            assert await state(anne, "look") is BlobState.WANTED
            await with_file(paul, "the truth", "leaf.bin", GOOD)
            await anne.until_rows(here("look"))  # type: ignore[arg-type]
        assert await bytes_of(anne, (await until_here(anne, "the truth"))[0]) == GOOD
        assert len(files(anne)) == 1


@pytest.mark.parametrize("answer", ["nothing", "too short", "elsewhere", "unasked", "it is here now"])
async def test_a_part_that_is_not_what_was_asked_for_costs_nothing(answer: str, tmp_path: Path) -> None:
    async with an_office(tmp_path) as (anne, paul, keys):
        log = new_log(anne, keys)
        name = blob(GOOD)
        async with await member(anne, keys) as link:
            await say(link, anne, log, [name])
            await asked(link, name)
            message = {
                "nothing": m.BlobSent(name.hash, name.size, 0, None),
                "too short": m.BlobSent(name.hash, name.size, 0, b"x"),
                "elsewhere": m.BlobSent(name.hash, name.size, limits.BLOB_PART, bytes(limits.BLOB_PART)),
                "unasked": m.BlobSent(bytes(32), 9, 0, bytes(9)),
                "it is here now": m.BlobSent(name.hash, name.size, 0, b""),
            }[answer]
            for _time in range(200):
                link.send(message)
            await goes_on(anne, paul, "after the nonsense")
            assert await state(anne, "look") is BlobState.WANTED
            assert files(anne) == []


async def test_who_asks_for_what_is_not_here_is_remembered_up_to_a_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "BLOB_ASKERS", 5)
    async with an_office(tmp_path) as (anne, paul, keys):
        names = [BlobName(bytes([n]) * 32, limits.BLOB) for n in range(8)]
        async with await member(anne, keys) as link:
            await say(link, anne, new_log(anne, keys), names)
            for name in names:
                link.send(m.BlobAsked(name.hash, name.size, 0))
            nobody_named = m.BlobAsked(b"?" * 32, 100, 0)
            link.send(nobody_named)
            while True:
                message = await link.message()
                if isinstance(message, m.BlobSent):
                    assert message.data is None
                    if message.hash == nobody_named.hash:
                        break
            assert anne.engine._network is not None
            assert len(anne.engine._network._hub.exchange.blobs._askers) == 5
            await goes_on(anne, paul, "after the questions")


async def test_ten_thousand_questions_for_one_photo_keep_nobody_waiting(tmp_path: Path) -> None:
    async with an_office(tmp_path) as (anne, paul, keys):
        await with_file(anne, "the plan", "plan.bin", GOOD)
        name = blob(GOOD)
        async with await member(anne, keys) as link:
            for _n in range(10_000):
                link.send(m.BlobAsked(name.hash, name.size, 0))
            await goes_on(anne, paul, "in the midst of the questions")


async def test_a_blob_that_is_taken_back_while_it_travels_is_not_kept(tmp_path: Path) -> None:
    async with an_office(tmp_path) as (anne, paul, keys):
        log = new_log(anne, keys)
        name = blob(GOOD)
        async with await member(anne, keys) as link:
            await say(link, anne, log, [name])
            await asked(link, name)
            assert log.at is not None
            link.send(m.BlobSent(name.hash, name.size, 0, GOOD[: limits.BLOB_PART]))
            link.send(log.say(kinds.Withdraw(log.at.id)))
            await anne.until_rows(lambda rows: all(row.text != "look" for row in rows))
            await anne.engine.attaching.collect()
            link.send(
                m.BlobSent(name.hash, name.size, limits.BLOB_PART, GOOD[limits.BLOB_PART : 2 * limits.BLOB_PART])
            )
            await goes_on(anne, paul, "after it was taken back")
            assert files(anne) == []
