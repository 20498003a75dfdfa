"""Fetching logs over one link: what the peer offered, the one `want` in flight, the run and bodies that answer it.

    offered ──want──> run ──> bodies ──> handed to the store ──> stored: the next want, or done
              │
              └─ "none of your points lies that way" ──Locate──> points named ──> want again ──> from the beginning

A point that is not past what is held, but not held either, is another chain of the log: a fork.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct, field

from deskblog import limits
from deskblog.errors import Forged, Malformed, TooLarge
from deskblog.log.entry import body_fits, decode_entry
from deskblog.log.run import Run, check_run
from deskblog.net import messages as m
from deskblog.net.actions import Action, Locate, Look, OwnAhead, Send, TakeBodies, TakeRun
from deskblog.net.replica import Replica
from deskblog.values import DeviceKey, EntryId, LogName, Point


class _Offer(Struct):
    """The peer's chain of a log up to `to`: where mine parts from it, as far as that is known."""

    to: Point
    points: tuple[Point, ...] | None = None  # None: my furthest end is the one to go on from
    located: bool = False


class _Want(Struct):
    """The one `want` in flight."""

    log: LogName
    offer: _Offer
    points: tuple[Point, ...]
    since: float
    run: Run | None = None
    ids: frozenset[bytes] = frozenset()
    bodies: dict[bytes, bytes | None] = field(default_factory=dict)


