"""Offices that share feeds for a day, by the pure part alone: how many requests leave them."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from deskblog.feeds import schedule as s
from tests.net.followers import NOON, Follower, Street

DAY = 24 * 3600
STEP = 60.0
LINKS = 7


@dataclass(frozen=True)
class Told:
    requests: int  # by all
    most: int  # for the feed that most follow
    followers: int  # of that


def office(
    people: int, feeds: int, pool: int, *, share: bool, every: Callable[[int], timedelta], seed: int = 2008
) -> Told:
    """A day of people who follow so many of a pool, by Zipf's taste; all linked up to 12, else by 7 links each."""
    dice = random.Random(2008)
    street = Street(people)
    tastes: dict[Follower, list[bytes]] = {}
    for one in street.people:
        chosen: dict[int, None] = {}
        while len(chosen) < min(feeds, pool):
            chosen[dice.choices(range(pool), weights=[1 / (n + 1) for n in range(pool)])[0]] = None
        tastes[one] = [n.to_bytes(16, "big") for n in chosen]
        for tag in tastes[one]:
            one.follow(tag)
    for one, other in pairs(street, dice) if share else ():
        street.link(one, other)
    asked = run_day(street, tastes, every, dice)
    top = Counter(tag for tags in tastes.values() for tag in tags).most_common(1)[0]
    return Told(sum(asked.values()), asked[top[0]], top[1])


def pairs(street: Street, dice: random.Random) -> Iterator[tuple[Follower, Follower]]:
    people = street.people
    if len(people) <= 12:
        yield from itertools.combinations(people, 2)
        return
    made = {frozenset((n, (n + 1) % len(people))) for n in range(len(people))}
    for n in range(len(people)):
        while sum(n in pair for pair in made) < LINKS:
            made.add(frozenset((n, dice.choice([other for other in range(len(people)) if other != n]))))
    for pair in made:
        n, other = pair
        yield people[n], people[other]


def run_day(
    street: Street, tastes: dict[Follower, list[bytes]], every: Callable[[int], timedelta], dice: random.Random
) -> Counter[bytes]:
    """Each asks when its moment has come; the time in which all begin is not counted."""
    asked: Counter[bytes] = Counter()
    often = {tag: every(int.from_bytes(tag, "big")) for tags in tastes.values() for tag in tags}
    first = {(one, tag): dice.random() * often[tag].total_seconds() for one, tags in tastes.items() for tag in tags}
    offsets = {(one, tag): _offset(one, tag, often[tag]) for one, tag in first}
    warm = max(often.values()).total_seconds() * 1.5

    def due(one: Follower, tag: bytes) -> float:
        held = one.shared.copy(tag)
        return first[one, tag] if held is None else (held.time - NOON) / 1000 + offsets[one, tag]

    while street.now < warm + DAY:
        for one, tag in first:
            if due(one, tag) > street.now:
                continue
            one.later.clear()
            one.due(tag)
            street.run()
            if tag in one.to_ask:
                one.ask_site(tag)
                asked[tag] += street.now >= warm
                street.run()
        street.pass_time(STEP)
    return asked


def _offset(one: Follower, tag: bytes, often: timedelta) -> float:
    """Seconds from when a copy was fetched to this device's moment."""
    start = datetime(2027, 1, 15, tzinfo=UTC)
    feed = s.Following(tag.hex(), start, start, often)
    return (s.turn(feed, timedelta(), start, one.device) - start).total_seconds()


def lines() -> Iterator[str]:

    def hour(_n: int) -> timedelta:
        return timedelta(hours=1)

    for people, feeds, pool in ((2, 100, 100), (5, 20, 200), (12, 30, 200), (20, 30, 200), (50, 30, 300)):
        alone = office(people, feeds, pool, share=False, every=hour)
        shared = office(people, feeds, pool, share=True, every=hour)
        yield (
            f"{people} people, {feeds} feeds each of {pool}, hourly, a day: {alone.requests} requests alone, "
            f"{shared.requests} shared ({alone.requests / shared.requests:.1f} times fewer); for the feed that "
            f"{shared.followers} follow {alone.most} alone, {shared.most} shared"
        )
