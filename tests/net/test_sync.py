"""Sessions joined in memory, each with its own fold and heads: what is asked, answered, refused, in any order."""

from __future__ import annotations

import secrets
from collections import deque
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskblog import limits
from deskblog.engine.pen import Pen
from deskblog.errors import PeerError
from deskblog.log import charter, kinds
from deskblog.log.act import Act
from deskblog.log.entry import Entry
from deskblog.log.keys import DeviceKeys
from deskblog.log.office import Office, Pending, fold
from deskblog.net import actions as do
from deskblog.net import messages as m
from deskblog.net.exchange import body_messages
from deskblog.net.heads import HeadIndex
from deskblog.net.sync import Replica, Session, State
from deskblog.store.database import Database
from deskblog.store.store import Held, Ingested, Store
from deskblog.values import Ends, LogName


def keys() -> DeviceKeys:
    return DeviceKeys(secrets.token_bytes(32), secrets.token_bytes(32))


class Side:
    """One device: acts, the real store in memory, and a session; it does at once what its session decides."""

    def __init__(self, mine: DeviceKeys, acts: tuple[Act, ...]) -> None:
        self.keys = mine
        self.acts = list(acts)
        self.pending = Pending(act.id for act in acts)
        self.store = Store(Database(Path(":memory:")), Path("nowhere"), mine.device, lambda: self.time)
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
                    self.out.extend(body_messages(self.store.bodies(action.ids)))
                case do.TakeBodies():
                    self._follow(self.store.fill(action.bodies, self.office))
                case do.Look():
                    missing = self.store.missing([point.id for _log, point in action.points])
                    self.carry_out(self.session.looked(action.points, missing))
                case do.Locate():
                    self.carry_out(self.session.located(action.log, self.store.locator(action.log)))
                case do.OwnAhead():
                    self.ahead.append(action.log)
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
        self.out.extend(body_messages(self.store.bodies(found.ids)))


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


def test_two_that_hold_different_things_hold_the_same_afterwards() -> None:
    (anne, paul), acts = office_of("Paul")
    one, other = Side(anne, acts), Side(paul, acts)
    for n in range(300):
        one.write(f"a {n}")
    other.write("b")
    pair(one, other)
    run(one, other)
    assert heads_of(one) == heads_of(other) and len(heads_of(one)) == 2
    assert one.level and other.level and one.session.state is State.LIVE


@given(st.lists(st.booleans(), max_size=60))
@settings(max_examples=40)
def test_any_order_of_messages_ends_in_equal_stores(steps: list[bool]) -> None:
    (anne, paul), acts = office_of("Paul")
    one, other = Side(anne, acts), Side(paul, acts)
    for n in range(5):
        one.write(f"a {n}")
        other.write(f"b {n}")
    pair(one, other)
    run(one, other, steps)
    assert heads_of(one) == heads_of(other)
    assert not one.closed and not other.closed


def test_acts_come_before_entries_that_rest_on_them() -> None:
    (anne, paul, karim), acts = office_of("Paul", "Karim")
    one, other = Side(anne, acts), Side(paul, acts[:5])  # Paul has not heard of Karim's admission
    third = Side(karim, acts)
    third.write("hello from Karim")
    one.copy_of(third)
    pair(one, other)
    run(one, other)
    assert other.office.digest == one.office.digest
    assert heads_of(other) == heads_of(one)


def test_an_entry_of_a_device_not_known_yet_is_asked_for_once_it_is() -> None:
    (anne, paul, karim), acts = office_of("Paul", "Karim")
    one, other = Side(anne, acts[:5]), Side(paul, acts[:5])
    pair(one, other)
    run(one, other)
    third = Side(karim, acts)
    entry, signature, body = third.write("early")
    other.carry_out(other.session.receive(m.LiveEntry(entry.raw, signature, body)))
    assert not heads_of(other) and not other.out
    new = acts[5:]
    one.take(*new)
    one.copy_of(third)
    pair(one, other)
    run(one, other)
    assert heads_of(other) == heads_of(third)


def test_a_live_entry_is_taken_flooded_once_and_a_gap_is_asked_for() -> None:
    (anne, paul), acts = office_of("Paul")
    one, other = Side(anne, acts), Side(paul, acts)
    pair(one, other)
    run(one, other)
    one.write("first")
    written = one.write("second")
    one.carry_out(one.session.flood(*written))
    assert len(one.out) == 1
    run(one, other)
    assert heads_of(other) == heads_of(one)
    one.carry_out(one.session.flood(*written))
    assert not one.out  # shown already