class Fetcher:
    """What one link is asked for."""

    def __init__(self, replica: Replica, now: Callable[[], float]) -> None:
        self.storing = 0
        self._replica = replica
        self._now = now
        self._want: _Want | None = None
        self._offers: dict[LogName, list[_Offer]] = {}
        self._unknown: dict[LogName, Point] = {}  # offered logs of devices whose admission has not come yet
        self._looking = 0
        self._waiting: set[LogName] = set()  # logs whose points are being located
        self._closed = False

    @property
    def idle(self) -> bool:
        """True if nothing is in flight or on its way to the disk."""
        return self._want is None and not self.storing and not self._looking and not self._waiting

    @property
    def pending(self) -> bool:
        return bool(self._offers) or not self.idle

    # --- offers -------------------------------------------------------------------------------------------
    def offer(self, lines: Sequence[tuple[LogName, Point]]) -> list[Action]:
        """The peer holds these points: what is past mine is fetched, what may be another chain is looked up."""
        doubtful: list[tuple[LogName, Point]] = []
        actions: list[Action] = []
        for log, point in lines:
            if self._replica.office.person_of(log.device) is None:
                if len(self._unknown) < limits.LIVE_WAITING:
                    self._unknown[log] = point
                continue
            lacking = self._replica.lacks(log, point)
            if lacking is None:
                continue
            held = self._replica.heads.frontier(log)
            if held is not None and lacking.seq <= held.seq:
                doubtful.append((log, lacking))
                continue
            actions += self._own_ahead(log)
            self._add(log, lacking)
        if doubtful and self._looking < limits.LOOKS:  # others are offered again when digests still differ
            self._looking += 1
            actions.append(Look(tuple(doubtful)))
        return actions

    def _own_ahead(self, log: LogName) -> list[Action]:
        return [OwnAhead(log)] if log.device == self._replica.me else []

    def _add(self, log: LogName, to: Point, *, branch: bool = False) -> None:
        if log not in self._offers and len(self._offers) >= limits.OFFERED:
            return
        offers = self._offers.setdefault(log, [])
        if any(offer.to == to for offer in offers):
            return
        if branch:
            if len(offers) < limits.BRANCHES:
                offers.append(_Offer(to, ()))
            return
        plain = next((offer for offer in offers if offer.points is None), None)
        if plain is None:
            offers.insert(0, _Offer(to))
        elif to.seq > plain.to.seq:
            plain.to = to

    def looked(self, asked: Sequence[tuple[LogName, Point]], missing: frozenset[EntryId]) -> list[Action]:
        """The store was asked: what it does not hold are other chains."""
        self._looking -= 1
        actions: list[Action] = []
        for log, point in asked:
            if point.id in missing:
                actions += self._own_ahead(log)
                self._add(log, point, branch=True)
        return actions

    def office_changed(self) -> list[Action]:
        """Admissions may have come: what was offered of unknown devices is looked at again."""
        unknown, self._unknown = self._unknown, {}
        return self.offer(list(unknown.items()))

    # --- asking -------------------------------------------------------------------------------------------
    def next(self) -> list[Action]:
        """Asks for the next thing that is lacking, if nothing is in flight."""
        if self._closed or self._want is not None or self.storing >= limits.RUNS_STORING:
            return []
        for log in list(self._offers):
            offer = self._first(log)
            if offer is None or log in self._waiting:
                continue
            if offer.points is not None and not offer.located:
                return [*self._locate(log)]
            if self._replica.fetching.setdefault(log, self) is self:
                return self._ask(log, offer)
        return []

    def _first(self, log: LogName) -> _Offer | None:
        """The first offer of a log that still lacks here."""
        offers = self._offers[log]
        while offers:
            offer = offers[0]
            held = self._replica.heads.frontier(log)
            past = offer.points is None and held is not None and held.seq >= offer.to.seq
            if not past and not self._replica.heads.holds(log, offer.to):
                return offer
            offers.pop(0)
        del self._offers[log]
        return None

    def _locate(self, log: LogName) -> list[Action]:
        self._waiting.add(log)
        return [Locate(log)]

    def located(self, log: LogName, points: tuple[Point, ...]) -> None:
        """The points at which the peer can tell where its chain parts from mine."""
        self._waiting.discard(log)
        offer = self._first(log) if log in self._offers else None
        if offer is not None:
            offer.points, offer.located = points, True

    def _ask(self, log: LogName, offer: _Offer) -> list[Action]:
        held = self._replica.heads.frontier(log)
        points = offer.points if offer.points is not None else (held,) if held else ()
        self._want = _Want(log, offer, points, self._now())
        named = tuple((point.seq, point.id) for point in points)
        return [Send(m.Want(log.device, log.number, named, (offer.to.seq, offer.to.id)))]

    def close(self) -> None:
        """The link is gone. Answers of the store that come later ask for nothing: a log would be held for ever."""
        self._closed = True
        self.release()

    def release(self) -> None:
        """Nothing is in flight any more; others may fetch that log."""
        if self._want is not None:
            self._replica.fetching.pop(self._want.log, None)
            self._want = None

    def _drop(self, log: LogName, offer: _Offer) -> None:
        offers = self._offers.get(log)
        if offers is not None and offer in offers:
            offers.remove(offer)
            if not offers:
                del self._offers[log]

    # --- answers ------------------------------------------------------------------------------------------
    def take_run(self, message: m.RunSent) -> list[Action]:
        want = self._want
        log = LogName(DeviceKey(message.device), message.number)
        if want is None or want.log != log or want.run is not None:
            raise Malformed("a run that was not asked for")
        if not message.headers:
            return self._nothing(want, message.start)
        if sum(map(len, message.headers)) > limits.UNVERIFIED:
            raise TooLarge("too many bytes without a signature")
        after = self._after(want, message)
        bordered = self._replica.office.reach(log)
        vouched = bordered.id if bordered is not None else None
        office = self._replica.office.id
        want.run = check_run(office, log, after, message.headers, message.signature, vouched)
        want.ids = frozenset(entry.id for entry in want.run.entries)
        want.since = self._now()
        return []

    def _nothing(self, want: _Want, start: int) -> list[Action]:
        """No run: the points named do not lie that way, or there is nothing after all."""
        self.release()
        if start or not want.points:
            self._drop(want.log, want.offer)
        elif want.offer.located:
            want.offer.points = ()  # from the beginning
        else:
            want.offer.points = want.points
            return [*self._locate(want.log), *self.next()]
        return self.next()

    @staticmethod
    def _after(want: _Want, message: m.RunSent) -> Point | None:
        """The point named that the run follows."""
        if message.start == 1:
            return None
        previous = decode_entry(message.headers[0]).header.previous
        for point in want.points:
            if point.seq == message.start - 1 and point.id == previous:
                return point
        raise Forged("a run that follows none of the points named")

    def take_bodies(self, message: m.Bodies) -> list[Action]:
        want = self._want
        if want is None or want.run is None or any(ident not in want.ids for ident, _body in message.bodies):
            return _late_bodies(message)
        for ident, body in message.bodies:
            want.bodies[ident] = body if isinstance(body, bytes) else None
        want.since = self._now()
        if message.more:
            return []
        take = TakeRun(want.run, _bodies_of(want.run, want.bodies), live=False, to=want.offer.to)
        if want.offer.points is None:
            self._replica.heads.coming(want.log, want.run.end)
        else:
            want.offer.points = (want.run.end,)
            if any(entry.id == want.offer.to.id for entry in want.run.entries):
                self._drop(want.log, want.offer)
        self.storing += 1
        self.release()
        return [take, *self.next()]

    def stored(self, log: LogName, to: Point, *, kept: bool) -> None:
        """A run of this link is on the disk, or was refused there."""
        self.storing -= 1
        if not kept:
            self._replica.refuse(log, to)
            self._offers.pop(log, None)

    # --- time ---------------------------------------------------------------------------------------------
    def give_up_late(self) -> bool:
        """True if a want was not answered: the log is free for another link. A network may be the cause: no fault."""
        want = self._want
        if want is None or self._now() - want.since < limits.ANSWER_SECONDS:
            return False
        self._drop(want.log, want.offer)
        self.release()
        return True


def _late_bodies(message: m.Bodies) -> list[Action]:
    """Bodies asked for by id; the store checks each against its header."""
    found = tuple((EntryId(i), b) for i, b in message.bodies if isinstance(b, bytes))
    return [TakeBodies(found)] if found else []


def _bodies_of(run: Run, bodies: dict[bytes, bytes | None]) -> tuple[bytes | None, ...]:
    """Bodies in the run's order, each the one its header promised; Forged if one is not."""
    out = []
    for entry in run.entries:
        body = bodies.get(entry.id)
        if body is not None and not body_fits(entry, body):
            raise Forged("a body that is not its header's")
        out.append(body)
    return tuple(out)
