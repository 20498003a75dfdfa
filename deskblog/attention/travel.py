"""Who sends a colleague on the road what, and when: a pure choice that each carrier makes for itself.

A person names a few colleagues' PCs, the carriers, and seals the gateway's address to them. While no PC of the
person's is here, one of them sends. They agree without a vote: each ranks those that are here by a hash over rule,
entry and carrier, so each entry has a first of its own and the work is spread. Before it sends, a carrier says so
(Sending), waits until whoever is here must have heard it, and looks again: of several that said so at once the first
in rank sends, the others stand back. Afterwards it says what came of it (Sent). If nothing is said for LEASE, the
next takes over.

The law (held by tests/attention/test_law.py). Carriers hear each other if what one says is known to the others within
SETTLE / 2. Of one entry:

1. Two carriers both send only if one had not heard of the other's Sending when it began, or had heard nothing of it
   since for a whole LEASE, and took over.
2. So where all hear each other and who sends lives to say so, an entry is sent once at most, however wrong their
   pictures are of who is here.
3. Cut into two parts, twice at most: one double. In general once a part. A carrier that dies, or is cut off from
   those who heard its Sending before they hear its Sent, is a part of its own: it may not have sent, and is taken
   over.
4. What may have been taken by a gateway (PERHAPS) counts as sent: rather one too few than a double.

The cap counts what all carriers said, in months of UTC: that needs no time zone and is the same on every PC, at the
price that a month begins an hour or two late in Paris. Cut apart, each part may fill it by itself. Hours of the day
are those of the sending PC's clock. All times are ms; what was heard is timed by one's own clock, so a colleague's
wrong clock neither lengthens nor ends a LEASE.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum, StrEnum, auto
from hashlib import blake2b

from msgspec import Struct

from deskblog.attention.outcome import BROKEN, PASSING, SPENT, Happened

SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE

SETTLE = 10 * SECOND  # from saying so to sending: what others said meanwhile has come
LEASE = 5 * MINUTE  # for so long one's word that one sends holds the others back
START = LEASE // 2  # later than this after one's word one no longer begins: a lid may have been closed in between
TURN = MINUTE  # for so long the first in rank is waited for, then the second, and so on
QUIET = 2 * MINUTE  # the person's PC is gone for so long before anything is sent: a restart is no journey
FRESH = 24 * HOUR  # what is older is no news
LAPSES = 2  # carriers that fell silent over one entry; then it may be the entry
_LAST = 253_402_300_799_000  # the end of the year 9999, UTC ms


class Kind(StrEnum):
    """What a person may have sent after them."""

    ANNOUNCEMENTS = "announcements"
    MENTIONS = "mentions"
    SEALED = "sealed"


@dataclass(frozen=True, slots=True)
class Forward:
    """A person's rule. `id`: of the entry that says it, so that a changed rule is a new one.

    `urls`: addresses with credentials, the first that takes a message is enough. `cap`: messages a month. `carriers`:
    device keys, hex. `from_hour` to `until` (0 to 24): the hours in which it may ring, over midnight if the first is
    the later; equal: always.
    """

    id: str
    urls: tuple[str, ...] = field(repr=False)
    kinds: frozenset[Kind]
    cap: int
    carriers: tuple[str, ...]
    from_hour: int = 0
    until: int = 24

    def rings(self, hour: int) -> bool:
        if self.from_hour < self.until:
            return self.from_hour <= hour < self.until
        return hour >= self.from_hour or hour < self.until


class Sending(Struct, frozen=True):
    """A carrier's word that it is about to send; `at` by its own clock."""

    forward: str
    entry: str
    carrier: str
    at: int


class Sent(Struct, frozen=True):
    """A carrier's word what came of it, which ends its Sending. `again`: ms before it is tried again, if it is.

    `status`: the gateway's number, for the person to see.
    """

    forward: str
    entry: str
    carrier: str
    at: int
    why: Happened
    again: int = 0
    status: int = 0

    @property
    def ok(self) -> bool:
        return self.why is Happened.TAKEN


class Heard(Struct, frozen=True):
    """A word, and when it came to this PC by its own clock; of one's own, when it was said."""

    word: Sending | Sent
    at: int


class Due(Struct, frozen=True):
    """An entry the rule is about. `since`: when it came to this PC. `seen`: a PC of the person's holds it."""

    entry: str
    written: int
    since: int
    seen: bool = False