def test_a_large_body_is_left_out_and_asked_for() -> None:
    (anne, paul), acts = office_of("Paul")
    one, other = Side(anne, acts), Side(paul, acts)
    pair(one, other)
    run(one, other)
    one.write("open")
    run(one, other)
    written = one.write("é" * 280)
    big = one.say(kinds.Post("🎂" * 280))
    for each in (written, big):
        one.carry_out(one.session.flood(*each))
    run(one, other)
    assert heads_of(other) == heads_of(one)


def test_a_want_that_is_never_answered_ends_the_link_and_frees_the_log() -> None:
    (anne, paul), acts = office_of("Paul")
    one, other = Side(anne, acts), Side(paul, acts)
    pair(one, other)
    run(one, other)
    log = (paul.device, bytes(8), 5, secrets.token_bytes(32))
    one.carry_out(one.session.receive(m.Have((log,))))
    assert len(one.replica.fetching) == 1
    assert one.session.tick() == []
    one.clock += limits.ANSWER_SECONDS
    with pytest.raises(PeerError):
        one.session.tick()
    assert not one.replica.fetching


def test_a_log_is_fetched_over_one_link_only_and_by_another_when_that_one_goes() -> None:
    (anne, paul, karim), acts = office_of("Paul", "Karim")
    one = Side(anne, acts)
    sessions = [Session(one.replica, peer.device, lambda: 0.0) for peer in (paul, karim)]
    line = (paul.device, bytes(8), 5, secrets.token_bytes(32))
    asked = []
    for session in sessions:
        session.open()
        session.receive(m.Acts((), more=False))
        session.acts_taken(answered=True)
        session.receive(m.Heads((), more=False))
        asked.append([a for a in session.receive(m.Have((line,))) if isinstance(a, do.Send)])
    assert [len(found) for found in asked] == [1, 0]
    sessions[0].closed()
    again = sessions[1].go_on()
    assert isinstance(again[0], do.Send) and isinstance(again[0].message, m.Want)


def test_digests_that_differ_in_two_pings_are_asked_about() -> None:
    (anne, paul), acts = office_of("Paul")
    one, other = Side(anne, acts), Side(paul, acts)
    pair(one, other)
    run(one, other)
    one.write("lost on the way")
    ping = one.session.ping().message
    assert other.session.receive(ping) == []
    other.carry_out(other.session.receive(ping))
    run(other, one)
    assert heads_of(other) == heads_of(one)


def test_a_removed_device_is_shown_the_act_and_left() -> None:
    from deskblog.log.act import Remove, write_act

    (anne, paul), acts = office_of("Paul")
    one, other = Side(anne, acts), Side(paul, acts)
    pair(one, other)
    run(one, other)
    person = one.office.devices[paul.device]
    warrants = one.office.warrants(anne.device, keyholder=True)
    assert warrants is not None
    removal = write_act(anne, one.office.id, one.office.tips, warrants, 3, Remove(person, b""))
    one.take(removal)
    one.carry_out(one.session.office_changed())
    assert one.closed == "removed"
    run(one, other)
    assert not other.office.is_in(paul.device)


def test_a_device_that_is_not_in_when_the_acts_are_level_is_left() -> None:
    (anne, paul), acts = office_of("Paul")
    one = Side(anne, acts)
    session = Session(one.replica, keys().device, lambda: 0.0)
    session.open()
    session.receive(m.Acts((), more=False))
    assert session.acts_taken(answered=True) == [do.Close("unknown")]
    assert paul.device in one.office.devices


BAD = [
    m.Who(),
    m.Warrants(()),
    m.Bodies(((bytes(32), b"x"),), more=False),
    m.RunSent(bytes(32), bytes(8), 1, (b"x",), bytes(64)),
    m.LiveEntry(b"x", bytes(64), None),
    m.LiveEntry(b"", bytes(64), b""),
]


@given(st.lists(st.sampled_from(BAD) | st.builds(m.Bye, st.text(max_size=5)), max_size=4), st.booleans())
@settings(max_examples=60)
def test_whatever_a_peer_says_is_answered_or_is_its_fault(messages: list[m.Message], level: bool) -> None:
    (anne, paul), acts = office_of("Paul")
    one, other = Side(anne, acts), Side(paul, acts)
    pair(one, other)
    if level:
        run(one, other)
    for message in messages:
        try:
            actions = one.session.receive(message)
        except PeerError:
            return
        assert all(not isinstance(action, do.TakeRun) for action in actions)
