"""Leaving well: what one has asked and nobody answered goes to a colleague before one goes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from deskblog.engine.membership import Membership
from deskblog.engine.vault import Vault
from deskblog.engine.whom import whose
from deskblog.errors import Refused
from deskblog.i18n import _, plural
from deskblog.values import PersonRow, Row, View

PAGE = 200
HEARD_SECONDS = 10.0  # for a colleague's PC to say that it holds what was written last
LOOK_SECONDS = 0.2


class Leaving:
    """Hands on, waits until it is elsewhere, and takes oneself out."""

    def __init__(self, vault: Vault, membership: Membership, answer: Callable[[str, str], Awaitable[Row]]) -> None:
        """`answer`: writes this text as an answer to the post of this id."""
        self._vault = vault
        self._membership = membership
        self._answer = answer

    async def open_questions(self) -> tuple[Row, ...]:
        """One's own questions that nobody has answered, newest first."""
        found: list[Row] = []
        before: int | None = None
        while True:
            page = await self._vault.call(self._vault.store.timeline, before=before, limit=PAGE, view=View.QUESTIONS)
            for row in page.rows:
                if row.mine and not await self._vault.call(self._vault.store.answers, row.id):
                    found.append(row)
            before = page.next_before
            if before is None:
                return tuple(found)

    async def leave(self, *, hand_to: str = "", sure: bool = False) -> PersonRow:
        """Out of the office with all one's PCs. Refused while questions are open, or posts are here alone, unless
        `sure`; `hand_to`: who takes the questions on."""
        if hand_to:
            await self.hand_on(hand_to)
        elif not sure and (count := len(await self.open_questions())):
            raise Refused(
                plural("{n} question of yours is open.", "{n} questions of yours are open.", count),
                kept=_("Nothing was changed."),
                next_step=_("Hand on what is open (--hand-to NAME), or say that you are sure (--sure)."),
            )
        return await self._membership.leave(sure=sure)

    async def hand_on(self, to: str) -> tuple[Row, ...]:
        """Answers each open question of one's own with who takes it on; those answers. Done twice it does nothing."""
        office = self._vault.office
        if office is None:
            raise Refused(_("This PC is in no office yet."), next_step=_("Found one or join one first."))
        heir, me = whose(office, to), office.person_of(self._vault.keys.device)
        if heir.gone or (me is not None and heir.id == me.id):
            raise Refused(_("{person} is not there to take them on.").format(person=heir.name))
        text = _("{me} is leaving the office; {person} takes this question on.")
        said = text.format(me=me.name if me else "", person=f"@{heir.name}")
        answers = [await self._answer(said, row.id) for row in await self.open_questions()]
        await self._until_elsewhere()
        return tuple(answers)

    async def _until_elsewhere(self) -> None:
        """Gives colleagues' PCs a moment to take what was just written; that they did is asked by `leave`."""
        for _look in range(int(HEARD_SECONDS / LOOK_SECONDS)):
            if not await self._vault.only_here():
                return
            await asyncio.sleep(LOOK_SECONDS)