class Look(Struct, frozen=True):
    """What one carrier sees, with its local `hour` (0 to 23).

    `here`: devices it can reach, itself too. `gone`: since when no PC of the person's is here, None while one is.
    `heard`: what carriers said by this rule, of all entries, each carrier's in its order. `claimed`: entries of which
    it said Sending since it was started; of others it cannot know whether it sent.
    """

    me: str
    here: frozenset[str]
    gone: int | None
    heard: Sequence[Heard]
    now: int
    hour: int
    claimed: frozenset[str]


class Step(Enum):
    REST = auto()  # nothing to do until something is heard
    LATER = auto()  # look again at a time
    CLAIM = auto()  # say Sending, then look again SETTLE later
    SEND = auto()  # send, then say Sent
    SAY = auto()  # say Sent with this reason, without sending


class Decision(Struct, frozen=True):
    """`again`: for LATER, when (ms); `why`: for SAY."""

    step: Step
    again: int = 0
    why: Happened = Happened.STOOD_BACK


REST = Decision(Step.REST)


def rank(forward_id: str, entry_id: str, carrier: str) -> bytes:
    """The higher, the sooner it is this carrier's turn (rendezvous hashing)."""
    return blake2b("\n".join((forward_id, entry_id, carrier)).encode(), digest_size=16).digest()


def in_turn(forward_id: str, entry_id: str, here: Iterable[str], tries: Iterable[str] = ()) -> list[str]:
    """Those that are here in the order of their turns: who tried less often first. `tries`: a carrier each."""
    tried = Counter(tries)
    by_rank = sorted(frozenset(here), key=lambda one: rank(forward_id, entry_id, one), reverse=True)
    return sorted(by_rank, key=lambda one: tried[one])


def choose_carrier(forward_id: str, entry_id: str, here: Iterable[str], tries: Iterable[str] = ()) -> str | None:
    """Whose turn it is; None if nobody is here."""
    return next(iter(in_turn(forward_id, entry_id, here, tries)), None)


class _Said(Struct):
    """What was said of one entry: each carrier's Sending that nothing ended, and what did not work."""

    open: dict[str, Heard]
    failed: list[Heard]
    final: bool = False
    spent: int = 0  # what was sent, or may have been, this month

    @property
    def unable(self) -> frozenset[str]:
        return frozenset(h.word.carrier for h in self.failed if _why(h) is Happened.NOT_INSTALLED)

    def live(self, now: int) -> dict[str, Heard]:
        return {carrier: heard for carrier, heard in self.open.items() if now - heard.at < LEASE}

    def lapsed(self, now: int) -> dict[str, Heard]:
        return {carrier: heard for carrier, heard in self.open.items() if now - heard.at >= LEASE}


def _read(forward: Forward, heard: Iterable[Heard], month: tuple[int, int]) -> dict[str, _Said]:
    """By entry. What others than the rule's carriers say is nothing."""
    said: dict[str, _Said] = {}
    for one in heard:
        word = one.word
        if word.forward != forward.id or word.carrier not in forward.carriers:
            continue
        entry = said.setdefault(word.entry, _Said({}, []))
        if isinstance(word, Sending):
            entry.open[word.carrier] = one
            continue
        entry.open.pop(word.carrier, None)
        if word.why in PASSING:
            entry.failed.append(one)
        elif word.why is not Happened.STOOD_BACK:
            entry.final = True
            entry.spent += word.why in SPENT and _month(word.at) == month
    return said


def failures(forward: Forward, entry_id: str, heard: Iterable[Heard]) -> int:
    """How often an entry did not go out, for back_off."""
    return len(_read(forward, heard, (0, 0)).get(entry_id, _Said({}, [])).failed)


