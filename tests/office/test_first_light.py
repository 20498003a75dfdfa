"""First light: colleagues on a real LAN (mDNS, TLS, SQLite, processes, all real) find, join, write and catch up."""

from __future__ import annotations

import json

from tests.office.hosts import Host, Office
from tests.office.node import Node

FIFTY = [f"Post {n} of fifty" for n in range(50)]
ROUNDS, BURST = 100, 40


def texts(host: Host) -> list[str]:
    return [row["text"] for row in host.cli("timeline", "--limit", "100000")]


def posts(node: Node) -> list[str]:
    return [line["text"] for line in node.lines if line.get("event") == "post"]


def until_held(node: Node, *wanted: str) -> None:
    for text in wanted:
        node.wait("post", text=text)


def founded(host: Host, name: str = "Dupont & fils") -> Node:
    """Anne founds an office there; her node."""
    answer = host.cli("office", "found", name, "--me", "Anne")[0]
    assert len(answer["recovery"]) == 12
    node = host.node()
    node.wait("ready")
    return node


def refused(host: Host, *words: str) -> dict[str, str]:
    """Runs a command that must fail with an explanation; that explanation."""
    done = host.deskblog(*words, "--json")
    assert done.returncode == 1, f"{words}: {done.returncode} {done.stdout} {done.stderr}"
    assert "Traceback" not in done.stderr
    error: dict[str, str] = json.loads(done.stderr.splitlines()[-1])
    return error


def test_the_first_days_of_an_office(office: Office) -> None:
    """a founds, b joins, a posts 50, c joins, goes, comes back and gets from b what a is no longer there to give."""
    lan = office.lan()
    a, b, c, d = (office.host(name, lan) for name in "abcd")
    node_a, node_b = founded(a), b.node()
    joined = a.admit(b, "Paul")
    assert joined["name"] == "Dupont & fils" and joined["person"] == "Paul"
    node_a.wait("linked", person="Paul")
    node_b.wait("linked", person="Anne")

    a.cli("post", "-", stdin="\n".join(FIFTY))
    until_held(node_b, *FIFTY)
    node_c = c.node()
    a.admit(c, "Chloé")
    until_held(node_c, *FIFTY)
    assert sorted(texts(c)) == sorted(texts(b)) == sorted(FIFTY)

    assert node_c.stop() == 0
    node_b.wait("lost", person="Chloé")
    b.cli("post", "Chloé is out, Paul writes")
    a.cli("post", "and so does Anne")
    until_held(node_b, "and so does Anne")
    assert node_a.stop() == 0
    node_b.wait("lost", person="Anne")
    node_c = c.node()
    until_held(node_c, "Chloé is out, Paul writes", "and so does Anne")
    assert texts(c)[:2] == texts(b)[:2] == ["and so does Anne", "Chloé is out, Paul writes"]

    node_a = a.node()
    node_a.wait("linked", person="Chloé")
    found = [[row["text"] for row in one.cli("search", "post", "49", "of")] for one in (a, b, c)]
    assert found == [["Post 49 of fifty"]] * 3
    people = [sorted(p["name"] for p in one.cli("office", "people") if "name" in p) for one in (a, b, c)]
    assert people == [["Anne", "Chloé", "Paul"]] * 3

    node_d = d.node("--peer", f"{a.v4[lan]}:{node_a.port()}")
    refusal = refused(d, "office", "join", "123", "abandon", "ability", "able", "--me", "Dora")
    assert "123" in refusal["error"] and refusal["next"]
    assert refused(d, "post", "let me in")["error"] == "This PC is in no office yet."
    assert d.cli("timeline") == [] and d.cli("office", "people") == [] and not posts(node_d)
    assert not any("Dora" in str(line) for line in node_a.lines)


def test_an_office_on_ipv6_alone_finds_itself(office: Office) -> None:
    lan = office.lan()
    a, b = (office.host(name, lan, v4=False) for name in "ab")
    node_a, node_b = founded(a), b.node()
    a.admit(b, "Paul")
    node_a.wait("linked", person="Paul")
    a.cli("post", "Hello, six")
    until_held(node_b, "Hello, six")


def test_a_network_that_comes_late_is_found(office: Office) -> None:
    lan = office.lan()
    a, b = (office.host(name, lan) for name in "ab")
    node_a, node_b = founded(a), b.node()
    a.admit(b, "Paul")
    node_a.wait("linked", person="Paul")
    node_b.stop()
    b.cut()
    node_b = b.node()
    node_b.wait("ready")
    a.cli("post", "written while Paul had no network")
    b.restore()
    until_held(node_b, "written while Paul had no network")


def test_two_sites_are_joined_by_an_address(office: Office) -> None:
    lille, nantes = office.lan(), office.lan()
    a, b = office.host("a", lille), office.host("b", nantes)
    office.router(lille, nantes)
    node_a = founded(a)
    address = f"{a.v4[lille]}:{node_a.port()}"
    node_b = b.node("--peer", address)
    node_b.wait("ready")
    a.admit(b, "Paul", at=address)
    node_b.wait("linked", person="Anne")
    a.cli("post", "Hello Nantes")
    until_held(node_b, "Hello Nantes")


def test_a_node_killed_a_hundred_times_while_it_receives_loses_nothing_it_acknowledged(office: Office) -> None:
    """All that b printed as stored is there after kill -9, the store opens clean, and the rest comes again."""
    lan = office.lan()
    a, b = (office.host(name, lan) for name in "ab")
    node_a, node_b = founded(a), b.node()
    a.admit(b, "Paul")
    node_b.wait("linked", person="Anne")
    node_b.stop()
    peer = ("--peer", f"{a.v4[lan]}:{node_a.port()}", "--no-discovery")
    acknowledged: set[str] = set()
    for round_ in range(ROUNDS):
        a.cli("post", "-", stdin="\n".join(f"round {round_} post {n}" for n in range(BURST)))
        node_b = b.node(*peer)
        last = f"round {round_} post {round_ * 7 % BURST}"  # another moment each time
        until_held(node_b, last)
        node_b.kill9()
        acknowledged.update(posts(node_b))
    assert len(acknowledged) >= ROUNDS
    assert acknowledged <= set(texts(b))
    node_b = b.node(*peer)
    node_b.wait("synced", person="Anne")
    assert len(texts(b)) == ROUNDS * BURST
    assert not [line for line in node_b.lines if line.get("event") == "trouble"]
