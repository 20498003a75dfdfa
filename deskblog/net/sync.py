"""Sync among colleagues, for one link, without a socket, a clock or a database.

Whoever lacks, asks; one `want` is in flight on a link, and that is all the back-pressure there is. The states:

    OFFICE ──acts answered and the peer is in──> HEADS ──heads compared──> LIVE

    OFFICE  acts travel both ways. What else comes is kept waiting (bounded), nothing is answered.
    HEADS   `heads?` is asked; the peer's questions are answered from here on.
    LIVE    new entries flow as they are written; a gap, or a digest that still differs, is asked for.

In:  messages of the peer (`receive`), what became of actions (`run_stored`, `office_changed`), the time (`tick`).
Out: actions, in order. `Send` and `Serve…` go to the peer, `Take…` to the store, `Close` ends the link.
A broken rule raises PeerError: the link ends, nothing else is disturbed.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from deskblog import limits
from deskblog.errors import Forged, Malformed, PeerError, TooLarge
from deskblog.log.act import Act, decode_act
from deskblog.log.entry import Entry, body_fits, decode_entry
from deskblog.log.office import Office
from deskblog.log.run import Run, check_run
from deskblog.net import heads as headlines
from deskblog.net import messages as m
from deskblog.net.actions import (
    Action,
    Close,
    Level,
    Send,
    ServeBodies,
    ServeRun,
    TakeActs,
    TakeBodies,
    TakeRun,
    send_acts,
)
from deskblog.net.heads import HeadIndex
from deskblog.values import NO_ID, ActId, DeviceKey, EntryId, LogName, Point


class State(Enum):
    OFFICE = auto()
    HEADS = auto()
    LIVE = auto()


@dataclass(slots=True)
class Replica:
    """What all links of this device share: the office, how far logs are held, and who fetches what."""

    me: DeviceKey
    office: Office
    heads: HeadIndex
    fetching: dict[LogName, object] = field(default_factory=dict)  # log -> the session that fetches it


@dataclass(slots=True)
class _Fetch:
    """The one `want` in flight: its log, and the run once its headers were vouched for."""

    log: LogName
    after: Point | None
    since: float
    run: Run | None = None
    ids: frozenset[bytes] = frozenset()
    bodies: dict[bytes, bytes | None] = field(default_factory=dict)


class Session:
    """One link with one colleague's device, from proven to closed."""

    def __init__(self, replica: Replica, peer: DeviceKey, now: Callable[[], float]) -> None:
        self.state = State.OFFICE
        self.peer = peer
        self.level = False
        self._replica = replica
        self._now = now
        self._fetch: _Fetch | None = None
        self._storing = 0
        self._offers: dict[LogName, Point] = {}
        self._shown: OrderedDict[EntryId, None] = OrderedDict()
        self._waiting: list[m.Message] = []
        self._act_bytes = 0
        self._acts_asked = False
        self._acts_storing = 0
        self._unknown: dict[LogName, Point] = {}  # offered logs of devices whose admission has not come yet
        self._differed = False
        self._heads_asked = False

    # --- opening and closing ------------------------------------------------------------------------------
    def open(self) -> list[Action]:
        """The first words of either side."""
        return self._ask_acts()

    def closed(self) -> None:
        """The link is gone: what it was fetching is free for others."""
        self._release()

    @property
    def provisional(self) -> bool:
        """True while the peer showed warrants but the fold does not have it in."""
        return not self._replica.office.is_in(self.peer)

    # --- what the peer says -------------------------------------------------------------------------------
    def receive(self, message: m.Message) -> list[Action]:
        """Actions that answer one message; PeerError ends the link."""
        match message:
            case m.ActsAsked():
                return self._answer_acts(message)
            case m.Acts():
                return self._take_acts(message)
            case m.Ping():
                return self._compare(message)
            case m.Bye():
                return [Close(message.reason)]
            case m.Who() | m.Warrants():
                raise Malformed("judged already")
        if self.state is State.OFFICE or self._acts_storing:
            return self._keep_waiting(message)
        return self._among_colleagues(message)

    def _among_colleagues(self, message: m.Message) -> list[Action]:
        match message:
            case m.HeadsAsked():
                lines = headlines.chunks(self._replica.heads.differing(message.buckets))
                return [Send(m.Heads(part, more=i < len(lines) - 1)) for i, part in enumerate(lines)]
            case m.Heads():
                return self._take_heads(message)
            case m.Have():
                self._offer_all(message.heads)
                return self.go_on()
            case m.Want():
                log = LogName(DeviceKey(message.device), message.number)
                return [ServeRun(log, message.seq, message.id, message.to)]
            case m.RunSent():
                return self._take_run(message)
            case m.Bodies():
                return self._take_bodies(message)
            case m.BodiesAsked():
                return [ServeBodies(tuple(EntryId(i) for i in message.ids))]
            case m.LiveEntry():
                return self._take_live(message)
            case _:
                raise Malformed("not a message among colleagues")

    def _keep_waiting(self, message: m.Message) -> list[Action]:
        if len(self._waiting) < limits.LIVE_WAITING:
            self._waiting.append(message)
        elif isinstance(message, m.LiveEntry):  # not kept, but known of: it is asked for
            entry = decode_entry(message.header)
            self._offer(entry.log, entry.point)
        else:
            raise TooLarge("too much before the office is agreed on")
        return []

    # --- acts ---------------------------------------------------------------------------------------------
    def _ask_acts(self) -> list[Action]:
        self._acts_asked = True
        return [Send(m.ActsAsked(self._replica.office.tips[:256]))]

    def _answer_acts(self, asked: m.ActsAsked) -> list[Action]:
        acts = self._replica.office.missing_for([ActId(t) for t in asked.tips])
        return list(send_acts(acts))

    def _take_acts(self, message: m.Acts) -> list[Action]:
        self._act_bytes += sum(len(raw) for raw, _signature in message.acts)
        if self.provisional and self._act_bytes > limits.PROVISIONAL_ACTS:
            raise TooLarge("too many acts from a device not known to be in")
        acts = tuple(decode_act(raw, signature) for raw, signature in message.acts)
        if any(act.office != self._replica.office.id for act in acts):
            raise Forged("an act of another office")
        asked = self._acts_asked
        if asked and not message.more:
            self._acts_asked = False
        self._acts_storing += 1
        return [TakeActs(acts, last=not message.more, asked=asked)]

    def office_changed(self) -> list[Action]:
        """The fold was made anew; a peer no longer in is told why and left."""
        removal = self._replica.office.was_removed(self.peer)
        if removal is not None:
            return [Send(m.Acts(((removal.raw, removal.signature),), more=False)), Close("removed")]
        unknown, self._unknown = self._unknown, {}
        for log, point in unknown.items():
            self._offer(log, point)
        return self.go_on()

    def acts_taken(self, *, answered: bool) -> list[Action]:
        """Acts of this link are stored and folded. `answered`: with them our question; then come the heads."""
        self._acts_storing -= 1
        actions: list[Action] = []
        if self.state is State.OFFICE:
            if not answered:
                return []
            if self.provisional:
                return [Close("unknown")]
            self.state = State.HEADS
            actions += self._ask_heads()
        return actions + self._go_through_waiting()

    def _go_through_waiting(self) -> list[Action]:
        if self._acts_storing:
            return []
        actions: list[Action] = []
        waiting, self._waiting = self._waiting, []
        for message in waiting:
            actions += self._among_colleagues(message)
        return actions

    # --- heads --------------------------------------------------------------------------------------------
    def _ask_heads(self) -> list[Action]:
        self._heads_asked = True
        return [Send(m.HeadsAsked(self._replica.heads.buckets()))]

    def _take_heads(self, message: m.Heads) -> list[Action]:
        self._offer_all(message.heads)
        if message.more:
            return []
        self._heads_asked = False
        self.state = State.LIVE
        return self.go_on()

    def _offer_all(self, lines: Sequence[tuple[bytes, bytes, int, bytes]]) -> None:
        for device, number, seq, ident in lines:
            self._offer(LogName(DeviceKey(device), number), Point(seq, EntryId(ident)))

    def _offer(self, log: LogName, point: Point) -> None:
        """The peer holds `log` up to `point`; nothing is asked for until the device's admission is here."""
        if self._replica.office.person_of(log.device) is None:
            if len(self._unknown) < limits.LIVE_WAITING:
                self._unknown[log] = point
            return
        held = self._replica.heads.frontier(log)
        if held is None or point.seq > held.seq:
            known = self._offers.get(log)
            if known is None or point.seq > known.seq:
                self._offers[log] = point

    # --- fetching -----------------------------------------------------------------------------------------
    def go_on(self) -> list[Action]:
        """Asks for the next thing that is lacking, if nothing is in flight; says once when there is none."""
        if self.state is not State.LIVE or self._fetch is not None or self._storing >= limits.RUNS_STORING:
            return []
        for log, point in list(self._offers.items()):
            after = self._replica.heads.frontier(log)
            if after is not None and after.seq >= point.seq:
                del self._offers[log]
                continue
            if self._replica.fetching.setdefault(log, self) is self:
                self._fetch = _Fetch(log, after, self._now())
                return [Send(_want(log, after, point))]
        if not self.level and not self._offers and not self._storing and not self._heads_asked:
            self.level = True
            return [Level()]
        return []

    def _release(self) -> None:
        if self._fetch is not None:
            self._replica.fetching.pop(self._fetch.log, None)
            self._fetch = None

    def _take_run(self, message: m.RunSent) -> list[Action]:
        fetch = self._fetch
        log = LogName(DeviceKey(message.device), message.number)
        if fetch is None or fetch.log != log or fetch.run is not None:
            raise Malformed("a run that was not asked for")
        if not message.headers:
            self._offers.pop(log, None)
            self._release()
            return self.go_on()
        if sum(map(len, message.headers)) > limits.UNVERIFIED:
            raise TooLarge("too many bytes without a signature")
        fetch.run = check_run(self._replica.office.id, log, fetch.after, message.headers, message.signature)
        fetch.ids = frozenset(entry.id for entry in fetch.run.entries)
        fetch.since = self._now()
        return []

    def _take_bodies(self, message: m.Bodies) -> list[Action]:
        fetch = self._fetch
        if fetch is None or fetch.run is None or any(ident not in fetch.ids for ident, _body in message.bodies):
            return self._take_late_bodies(message)
        for ident, body in message.bodies:
            fetch.bodies[ident] = body if isinstance(body, bytes) else None
        fetch.since = self._now()
        if message.more:
            return []
        take = TakeRun(fetch.run, _bodies_of(fetch), live=False)
        self._replica.heads.coming(fetch.log, fetch.run.end)
        self._storing += 1
        self._release()
        return [take, *self.go_on()]

    def _take_late_bodies(self, message: m.Bodies) -> list[Action]:
        """Bodies asked for by id; the store checks each against its header."""
        found = tuple((EntryId(i), b) for i, b in message.bodies if isinstance(b, bytes))
        return [TakeBodies(found)] if found else []

    def run_stored(self, run: Run) -> list[Action]:
        """A run of this link is on the disk."""
        self._storing -= 1
        for entry in run.entries:
            self._show(entry.id)
        return self.go_on()

    # --- live ---------------------------------------------------------------------------------------------
    def _take_live(self, message: m.LiveEntry) -> list[Action]:
        entry = decode_entry(message.header)
        if entry.header.office != self._replica.office.id:
            raise Forged("an entry of another office")
        self._show(entry.id)
        held = self._replica.heads.frontier(entry.log)
        seq = held.seq if held else 0
        if entry.header.seq <= seq:
            return []
        unknown = self._replica.office.person_of(entry.log.device) is None
        if unknown or entry.header.seq > seq + 1 or entry.log in self._replica.fetching:
            self._offer(entry.log, entry.point)
            return self.go_on()
        run = check_run(self._replica.office.id, entry.log, held, [entry.raw], message.signature)
        if message.body is not None and not body_fits(entry, message.body):
            raise Forged("a body that is not its header's")
        self._replica.heads.coming(entry.log, entry.point)
        self._storing += 1
        actions: list[Action] = [TakeRun(run, (message.body,), live=True)]
        if message.body is None:
            actions.append(Send(m.BodiesAsked((entry.id,))))
        return actions

    def _show(self, ident: EntryId) -> None:
        self._shown[ident] = None
        if len(self._shown) > limits.SHOWN:
            self._shown.popitem(last=False)

    def flood(self, entry: Entry, signature: bytes, body: bytes | None) -> list[Action]:
        """A new stored entry, for a peer that has not shown it."""
        if self.state is State.OFFICE or entry.id in self._shown:
            return []
        self._show(entry.id)
        small = body if body is not None and len(body) <= limits.LIVE_BODY else None
        return [Send(m.LiveEntry(entry.raw, signature, small))]

    def have(self, log: LogName, point: Point) -> list[Action]:
        """A log was fetched from another link up to `point`: this peer may lack it too."""
        if self.state is State.OFFICE:
            return []
        return [Send(m.Have(((log.device, log.number, point.seq, point.id),)))]

    def flood_acts(self, acts: Sequence[Act]) -> list[Action]:
        """New acts go to everyone first, before entries that may rest on them."""
        return list(send_acts(acts)) if acts and not self.provisional else []

    def ask_bodies(self, ids: Sequence[EntryId]) -> list[Action]:
        """Asks for bodies that are wanted still, whoever it was that lacked them."""
        return [Send(m.BodiesAsked(tuple(ids)))] if ids and self.state is State.LIVE else []

    # --- time ---------------------------------------------------------------------------------------------
    def ping(self) -> Send:
        return Send(m.Ping(self._replica.office.digest, self._replica.heads.digest()))

    def _compare(self, ping: m.Ping) -> list[Action]:
        """A difference seen in two pings running, with nothing in flight, is asked about."""
        if self.state is not State.LIVE or self._fetch is not None or self._storing:
            return []
        same = ping.office == self._replica.office.digest and ping.heads == self._replica.heads.digest()
        ask, self._differed = self._differed and not same, not same
        if not ask:
            return []
        return self._ask_acts() if ping.office != self._replica.office.digest else self._ask_heads()

    def tick(self) -> list[Action]:
        """Gives up a want that is not answered: the log is free for another link, this peer's offer is dropped."""
        fetch = self._fetch
        if fetch is None or self._now() - fetch.since < limits.ANSWER_SECONDS:
            return []
        self._offers.pop(fetch.log, None)
        self._release()
        raise PeerError("offered a log and did not send it")


def _want(log: LogName, after: Point | None, to: Point) -> m.Want:
    seq, ident = (after.seq, after.id) if after else (0, NO_ID)
    return m.Want(log.device, log.number, seq, ident, to.seq)


def _bodies_of(fetch: _Fetch) -> tuple[bytes | None, ...]:
    """Bodies in the run's order, each the one its header promised; Forged if one is not."""
    assert fetch.run is not None
    out = []
    for entry in fetch.run.entries:
        body = fetch.bodies.get(entry.id)
        if body is not None and not body_fits(entry, body):
            raise Forged("a body that is not its header's")
        out.append(body)
    return tuple(out)
