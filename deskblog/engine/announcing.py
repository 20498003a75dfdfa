"""Announcements: written only by who may, acknowledged, counted alike on every PC."""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from msgspec import Struct

from deskblog import limits
from deskblog.engine.attaching import attachments
from deskblog.engine.talk import Talk
from deskblog.engine.vault import Vault
from deskblog.errors import Refused
from deskblog.i18n import _, alphabetical, plural
from deskblog.log import kinds
from deskblog.log.announcers import announcer_warrant
from deskblog.log.settings import NOTHING, hours_of
from deskblog.store.announcements import WEEK, allowance
from deskblog.values import Attached, PersonId, Profile, Row, Urgency, View

NAMED = 6  # of those whose quiet hours it is
TAKE_BACK_MS = 300_000  # for so long “Got it” can be taken back


class Standing(Struct, frozen=True):
    """Whether this person may announce now, how often this week is `left` of `allowed`, how many would read it.

    `resting`: those of them whose quiet hours it is now, by what they say of themselves, else by the usual hours.
    """

    may: bool
    left: int
    allowed: int
    people: int
    resting: tuple[str, ...] = ()


class Announcing:
    """`now`: UTC ms. `sent`: called with what went along."""

    def __init__(
        self,
        vault: Vault,
        talk: Talk,
        sent: Callable[[Sequence[Attached]], Awaitable[None]],
        now: Callable[[], int],
    ) -> None:
        self._vault = vault
        self._talk = talk
        self._take = sent
        self._now = now

    # --- announcing ---------------------------------------------------------------------------------------
    async def standing(self) -> Standing:
        """What an announcement now would be."""
        office = self._vault.office
        if office is None:
            return Standing(False, 0, 0, 0)
        device = self._vault.keys.device
        me = office.person_of(device)
        people = [one for one in office.persons.values() if not one.gone and one != me]
        allowed = allowance(office)
        sent = len(await self._sent())
        may, left = announcer_warrant(office, device) is not None, max(0, allowed - sent)
        resting = sorted((one.name for one in people if self._rests(PersonId(one.id))), key=alphabetical)
        return Standing(may, left, allowed, len(people), tuple(resting))

    def _rests(self, person: PersonId) -> bool:
        says = self._vault.office.says if self._vault.office is not None else NOTHING
        hours = hours_of(self._vault.profiles.get(person, Profile()).hours, says)
        local = datetime.fromtimestamp(self._now() / 1000)
        return hours.quiet(local.weekday(), local.hour * 60 + local.minute)

    async def _sent(self) -> list[int]:
        """When one's own announcements of the last seven days were written, newest first."""
        page = await self._vault.call(self._vault.store.timeline, limit=200, view=View.ANNOUNCEMENTS)
        return [row.at for row in page.rows if row.mine and row.announced and row.at > self._now() - WEEK]

    async def announce(
        self, text: str, *, days: int = 1, urgency: Urgency = Urgency.USUAL, attached: Sequence[Attached] = ()
    ) -> Row:
        """Tells everybody, and asks each for “Got it”. Refused in words if one may not, or did too often."""
        clean = kinds.written_text(text)
        office = self._vault.office
        role = announcer_warrant(office, self._vault.keys.device) if office is not None else None
        if role is None:
            raise Refused(
                _("Only announcers and keyholders announce."),
                kept=_("Your text is kept."),
                next_step=_("Post it, or ask a keyholder for the role."),
            )
        if not 1 <= days <= limits.ANNOUNCED_DAYS:
            raise Refused(
                _("An announcement is in term for 1 to {n} days.").format(n=limits.ANNOUNCED_DAYS),
                kept=_("Your text is kept."),
            )
        await self._check_allowance()
        row = await self._talk.write(kinds.Announcement(clean, role, days, int(urgency), attachments(attached)))
        assert row is not None
        await self._take(attached)
        return row

    async def _check_allowance(self) -> None:
        allowed, sent = allowance(self._vault.office), await self._sent()
        if len(sent) < allowed:
            return
        raise Refused(
            plural(
                "You have announced {n} time in the last seven days; that is what the office allows.",
                "You have announced {n} times in the last seven days; that is what the office allows.",
                len(sent),
            ),
            kept=_("Your text is kept."),
            next_step=_("Post it. A keyholder can allow more (office rule --announcements)."),
        )

    async def close(self, id_prefix: str) -> Row:
        """Ends the term of an own announcement now; nobody is reminded of it any more."""
        row = await self._announcement(id_prefix)
        if not row.mine:
            raise Refused(_("Only {person} can close this announcement.").format(person=row.person))
        if row.announced is not None and row.announced.ends > self._now():
            await self._talk.write(kinds.Close(bytes.fromhex(row.id)))
        return await self._talk.find(row.id)

    # --- reading ------------------------------------------------------------------------------------------
    async def got(self, ids: Sequence[str]) -> tuple[Row, ...]:
        """Says “Got it” of these; of those already said, or one's own, nothing is said again."""
        rows = [await self._announcement(ident) for ident in ids]
        new = sorted(
            {bytes.fromhex(row.id) for row in rows if row.announced and row.announced.due and not row.announced.mine}
        )
        for start in range(0, len(new), limits.RECEIPTS):
            await self._talk.write(kinds.Receipt(tuple(new[start : start + limits.RECEIPTS])))
        return tuple([await self._talk.find(row.id) for row in rows])

    async def not_got(self, id_prefix: str) -> Row:
        """Takes “Got it” back, up to five minutes after it was said."""
        row = await self._announcement(id_prefix)
        if row.announced is None or not row.announced.mine:
            return row
        if self._now() > row.announced.mine + TAKE_BACK_MS:
            raise Refused(_("“Got it” can be taken back for five minutes."), kept=_("It stays said."))
        target = bytes.fromhex(row.id)
        for ident, targets in await self._vault.call(self._vault.store.receipts_of, target):
            others = tuple(one for one in targets if one != target)
            if others:
                await self._talk.write(kinds.Receipt(others))
            await self._talk.write(kinds.Withdraw(ident))
        return await self._talk.find(row.id)

    async def in_term(self) -> tuple[Row, ...]:
        """Announcements whose term is not over, newest first."""
        now = self._now()
        rows = await self._vault.call(self._vault.store.archive.announced, now)
        return tuple(row for row in rows if row.announced is not None and row.announced.ends > now)

    async def waiting(self) -> tuple[Row, ...]:
        """Those in term that wait for one's own “Got it”."""
        return tuple(
            row for row in await self.in_term() if row.announced and row.announced.due and not row.announced.mine
        )

    async def _announcement(self, id_prefix: str) -> Row:
        row = await self._talk.find(id_prefix)
        if row.announced is None:
            raise Refused(_("This is not an announcement."))
        return row

    # --- the report ---------------------------------------------------------------------------------------
    async def report(self, id_prefix: str) -> tuple[Row, str]:
        """(the announcement, its report as comma-separated values: name, and when they said “Got it”)."""
        row = await self._announcement(id_prefix)
        assert row.announced is not None
        ident = bytes.fromhex(row.id)
        times = (await self._vault.call(self._vault.store.archive.about.receipts, [ident])).get(ident, {})
        import csv

        out = io.StringIO()
        lines = csv.writer(out)
        lines.writerow([_("Name"), _("Got it")])
        for one in row.announced.got:
            when = datetime.fromtimestamp(times[PersonId(bytes.fromhex(one.id))] / 1000).astimezone()
            lines.writerow([_harmless(one.name), f"{when:%Y-%m-%d %H:%M}"])
        lines.writerows([_harmless(one.name), ""] for one in row.announced.waiting)
        return row, out.getvalue()


def resting_text(names: Sequence[str]) -> str:
    """“It is quiet now for Anne, Paul, Karim and 9 more.”"""
    if not names:
        return _("These are nobody’s quiet hours.")
    shown, more = ", ".join(names[:NAMED]), len(names) - NAMED
    if more > 0:
        return plural(
            "These are quiet hours of {names} and {n} more.",
            "These are quiet hours of {names} and {n} more.",
            more,
            names=shown,
        )
    return _("These are quiet hours of {names}.").format(names=shown)


def _harmless(name: str) -> str:
    """A name that a spreadsheet does not take for a formula."""
    return f"'{name}" if name.startswith(("=", "+", "-", "@")) else name
