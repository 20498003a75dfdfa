"""Whom to link with. Up to a dozen colleagues everyone with everyone; beyond, a few: ring neighbours and some others.

A flood over 7 links a node reached 2,000 nodes in 4 ms in a model; pruned trees were 15 times slower when 5 % had
just left. Ring neighbours (by key) keep the overlay in one piece; the others, picked by a hash, make it shallow, and
need no dice here: it changes once a day for each pair, for every pair at another hour. Round the ring each dials the
next, so that each has a link it dialled and one that dialled it: whoever is surrounded by liars, or has a firewall
that is shut, still has the other.

Another site is reached by two of each site, chosen by hash as well: what all hear at once need not cross a thin line
once for each of them. Where nobody reaches it, all try.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from deskblog.log import codec
from deskblog.values import DeviceKey

CLIQUE = 12
RING = 2
OTHERS = 5
HOURS = 24  # for so long a pair keeps its place in the order of choice
CARRIERS = 2  # of a site, to each other site
ENDS = 2  # over there, for each carrier
UNHEARD = 8  # devices with an address of old that nobody hears: so many are dialled at a time


def wanted_links(me: DeviceKey, there: Iterable[DeviceKey], hour: int) -> frozenset[DeviceKey]:
    """The devices to hold links with, out of those believed reachable. `hour`: since 1970."""
    others = sorted(set(there) - {me})
    if len(others) < CLIQUE:
        return frozenset(others)
    chosen = {_next(me, others), _before(me, others)}
    rest = sorted((k for k in others if k not in chosen), key=lambda key: _affinity(me, key, hour))
    return frozenset(chosen | set(rest[:OTHERS]))


def goes_first(me: DeviceKey, other: DeviceKey, there: Iterable[DeviceKey]) -> bool:
    """True if this device is the one to dial: round the ring each dials the next, else the lower key the higher."""
    others = sorted({*there, other} - {me})
    if len(others) > 1 and other in (_next(me, others), _before(me, others)):
        return other == _next(me, others)
    return me < other


def carried(
    me: DeviceKey, mine: Collection[DeviceKey], site: Collection[DeviceKey], hour: int, *, reached: bool = True
) -> frozenset[DeviceKey]:
    """The devices of another site to hold links with: none where others of one's own site (`mine`) are to.

    `reached`: whether anybody of one's own site is linked with it now.
    """
    if reached and not carries(me, mine, min(site, default=me), hour):
        return frozenset()
    return frozenset(sorted(site, key=lambda key: _affinity(me, key, hour))[:ENDS])


def carries(me: DeviceKey, mine: Collection[DeviceKey], there: DeviceKey, hour: int) -> bool:
    """Whether this device is among those of its site (`mine`) who carry to a place named by a key."""
    return me in sorted({*mine, me}, key=lambda key: _affinity(key, there, hour))[:CARRIERS]


def unheard(me: DeviceKey, known: Collection[DeviceKey], turn: int) -> frozenset[DeviceKey]:
    """Some of those nobody hears, others at every turn: one that answers is enough to learn of all."""
    return frozenset(sorted(known, key=lambda key: _affinity(me, key, turn * HOURS))[:UNHEARD])


def _next(me: DeviceKey, others: list[DeviceKey]) -> DeviceKey:
    return next((key for key in others if key > me), others[0])


def _before(me: DeviceKey, others: list[DeviceKey]) -> DeviceKey:
    return next((key for key in reversed(others) if key < me), others[-1])


def _affinity(one: bytes, other: bytes, hour: int) -> bytes:
    """The same on both ends, so both tend to choose each other; another one once a day."""
    pair = b"".join(sorted((one, other)))
    day = (hour + codec.digest(b"deskblog/1 mesh", pair)[0]) // HOURS
    return codec.digest(b"deskblog/1 mesh", day.to_bytes(8, "big"), pair)
