"""Polls and votes: each an entry, counted alike on every PC."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from deskblog import limits
from deskblog.engine.talk import Talk
from deskblog.errors import Refused
from deskblog.i18n import _
from deskblog.log import kinds
from deskblog.values import Poll, Row


class Polls:
    """`now`: UTC ms."""

    def __init__(self, talk: Talk, now: Callable[[], int]) -> None:
        self._talk = talk
        self._now = now
        self._voting = asyncio.Lock()  # each press starts from the vote before

    async def begin(self, text: str, options: Sequence[str], *, closes: int = 0, many: bool = False) -> Row:
        """Asks everybody; `closes`: UTC ms, 0: never. Refused in words if it cannot be so."""
        clean = kinds.written_text(text)
        shown = tuple(line for one in options if (line := kinds.status_text(one)))
        if not kinds.options_stand(shown):
            raise Refused(
                _("A poll has two to {n} different answers.").format(n=limits.OPTIONS),
                kept=_("What is written stays."),
                next_step=_("Write them, each once."),
            )
        _check_lengths(shown)
        if closes and closes <= self._now():
            raise Refused(_("That time is over already."), next_step=_("Let the poll close later."))
        row = await self._talk.write(kinds.Poll(clean, shown, closes, many))
        assert row is not None
        return row

    async def press(self, id_prefix: str, place: int) -> Row:
        """Chooses an option by its place, from 0, or takes it back if it is one's own. The poll."""
        async with self._voting:
            row = await self._talk.find(id_prefix)
            return await self._vote(row, next_choice(row.poll, place) if row.poll is not None else ())

    async def vote(self, id_prefix: str, places: Sequence[int]) -> Row:
        """Chooses options by their places, from 0, in place of what one chose before; none: taken back. The poll."""
        async with self._voting:
            return await self._vote(await self._talk.find(id_prefix), places)

    async def _vote(self, row: Row, places: Sequence[int]) -> Row:
        poll = row.poll
        if poll is None:
            raise Refused(_("This is not a poll."))
        chosen = tuple(sorted(set(places)))
        if any(not 0 <= place < len(poll.options) for place in chosen):
            raise Refused(_("This poll has {n} answers.").format(n=len(poll.options)))
        if len(chosen) > 1 and not poll.many:
            raise Refused(_("In this poll one answer is chosen."), next_step=_("Choose one."))
        if poll.closes and self._now() >= poll.closes:
            raise Refused(_("This poll is closed."), kept=_("Votes up to then are counted."))
        if chosen == tuple(n for n, option in enumerate(poll.options) if option.mine):
            return row
        await self._talk.write(kinds.Vote(bytes.fromhex(row.id), chosen))
        return await self._talk.find(row.id)


def next_choice(poll: Poll, place: int) -> list[int]:
    """What one has chosen after a press on an answer."""
    mine = {n for n, option in enumerate(poll.options) if option.mine}
    if poll.many:
        return sorted(mine ^ {place})
    return [] if place in mine else [place]


def _check_lengths(options: Sequence[str]) -> None:
    for one in options:
        if len(one) > limits.OPTION:
            raise Refused(
                _("“{text}” has {n} characters; {limit} is the most.").format(
                    text=one, n=len(one), limit=limits.OPTION
                ),
                kept=_("What is written stays."),
                next_step=_("Shorten it."),
            )
