"""How long it takes to be linked, row by row, on virtual PCs with real nodes: median and worst of so many rounds.

    python bench/table.py [--rounds 10] [--row WORD]...      rows whose name has one of the words

Seconds from the cause to "linked" on both sides (of a bundle: to "read"), as each node says it. At the end of each
round everyone must have everything, else the round does not count and is said to have failed.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.office.hosts import Host, Office  # noqa: E402
from tests.office.node import Node, NotSaid  # noqa: E402
from tests.office.wire import Cable  # noqa: E402

Colleague = tuple[Host, Node]
NO_CALLS = "tcp dport 20140 tcp flags syn"
NO_DISCOVERY = "udp dport { 5353, 20140 }"
PAUSE = 60.0  # seconds of a cable out, and of a closed lid


@dataclass(frozen=True)
class Row:
    name: str
    run: Callable[[Office], float]


def founded(host: Host) -> Node:
    host.cli("office", "found", "Dupont & fils", "--me", "Anne")
    node = host.node()
    node.wait("ready")
    return node


def together(a: Host, b: Host, *, at: str | None = None) -> tuple[Colleague, Colleague]:
    """Anne has founded an office and Paul is in; both are linked."""
    one, other = founded(a), b.node()
    other.wait("ready")
    a.admit(b, "Paul", at=at, timeout=60)
    one.wait("linked", person="Paul")
    other.wait("linked", person="Anne")
    return (a, one), (b, other)


def equal(*colleagues: Colleague, patience: float = 60.0) -> None:
    """Everyone has everything."""
    words = [f"{host.label} at {time.monotonic()}" for host, _node in colleagues]
    for (host, _node), text in zip(colleagues, words, strict=True):
        host.cli("post", text)
    for host, node in colleagues:
        for text in words:
            if not any(row["text"] == text for row in host.cli("timeline")):
                node.wait("post", text=text, timeout=patience)


def again(pair: tuple[Colleague, Colleague], since: tuple[int, int], began: float) -> float:
    """Until both say that a link stands."""
    (_a, one), (_b, other) = pair
    one.wait("linked", person="Paul", since=since[0], timeout=120)
    other.wait("linked", person="Anne", since=since[1], timeout=120)
    took = time.monotonic() - began
    equal(*pair)
    return took


def marks(pair: tuple[Colleague, Colleague]) -> tuple[int, int]:
    return pair[0][1].mark(), pair[1][1].mark()


# --- rows -------------------------------------------------------------------------------------------------
def restarted(
    office: Office, *, v4: bool = True, v6: bool = True, loss: int = 0, cable: Cable | None = None
) -> float:
    """Paul's program starts: until linked on both sides."""
    lan = office.lan()
    a, b = office.host("a", lan, v4=v4, v6=v6), office.host("b")
    b.attach(lan, v4=v4, v6=v6, cable=cable)
    pair = together(a, b)
    pair[1][1].stop()
    if loss:
        lan.lose(loss)
    since, began = pair[0][1].mark(), time.monotonic()
    return again((pair[0], (b, b.node())), (since, 0), began)


def seen(office: Office) -> float:
    """As the node itself has it: from the first word heard to the link. Both have forgotten each other before."""
    lan = office.lan()
    pair = together(office.host("a", lan), office.host("b", lan))
    pair[1][1].stop()
    time.sleep(6)  # else it counts from the moment the last link went
    since = pair[0][1].mark()
    node = pair[1][0].node()
    linked = pair[0][1].wait("linked", person="Paul", since=since), node.wait("linked", person="Anne")
    equal(pair[0], (pair[1][0], node))
    return max(float(line["seconds"]) for line in linked)


def two_cards(office: Office) -> float:
    lans = office.lan(), office.lan()
    pair = together(office.host("a", *lans), office.host("b", *lans))
    used = pair[0][1].wait("linked", person="Paul")["address"]
    since, began = marks(pair), time.monotonic()
    b = pair[1][0]
    b.cut(next(lan for lan in lans if used in (b.v4.get(lan), b.v6.get(lan))))
    return again(pair, since, began)


def after(cause: Callable[[Host], None]) -> Callable[[Office], float]:
    def run(office: Office) -> float:
        lan = office.lan()
        pair = together(office.host("a", lan), office.host("b", lan))
        since = marks(pair)
        cause(pair[1][0])
        return again(pair, since, time.monotonic())

    return run


def new_address(b: Host) -> None:
    b.new_address(next(iter(b.v4)))


def cable_out(b: Host) -> None:
    b.cut()
    time.sleep(PAUSE)
    b.restore()
    for lan in b.v4:
        b.route(lan)


def lid(b: Host) -> None:
    b.nap(PAUSE)


