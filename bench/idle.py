"""What a node that nobody uses costs: processor, wake-ups and bytes, with 0, 50 and 200 neighbours announced.

Each on a virtual LAN of its own, all at the same time, and two colleagues linked on a fourth. The neighbours are
another firm's: they announce themselves on both channels as nodes do, and nobody links with them. Then the app with
its window open, beside others' apps.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time

from bench import idle_desktop
from bench.lan import carried, office
from bench.measure import OURS, cpu_seconds, growth, say, steady, tell, wake_ups
from tests.office.hosts import Host, Office
from tests.office.node import Node
from tests.office.settled import settle

JOB, CROWDS, CALM, ROUNDS, ROUND = "idle", (0, 50, 200), 45.0, 3, 60.0
POSTS = 100
KINDS = (
    ("cpu", "idle, processor", "%"),
    ("woken", "idle, wake-ups", "a minute"),
    ("bytes", "idle, on the wire", "B/h"),
)


def alone(made: Office, crowd: int) -> tuple[Host, Node]:
    """A node among so many neighbours."""
    lan = made.lan()
    host, other = made.host(f"anne{crowd}", lan), made.host(f"crowd{crowd}", lan)
    host.cli("office", "found", "Dupont & fils", "--me", "Anne")
    node = host.node()
    node.wait("ready")
    if crowd:
        program = other.start([sys.executable, "-m", "bench.crowd", str(crowd), other.v4[lan]], env=other.env)
        assert program.stdout is not None
        program.stdout.readline()
    return host, node


def pair(made: Office) -> tuple[Host, Node]:
    """Two colleagues, linked."""
    lan = made.lan()
    hosts = [made.host(name, lan) for name in ("anne", "paul")]
    asyncio.run(settle("Dupont & fils", [(host, host.label.title()) for host in hosts]))
    nodes = [host.node() for host in hosts]
    for node in nodes:
        node.wait("linked")
    return hosts[0], nodes[0]


def main() -> None:
    with office(JOB) as made:
        if made is None:
            return
        watched = {f"{crowd} neighbours": alone(made, crowd) for crowd in CROWDS}
        watched["1 colleague linked"] = pair(made)
        time.sleep(CALM)
        rest = watch(watched)
        for kind, what, unit in KINDS:
            for place, found in rest.items():
                say(JOB, what, f"{OURS}, {place}", unit, found[kind])
        by_crowd = {1 + crowd: statistics.median(rest[f"{crowd} neighbours"]["cpu"]) for crowd in CROWDS}
        tell(JOB, f"processor by neighbours: {growth(by_crowd)}")
        post_bytes(*watched["1 colleague linked"], statistics.median(rest["1 colleague linked"]["bytes"]) / 3600)


def watch(watched: dict[str, tuple[Host, Node]]) -> dict[str, dict[str, list[float]]]:
    """Round after round of doing nothing."""
    found: dict[str, dict[str, list[float]]] = {place: {"cpu": [], "woken": [], "bytes": []} for place in watched}
    for _round in range(ROUNDS):
        before = {place: counted(host, node) for place, (host, node) in watched.items()}
        time.sleep(ROUND)
        for place, (host, node) in watched.items():
            cpu, woken, moved = (now - then for now, then in zip(counted(host, node), before[place], strict=True))
            found[place]["cpu"].append(100 * cpu / ROUND)
            found[place]["woken"].append(woken * 60 / ROUND)
            found[place]["bytes"].append(moved * 3600 / ROUND)
    return found


def counted(host: Host, node: Node) -> tuple[float, int, int]:
    return cpu_seconds(node.pid), wake_ups(node.pid), carried(host)


def post_bytes(host: Host, node: Node, idle: float) -> None:
    """What one post costs on the wire, all headers and acknowledgements in it, what idles taken off."""
    before, began = carried(host), time.monotonic()
    text = "the lift is out of order again and whoever has the key may ask at the desk"
    host.cli("post", "-", stdin="".join(f"{text} {n}\n" for n in range(POSTS)))
    node.wait_for(lambda line: line["event"] == "post" and line["text"] == f"{text} {POSTS - 1}")
    time.sleep(2)
    cost = carried(host) - before - idle * (time.monotonic() - began)
    say(JOB, "on the wire a post, to one colleague", OURS, "B", [cost / POSTS])


if __name__ == "__main__":
    with steady(JOB):
        main()
        idle_desktop.measure(JOB)
