"""Eighty real nodes on one machine, each a PC of its own on one LAN: links, memory, idle CPU, posts, restarts.

Needs what the tests on virtual PCs need (root, or user namespaces). The office is made by hand beforehand, for
eighty codes would take an hour; everything else is as it is in life: mDNS, TLS, SQLite, one process a PC.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.office.hosts import Host, Office  # noqa: E402
from tests.office.node import Json, Node  # noqa: E402
from tests.office.settled import settle  # noqa: E402

NODES, POSTS, RESTARTED, IDLE_SECONDS = 80, 20, 20, 60
TICKS = os.sysconf("SC_CLK_TCK")


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def until(true: Callable[[], bool], seconds: float, what: str) -> float:
    """Seconds until something is true."""
    began = time.monotonic()
    while not true():
        if time.monotonic() - began > seconds:
            say(f"not within {seconds:g} s: {what}")
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


def resident(node: Node) -> float:
    """MiB."""
    status = Path(f"/proc/{node.pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


def cpu(node: Node) -> float:
    """Seconds of CPU since its start."""
    fields = Path(f"/proc/{node.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def spread(values: list[float], unit: str) -> str:
    return f"median {statistics.median(values):.1f}, most {max(values):.1f} {unit}"


def posted(hosts: list[Host], nodes: list[Node]) -> None:
    """The time from the writer's own line to each other's, as the lines come."""
    took: list[float] = []
    for n in range(POSTS):
        heard: dict[int, float] = {}
        text = f"Post {n}"
        for place, node in enumerate(nodes):
            node.on_line = _stamping(heard, place, text)
        hosts[n % len(hosts)].cli("post", text)
        until(partial(_all_heard, heard, len(nodes)), 20, text)
        took += [(at - heard[n % len(hosts)]) * 1000 for place, at in heard.items() if place != n % len(hosts)]
        for node in nodes:
            node.on_line = None
    cuts = statistics.quantiles(took, n=100)
    say(f"a post to all: p50 {cuts[49]:.0f} ms, p99 {cuts[98]:.0f} ms ({POSTS} posts)")


def _all_heard(heard: dict[int, float], count: int) -> bool:
    return len(heard) == count


def _stamping(heard: dict[int, float], place: int, text: str) -> Callable[[Json], None]:
    def stamp(line: Json) -> None:
        if line["event"] == "post" and line["text"] == text:
            heard.setdefault(place, time.monotonic())

    return stamp


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else NODES
    with Office() as office:
        lan = office.lan()
        hosts = [office.host(f"pc{n}", lan) for n in range(count)]
        asyncio.run(settle("Dupont & fils", [(host, f"Person {n}") for n, host in enumerate(hosts)]))
        began = time.monotonic()
        nodes = [host.node() for host in hosts]
        for node in nodes:
            node.wait("ready", timeout=240)
        say(f"{count} nodes ready after {time.monotonic() - began:.0f} s")
        all_here = until(lambda: all(here(node) == count for node in nodes), 240, "everybody is here to everybody")
        say(f"everybody here to everybody {all_here:.1f} s later")
        time.sleep(20)
        say(f"links a node: {spread([links(node) for node in nodes], '')}")
        say(f"memory: {spread([resident(node) for node in nodes], 'MiB')}")
        before = [cpu(node) for node in nodes]
        time.sleep(IDLE_SECONDS)
        used = [100 * (cpu(node) - b) / IDLE_SECONDS for node, b in zip(nodes, before, strict=True)]
        say(f"idle CPU over {IDLE_SECONDS} s: {spread(used, '%')}")
        posted(hosts, nodes)
        _restart(hosts, nodes, count)
    return 0


def _restart(hosts: list[Host], nodes: list[Node], count: int) -> None:
    some = min(RESTARTED, count // 4)
    for node in nodes[:some]:
        node.kill9()
    began = time.monotonic()
    for n in range(some):
        nodes[n] = hosts[n].node()
    until(lambda: all(here(node) == count for node in nodes), 240, "all are back")
    say(f"{some} killed and started at once: everybody here to everybody after {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    sys.exit(main())