def late_network(office: Office) -> float:
    lan = office.lan()
    a, b = office.host("a", lan), office.host("b", lan)
    pair = together(a, b)
    pair[1][1].stop()
    b.cut()
    for each in list(b.v4):
        b.ip("addr", "flush", "dev", "eth0")
        del each
    since, node = pair[0][1].mark(), b.node()
    node.wait("ready")
    time.sleep(30)
    b.restore()
    b.ip("addr", "add", f"{b.v4[lan]}/24", "brd", "+", "dev", "eth0")
    b.route(lan)
    return again((pair[0], (b, node)), (since, 0), time.monotonic())


def walled(what: str, *, both: bool) -> Callable[[Office], float]:
    def run(office: Office) -> float:
        lan = office.lan()
        a, b = office.host("a", lan), office.host("b", lan)
        pair = together(a, b)
        pair[1][1].stop()
        for host in (a, b) if both else (a,):
            host.wall(what)
        since, began = pair[0][1].mark(), time.monotonic()
        return again((pair[0], (b, b.node())), (since, 0), began)

    return run


def two_sites(office: Office, *, end: int) -> float:
    """Joined by one address; the node of one end starts anew."""
    lille, nantes = office.lan(), office.lan()
    a, b = office.host("a", lille), office.host("b", nantes)
    office.router(lille, nantes)
    pair = list(together(a, b, at=f"{a.v4[lille]}:20140"))
    b.cli("office", "road", f"{a.v4[lille]}:20140")
    pair[end][1].stop()
    since = [node.mark() for _host, node in pair]
    began = time.monotonic()
    pair[end], since[end] = (pair[end][0], pair[end][0].node()), 0
    return again((pair[0], pair[1]), (since[0], since[1]), began)


def three_in_a_row(office: Office) -> float:
    """A post from one end to the other, by the one in the middle."""
    one, other = office.lan(), office.lan()
    a, b, c = office.host("a", one), office.host("b", one, other), office.host("c", other)
    nodes = founded(b), a.node(), c.node()
    for host, person in ((a, "Paul"), (c, "Karim")):
        b.admit(host, person)
        nodes[0].wait("linked", person=person)
    began = time.monotonic()
    a.cli("post", "From one end")
    nodes[2].wait("post", text="From one end")
    took = time.monotonic() - began
    equal((b, nodes[0]), (a, nodes[1]), (c, nodes[2]))
    return took


def bundle(office: Office) -> float:
    """Both ways, between PCs no line joins."""
    lan = office.lan()
    a, b = office.host("a", lan), office.host("b", lan)
    pair = together(a, b)
    for _host, node in pair:
        node.stop()
    b.cut()
    a.cli("post", "From Lille")
    b.cli("post", "From Nantes")
    began = time.monotonic()
    for writer, reader in ((a, b), (b, a)):
        file = str(office.folder / f"{writer.label}.pli")
        writer.cli("bundle", "write", file)
        reader.cli("bundle", "read", file)
    took = time.monotonic() - began
    held = [sorted(row["text"] for row in host.cli("timeline")) for host in (a, b)]
    assert held[0] == held[1] == ["From Lille", "From Nantes"], held
    return took


ROWS = (
    Row("seen on the network -> linked", seen),
    Row("late joiner: program starts -> linked on both sides", restarted),
    Row("30 % loss", lambda office: restarted(office, loss=30)),
    Row("bad cable: 150 ms", lambda office: restarted(office, cable=Cable(delay=0.15))),
    Row("IPv6 only", lambda office: restarted(office, v4=False)),
    Row("IPv4 only", lambda office: restarted(office, v6=False)),
    Row("two cards: the used one is cut", two_cards),
    Row("address changes", after(new_address)),
    Row("cable out 60 s: cable in -> linked", after(cable_out)),
    Row("sleep 60 s: awake -> linked", after(lid)),
    Row("network appears 30 s after the start", late_network),
    Row("mDNS and beacon blocked, address remembered", walled(NO_DISCOVERY, both=True)),
    Row("one firewall closed", walled(NO_CALLS, both=False)),
    Row("two sites: the carrying end restarts", lambda office: two_sites(office, end=1)),
    Row("two sites: the other end restarts", lambda office: two_sites(office, end=0)),
    Row("three sites in a row: a post end to end", three_in_a_row),
    Row("bundle, both ways", bundle),
)


def measure(row: Row, rounds: int) -> None:
    took: list[float] = []
    failed: list[str] = []
    for _round in range(rounds):
        with Office() as office:
            try:
                took.append(row.run(office))
            except (NotSaid, AssertionError) as fault:
                failed.append(str(fault).splitlines()[0])
    figures = f"median {statistics.median(took):6.2f} s, worst {max(took):6.2f} s" if took else "no figure"
    sys.stdout.write(f"{row.name:52} {figures}  of {len(took)}\n")
    for said in failed:
        sys.stdout.write(f"    FAILED: {said}\n")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--row", action="append", default=[])
    args = parser.parse_args()
    for row in ROWS:
        if not args.row or any(word in row.name for word in args.row):
            measure(row, args.rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