def _month(at: int) -> tuple[int, int]:
    moment = datetime.fromtimestamp(min(at, _LAST) // 1000, UTC)
    return moment.year, moment.month


def is_broken(forward: Forward, heard: Iterable[Heard]) -> bool:
    """Whether the gateway refused the credential, or the address is none: nothing more is sent by this rule."""
    return any(
        isinstance(one.word, Sent)
        and one.word.forward == forward.id
        and one.word.carrier in forward.carriers
        and one.word.why in BROKEN
        for one in heard
    )


def spent(forward: Forward, heard: Iterable[Heard], now: int) -> int:
    """Messages of this month (UTC) that were sent, or may have been, by all that carriers said."""
    said = _read(forward, heard, _month(now)).values()
    return sum(one.spent + sum(_this_month(opened, now) for opened in one.open.values()) for one in said)


def _this_month(heard: Heard, now: int) -> bool:
    return _month(heard.word.at) == _month(now)


def decide(forward: Forward, due: Due, look: Look) -> Decision:
    """What this carrier does about one entry now. Not to be asked while it is sending that entry."""
    said = _read(forward, look.heard, _month(look.now))
    this = said.get(due.entry, _Said({}, []))
    live = this.live(look.now)
    wanted = (
        look.me in forward.carriers
        and look.gone is not None
        and not (due.seen or this.final or is_broken(forward, look.heard))
        and look.now - due.written < FRESH
    )
    if not wanted:
        return Decision(Step.SAY) if look.me in live and due.entry in look.claimed else REST
    if look.me in live and due.entry in look.claimed:
        return _contest(forward, due, look, said)
    if live:
        return Decision(Step.LATER, min(heard.at for heard in live.values()) + LEASE)
    if not forward.rings(look.hour):
        return Decision(Step.LATER, look.now - look.now % HOUR + HOUR)
    return _turn(forward, due, look, said)


def _contest(forward: Forward, due: Due, look: Look, said: dict[str, _Said]) -> Decision:
    """One said that one sends: is one still to?"""
    live = said[due.entry].live(look.now)
    mine = live[look.me].at
    if max(live, key=lambda carrier: rank(forward.id, due.entry, carrier)) != look.me or look.now - mine >= START:
        return Decision(Step.SAY)
    if look.now - mine < SETTLE:
        return Decision(Step.LATER, mine + SETTLE)
    taken, sooner = _counted(due, look, said, mine)
    if taken + sooner >= forward.cap:
        return Decision(Step.SAY, why=Happened.CAPPED if taken >= forward.cap else Happened.STOOD_BACK)
    return Decision(Step.SEND)


def _counted(due: Due, look: Look, said: dict[str, _Said], mine: int) -> tuple[int, int]:
    """(messages of the month, those on their way that go before): of what was said at once, the lower ids."""
    taken = sooner = 0
    for entry, one in said.items():
        taken += one.spent + sum(_this_month(heard, look.now) for heard in one.lapsed(look.now).values())
        if entry != due.entry and any(entry < due.entry or h.at <= mine for h in one.live(look.now).values()):
            sooner += 1
    return taken, sooner


def _turn(forward: Forward, due: Due, look: Look, said: dict[str, _Said]) -> Decision:
    """Nobody sends: is it one's own turn to say so?"""
    this = said.get(due.entry, _Said({}, []))
    lapsed = this.lapsed(look.now)
    able = look.here & frozenset(forward.carriers) - this.unable
    if look.me not in able or len(lapsed) >= LAPSES:
        return REST
    tries = [heard.word.carrier for heard in (*this.failed, *lapsed.values())]
    assert look.gone is not None
    begun = max((due.since, look.gone + QUIET, *_ends(this, lapsed)))
    order = in_turn(forward.id, due.entry, able, tries)
    start = max(begun + order.index(look.me) * TURN, *_waits(this, look.me), 0)
    if look.now < start:
        return Decision(Step.LATER, start)
    taken, sooner = _counted(due, look, said, look.now)
    if taken >= forward.cap:
        return Decision(Step.SAY, why=Happened.CAPPED)
    return Decision(Step.CLAIM) if taken + sooner < forward.cap else Decision(Step.LATER, look.now + MINUTE)


def _ends(said: _Said, lapsed: dict[str, Heard]) -> Iterator[int]:
    """When tries of an entry came to nothing."""
    yield from (heard.at for heard in said.failed)
    yield from (heard.at + LEASE for heard in lapsed.values())


def _waits(said: _Said, me: str) -> Iterator[int]:
    """Until when one waits after what did not work: all if the gateway is down, else whoever met it."""
    for heard in said.failed:
        word = heard.word
        if isinstance(word, Sent) and (word.why is Happened.DOWN or word.carrier == me):
            yield heard.at + word.again


def _why(heard: Heard) -> Happened | None:
    return heard.word.why if isinstance(heard.word, Sent) else None
