"""Kinds of which the newest says what holds: where all that counts of each stands, in a table named like the kind.

All are kept there, so that where the newest is withdrawn, or counts no more, the one before it is shown again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from deskblog import limits
from deskblog.log import kinds
from deskblog.store.database import Database
from deskblog.store.logs import HeldLog, Logs
from deskblog.store.marks import tags
from deskblog.store.read import Read
from deskblog.values import Address, Blob, BlobState, EntryId, Hours, PersonId, Profile, Status

KINDS = ("status", "road", "profile", "follow")


class Newest:
    """Writes and reads these tables; writing inside the caller's transaction."""

    def __init__(self, database: Database, logs: Logs) -> None:
        self._database = database
        self._logs = logs

    # --- writing: True if anything changed ----------------------------------------------------------------
    def add(self, log: HeldLog, entries: Iterable[Read]) -> bool:
        """Notes those of these entries that count."""
        found: dict[str, list[tuple[int, int, int, bytes]]] = {}
        for one in entries:
            header = one.entry.header
            if header.kind in KINDS and one.content is not None and log.counts(header.seq):
                found.setdefault(header.kind, []).append((log.n, header.seq, header.time, one.entry.id))
        for kind, rows in found.items():
            self._database.run_many(f"INSERT OR REPLACE INTO {kind} (log, seq, at, id) VALUES (?, ?, ?, ?)", rows)
        return bool(found)

    def remove_log(self, log: HeldLog) -> bool:
        """Takes out what a chain has there."""
        held = [kind for kind in KINDS if self._database.row(f"SELECT 1 FROM {kind} WHERE log = ?", (log.n,))]
        for kind in held:
            self._database.run(f"DELETE FROM {kind} WHERE log = ?", (log.n,))
        return bool(held)

    def remove(self, ids: Iterable[bytes]) -> bool:
        """Takes out single entries."""
        wanted = list(ids)
        gone = False
        for kind in KINDS:
            held = self._database.rows_among(f"SELECT id FROM {kind} WHERE id", wanted)
            self._database.run_many(f"DELETE FROM {kind} WHERE id = ?", held)
            gone |= bool(held)
        return gone

    def clear(self) -> None:
        """Empties the views, to be made anew."""
        for kind in KINDS:
            self._database.run(f"DELETE FROM {kind}")

    # --- reading ------------------------------------------------------------------------------------------
    def statuses(self) -> dict[PersonId, Status]:
        """What each person says they are doing; who says nothing is left out."""
        found = {
            person: Status(kinds.status_text(content.text), at)
            for person, (at, content) in self._newest("status").items()
            if isinstance(content, kinds.Status)
        }
        return {person: status for person, status in found.items() if status.text}

    def history(self, person: PersonId, limit: int) -> tuple[Status, ...]:
        """What a person has said they are doing, newest first; an empty text is a time at which they cleared it."""
        found: list[tuple[int, EntryId, bytes]] = []
        for log in self._logs.of_person(person):
            found += self._of(log, "status", limit)
        said = [(at, kinds.decode_body("status", body)) for at, _id, body in sorted(found, reverse=True)[:limit]]
        return tuple(Status(kinds.status_text(one.text), at) for at, one in said if isinstance(one, kinds.Status))

    def profiles(self) -> dict[PersonId, Profile]:
        """What people say of themselves."""
        return {
            person: _profile(content)
            for person, (_at, content) in self._newest("profile").items()
            if isinstance(content, kinds.Profile)
        }

    def following(self) -> dict[str, frozenset[PersonId]]:
        """Who follows each tag; tags as in a text, in lower case."""
        said: dict[tuple[PersonId, str], tuple[int, EntryId, bool]] = {}
        for log in self._logs.all():
            for at, ident, body in self._of(log, "follow", limits.FOLLOWS):
                content = kinds.decode_body("follow", body)
                if isinstance(content, kinds.Follow) and log.person is not None:
                    key = PersonId(log.person), content.tag.lower()
                    said[key] = max(said.get(key, (0, ident, False)), (at, ident, content.follows))
        found: dict[str, set[PersonId]] = {}
        for (person, tag), (_at, _id, follows) in said.items():
            if follows and tags(f"#{tag}") == (tag,):
                found.setdefault(tag, set()).add(person)
        return {tag: frozenset(people) for tag, people in found.items()}

    def roads(self) -> tuple[Address, ...]:
        """The addresses that lead somewhere: of each what was said last counts, whoever said it; the newest first."""
        said: dict[Address, tuple[int, EntryId, bool]] = {}
        for log in self._logs.all():
            for at, ident, body in self._of(log, "road", limits.ROADS):
                content = kinds.decode_body("road", body)
                if isinstance(content, kinds.Road) and log.person is not None:
                    address = content.host, content.port
                    said[address] = max(said.get(address, (0, ident, False)), (at, ident, content.leads))
        leading = [(at, ident, address) for address, (at, ident, leads) in said.items() if leads]
        return tuple(address for _at, _ident, address in sorted(leading, reverse=True)[: limits.ROADS])

    def _newest(self, kind: str) -> dict[PersonId, tuple[int, kinds.Content | None]]:
        """Of each person the newest, by time, then id."""
        found: dict[PersonId, tuple[int, EntryId, bytes]] = {}
        for log in self._logs.all():
            for row in self._of(log, kind, 1):
                if log.person is not None:
                    person = PersonId(log.person)
                    found[person] = max(found.get(person, row), row)
        return {person: (at, kinds.decode_body(kind, body)) for person, (at, _id, body) in found.items()}

    def _of(self, log: HeldLog, kind: str, count: int) -> list[tuple[int, EntryId, bytes]]:
        """(time, id, body) of the newest so many of a chain."""
        rows = self._database.rows(
            f"SELECT k.at, k.id, e.body FROM {kind} k JOIN entry e ON e.log = k.log AND e.seq = k.seq"
            " WHERE k.log = ? ORDER BY k.at DESC, k.id DESC LIMIT ?",
            (log.n, count),
        )
        return [(at, EntryId(ident), body) for at, ident, body in rows]

    def latest(self, kind: str, logs: Sequence[HeldLog]) -> int:
        """The greatest time of that kind in these logs; 0 if there is none, or it is no kind of these."""
        if kind not in KINDS:
            return 0
        rows = [self._database.row(f"SELECT max(at) FROM {kind} WHERE log = ?", (log.n,)) for log in logs]
        return max((row[0] or 0 for row in rows), default=0)

    def before(self, time: int) -> list[EntryId]:
        """The statuses older than that."""
        return [EntryId(row[0]) for row in self._database.rows("SELECT id FROM status WHERE at < ?", (time,))]


def _profile(content: kinds.Profile) -> Profile:
    job, place, phone = (kinds.status_text(text) for text in (content.job, content.place, content.phone))
    name = content.picture.blob if content.picture is not None else None
    picture = Blob(name.hash.hex(), name.size, BlobState.NAMED) if name is not None else None
    said = content.hours
    days = tuple(n for n in range(7) if said is not None and said.days >> n & 1)
    hours = Hours(said.begins, said.ends, days) if said is not None else None
    return Profile(job, place, phone, picture, hours)
