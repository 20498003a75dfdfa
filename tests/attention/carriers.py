"""A small world of carriers: words that come late or never, parts that do not hear each other, deaths, a gateway.

Each carrier is the real choice of travel.py; the world only carries words, keeps time and counts what was taken.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from deskblog.attention.outcome import Happened, back_off
from deskblog.attention.sender import ADDRESSES, SECONDS
from deskblog.attention.travel import (
    HOUR,
    LEASE,
    MINUTE,
    SETTLE,
    Decision,
    Due,
    Forward,
    Heard,
    Kind,
    Look,
    Sending,
    Sent,
    Step,
    decide,
    failures,
)

START = 1_700_000_000_000  # in the middle of a month
LATE = SETTLE // 2 - 1  # how late a word may come to those who hear each other
SENDING = int(SECONDS * 1000) * ADDRESSES  # how long sending may take

Parts = tuple[frozenset[str], ...]


def rule(carriers: int, cap: int = 100) -> Forward:
    return Forward("rule", ("json://example",), frozenset(Kind), cap, tuple("ABCDEFGH"[:carriers]))


@dataclass
class Carrier:
    name: str
    logs: dict[str, list[Heard]] = field(default_factory=dict)
    alive: bool = True
    claimed: set[str] = field(default_factory=set)
    sending: set[str] = field(default_factory=set)
    life: int = 0

    @property
    def heard(self) -> list[Heard]:
        return [one for log in self.logs.values() for one in log]


@dataclass(frozen=True)
class Taken:
    """What the gateway took: of whom, and of whose Sending that one had heard when it began that nothing had ended.
    `took_over`: one of them had fallen silent."""

    entry: str
    carrier: str
    had_heard: frozenset[str]
    took_over: bool


@dataclass
class World:
    """`cuts`: (when, who hears whom from then on), ascending. `gateway`: what becomes of a carrier's try.

    `here`: whom a carrier believes to be here, given who is. `back`: when a PC of the person's is here again.
    """

    forward: Forward
    entries: Sequence[str]
    dice: Random
    cuts: Sequence[tuple[int, Parts]]
    gateway: Callable[[str], Happened]
    here: Callable[[str, frozenset[str]], frozenset[str]]
    back: int | None = None

    def __post_init__(self) -> None:
        self.now = START
        self.carriers = {name: Carrier(name) for name in self.forward.carriers}
        self.taken: list[Taken] = []
        self.begun: list[int] = []
        self._queue: list[tuple[int, int, Callable[[], None]]] = []
        self._number = 0
        for name in self.carriers:
            for entry in self.entries:
                self.at(START + self.dice.randrange(MINUTE), self._looks(name, entry))
        for when, _parts in self.cuts:
            self.at(START + when, self._meet)

    def at(self, when: int, what: Callable[[], None]) -> None:
        self._number += 1
        heapq.heappush(self._queue, (when, self._number, what))

    def run(self, until: int) -> None:
        while self._queue and self._queue[0][0] <= START + until:
            self.now, _number, what = heapq.heappop(self._queue)
            what()

    def kill(self, name: str, when: int, again: int | None) -> None:
        """It dies, and comes back with what it had on its disk."""

        def die() -> None:
            carrier = self.carriers[name]
            carrier.alive = False
            carrier.life += 1
            carrier.claimed.clear()
            carrier.sending.clear()

        def rise() -> None:
            self.carriers[name].alive = True
            self._meet()
            for entry in self.entries:
                self._look(name, entry)

        self.at(START + when, die)
        if again is not None:
            self.at(START + again, rise)

    def part(self, name: str) -> frozenset[str]:
        parts: Parts = (frozenset(self.carriers),)
        for when, later in self.cuts:
            if START + when <= self.now:
                parts = later
        return next(part for part in parts if name in part)

    def reaches(self, one: str, other: str) -> bool:
        return other in self.part(one) and self.carriers[one].alive and self.carriers[other].alive

    def _meet(self) -> None:
        """Who hears each other again tells each other all."""
        for one in self.carriers.values():
            for author, log in one.logs.items():
                self._tell(one.name, author, len(log))

    def _say(self, name: str, word: Sending | Sent) -> None:
        log = self.carriers[name].logs.setdefault(name, [])
        log.append(Heard(word, self.now))
        self._tell(name, name, len(log))

    def _tell(self, teller: str, author: str, until: int) -> None:
        """The beginning of an author's log, to all that hear the teller when it comes."""
        words = [one.word for one in self.carriers[teller].logs[author][:until]]
        for other in self.part(teller) - {teller}:
            self.at(self.now + self.dice.randint(0, LATE), self._hears(teller, other, author, words))

    def _hears(self, teller: str, name: str, author: str, words: list[Sending | Sent]) -> Callable[[], None]:
        def hear() -> None:
            if not self.reaches(teller, name):
                return
            log = self.carriers[name].logs.setdefault(author, [])
            news = words[len(log) :]
            log.extend(Heard(word, self.now) for word in news)
            for word in news:
                self._look(name, word.entry)

        return hear

    def _looks(self, name: str, entry: str) -> Callable[[], None]:
        life = self.carriers[name].life

        def look() -> None:
            if self.carriers[name].life == life:
                self._look(name, entry)

        return look

    def _look(self, name: str, entry: str) -> None:
        carrier = self.carriers[name]
        if not carrier.alive or entry in carrier.sending:
            return
        gone = None if self.back is not None and self.now >= START + self.back else START - HOUR
        here = self.here(name, frozenset(one for one in self.part(name) if self.carriers[one].alive)) | {name}
        look = Look(name, here, gone, carrier.heard, self.now, 12, frozenset(carrier.claimed))
        self._do(carrier, entry, decide(self.forward, Due(entry, START, START), look))

    def _do(self, carrier: Carrier, entry: str, decision: Decision) -> None:
        name = carrier.name
        if decision.step is Step.LATER:
            assert decision.again > self.now
            self.at(decision.again, self._looks(name, entry))
        elif decision.step is Step.CLAIM:
            carrier.claimed.add(entry)
            self._say(name, Sending(self.forward.id, entry, name, self.now))
            self._look(name, entry)
        elif decision.step is Step.SAY:
            carrier.claimed.discard(entry)
            self._say(name, Sent(self.forward.id, entry, name, self.now, decision.why))
            self._look(name, entry)
        elif decision.step is Step.SEND:
            self._send(carrier, entry)

    def _send(self, carrier: Carrier, entry: str) -> None:
        self.begun.append(self.now - START)
        carrier.sending.add(entry)
        happened = self.gateway(carrier.name)
        life = carrier.life
        last = [log[-1] for log in _of_entry(carrier.logs, entry)]
        silent = [one for one in last if isinstance(one.word, Sending)]
        heard = frozenset(one.word.carrier for one in silent)
        took_over = any(self.now - one.at >= LEASE for one in silent)
        ends = self.now + self.dice.randint(1, SENDING)
        takes = happened is Happened.TAKEN or (happened is Happened.PERHAPS and self.dice.random() < 0.5)

        def take() -> None:
            if takes and carrier.life == life:
                self.taken.append(Taken(entry, carrier.name, heard, took_over))

        def end() -> None:
            if carrier.life != life:
                return
            carrier.sending.discard(entry)
            carrier.claimed.discard(entry)
            again = back_off(failures(self.forward, entry, carrier.heard) + 1, self.dice.random())
            self._say(carrier.name, Sent(self.forward.id, entry, carrier.name, self.now, happened, again))
            self._look(carrier.name, entry)

        self.at(self.dice.randint(self.now, ends), take)
        self.at(ends, end)

    def times(self, entry: str) -> int:
        return sum(one.entry == entry for one in self.taken)


def _of_entry(logs: dict[str, list[Heard]], entry: str) -> list[list[Heard]]:
    found = ([one for one in log if one.word.entry == entry] for log in logs.values())
    return [log for log in found if log]
