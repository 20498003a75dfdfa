"""From a colleague's post to a popup and back: real engines, a session bus on which nobody shows notifications."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest

from deskblog import events
from deskblog.attention.digest import LINES, Why, popup_of
from deskblog.attention.gather import SUMMARY, WINDOW_MS
from deskblog.attention.popup import Press
from deskblog.engine import Engine, Options
from deskblog.engine.unread import WEIGHED
from deskblog.log import kinds
from deskblog.records import replace
from deskblog.values import Urgency, View
from tests.attention.savers import screen_saver
from tests.engine.desk import Desk
from tests.engine.test_bad_input import forged

HOUR = 3_600_000
pytestmark = pytest.mark.usefixtures("bus")


class Watched(Desk):
    """A desk with somebody at its screen, for whom no hour is quiet."""

    def __init__(self, folder: Path, name: str) -> None:
        super().__init__(folder, name)
        options = Options(discovery=False, port=0, state=folder / f"{name}-state", popups=True)
        self.engine = Engine(self.folder, self.bell.ring, options=options)

    @property
    def up(self) -> list[events.PopUp]:
        return [event for event in self.said if isinstance(event, events.PopUp)]

    def gone(self, key: str) -> bool:
        return any(isinstance(event, events.PopupGone) and event.key == key for event in self.said)


@asynccontextmanager
async def office(folder: Path) -> AsyncIterator[tuple[Desk, Watched]]:
    anne, paul = Desk(folder, "Anne"), Watched(folder, "Paul")
    await anne.engine.start()
    await paul.engine.start()
    try:
        await anne.found()
        await anne.admit(paul)
        await paul.engine.attention.choose(hours=False)
        yield anne, paul
    finally:
        await paul.engine.stop()
        await anne.engine.stop()


async def test_what_is_for_me_pops_up_and_the_rest_does_not(tmp_path: Path) -> None:
    async with office(tmp_path) as (anne, paul):
        await anne.engine.post("Good morning, all")
        named = await anne.engine.post("@Paul the archive is open")
        await paul.until(lambda: bool(paul.up))
        (popup,) = paul.up
        assert (popup.key, popup.title, popup.text) == (named.id, "Anne", "@Paul the archive is open")
        assert popup.answer and not popup.got_it
        paul.engine.attention.pressed(popup.key, Press.ANSWER, "Thank you")
        await anne.until_held("Thank you")
        assert next(row for row in await anne.rows() if row.text == "Thank you").answer_to == named.id


async def test_an_announcement_stays_until_got_it_and_goes_when_it_is_said_elsewhere(tmp_path: Path) -> None:
    async with office(tmp_path) as (anne, paul):
        first = await anne.engine.announcing.announce("Fire drill", urgency=Urgency.URGENT)
        await paul.until(lambda: bool(paul.up))
        assert paul.up[0] == events.PopUp(first.id, "Anne announces", "Fire drill", True, True, True)
        await paul.engine.attention.look(at=True)  # to have seen it is not to have said so
        assert not paul.gone(first.id)
        await paul.engine.attention.look(at=False)
        paul.engine.attention.pressed(first.id, Press.GOT_IT)
        await anne.until_rows(lambda rows: bool(rows[0].announced and rows[0].announced.got))
        second = await anne.engine.announcing.announce("Never mind")
        await paul.until(lambda: len(paul.up) == 2)
        await anne.engine.withdraw(second.id)
        await paul.until(lambda: paul.gone(second.id))


def later(now: Callable[[], int], ms: int) -> int:
    return now() + ms


async def test_it_pops_up_again_every_other_hour_and_no_more_once_it_is_read(tmp_path: Path) -> None:
    async with office(tmp_path) as (anne, paul):
        attention, real = paul.engine.attention, paul.engine.attention._now
        row = await anne.engine.announcing.announce("Inventory on Friday", days=2)
        await paul.until(lambda: len(paul.up) == 1)
        assert attention._life is not None
        attention._life.cancel()  # its turns are taken here, at other hours
        await asyncio.gather(attention._life, return_exceptions=True)
        for hours, popups in ((1, 1), (2, 2), (3, 2), (5, 3)):
            for ms in (0, WINDOW_MS):
                attention._now = partial(later, real, hours * HOUR + ms)
                await attention._turn()
            assert len(paul.up) == popups, hours
        await paul.engine.announcing.got([row.id])
        attention._now = partial(later, real, 9 * HOUR)
        await attention._turn()
        assert len(paul.up) == 3


async def test_five_hundred_announcements_of_a_stolen_pc_are_three_popups(tmp_path: Path) -> None:
    async with office(tmp_path) as (anne, paul):
        role = bytes(anne.engine._vault.office.id)  # type: ignore[union-attr]
        for n in range(500):
            await forged(anne, kinds.Announcement(f"Buy now {n}", role, 7, 2))
        await anne.engine.post("@Paul my PC was stolen")
        await paul.until(lambda: any("stolen" in popup.text for popup in paul.up))
        assert len([popup for popup in paul.up if popup.got_it]) == 3
        assert len(paul.up) == 4


async def test_three_thousand_posts_after_a_fortnight_pop_up_nothing_and_are_one_line_of_a_digest(
    tmp_path: Path,
) -> None:
    anne, paul = Desk(tmp_path, "Anne"), Watched(tmp_path, "Paul")
    await anne.engine.start()
    await paul.engine.start()
    try:
        await anne.found()
        await anne.admit(paul)
        await paul.engine.stop()
        written = [kinds.Post(f"@Paul number {n}") for n in range(2999)]
        for content in written:
            await anne.engine._vault.write(content)
        last = await anne.engine.post("@Paul the last")
        back = Watched(tmp_path, "Paul")
        await back.engine.start()
        try:
            attention = back.engine.attention
            await attention.choose(hours=False)
            attention._now = partial(later, attention._now, 14 * 24 * HOUR)
            await back.engine.unread.watch()
            await back.meet(anne)
            await back.until_held(last.text)
            await back.until(lambda: back.engine.unread.said.counts.get(View.OFFICE) == 3000)
            assert back.up == []
            assert back.engine.unread.said.for_me == back.engine.unread.said.shown == WEIGHED, (
                "as many as are looked at"
            )
            digest = await back.engine.digests.compose()
            assert (len(digest.for_me), digest.unread) == (LINES, 3000)
            assert popup_of(digest, Why.BACK).text.splitlines() == ["For you: Anne", "3000 unread posts"]
        finally:
            await back.engine.stop()
    finally:
        await anne.engine.stop()


async def test_what_waits_while_the_screen_is_locked_comes_when_it_is_unlocked(tmp_path: Path) -> None:
    async with screen_saver() as saver, office(tmp_path) as (anne, paul):
        saver.active = True
        await anne.engine.announcing.announce("Fire drill", urgency=Urgency.URGENT)
        await paul.until(lambda: bool(paul.engine.attention._waiting) and saver.asked > 0)
        await saver.lock(False)
        assert paul.up == []
        paul.engine.attention.unlocked()  # as the window says it, well before the next look
        await paul.until(lambda: len(paul.up) == 1)


async def test_many_at_once_are_one_summary(tmp_path: Path) -> None:
    async with office(tmp_path) as (anne, paul):
        for n in range(12):
            await anne.engine.post(f"@Paul number {n}")
        await paul.until(lambda: bool(paul.up))
        assert [(popup.key, popup.title, popup.text) for popup in paul.up] == [
            (SUMMARY, "12 new posts for you", "Anne")
        ]
        paul.engine.attention.pressed(SUMMARY, Press.OPEN)
        assert paul.said[-1] == events.Wanted("", False)


async def test_what_is_seen_in_the_window_and_what_is_muted_does_not_pop_up(tmp_path: Path) -> None:
    async with office(tmp_path) as (anne, paul):
        row = await anne.engine.post("@Paul are you there?")
        await paul.until(lambda: bool(paul.up))
        await paul.engine.attention.look(at=True)
        assert paul.gone(row.id)
        await anne.engine.post("@Paul and here?")
        await paul.until(lambda: "@Paul and here?" in paul.texts_told())
        await paul.engine.attention.look(at=False)
        await paul.engine.attention.mute(row.person_id, until=0)
        await anne.engine.post("Is the lift working?", kind="question")
        await paul.until(lambda: "Is the lift working?" in paul.texts_told())
        last = await anne.engine.post("@Paul last one")
        await paul.until(lambda: len(paul.up) == 2)
        assert paul.up[-1].key == last.id


async def test_what_a_person_chose_is_there_after_a_restart(tmp_path: Path) -> None:
    async with office(tmp_path) as (_anne, paul):
        attention = paul.engine.attention
        await attention.choose(begins=540, days=(0, 1), popups=False)
        await attention.follow("#sales", on=True)
        await attention.mute("#coffee", until=0)
        chosen = attention.chosen
        await paul.engine.stop()
        paul.engine = again = Engine(
            paul.folder, paul.bell.ring, options=Options(network=False, state=tmp_path / "Paul-state")
        )
        await again.start()
        assert again.attention.chosen == chosen and chosen.followed == ("#sales",)
        assert replace(again.attention._taste().hours) == attention._taste().hours


async def test_a_test_says_how_it_was_shown(tmp_path: Path) -> None:
    async with office(tmp_path) as (_anne, paul):
        said = await paul.engine.attention.try_out()
        assert said.startswith("Your system shows none") and paul.up[-1].key == "test"
