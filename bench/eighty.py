"""Eighty real nodes on one machine, each a PC of its own on one LAN: links, memory, idle CPU, posts, restarts.

Needs what the tests on virtual PCs need (root, or user namespaces). The office is made by hand beforehand, for
eighty codes would take an hour; everything else is as it is in life: mDNS, TLS, SQLite, one process a PC.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bench.lan import office
from bench.measure import OURS, cpu_seconds, percent, python, resident, say, steady, tell, wake_ups
from bench.peers.flood import PAUSE, flooded
from deskblog.control import ControlClient
from tests.office.hosts import Host, Office
from tests.office.node import Json, Node
from tests.office.settled import settle

CORE = "bare Python core"
JOB, NODES, POSTS, RESTARTED, IDLE_SECONDS = "eighty", 80, 20, 20, 60


def until(true: Callable[[], bool], seconds: float, what: str) -> float:
    """Seconds until something is true."""
    began = time.monotonic()
    while not true():
        if time.monotonic() - began > seconds:
            tell(JOB, f"Not within {seconds:g} s: {what}.")
            break
        time.sleep(0.05)
    return time.monotonic() - began


def here(node: Node) -> int:
    """How many the node says are here."""
    people = next((line for line in reversed(node.lines) if line["event"] == "people"), None)
    return sum(person["here"] for person in people["people"]) if people else 0


def links(node: Node) -> int:
    """How many links stand."""
    standing: Counter[str] = Counter()
    for line in node.lines:
        if line["event"] in ("linked", "lost"):
            standing[line["device"]] = 1 if line["event"] == "linked" else 0
    return standing.total()


def posted(hosts: list[Host], nodes: list[Node], idle: list[float]) -> None:
    """The time from the writer's own line to each other's; between two posts as long as the bare flood waits.

    Everybody who writes has written before: with a person's first post in life its log is opened, which is an entry,
    too, and of these there is one a person and not one a post.
    """
    for n in range(POSTS):
        spread(hosts, nodes, n, f"hello {n}")
    took: list[float] = []
    before, began = [cpu_seconds(node.pid) for node in nodes], time.monotonic()
    for n in range(POSTS):
        took += spread(hosts, nodes, n, f"post {n} the lift is out of order again")
    rest = [share * (time.monotonic() - began) for share in idle]
    after = [cpu_seconds(node.pid) for node in nodes]
    spent = [1000 * (a - b - r) / POSTS for a, b, r in zip(after, before, rest, strict=True)]
    say(JOB, "a post to all, processor of each", OURS, "ms", spent, len(nodes))
    say(JOB, "a post to all, half of them", OURS, "ms", [statistics.median(took)], len(nodes))
    say(JOB, "a post to all, 99 of 100", OURS, "ms", [percent(took, 99)], len(nodes))


def spread(hosts: list[Host], nodes: list[Node], n: int, text: str) -> list[float]:
    """One post, and a pause after it; after how many ms each of the others had told of it."""
    writer, heard = n % len(hosts), dict[int, float]()
    for place, node in enumerate(nodes):
        node.on_line = _stamping(heard, place, text)
    asyncio.run(post(hosts[writer].data, text))
    until(partial(_all_heard, heard, len(nodes)), 20, text)
    for node in nodes:
        node.on_line = None
    time.sleep(PAUSE)
    return [(at - heard[writer]) * 1000 for place, at in heard.items() if place != writer]


async def post(folder: Path, text: str) -> None:
    """As the command line does, but for the start of a program, which the eighty would share the processors with."""
    door = await ControlClient.connect(folder)
    assert door is not None
    async for _line in door.run("post", {"text": text}):
        pass
    await door.close()


def _all_heard(heard: dict[int, float], count: int) -> bool:
    return len(heard) == count


def _stamping(heard: dict[int, float], place: int, text: str) -> Callable[[Json], None]:
    def stamp(line: Json) -> None:
        if line["event"] == "post" and line["text"] == text:
            heard.setdefault(place, line["told"])

    return stamp


def bare_flood(count: int) -> None:
    """As many bare cores with as many links: what Python and TLS take on this machine."""
    took, _each = flooded(count, POSTS)
    say(JOB, "a post to all, half of them", CORE, "ms", [statistics.median(took)], count)
    say(JOB, "a post to all, 99 of 100", CORE, "ms", [percent(took, 99)], count)


def main(count: int) -> None:
    bare_flood(count)
    with office(JOB) as made:
        if made is not None:
            measure(made, count)


def measure(made: Office, count: int) -> None:
    lan = made.lan()
    hosts = [made.host(f"pc{n}", lan) for n in range(count)]
    asyncio.run(settle("Dupont & fils", [(host, f"Person {n}") for n, host in enumerate(hosts)]))
    for host in hosts:
        host.program = python("bench.told")
    nodes = [host.node() for host in hosts]
    for node in nodes:
        node.wait("ready", timeout=240)
    took = until(lambda: all(here(node) == count for node in nodes), 240, "everybody is here to everybody")
    say(JOB, "all started, everybody here to everybody", OURS, "s", [took], count)
    time.sleep(20)
    say(JOB, "links a node", OURS, "", [links(node) for node in nodes], count)
    say(JOB, "memory among so many", OURS, "MiB", [resident(node.pid) for node in nodes], count)
    before = [(cpu_seconds(node.pid), wake_ups(node.pid)) for node in nodes]
    time.sleep(IDLE_SECONDS)
    spent = [(cpu_seconds(node.pid) - b[0], wake_ups(node.pid) - b[1]) for node, b in zip(nodes, before, strict=True)]
    say(JOB, "idle among so many, processor", OURS, "%", [100 * cpu / IDLE_SECONDS for cpu, _woken in spent], count)
    say(JOB, "idle among so many, wake-ups", OURS, "a minute", [w * 60 / IDLE_SECONDS for _cpu, w in spent], count)
    posted(hosts, nodes, [cpu / IDLE_SECONDS for cpu, _woken in spent])
    restart(hosts, nodes, count)


def restart(hosts: list[Host], nodes: list[Node], count: int) -> None:
    some = min(RESTARTED, count // 4)
    for node in nodes[:some]:
        node.kill9()
    for n in range(some):
        nodes[n] = hosts[n].node()
    took = until(lambda: all(here(node) == count for node in nodes), 240, "all are back")
    say(JOB, "a quarter killed and started, everybody here again", OURS, "s", [took], count)


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:] if word.isdigit()]
    with steady(JOB):
        main(given[0] if given else NODES)
