"""Filled stores, made once and kept in the cache: an office of twenty, so many posts, threads, one of 500 answers."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeVar

from bench.measure import ROOT, babble, cache
from deskblog import limits
from deskblog.engine.vault import Vault, now_ms
from deskblog.log import charter, kinds
from deskblog.log.act import Act
from deskblog.log.entry import write_entry
from deskblog.log.keys import SIGN_ENTRY, DeviceKeys, verify
from deskblog.log.office import Office, fold
from deskblog.log.run import Run
from deskblog.store.keyfile import write_keys
from deskblog.store.store import Held, Store
from deskblog.values import EntryId, LogName, Point

PEOPLE, THREAD, RUN = 20, 500, 256
AHEAD = 8 * limits.RUNS_STORING  # runs that have come and wait: a newcomer fetches over eight links or so
T = TypeVar("T")
BEGAN = 1_700_000_000_000  # when the office was founded, UTC ms
KEPT_BY = ("log", "store")  # what changes here makes stores anew


def keys_of(n: int) -> DeviceKeys:
    return DeviceKeys(*(hashlib.blake2b(f"bench {part} {n}".encode(), digest_size=32).digest() for part in "ab"))


class Author:
    """One device that writes its log."""

    def __init__(self, n: int, office: Office, time: int) -> None:
        self._keys = keys_of(n)
        self._office = office.id
        self.log = LogName(self._keys.device, bytes(8))
        self._end: Point | None = None
        self.held: list[Held] = []
        admission = office.admission_of(self._keys.device)
        assert admission is not None
        self.write(kinds.Open(admission), time)

    def write(self, content: kinds.Content, time: int) -> EntryId:
        """What is written leaves with `take`."""
        kind, seq = kinds.kind_of(content), self._end.seq if self._end else 0
        body = kinds.encode_body(content, seq.to_bytes(kinds.SALT, "big"))
        entry, signature = write_entry(self._keys, self._office, self.log.number, self._end, time, kind, body)
        self.held.append(Held(entry, signature, body))
        self._end = entry.point
        return entry.id

    def take(self) -> list[Held]:
        """As a run brings them: the last signature vouches for all."""
        held, self.held = self.held, []
        return [*(Held(one.entry, None, one.body) for one in held[:-1]), held[-1]]


def office_of(people: int) -> tuple[Act, ...]:
    """The acts of an office: the founder and so many more."""
    founder = keys_of(0)
    acts: tuple[Act, ...] = charter.founding(founder, keys_of(10_000).device, "Dupont & fils", "Anne Martin", BEGAN)
    for n in range(1, people):
        keys = keys_of(n)
        joiner = (keys.device, keys.seal_key)
        acts += charter.admitting(founder, fold(acts), joiner, f"Person {n}", None, BEGAN + n)
    return acts


def runs(count: int, office: Office) -> Iterator[tuple[LogName, list[Held]]]:
    """An office's history of so many posts, in runs as they come over a link."""
    began = now_ms() - 3_600_000
    step = min(60_000, 300 * 86_400_000 // count)
    authors = [Author(n, office, began - step * (count + 1)) for n in range(PEOPLE)]
    asked = authors[0].write(kinds.Question("Who has the key to the archive?"), began - step * count)
    thread, long = asked, min(THREAD, count // 4)
    for n, text in enumerate(babble(count - 1), 1):
        author, at = authors[n % PEOPLE], began - step * (count - n)
        if n <= 2 * long and n % 2:
            author.write(kinds.Answer(text[:140], thread), at)
        elif n % 7 in (2, 5):
            author.write(kinds.Answer(text[:140], asked), at)
        elif n % 7 == 0:
            asked = author.write(kinds.Question(text[:140]), at)
        else:
            author.write(kinds.Post(text[:140]), at)
        if len(author.held) == RUN:
            yield author.log, author.take()
    for author in authors:
        if author.held:
            yield author.log, author.take()


@dataclass(frozen=True, slots=True)
class Filled:
    folder: Path
    seconds: float  # of ingesting alone
    posts: int


def filled(count: int) -> Filled:
    """A folder with so many posts in its store; the caller writes nothing in it, or copies it first."""
    folder = cache("stores", f"{_kind()}-{count}")
    mark = folder / "filled"
    if not mark.exists():
        sys.stderr.write(f"  filling a store with {count:,} posts …\n")
        for old in folder.parent.glob(f"*-{count}"):  # of another code, and this one if it was left half done
            shutil.rmtree(old)
        seconds = asyncio.run(fill(folder / "data", folder / "state", count))
        mark.write_text(str(seconds))
    return Filled(folder / "data", float(mark.read_text()), count)


def copied(count: int, to: Path) -> tuple[Path, Path]:
    """(data folder, state folder) of an own copy, in which one may write."""
    source = filled(count).folder.parent
    shutil.copytree(source, to, dirs_exist_ok=True)
    return to / "data", to / "state"


async def newcomer(folder: Path, state: Path) -> Vault:
    """The folder of a PC of that office that has no post yet."""
    return await settled(folder, state, PEOPLE)


async def settled(folder: Path, state: Path, who: int) -> Vault:
    """The folder of one of that office, with no post yet."""
    await asyncio.to_thread(folder.mkdir, parents=True)
    write_keys(folder, keys_of(who))
    vault = Vault(folder, state)
    await vault.open()
    await vault.settle(office_of(PEOPLE + 1))
    return vault


async def fill(folder: Path, state: Path, count: int) -> float:
    """A history taken in as it comes over links, so many runs ahead of the store; the seconds of that alone."""
    vault = await settled(folder, state, 0)
    office = vault.office
    assert office is not None
    seconds = 0.0
    for some in batched(runs(count, office), AHEAD):
        began = time.perf_counter()
        await asyncio.gather(*(take(vault, log, held) for log, held in some))
        seconds += time.perf_counter() - began
    await vault.close()
    return seconds


def batched(found: Iterable[T], size: int) -> Iterator[list[T]]:
    left = iter(found)
    while some := list(islice(left, size)):
        yield some


async def take(vault: Vault, log: LogName, held: Sequence[Held]) -> None:
    """A run that came, its signature checked, goes the way into the store that each goes."""
    signature = held[-1].signature or b""
    verify(log.device, SIGN_ENTRY, held[-1].entry.id, signature)
    await vault.take_run(Run(log, tuple(one.entry for one in held), signature), [one.body for one in held])


def _kind() -> str:
    """By which stores of another code are told."""
    mixed = hashlib.blake2b(digest_size=6)
    for room in KEPT_BY:
        for path in sorted((ROOT / "deskblog" / room).glob("*.py")):
            mixed.update(path.read_bytes())
    for path in (Path(__file__), Path(__file__).with_name("measure.py")):
        mixed.update(path.read_bytes())
    return mixed.hexdigest()


def opened(folder: Path) -> Store:
    """The store of a filled folder, on this thread."""
    return _known(Store.open(folder, keys_of(0).device, now_ms, keys=keys_of(0)))


def _known(store: Store) -> Store:
    store.know(fold(store.load_acts()))
    return store
