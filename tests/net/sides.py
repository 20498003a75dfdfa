"""Two real sessions over two real stores in memory, joined by nothing but the messages they send."""

from __future__ import annotations

import secrets
from collections import deque
from pathlib import Path

from deskblog.engine.pen import Pen
from deskblog.log import charter, kinds
from deskblog.log.act import Act
from deskblog.log.entry import Entry, decode_entry
from deskblog.log.keys import DeviceKeys
from deskblog.log.office import Office, fold
from deskblog.log.pending import Pending
from deskblog.net import actions as do
from deskblog.net import messages as m
from deskblog.net.heads import HeadIndex
from deskblog.net.sync import Replica, Session
from deskblog.store.database import Database
from deskblog.store.store import Held, Ingested, Store, Stretch
from deskblog.values import Ends, EntryId, LogName


def keys() -> DeviceKeys:
    return DeviceKeys(secrets.token_bytes(32), secrets.token_bytes(32))


class Side:
    """One device: acts, the real store in memory, and a session; it does at once what its session decides."""

    def __init__(self, mine: DeviceKeys, acts: tuple[Act, ...]) -> None:
        self.keys = mine
        self.acts = list(acts)
        self.pending = Pending(acts)
        self.store = Store(Database(Path(":memory:")), Path("/dev/null/nowhere"), mine.device, lambda: self.time)
        self.time = 1_000_000
        self.store.add_acts(acts, fold(acts))
        self.replica = Replica(mine.device, fold(acts), HeadIndex({}))
        self.pen = Pen(mine, self.store, lambda: self.time, secrets.token_bytes)
        self.clock = 0.0
        self.session: Session
        self.out: deque[m.Message] = deque()
        self.closed = ""
        self.level = False
        self.ahead: list[LogName] = []
        self.runs = 0
        self.held: dict[LogName, int] = {}  # how far the peer says it holds own logs

    @property
    def office(self) -> Office:
        return self.replica.office

    def write(self, text: str) -> tuple[Entry, bytes, bytes]:
        """An own entry (the log's opening before it, if it is the first)."""
        return self.say(kinds.Post(text))

    def say(self, content: kinds.Content) -> tuple[Entry, bytes, bytes]:
        self.time += 1
        written = self.pen.write(content, self.office)
        for _held, done in written:
            self._follow(done)
        held = written[-1][0]
        assert held.signature is not None and held.body is not None
        return held.entry, held.signature, held.body

    def _follow(self, done: Ingested) -> None:
        for log, ends in done.ends.items():
            self.replica.heads.stored(log, ends)

    def take(self, *acts: Act) -> None:
        """Learns acts, as if another link had brought them."""
        ready = [act for new in acts for act in self.pending.add(new)]
        self.acts += ready
        self.replica.office = fold(self.acts)
        self._follow(self.store.add_acts(ready, self.replica.office))

    def keep(self, log: LogName, found: Stretch, bodies: dict[EntryId, bytes | int]) -> None:
        """Takes in a stretch read from another store."""
        last = len(found.headers) - 1
        held = []
        for i, (raw, ident) in enumerate(zip(found.headers, found.ids, strict=True)):
            body = bodies[ident]
            signature = found.signature or None if i == last else None
            held.append(Held(decode_entry(raw), signature, body if isinstance(body, bytes) else None))
        self._follow(self.store.ingest(log, held, self.office))

    def claim(self) -> list[Held]:
        """Claims what is due."""
        written = self.pen.claim(self.office)
        for _held, done in written:
            self._follow(done)
        return [held for held, _done in written]

    def copy_of(self, other: Side) -> None:
        """Keeps whatever another side holds: without a link between them."""
        pair(self, other)
        run(self, other)

    def carry_out(self, actions: list[do.Action]) -> None:
        for action in actions:
            match action:
                case do.Send():
                    self.out.append(m.decode(m.encode(action.message), m.Linked))
                case do.TakeActs():
                    self.take(*action.acts)
                    self.carry_out(self.session.office_changed())
                    self.carry_out(self.session.acts_taken(answered=action.asked and action.last))
                case do.TakeRun():
                    self._take_run(action)
                case do.ServeRun():
                    self._serve(action)
                case do.ServeBodies():
                    self.out.extend(m.body_messages(self.store.bodies(action.ids)))
                case do.TakeBodies():
                    self._follow(self.store.fill(action.bodies, self.office))
                case do.Look():
                    missing = self.store.missing([point.id for _log, point in action.points])
                    self.carry_out(self.session.looked(action.points, missing))
                case do.Locate():
                    self.carry_out(self.session.located(action.log, self.store.locator(action.log)))
                case do.OwnAhead():
                    self.ahead.append(action.log)
                case do.PeerHolds():
                    self.held |= {log: point.seq for log, point in action.points}
                case do.Level():
                    self.level = True
                case do.Close():
                    self.closed = action.reason

    def _take_run(self, action: do.TakeRun) -> None:
        self.runs += 1
        last = len(action.run.entries) - 1
        held = [
            Held(entry, action.run.signature or None if i == last else None, body)
            for i, (entry, body) in enumerate(zip(action.run.entries, action.bodies, strict=True))
        ]
        taken = self.store.ingest(action.run.log, held, self.office)
        self._follow(taken)
        self.carry_out(self.session.run_stored(action.run, action.to, kept=taken.kept))
        if not action.live:
            self.carry_out(self.session.have(taken.ends))

    def _serve(self, asked: do.ServeRun) -> None:
        found = self.store.read_run(asked.log, asked.points, asked.to, self.office)
        log = asked.log
        if found is None or isinstance(found, int):
            self.out.append(m.RunSent(log.device, log.number, 0 if found == 0 else 1, (), b""))
            return
        self.out.append(m.RunSent(log.device, log.number, found.start, found.headers, found.signature))
        self.out.extend(m.body_messages(self.store.bodies(found.ids)))


def pair(one: Side, other: Side) -> None:
    for side, peer in ((one, other), (other, one)):
        side.session = Session(side.replica, peer.keys.device, lambda held=side: held.clock)  # type: ignore[misc]
        side.out.clear()
        side.closed, side.level = "", False
    for side in (one, other):
        side.carry_out(side.session.open())


def run(one: Side, other: Side, steps: list[bool] | None = None) -> None:
    """Carries messages to and fro until there are none; `steps` says whose turn it is while they last."""
    turns = deque(steps or [])
    while one.out or other.out:
        first = turns.popleft() if turns else bool(one.out)
        sender, receiver = (one, other) if (first and one.out) or not other.out else (other, one)
        receiver.carry_out(receiver.session.receive(sender.out.popleft()))


def office_of(*people: str) -> tuple[list[DeviceKeys], tuple[Act, ...]]:
    """Anne founds, the others are admitted; their keys, all acts."""
    anne = keys()
    acts = list(charter.founding(anne, keys().device, "Office", "Anne", 1))
    held = [anne]
    for name in people:
        mine = keys()
        acts += charter.admitting(anne, fold(acts), (mine.device, mine.seal_key), name, None, 2)
        held.append(mine)
    return held, tuple(acts)


def heads_of(side: Side) -> dict[LogName, Ends]:
    """What counts, as the store has it: the same as what is compared on the wire."""
    held = side.store.heads(side.office)
    assert HeadIndex(held).digest() == side.replica.heads.digest()
    return {log: Ends(ends.counted, (), ends.fork) for log, ends in held.items() if ends.counted or ends.fork}
