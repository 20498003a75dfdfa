"""The digest of a real engine: what it has, when it comes, and that it is silent then."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from deskblog import events
from deskblog.commands.attention import COMMANDS
from deskblog.engine.digests import AGAIN_MS, SETTLE_MS
from tests.attention.test_attention import Watched, office

pytestmark = pytest.mark.usefixtures("bus")
MINUTE = 60_000
MONDAY_NINE = datetime(2026, 11, 30, 9, 0)


class Clock:
    """The hour at Paul's, in hand; his digests' life is led by the test."""

    def __init__(self, paul: Watched) -> None:
        self.at = MONDAY_NINE
        self.paul = paul
        digests = paul.engine.digests
        digests._now = paul.engine.attention._now = partial(round_ms, self)
        digests._looked = round_ms(self)
        digests._pending = None

    async def go(self, **much: float) -> None:
        self.at += timedelta(**much)
        await self.paul.engine.digests.turn()


def round_ms(clock: Clock) -> int:
    return round(clock.at.timestamp() * 1000)


async def led(paul: Watched) -> Clock:
    life = paul.engine.digests._life
    assert life is not None
    life.cancel()
    await asyncio.gather(life, return_exceptions=True)
    return Clock(paul)


def due(paul: Watched) -> list[str]:
    return [event.title for event in paul.said if isinstance(event, events.DigestDue)]


async def test_it_comes_with_the_person_once_and_then_there_is_silence(tmp_path: Path) -> None:
    async with office(tmp_path) as (anne, paul):
        clock = await led(paul)
        digests = paul.engine.digests
        await digests.back(0)
        await clock.go(milliseconds=SETTLE_MS)
        assert due(paul) == [], "nothing waits"
        await anne.engine.post("one")
        await paul.until_held("one")
        await digests.back(0)
        await clock.go(milliseconds=SETTLE_MS)
        assert due(paul) == [], "the morning was told"
        await clock.go(hours=3, minutes=29)
        assert due(paul) == []
        await clock.go(minutes=5)
        assert due(paul) == ["So far today"]
        await digests.back(3 * 60 * MINUTE)
        await clock.go(milliseconds=SETTLE_MS)
        assert due(paul) == ["So far today"], "two hours of silence"
        await clock.go(hours=2)
        await digests.back(3 * 60 * MINUTE)
        await clock.go(milliseconds=SETTLE_MS - 1)
        assert due(paul) == ["So far today"], "what was missed comes first"
        await clock.go(milliseconds=1)
        assert due(paul) == ["So far today", "While you were away"]
        assert [popup.key for popup in paul.up if popup.key == "digest"] == ["digest", "digest"]
        await clock.go(hours=18)
        await digests.back(17 * 60 * MINUTE)
        await clock.go(milliseconds=SETTLE_MS)
        assert due(paul)[-1] == "Good morning"


async def test_while_it_is_to_be_quiet_it_waits_for_an_hour(tmp_path: Path) -> None:
    async with office(tmp_path) as (anne, paul):
        clock = await led(paul)
        await anne.engine.post("one")
        await paul.until_held("one")
        await paul.engine.attention.choose(paused=round_ms(clock) + 30 * MINUTE)
        await paul.engine.digests.back(0)
        await clock.go(milliseconds=SETTLE_MS)
        await clock.go(minutes=20)
        assert due(paul) == []
        await clock.go(milliseconds=10 * MINUTE)
        assert due(paul) == ["Good morning"]
        await paul.engine.attention.choose(paused=round_ms(clock) + 24 * 60 * MINUTE)
        await clock.go(days=1)
        await paul.engine.attention.choose(paused=round_ms(clock) + 24 * 60 * MINUTE)
        await paul.engine.digests.back(0)
        for _n in range(61):
            await clock.go(milliseconds=AGAIN_MS)
        assert paul.engine.digests._pending is None and due(paul) == ["Good morning"]


async def test_it_has_what_waits_for_the_person(tmp_path: Path) -> None:
    async with office(tmp_path) as (anne, paul):
        await anne.engine.announcing.announce("Fire drill")
        known = await anne.engine.post("Which train goes to Lyon in the morning?", kind="question")
        await paul.until_held(known.text)
        answer = await paul.engine.post("The 7:04", answer_to=known.id)
        await anne.until_held(answer.text)
        await anne.engine.talk.solve(known.id, answer.id)
        await anne.engine.post("@Paul the key is with me")
        await anne.engine.post("Which train goes to Lyon in the evening?", kind="question")
        plain = await anne.engine.post("A new coffee machine?")
        for text in ("Yes please", "Oh yes", "At last"):
            await anne.engine.post(text, answer_to=plain.id)
        await paul.until_held("At last")
        await paul.until_rows(lambda rows: any(row.solved for row in rows))
        digest = await paul.engine.digests.compose()
        assert [row.text for row in digest.announced] == ["Fire drill"]
        assert [row.text for row in digest.questions] == ["Which train goes to Lyon in the evening?"]
        assert [row.text for row in digest.for_me] == ["@Paul the key is with me"]
        assert [row.text for row in digest.answered] == ["A new coffee machine?"]
        (said,) = [
            line async for line in COMMANDS["digest"](paul.engine, {"at": 600, "lunch": False}, paul.bell.hear)
        ]
        assert said["unread"] == digest.unread and said["when"]["at"] == "10:00" and not said["when"]["lunch"]
        await paul.engine.stop()
        again = Watched(tmp_path, "Paul")
        await again.engine.start()
        try:
            assert again.engine.digests.chosen.at == 600 and again.engine.digests.chosen.here > 0
        finally:
            await again.engine.stop()
