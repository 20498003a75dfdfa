"""Announcements as they are shown: who has them and who has not, from bodies, the table `about` and the office.

Nothing of it is kept: whether one is an announcement, and who is to read it, hang on acts that may come later.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from deskblog import limits
from deskblog.i18n import alphabetical
from deskblog.log import kinds
from deskblog.log.announcers import announces
from deskblog.log.office import Office
from deskblog.store.about import AboutEntries
from deskblog.store.database import Database
from deskblog.store.logs import HeldLog, Logs
from deskblog.values import ActId, Announced, EntryId, Named, PersonId, Role, Urgency

DAY = 86_400_000
WEEK = 7 * DAY
KIND = "announcement"
# With no index named, SQLite takes the one by log, and reads the whole timeline.
OF_KIND = f"timeline INDEXED BY timeline_announcement WHERE kind = '{KIND}'"


class Announcements:
    """Reads; everything is written where entries about others are. `office`: as it is now."""

    def __init__(
        self,
        database: Database,
        logs: Logs,
        about: AboutEntries,
        names: Callable[[bytes], tuple[str, bool]],
    ) -> None:
        self._database = database
        self._logs = logs
        self._about = about
        self._names = names
        self.office: Office | None = None

    def differ(self, office: Office) -> bool:
        """Whether announcements look otherwise in that office: who is to read them, who may announce."""
        if self.office is not None and _people(self.office) == _people(office):
            return False
        return self._database.row(f"SELECT 1 FROM {OF_KIND} LIMIT 1") is not None

    def of(self, ids: Sequence[bytes]) -> dict[bytes, Announced]:
        """Those of these entries that are announcements, by id; no question to the store if `ids` is empty."""
        if not ids or self.office is None:
            return {}
        found: dict[bytes, tuple[kinds.Announcement, HeldLog, int]] = {}
        rows = self._database.rows_among("SELECT e.id, e.log, e.seq, e.body, t.at FROM entry e JOIN timeline t"
                                         " ON t.key = e.key WHERE e.id", list(ids))  # fmt: skip
        for ident, n, seq, body, at in rows:
            content, log = kinds.decode_body(KIND, body) if body is not None else None, self._logs.numbered(n)
            if isinstance(content, kinds.Announcement) and announces(
                self.office, content.role, log.person, log.name, seq
            ):
                found[ident] = content, log, at
        receipts, closed = self._about.receipts(found), self._about.of(found, "close")
        out = {}
        for ident, (content, log, at) in found.items():
            ends = min(
                at + content.days * DAY,
                *(one.at for one in closed.get(ident, ()) if one.person == log.person),
                at + WEEK,
            )
            said = receipts.get(ident, {})
            out[ident] = self._shown(content, log, ends, said, over=self._is_over(log, at))
        return out

    def _shown(
        self, content: kinds.Announcement, log: HeldLog, ends: int, said: Mapping[PersonId, int], *, over: bool
    ) -> Announced:
        audience = self._audience(log.person, ends)
        got = [
            Named(who.hex(), *self._names(who))
            for who, _at in sorted(said.items(), key=lambda one: (one[1], one[0]))
            if who in audience
        ]
        waiting = [Named(who.hex(), *self._names(who)) for who in audience if who not in said]
        waiting.sort(key=by_name)
        mine = next((said[PersonId(bytes.fromhex(one.id))] for one in got if one.me), 0)
        due = any(one.me for one in (*got, *waiting))
        return Announced(Urgency(content.urgency), ends, tuple(got), tuple(waiting), mine, due, over)

    def _audience(self, author: bytes | None, ends: int) -> frozenset[PersonId]:
        """Everybody in the office now but its author, and but those let in after its term."""
        assert self.office is not None
        return frozenset(
            person.id
            for person in self.office.persons.values()
            if not person.gone and person.id != author and self.office.acts[ActId(person.id)].time <= ends
        )

    def _is_over(self, log: HeldLog, at: int) -> bool:
        """Whether its author announced as often as the office allows in the seven days before."""
        before = f"SELECT log, count(*) FROM {OF_KIND} AND at >= ? AND at < ? GROUP BY log"
        counts = self._database.rows(before, (at - WEEK, at))
        sent: int = sum(count for n, count in counts if self._logs.numbered(n).person == log.person)
        return sent >= allowance(self.office)

    def in_term(self, now: int) -> list[EntryId]:
        """The announcements whose term may not be over yet: those within their authors' allowance come first.

        Of each log the first few of the last days are looked at, so that a flood of one crowds out nobody else's.
        """
        rows = self._database.rows(
            "SELECT e.id, n.log, n.at FROM (SELECT log, seq, at, row_number() OVER (PARTITION BY log ORDER BY at) c"
            f" FROM {OF_KIND} AND at > ?) n JOIN entry e ON e.log = n.log AND e.seq = n.seq"
            " WHERE c <= ? ORDER BY n.at",
            (now - 2 * WEEK, limits.ANNOUNCED_SHOWN),
        )
        within: list[EntryId] = []
        beyond: list[EntryId] = []
        times: dict[bytes | None, list[int]] = {}
        for ident, n, at in rows:
            said = times.setdefault(self._logs.numbered(n).person, [])
            over = sum(at - WEEK <= one < at for one in said) >= allowance(self.office)
            said.append(at)
            if at > now - limits.ANNOUNCED_DAYS * DAY:
                (beyond if over else within).append(EntryId(ident))
        return [*within[::-1], *beyond[::-1]][: limits.ANNOUNCED_SHOWN]


def by_name(one: Named) -> tuple[tuple[str, str], str]:
    """Where somebody stands among others."""
    return alphabetical(one.name), one.id


def _people(office: Office) -> frozenset[tuple[PersonId, bool, Role]]:
    return frozenset((one.id, one.gone, one.role) for one in office.persons.values())


def allowance(office: Office | None) -> int:
    """How many announcements of one person a week interrupt others."""
    said = office.settings.get("announcements-week") if office is not None else None
    return said if isinstance(said, int) else limits.ANNOUNCED_WEEK
