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
from collections.abc import Callable, Iterable, Sequence
from enum import Enum, auto

from deskblog import limits
from deskblog.errors import Forged, Malformed, TooLarge
from deskblog.log.act import Act, decode_act
from deskblog.log.attachment import BlobName
from deskblog.log.entry import Entry, body_fits, decode_entry
from deskblog.log.run import Run, check_run
from deskblog.net import heads as headlines
from deskblog.net import messages as m
from deskblog.net.actions import (
    Action,
    Close,
    Level,
    PeerHolds,
    Send,
    ServeBlob,
    ServeBodies,
    ServeRun,
    TakeActs,
    TakeAside,
    TakeBlob,
    TakePresence,
    TakeRun,
    TakeTried,
    Try,
    Twinned,
    send_acts,
)
from deskblog.net.fetch import Fetcher
from deskblog.net.replica import Replica
from deskblog.values import ActId, DeviceKey, EntryId, LogName, Point

__all__ = ["Replica", "Session", "State"]


class State(Enum):
    OFFICE = auto()
    HEADS = auto()
    LIVE = auto()


class Session:
    """One link with one colleague's device, from proven to closed."""

    def __init__(self, replica: Replica, peer: DeviceKey, now: Callable[[], float]) -> None:
        self.state = State.OFFICE
        self.peer = peer
        self.level = False
        self._replica = replica
        self._now = now
        self._fetcher = Fetcher(replica, now)
        self._told_aside = False
        self._shown: OrderedDict[EntryId, None] = OrderedDict()
        self._waiting: list[m.Message] = []
        self._act_bytes = 0
        self._act_bytes_given = 0
        self._acts_asked = False
        self._acts_storing = 0
        self._differed = False
        self._heads_asked = False

    # --- opening and closing ------------------------------------------------------------------------------
    def open(self) -> list[Action]:
        """The first words of either side."""
        return self._ask_acts()

    def closed(self) -> None:
        """The link is gone: what it was fetching is free for others."""
        self._fetcher.close()

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
            case m.There():
                return [self.ping()]
            case m.Twin():
                return [Twinned()]
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
                answers = [Send(m.Heads(part, more=i < len(lines) - 1)) for i, part in enumerate(lines)]
                return [*self._holds(self._agreed(message.buckets)), *answers]
            case m.Heads():
                return self._take_heads(message)
            case m.Have():
                return [*self._offer_all(message.heads), *self.go_on()]
            case m.Want():
                return [_serve(message)]
            case m.RunSent():
                return [*self._fetcher.take_run(message), *self.go_on()]
            case m.Bodies():
                return [*self._fetcher.take_bodies(message), *self.go_on()]
            case m.BodiesAsked():
                return [ServeBodies(tuple(EntryId(i) for i in message.ids))]
            case m.BlobAsked():
                return [ServeBlob(BlobName(message.hash, message.size), message.offset)]
            case m.BlobSent():
                return [TakeBlob(BlobName(message.hash, message.size), message.offset, message.data)]
            case m.LiveEntry():
                return self._take_live(message)
            case m.Presence():
                return [TakePresence(message.records)]
            case m.TryAsked():
                return [Try(DeviceKey(message.device))]
            case m.Tried():
                return [TakeTried(DeviceKey(message.device), message.answer, message.time)]
            case message if isinstance(message, m.Aside):
                return [TakeAside(message)]
            case _:
                raise Malformed("not a message among colleagues")

    def _keep_waiting(self, message: m.Message) -> list[Action]:
        if len(self._waiting) < limits.LIVE_WAITING:
            self._waiting.append(message)
        elif isinstance(message, m.LiveEntry):  # not kept, but known of: it is asked for
            entry = decode_entry(message.header)
            return self._fetcher.offer([(entry.log, entry.point)])
        elif isinstance(message, m.Presence | m.Aside):  # said again at the next change
            return []
        else:
            raise TooLarge("too much before the office is agreed on")
        return []

    # --- acts ---------------------------------------------------------------------------------------------
    def _ask_acts(self) -> list[Action]:
        self._acts_asked = True
        return [Send(m.ActsAsked(self._replica.office.tips[:256]))]

    def _answer_acts(self, asked: m.ActsAsked) -> list[Action]:
        acts = self._replica.office.missing_for([ActId(t) for t in asked.tips])
        return list(send_acts(self._affordable(acts) if self.provisional else acts))

    def _affordable(self, acts: Sequence[Act]) -> list[Act]:
        """What is given to a device the fold does not have in; the rest once it is."""
        out = []
        for act in acts:
            self._act_bytes_given += len(act.raw)
            if self._act_bytes_given > limits.PROVISIONAL_ACTS:
                break
            out.append(act)
        return out

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
        """The fold was made anew; a peer no longer in is told why and left.

        One whose admission is void may be on its way back in by another, until the office is agreed on.
        """
        office = self._replica.office
        removal = office.was_removed(self.peer)
        if removal is None and self.state is not State.OFFICE:
            removal = office.voided_by(self.peer)
        if removal is not None:
            return [Send(m.Acts(((removal.raw, removal.signature),), more=False)), Close("removed")]
        return [*self._fetcher.office_changed(), *self._tell_aside(), *self.go_on()]

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
        actions = self._offer_all(message.heads)
        if message.more:
            return actions
        self._heads_asked = False
        self.state = State.LIVE
        return [*actions, *self._tell_aside(), *self.go_on()]

    def _offer_all(self, lines: Sequence[headlines.Line]) -> list[Action]:
        points = [
            (LogName(DeviceKey(device), number), Point(seq, EntryId(ident))) for device, number, seq, ident in lines
        ]
        own = [(log, point) for log, point in points if log.device == self._replica.me]
        return [*self._holds(own), *self._fetcher.offer(points)]

    def _own_ends(self) -> Iterable[tuple[LogName, Point]]:
        for log, ends in self._replica.heads.of_device(self._replica.me):
            if ends.counted:
                yield log, ends.counted[-1]

    def _agreed(self, theirs: Sequence[bytes]) -> Iterable[tuple[LogName, Point]]:
        """Own logs in buckets that are the peer's too. What it does not list may be what it lacks."""
        mine = self._replica.heads.buckets()
        for log, point in self._own_ends():
            place = headlines.bucket_of(log)
            if mine[place] == theirs[place]:
                yield log, point

    @staticmethod
    def _holds(points: Iterable[tuple[LogName, Point]]) -> list[Action]:
        held = tuple(points)
        return [PeerHolds(held)] if held else []

    def _tell_aside(self) -> list[Action]:
        """What is set aside here is told once to whoever it concerns: its own device, and keyholders."""
        if self._told_aside or self.state is not State.LIVE:
            return []
        replica = self._replica
        lines = [line for line in replica.heads.aside() if replica.gets_all(self.peer, _log_of(line))]
        self._told_aside = bool(lines)
        return [Send(m.Have(part)) for part in headlines.chunks(lines) if part]

    # --- fetching -----------------------------------------------------------------------------------------
    def go_on(self) -> list[Action]:
        """Asks for the next thing that is lacking, if nothing is in flight; says once when there is none."""
        if self.state is not State.LIVE:
            return []
        actions = self._fetcher.next()
        if not actions and not self.level and not self._fetcher.pending and not self._heads_asked:
            self.level = True
            return [Level()]
        return actions

    def looked(self, asked: Sequence[tuple[LogName, Point]], missing: frozenset[EntryId]) -> list[Action]:
        """The answer to `Look`: which of the points are not held."""
        return [*self._fetcher.looked(asked, missing), *self.go_on()]

    def located(self, log: LogName, points: tuple[Point, ...]) -> list[Action]:
        """The answer to `Locate`."""
        self._fetcher.located(log, points)
        return self.go_on()

    def run_stored(self, run: Run, to: Point, *, kept: bool = True) -> list[Action]:
        """A run of this link is on the disk, or was refused there."""
        self._fetcher.stored(run.log, to, kept=kept)
        for entry in run.entries:
            self._show(entry.id)
        told = self.have([run.log]) if kept and run.log.device == self.peer else []  # its author sees it is safe
        return [*told, *self.go_on()]

    # --- live ---------------------------------------------------------------------------------------------
    def _take_live(self, message: m.LiveEntry) -> list[Action]:
        entry = decode_entry(message.header)
        if entry.header.office != self._replica.office.id:
            raise Forged("an entry of another office")
        self._show(entry.id)
        if self._replica.heads.holds(entry.log, entry.point):
            return []
        header = entry.header
        after = self._replica.heads.follows(entry.log, header.seq, header.previous)
        known = self._replica.heads.frontier(entry.log) is not None
        hangs = after is not None or (header.seq == 1 and not known)
        unknown = self._replica.office.person_of(entry.log.device) is None
        if unknown or not hangs or entry.log in self._replica.fetching:
            return [*self._fetcher.offer([(entry.log, entry.point)]), *self.go_on()]
        if not self._replica.pace.allows(entry.log.device, self._now()):
            return [*self._fetcher.offer([(entry.log, entry.point)]), *self.go_on()]
        if self._replica.lacks(entry.log, entry.point) != entry.point:
            return []
        run = check_run(self._replica.office.id, entry.log, after, [entry.raw], message.signature)
        if message.body is not None and not body_fits(entry, message.body):
            raise Forged("a body that is not its header's")
        self._replica.heads.coming(entry.log, entry.point)
        self._fetcher.storing += 1
        actions: list[Action] = [TakeRun(run, (message.body,), live=True, to=entry.point)]
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

    def have(self, logs: Iterable[LogName]) -> list[Action]:
        """These logs end otherwise now, and did not change by live entries: this peer may lack something of them."""
        if self.state is State.OFFICE:
            return []
        lines = [line for log in logs for line in self._replica.heads.lines(log)]
        return [Send(m.Have(part)) for part in headlines.chunks(lines) if part]

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
        if self.state is not State.LIVE or not self._fetcher.idle:
            return []
        same = ping.office == self._replica.office.digest and ping.heads == self._replica.heads.digest()
        ask, self._differed = self._differed and not same, not same
        if not ask:
            return self._holds(self._own_ends()) if same else []
        return self._ask_acts() if ping.office != self._replica.office.digest else self._ask_heads()

    def tick(self) -> list[Action]:
        """Leaves a peer that does not answer a want."""
        return [Close("offered a log and did not send it")] if self._fetcher.give_up_late() else []


def _log_of(line: headlines.Line) -> LogName:
    return LogName(DeviceKey(line[0]), line[1])


def _serve(want: m.Want) -> ServeRun:
    points = tuple(Point(seq, EntryId(ident)) for seq, ident in want.points)
    return ServeRun(LogName(DeviceKey(want.device), want.number), points, Point(want.to[0], EntryId(want.to[1])))
