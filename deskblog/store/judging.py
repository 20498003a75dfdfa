"""Judges the chains held: whose they are and how far they count, by acts, openings and claims (log/claims.py)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from deskblog.log import kinds
from deskblog.log.claims import Opening, Tree, accepted, standing_claims
from deskblog.log.office import Limit, Office
from deskblog.records import replace
from deskblog.store.database import Database
from deskblog.store.entries import Entries
from deskblog.store.logs import ALL, HeldLog
from deskblog.values import Ends, EntryId, LogName, PersonId, Point

_FEW = 4  # so many logs of a device can never be too many of one ordinal


class Judging:
    """Asks the tables what judging needs to know; decides by values."""

    def __init__(self, database: Database, entries: Entries) -> None:
        self._database = database
        self._entries = entries

    def judged(self, chains: Sequence[HeldLog], office: Office, now: int) -> list[HeldLog]:
        """All chains of one device as they are to be; `now` (UTC ms) dates what is set aside just now."""
        names = {chain.name for chain in chains}
        if len(names) == len(chains) <= _FEW:
            out = [self._alone(chain, office) for chain in chains]
        else:
            out = _Device(self, chains, office).judged()
        return [_dated(chain, now) for chain in out]

    def _alone(self, chain: HeldLog, office: Office) -> HeldLog:
        """A log of one chain, whose device has few."""
        if chain.admission is None:
            return replace(chain, person=None, last=ALL)
        person = office.author(chain.name.device, chain.admission)
        limit = office.border(chain.name, chain.admission)
        return replace(chain, person=person, last=ALL if limit is None else self.bordered(chain, limit))

    def bordered(self, chain: HeldLog, limit: Limit) -> int:
        """How far a log of a single chain counts that is to end at this border."""
        if chain.head.seq < limit.seq:
            return limit.seq
        point = self._entries.point(chain, limit.seq) if limit.seq else None
        return limit.seq if point is not None and point.id == limit.id else 0

    def opening(self, chain: HeldLog) -> Opening | None:
        """What the first chain of a log opens it with; None while that is not here."""
        body = self._entries.body(chain, 1)
        content = kinds.decode_body("open", body) if body is not None else None
        if not isinstance(content, kinds.Open):
            return None
        before = {number: Point(seq, EntryId(ident)) for number, seq, ident in content.before}
        return Opening(chain.name.number, chain.opening, content.ordinal, before)

    def claims(self, chain: HeldLog) -> Iterable[tuple[int, kinds.Claim]]:
        """(seq, claim) of the claims on a chain."""
        for (seq,) in self._database.rows("SELECT seq FROM claim WHERE log = ?", (chain.n,)):
            body = self._entries.body(chain, seq)
            content = kinds.decode_body("claim", body) if body is not None else None
            if isinstance(content, kinds.Claim):
                yield seq, content

    def places(self, chains: Collection[HeldLog], points: Collection[Point]) -> list[tuple[int, int]]:
        """(chain, seq) of those of the points that lie on these chains."""
        wanted = {point.id: point.seq for point in points}
        among = {chain.n for chain in chains}
        rows = self._database.rows_among("SELECT log, seq, id FROM entry WHERE id", list(wanted))
        return [(n, seq) for n, seq, ident in rows if n in among and wanted[ident] == seq]

    # --- where logs end -----------------------------------------------------------------------------------
    def ends(self, chains: Sequence[HeldLog], office: Office) -> Ends:
        """Where one log ends, given all its chains."""
        first = chains[0]
        limit = self.limit(first, office)
        if len(chains) == 1 and limit is None:
            return Ends.single(first.head) if self._sure(first, office) else Ends((), (first.head,))
        leaves = self._leaves(chains, {chain.n: chain.head.seq for chain in chains})
        counted = self._leaves(chains, self._counted(chains, office))
        fork = Tree([chain.chain for chain in chains]).fork if limit is None else 0
        return Ends(counted, leaves, fork, self._proof(chains, fork) if fork else (), limit)

    def _counted(self, chains: Sequence[HeldLog], office: Office) -> dict[int, int]:
        """How far each chain of a log counts."""
        first = chains[0]
        reach = office.reach(first.name) if first.admission is None and len(chains) == 1 else None
        if reach is not None:  # nobody knows whose it is, but all know where it ends
            return {first.n: min(self.bordered(first, reach), first.head.seq)}
        return {chain.n: chain.counted_to for chain in chains}

    @staticmethod
    def _sure(chain: HeldLog, office: Office) -> bool:
        """Of a device taken back, what a log was opened under decides whether it counts at all: until that is here
        it is held, not offered, lest some count what others do not."""
        return chain.admission is not None or not office.taken_back(chain.name.device)

    def limit(self, chain: HeldLog, office: Office) -> int | None:
        """The seq beyond which nothing of the log counts; None: nothing limits it."""
        if chain.admission is None:
            reach = office.reach(chain.name)
            return reach.seq if reach is not None else None
        border = office.border(chain.name, chain.admission)
        if border is not None:
            return border.seq
        return 0 if chain.person is None else None

    def _leaves(self, chains: Sequence[HeldLog], upto: dict[int, int]) -> tuple[Point, ...]:
        """The ends of chains that go up to these seqs, leaving out those that another chain goes on from."""
        gone_on = {
            (chain.parent, chain.start - 1)
            for chain in chains
            if chain.parent is not None and upto[chain.n] >= chain.start
        }
        points = []
        for chain in chains:
            seq = upto[chain.n]
            if seq >= chain.start and (chain.n, seq) not in gone_on:
                point = chain.head if seq == chain.head.seq else self._entries.point(chain, seq)
                points += [point] if point is not None else []
        return tuple(sorted(points))

    def _proof(self, chains: Sequence[HeldLog], fork: int) -> tuple[Point, ...]:
        """The first vouched point at or past the fork on each of two chains."""
        apart = [chain for chain in chains if chain.start <= fork <= chain.head.seq]
        return tuple(sorted(self._entries.vouched(chain, fork) for chain in apart)[:2])


class _Device:
    """The logs of one device, settled from the highest ordinal down."""

    def __init__(self, judging: Judging, chains: Sequence[HeldLog], office: Office) -> None:
        self._judging = judging
        self._office = office
        self._logs: dict[LogName, list[HeldLog]] = {}
        for chain in chains:
            self._logs.setdefault(chain.name, []).append(chain)
        openings = [judging.opening(chain) for chain in chains if chain.parent is None]
        self._openings = {opening.id: opening for opening in openings if opening is not None}
        self._accepted = accepted(self._openings.values())
        self._claimed: dict[bytes, list[Point]] = {}

    def judged(self) -> list[HeldLog]:
        out: list[HeldLog] = []
        for name in sorted(self._logs, key=lambda name: (-self._ordinal(name), name)):
            chains = [replace(chain, person=self._person(chain)) for chain in self._logs[name]]
            last = self._last(name, chains)
            settled = [replace(chain, last=last.get(chain.n, ALL)) for chain in chains]
            self._take_claims(name, settled)
            out += settled
        return out

    def _ordinal(self, name: LogName) -> int:
        return max(chain.ordinal for chain in self._logs[name])

    def _person(self, chain: HeldLog) -> PersonId | None:
        if chain.admission is None or chain.opening not in self._accepted:
            return None
        return self._office.author(chain.name.device, chain.admission)

    def _last(self, name: LogName, chains: list[HeldLog]) -> dict[int, int]:
        """Of each chain how far it counts; empty: without a limit."""
        tree = Tree([chain.chain for chain in chains])
        limits = [self._office.border(name, chain.admission) for chain in chains if chain.admission is not None]
        limit = next((limit for limit in limits if limit is not None), None)
        if limit is not None:
            return self._bordered(tree, chains, limit)
        if not tree.fork:
            return {}
        claimed = standing_claims([*self._claimed.get(name.number, ()), *self._office.claimed(name)])
        return tree.up_to([*tree.before_fork(), *self._judging.places(chains, claimed)])

    def _bordered(self, tree: Tree, chains: list[HeldLog], limit: Limit) -> dict[int, int]:
        if len(chains) == 1:
            return {chains[0].n: self._judging.bordered(chains[0], limit)}
        if limit.id is None:
            return tree.none()
        return tree.up_to(self._judging.places(chains, [Point(limit.seq, limit.id)]))

    def _take_claims(self, name: LogName, chains: list[HeldLog]) -> None:
        """What the log vouches for, where it counts itself."""
        ordinal = {number.number: self._ordinal(number) for number in self._logs}
        for chain in chains:
            opening = self._openings.get(chain.opening)
            if opening is None:
                continue
            lower = {number for number in opening.before if ordinal.get(number, opening.ordinal) < opening.ordinal}
            if chain.parent is None and chain.counts(1):
                for number in lower:
                    self._claimed.setdefault(number, []).append(opening.before[number])
            for seq, claim in self._judging.claims(chain):
                if chain.counts(seq):
                    for number, place, ident in claim.points:
                        if number in lower:
                            self._claimed.setdefault(number, []).append(Point(place, EntryId(ident)))


def _dated(chain: HeldLog, now: int) -> HeldLog:
    """With the time since when a part of it is set aside."""
    if not chain.set_aside:
        return replace(chain, aside=None) if chain.aside is not None else chain
    return replace(chain, aside=now) if chain.aside is None else chain
