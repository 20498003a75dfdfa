"""What reaches the person at this PC: the rules are asked, popups go out, and come back when they are pressed.

While nothing waits for the person nothing runs here. What they chose (quiet hours, what is muted or followed) stays
on this PC, and is in its backups.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import datetime
from typing import Any

import msgspec

from deskblog import events
from deskblog.attention.desktop import Desktop
from deskblog.attention.gather import SUMMARY, Gather
from deskblog.attention.hush import Hush
from deskblog.attention.popup import Popup, Press
from deskblog.attention.rules import Moment, News, Show, Taste, decide
from deskblog.attention.rules import quiet as rules_quiet
from deskblog.engine.announcing import Announcing
from deskblog.engine.keepsakes import Keepsakes
from deskblog.engine.profiles import Profiles
from deskblog.engine.quiet import CLOCK, Chosen, own_hours, with_hours
from deskblog.engine.vault import Vault
from deskblog.errors import UserError
from deskblog.i18n import _
from deskblog.log.settings import NOTHING, QUIET, Settings, hours_of
from deskblog.records import replace
from deskblog.store.marks import means
from deskblog.values import Hours, Row, Urgency

KEY = "ui-attention"  # such settings are part of a backup
TICK = 60.0  # s between two looks at whether it is still to be quiet, while an announcement waits
REMIND_MS = 2 * 3_600_000  # after so long it pops up again
NOTED = 1000  # posts that popped up and are not read
TEST = "test"


class Attention:
    """Lives on the engine's loop. `answer(text, id)` posts an answer; `now`: UTC ms."""

    def __init__(
        self,
        vault: Vault,
        announcing: Announcing,
        keepsakes: Keepsakes,
        profiles: Profiles,
        answer: Callable[[str, str], Coroutine[Any, Any, object]],
        tell: Callable[[events.Event], None],
        now: Callable[[], int],
        *,
        on: bool,
    ) -> None:
        self._vault = vault
        self._announcing = announcing
        self._keepsakes = keepsakes
        self._profiles = profiles
        self._answer = answer
        self._tell = tell
        self._now = now
        self._on = on
        self.chosen = Chosen()
        self._looked_at = False
        self._rows: list[tuple[Row, bool]] = []  # what came, and whether it was looked at then
        self._waiting: tuple[Row, ...] = ()
        self._read: list[str] = []  # what was read just now
        self._ask_again = True  # which announcements wait
        self._told: dict[str, int] = {}  # when announcements popped up last
        self._up: set[str] = set()
        self._threads: dict[str, str] = {}  # under which key a post popped up
        self._gather = Gather()
        self._wake = asyncio.Event()
        self._life: asyncio.Task[None] | None = None
        self.chose: Callable[[], None] = lambda: None  # called when the person chose otherwise
        self._deeds: set[asyncio.Task[object]] = set()
        self._desktop: Desktop
        self._hush: Hush

    # --- beginning and ending -----------------------------------------------------------------------------
    async def begin(self) -> None:
        with suppress(msgspec.MsgspecError):  # a backup that somebody wrote by hand
            kept = await self._vault.call(self._vault.store.get, KEY)
            self.chosen = msgspec.json.decode(kept or "{}", type=Chosen)
        if self._on:
            self._desktop, self._hush = Desktop(self.pressed, "deskblog"), Hush()
            self._life = asyncio.create_task(self._live())

    async def stop(self) -> None:
        if self._life is None:
            return
        self._life.cancel()
        for deed in self._deeds:
            deed.cancel()
        await asyncio.gather(self._life, *self._deeds, return_exceptions=True)
        await self._desktop.stop()
        await self._hush.stop()

    def heard(self, event: events.Event) -> None:
        """What the engine tells everybody."""
        if self._life is None:
            return
        match event:
            case events.Posted():
                self._rows += [(row, self._looked_at) for row in event.rows]
            case events.Read():
                self._read += event.ids
            case events.RowsChanged() if any(row.kind == "announcement" for row in event.rows):
                self._ask_again = True
            case events.PeopleChanged() | events.TimelineChanged() | events.OfficeChanged():
                self._ask_again = True
            case _:
                return
        self._wake.set()

    def unlocked(self) -> None:
        """The person sees the screen again: what waited for that comes now."""
        if self._life is not None:
            self._hush.forget()
            self._wake.set()

    # --- what goes out ------------------------------------------------------------------------------------
    async def _live(self) -> None:
        while True:
            due = self._gather.wait(self._now())
            patience = due / 1000 if due is not None else TICK if self._waiting else None
            with suppress(TimeoutError):
                async with asyncio.timeout(patience):
                    await self._wake.wait()
            self._wake.clear()
            try:
                await self._turn()
            except UserError as fault:
                self._tell(events.Trouble("attention", fault.what, fault.kept, fault.next_step))

    async def _turn(self) -> None:
        rows, self._rows = self._rows, []
        read, self._read = self._read, []
        for key in {self._threads.pop(ident) for ident in read if ident in self._threads}:
            if key not in self._threads.values():  # all that it was about is read
                await self._withdraw(key)
        if any(row.announced is not None for row, _seen in rows):
            self._ask_again = True
        if self._ask_again and self._vault.office is not None:
            self._ask_again = False
            self._waiting = await self._announcing.waiting()
            await self._take_away({row.id for row in self._waiting})
        if not rows and not self._waiting and self._gather.wait(self._now()) is None:
            return
        now = await self._moment()
        for row, seen in rows:
            then = replace(now, looked_at=seen)
            if row.announced is None and decide(await self._news(row), self._taste(), then).show is Show.POPUP:
                popup = popup_of(row)
                self._note(row.id, popup.key)
                self._gather.add(popup, row.person, self._now())
        for row in self._waiting:
            await self._remind(row, now)
        if self._gather.wait(self._now()) == 0:
            for popup in self._gather.take():
                await self._show(popup)

    async def _remind(self, row: Row, now: Moment) -> None:
        """Of an announcement that waits for “Got it”, at first and every other hour, when it is not to be quiet."""
        at = self._now()
        if at < self._told.get(row.id, -REMIND_MS) + REMIND_MS:
            return
        if decide(await self._news(row), self._taste(), now).show is Show.POPUP:
            self._told[row.id] = at
            self._gather.add(popup_of(row), row.person, at)

    def _note(self, ident: str, key: str) -> None:
        self._threads[ident] = key
        if len(self._threads) > NOTED:
            del self._threads[next(iter(self._threads))]

    async def _show(self, popup: Popup) -> None:
        self._up.add(popup.key)
        if popup.key == SUMMARY:
            self._threads = {one: key if key in self._up else SUMMARY for one, key in self._threads.items()}
        if not await self._desktop.show(popup):
            said = popup.answer, popup.got_it, popup.urgent
            self._tell(events.PopUp(popup.key, popup.title, popup.text, *said))

    async def put_up(self, popup: Popup) -> bool:
        """Shows one that is not about a post, unless it is to be quiet now; whether it did. In a window that is
        looked at a line says so."""
        if self._life is None or rules_quiet(self._taste(), await self._moment()):
            return False
        self._tell(events.DigestDue(popup.title, popup.text))
        if not self._looked_at:
            await self._show(popup)
        return True

    async def _take_away(self, waiting: set[str]) -> None:
        """Popups of announcements that wait no more: said “Got it” elsewhere, closed, withdrawn."""
        for key in [key for key in self._told if key not in waiting]:
            del self._told[key]
            await self._withdraw(key)

    async def _withdraw(self, key: str) -> None:
        self._gather.drop(key)
        self._threads = {ident: held for ident, held in self._threads.items() if held != key}
        if key in self._up:
            self._up.discard(key)
            await self._desktop.withdraw(key)
            self._tell(events.PopupGone(key))

    async def _moment(self) -> Moment:
        said, local = await self._hush.look(), datetime.fromtimestamp(self._now() / 1000)
        return Moment(
            local.weekday(),
            local.hour * 60 + local.minute,
            self._colleagues(),
            paused=self.chosen.paused > self._now(),
            dnd=said.dnd,
            locked=said.locked,
            full_screen=said.full_screen,
            looked_at=self._looked_at,
        )

    async def _news(self, row: Row) -> News:
        thread = row.answer_to or row.id
        wrote, answered = await self._vault.call(self._vault.store.part_in, bytes.fromhex(thread))
        office = self._vault.office
        me = office.person_of(self._vault.keys.device) if office is not None else None
        said = row.announced
        return News(
            row.kind,
            row.person_id,
            thread,
            tuple(f"#{tag}" for tag in row.tags),
            row.source if row.kind == "feed" else "",
            mine=row.mine,
            names_me=me is not None and any(means(name, me.name) for name in row.mentions),
            to_me=bool(row.answer_to) and wrote,
            watched=self._keepsakes.watches(row),
            sealed=row.sealed,
            my_thread=bool(row.answer_to) and answered,
            urgency=said.urgency if said is not None else None,
            over=said is not None and said.over,
            got=said is not None and (bool(said.mine) or not said.due),
            age=max(0, self._now() - row.at),
        )

    async def weigh(self, row: Row) -> Show:
        """What a post that is unread deserves now, popups aside."""
        moment = replace(Moment(), paused=True, colleagues=self._colleagues())
        return decide(await self._news(row), self._taste(), moment).show

    def _colleagues(self) -> int:
        office = self._vault.office
        return sum(not one.gone for one in office.persons.values()) if office is not None else 0

    def _taste(self) -> Taste:
        chosen, now = self.chosen, self._now()
        muted = frozenset(what for what, until in chosen.muted.items() if not until or until > now)
        return Taste(self.hours, muted, frozenset(chosen.followed), chosen.popups)

    # --- what comes back ----------------------------------------------------------------------------------
    def pressed(self, key: str, press: Press, text: str = "") -> None:
        """A popup was pressed, by whatever showed it. `text`: an answer written in it."""
        self._up.discard(key)
        if key == TEST:
            return
        if press is Press.GOT_IT:
            self._do(self._announcing.got([key]))
        elif press is Press.ANSWER and text.strip():
            self._do(self._answer(text, key))
        else:
            self._tell(events.Wanted("" if key == SUMMARY else key, press is Press.ANSWER))

    def _do(self, deed: Coroutine[Any, Any, object]) -> None:
        task = asyncio.ensure_future(self._explained(deed))
        self._deeds.add(task)
        task.add_done_callback(self._deeds.discard)

    async def _explained(self, deed: Coroutine[Any, Any, object]) -> object:
        try:
            return await deed
        except UserError as fault:
            self._tell(events.Trouble("attention", fault.what, fault.kept, fault.next_step))
            return None

    async def look(self, *, at: bool) -> None:
        """The window has the focus and shows what came, or no more. What is seen there needs no popup."""
        self._looked_at = at
        if at and self._life is not None:
            for key in sorted(self._up - set(self._told)):
                await self._withdraw(key)

    # --- what the person chooses --------------------------------------------------------------------------
    async def choose(self, **changes: Any) -> Chosen:
        """Keeps what is chosen from now on."""
        if changes.keys() & CLOCK:
            changes = with_hours(self.chosen, self._office_says(), changes)
        self.chosen = msgspec.structs.replace(self.chosen, **changes)
        await self._vault.call(self._vault.store.put, KEY, msgspec.json.encode(self.chosen).decode())
        self._wake.set()
        self.chose()
        if changes.keys() & {"own", "told"}:
            await self._profiles.tell_hours(own_hours(self.chosen) if self.chosen.told else None)
        return self.chosen

    async def mute(self, what: str, *, until: int | None) -> Chosen:
        """A person, thread or feed (id), or a #tag: until then (UTC ms), 0: for good, None: no more."""
        muted = {one: end for one, end in self.chosen.muted.items() if one != what}
        return await self.choose(muted=muted if until is None else {**muted, what: until})

    async def follow(self, what: str, *, on: bool) -> Chosen:
        """A person or a #tag: what they write pops up."""
        followed = tuple(one for one in self.chosen.followed if one != what)
        return await self.choose(followed=(*followed, what) if on else followed)

    async def try_out(self) -> str:
        """Shows a popup now; how it was shown, in words."""
        popup = Popup(
            TEST, _("This is how deskblog tells you of something"), _("Nothing has happened: it was a test.")
        )
        if await self._desktop.show(popup):
            return _("Your system shows deskblog's notifications.")
        self._tell(events.PopUp(popup.key, popup.title, popup.text, answer=False, got_it=False, urgent=False))
        return _("Your system shows none ({why}); deskblog shows cards of its own.").format(why=self._desktop.why_not)

    @property
    def hours(self) -> Hours:
        """When popups may come: as the person chose, else as the office says."""
        return hours_of(own_hours(self.chosen), self._office_says())

    @property
    def own(self) -> bool:
        """Whether the person has chosen hours; they wait where the office has locked its own."""
        return own_hours(self.chosen) is not None

    @property
    def locked(self) -> bool:
        """Whether the office has locked its hours."""
        return QUIET in self._office_says().locked

    def _office_says(self) -> Settings:
        return self._vault.office.says if self._vault.office is not None else NOTHING

    @property
    def quiet(self) -> bool:
        """Whether popups wait now by what the person chose."""
        local = datetime.fromtimestamp(self._now() / 1000)
        paused = self.chosen.paused > self._now()
        return paused or self._taste().hours.quiet(local.weekday(), local.hour * 60 + local.minute)


def popup_of(row: Row) -> Popup:
    """What pops up of a post; of a sealed one no word of it."""
    if row.announced is not None:
        urgent = row.announced.urgency is Urgency.URGENT
        title = _("{person} announces").format(person=row.person)
        return Popup(row.id, title, row.text, answer=True, got_it=True, urgent=urgent)
    if row.sealed:
        return Popup(row.id, _("{person} writes to you, sealed").format(person=row.person), _("Press to read it."))
    title = {
        "question": _("{person} asks").format(person=row.person),
        "answer": _("{person} answers").format(person=row.person),
    }.get(row.kind, row.person)
    return Popup(row.answer_to or row.id, title, row.text or _("A photo or file"), answer=True)
