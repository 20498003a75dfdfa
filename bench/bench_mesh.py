"""Offices of 80, 500 and 2,000 devices with the real choice of links, on a simulated clock: links, floods, repair.

A node keeps the links that either end wants. A hop takes 0.3 to 3 ms (drawn once a link); handling a message 0.2 ms,
one after the other. Then 5 % vanish at one moment: a flood before anybody noticed, and how many links are new when
all have. Nothing of it is measured with a clock, so the figures are the same on every machine.
"""

from __future__ import annotations

import heapq
import random
import statistics
import sys

from deskblog.log import codec
from deskblog.net.mesh import wanted_links
from deskblog.values import DeviceKey

HOP_MS = (0.3, 3.0)
HANDLING_MS = 0.2
FLOODS = 10
Links = dict[DeviceKey, dict[DeviceKey, float]]


def devices(count: int) -> list[DeviceKey]:
    return [DeviceKey(codec.digest(count.to_bytes(4, "big"), n.to_bytes(4, "big"))) for n in range(count)]


def links_of(office: list[DeviceKey], hour: int, dice: random.Random) -> Links:
    """Both ends of every link that one of them wants, with what a hop over it takes."""
    links: Links = {device: {} for device in office}
    for device in office:
        for other in wanted_links(device, office, hour):
            if other not in links[device]:
                links[device][other] = links[other][device] = dice.uniform(*HOP_MS)
    return links


def flood(links: Links, origin: DeviceKey, gone: frozenset[DeviceKey] = frozenset()) -> tuple[list[float], int]:
    """(ms until each has it, messages sent): each passes it on to every link that has not shown it."""
    heard: dict[DeviceKey, float] = {}
    busy: dict[DeviceKey, float] = {}
    queue: list[tuple[float, bytes, bytes]] = [(0.0, origin, origin)]
    sent = 0
    while queue:
        at, device, sender = heapq.heappop(queue)
        key, by = DeviceKey(device), DeviceKey(sender)
        begun = max(at, busy.get(key, 0.0))
        busy[key] = begun + HANDLING_MS
        if key in heard or key in gone:
            continue
        heard[key] = begun
        for other, hop in links[key].items():
            if other != by and heard.get(other, at + 1e9) > begun:
                sent += 1
                heapq.heappush(queue, (busy[key] + hop, other, key))
    return list(heard.values()), sent


def describe(count: int, dice: random.Random) -> None:
    office = devices(count)
    links = links_of(office, 0, dice)
    degrees = [len(others) for others in links.values()]
    sys.stdout.write(
        f"{count} devices: links a device median {statistics.median(degrees):.0f}, most {max(degrees)}\n"
    )
    times: list[float] = []
    copies: list[float] = []
    for origin in dice.sample(office, FLOODS):
        took, sent = flood(links, origin)
        assert len(took) == count, "somebody was not reached"
        times += took
        copies.append(sent / count)
    told(times, statistics.mean(copies))
    gone = frozenset(dice.sample(office, count // 20))
    origin = next(device for device in office if device not in gone)
    took, sent = flood(links, origin, gone)
    left = count - len(gone)
    sys.stdout.write(f"  {len(gone)} gone unnoticed: {len(took)} of {left} reached, within {max(took):.1f} ms\n")
    after = links_of([device for device in office if device not in gone], 0, dice)
    kept = sum(len(links[d].keys() & others.keys()) for d, others in after.items())
    now = sum(len(others) for others in after.values())
    sys.stdout.write(f"  once noticed: {100 * (now - kept) / now:.0f} % of the links are new\n")
    soon = links_of(office, 1, dice)
    still = sum(len(links[d].keys() & others.keys()) for d, others in soon.items())
    later = links_of(office, 24, dice)
    same = sum(len(links[d].keys() & others.keys()) for d, others in later.items())
    hour, day = (100 * (1 - kept / sum(degrees)) for kept in (still, same))
    sys.stdout.write(f"  an hour later {hour:.0f} % of the links have changed, a day later {day:.0f} %\n")


def told(times: list[float], copies: float) -> None:
    cuts = statistics.quantiles(times, n=100)
    sys.stdout.write(
        f"  a post reaches all: p50 {cuts[49]:.1f} ms, p99 {cuts[98]:.1f} ms; {copies:.1f} copies a device\n"
    )


def main() -> int:
    for count in (80, 500, 2000):
        describe(count, random.Random(count))
    return 0


if __name__ == "__main__":
    sys.exit(main())
