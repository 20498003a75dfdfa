"""Hostile programs on a real LAN, and bad lines: members stay linked, memory stays bounded, newcomers get in."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from deskblog import limits
from deskblog.limits import MIB
from tests.office.hosts import Host, Office
from tests.office.node import Node, Running
from tests.office.space import Space
from tests.office.test_first_light import founded, refused, until_held

HISTORY, READER_BOUND = 20_000, 32 * MIB  # measured: 8 to 12 MiB
SOURCES = 200
CROWD, CROWD_BOUND = 1000, 70 * MIB  # measured: 8 MiB
RECORDS = 100_000
MDNS_BOUND = 40 * MIB  # measured: 18 MiB, most of it zeroconf's cache before it is tidied
BEACONS, BEACON_BOUND = 20_000, 8 * MIB  # measured: 2.4 MiB
BEACON_SECONDS = 1.0  # of work while those come in, over two seconds at least; measured: 0.04
NO_MDNS = """add table inet silent
add chain inet silent heard { type filter hook input priority 0; }
add rule inet silent heard udp dport 5353 drop
"""
BREAK = """add table inet bad
add chain inet bad line { type filter hook input priority 0; }
add rule inet bad line tcp flags & rst == 0 reject with tcp reset
"""
PROXY = """add table ip proxy
add chain ip proxy every {{ type nat hook prerouting priority -100; }}
add rule ip proxy every meta l4proto tcp redirect to :{port}
"""
FORGETFUL = """add table ip forgetful
add set ip forgetful lines { type inet_service . inet_service; flags dynamic, timeout; timeout 60s; }
add chain ip forgetful every { type filter hook forward priority 0; }
add rule ip forgetful every meta l4proto != tcp accept
add rule ip forgetful every tcp flags & rst != 0 accept
add rule ip forgetful every tcp flags & (syn | ack) == syn update @lines { tcp sport . tcp dport } accept
add rule ip forgetful every tcp sport . tcp dport @lines update @lines { tcp sport . tcp dport } accept
add rule ip forgetful every tcp dport . tcp sport @lines update @lines { tcp dport . tcp sport } accept
add rule ip forgetful every meta l4proto tcp reject with tcp reset
"""


def hostile(host: Host, what: str, *, on: Space | None = None, **spec: Any) -> Running:
    """Starts a program of tests/office/hostile.py on a host, or elsewhere with its folders; the office ends it."""
    errors = host.folder / f"stderr-{what}"
    with errors.open("w", encoding="utf-8") as file:
        words = [sys.executable, "-m", "tests.office.hostile", what, json.dumps(spec)]
        return Running(f"{host.label}: {what}", (on or host).start(words, env=host.env, stderr=file), errors)


def said(running: Running, event: str, **fields: Any) -> Any:
    return running.wait_for(lambda line: line["event"] == event and line.items() >= fields.items())


def used(node: Running) -> int:
    """Bytes of memory that a program has in use; from now on counts what it uses at `most`."""
    Path(f"/proc/{node.pid}/clear_refs").write_text("5", encoding="ascii")
    return most(node)


def most(node: Running) -> int:
    """Bytes of memory that a program had in use at most since `used`."""
    status = Path(f"/proc/{node.pid}/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) * 1024


def unhurt(*nodes: Node) -> bool:
    """No node said anything on stderr, or lost a link."""
    assert [node.said_on_stderr() for node in nodes] == [""] * len(nodes)
    return not [line for node in nodes for line in node.lines if line["event"] == "lost"]


# --- mDNS -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("tagged", [False, True], ids=["of no office", "with the office's tag"])
def test_a_hundred_thousand_mdns_records_cost_little_and_keep_nobody_apart(office: Office, tagged: bool) -> None:
    """Fake services, rubbish of each sort, and lies about those who live; a colleague comes in the midst of it."""
    lan = office.lan()
    a, b, c = (office.host(name, lan) for name in "abc")
    node_a, node_b = founded(a), b.node()
    a.admit(b, "Paul")
    node_b.wait("linked", person="Anne")
    before = used(node_a)

    places = [a.v4[lan], b.v4[lan], f"{lan.v4}.1"]
    spec: dict[str, Any] = {
        "own": c.v4[lan],
        "colleagues": 2,
        "records": RECORDS,
        "places": places,
        "port": node_a.port(),
    }
    flood = hostile(c, "mdns", tagged=tagged, **spec)
    said(flood, "dials")
    a.cli("post", "Through the flood")
    until_held(node_b, "Through the flood")
    assert unhurt(node_a, node_b)
    node_b.stop()
    node_b = b.node()
    node_b.wait("linked", person="Anne")
    said(flood, "flooded")
    b.cli("post", "After the flood")
    until_held(node_a, "After the flood")
    assert most(node_a) - before < MDNS_BOUND
    assert max(line.get("dials", 0) for line in flood.lines) < (300 if tagged else 50)
    assert unhurt(node_b)
    assert node_a.said_on_stderr() == ""


def test_goodbyes_for_living_colleagues_do_not_keep_them_apart(office: Office) -> None:
    """Somebody says they are gone and elsewhere; when their link breaks, they find each other again."""
    lan = office.lan()
    a, b, c = (office.host(name, lan) for name in "abc")
    node_a, node_b = founded(a), b.node()
    a.admit(b, "Paul")
    node_a.wait("linked", person="Paul")
    node_b.wait("linked", person="Anne")
    said(hostile(c, "goodbye", own=c.v4[lan], colleagues=2), "said")
    since = node_a.mark(), node_b.mark()
    broken(a, node_a, b, node_b)
    node_a.wait("linked", person="Paul", since=since[0])
    node_b.wait("linked", person="Anne", since=since[1])
    a.cli("post", "Still here")
    until_held(node_b, "Still here")


def broken(a: Host, node_a: Node, b: Host, node_b: Node) -> None:
    """Both ends of their link get a reset; then all is as before."""
    since = node_a.mark(), node_b.mark()
    b.nft(BREAK)
    a.cli("post", "into the void")
    b.cli("post", "from the other side")
    node_a.wait("lost", since=since[0])
    node_b.wait("lost", since=since[1])
    b.nft("delete table inet bad")


def test_ten_thousand_false_beacons_a_second_cost_little_and_point_nobody_at_a_victim(office: Office) -> None:
    """Keys of nobody, keys of colleagues, and a sender's address that is somebody else's; mDNS is blocked, so that
    who comes in the midst of it is found by the beacon or not at all."""
    lan = office.lan()
    a, b, c, d = (office.host(name, lan) for name in "abcd")
    node_a, node_b = founded(a), b.node()
    a.admit(b, "Paul")
    node_b.wait("linked", person="Anne")
    bystander = hostile(d, "victim")
    port = said(bystander, "listening")["port"]
    spec: dict[str, Any] = {"own": c.v4[lan], "colleagues": 2, "victim": d.v4[lan], "victim_port": port}
    flood = hostile(c, "beacons", many=BEACONS, **spec)
    said(flood, "learnt")
    before, worked = used(node_a), cpu(node_a)
    said(flood, "flooded")
    worked = cpu(node_a) - worked
    a.cli("post", "Through the flood")
    until_held(node_b, "Through the flood")
    assert unhurt(node_a, node_b)
    node_b.stop()
    a.nft(NO_MDNS)
    b.nft(NO_MDNS)
    node_b = b.node()
    node_b.wait("linked", person="Anne")
    b.cli("post", "After the flood")
    until_held(node_a, "After the flood")
    assert most(node_a) - before < BEACON_BOUND
    assert worked < BEACON_SECONDS
    assert max(line.get("dials", 0) for line in bystander.lines) < 60
    assert node_a.said_on_stderr() == ""


def cpu(node: Running) -> float:
    """Seconds of work a program has done so far."""
    fields = Path(f"/proc/{node.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def test_two_hundred_services_that_show_the_digits_of_a_code_are_not_all_tried(office: Office) -> None:
    """Who knew the inviter before gets in at once; who comes later is refused in words, and gets in by address."""
    lan = office.lan()
    a, b, c, d = (office.host(name, lan) for name in "abcd")
    node_a, node_b = founded(a), b.node()
    node_b.wait("ready")
    crowd = hostile(c, "digits", own=c.v4[lan], fakes=200)

    first = a.start_deskblog("office", "invite")
    code = first.wait_key("code")
    said(crowd, "shown", digits=code[:3])
    assert b.cli("office", "join", code, "--me", "Paul")[0]["name"] == "Dupont & fils"
    assert first.wait_key("admitted") == "Paul"

    second = a.start_deskblog("office", "invite")
    code = second.wait_key("code")
    said(crowd, "shown", digits=code[:3])
    a.hush()  # so that all the others are heard first
    node_d = d.node()
    node_d.wait("ready")
    crowd.wait_for(lambda line: line["event"] == "shown", since=crowd.mark())
    a.unhush()
    refusal = refused(d, "office", "join", code, "--me", "Dora")
    assert refusal["error"].startswith(f"Several PCs on this network show the code {code[:3]}")
    assert "address of the PC that shows it" in refusal["next"]
    crowd.wait_for(lambda line: line["event"] == "shown", since=crowd.mark())
    assert max(line.get("dials", 0) for line in crowd.lines) == limits.JOIN_SERVICES
    address = f"{a.v4[lan]}:{node_a.port()}"
    assert d.cli("office", "join", code, "--me", "Dora", "--at", address)[0]["person"] == "Dora"
    node_d.wait("linked", person="Anne")


# --- links ------------------------------------------------------------------------------------------------
def test_a_thousand_silent_connections_from_two_hundred_addresses_keep_nobody_out(office: Office) -> None:
    """Silent, saying garbage, saying a byte a second, and new ones all the while: colleagues link, one joins."""
    lan = office.lan()
    a, b, c, d = (office.host(name, lan) for name in "abcd")
    node_a, node_b = founded(a), b.node()
    a.admit(b, "Paul")
    node_a.wait("linked", person="Paul")
    node_b.stop()
    node_a.wait("lost", person="Paul")
    before = used(node_a)

    sources = c.more_addresses(lan, SOURCES)
    crowd = hostile(c, "crowd", at=a.v4[lan], port=node_a.port(), sources=sources, count=CROWD, pace=200)
    said(crowd, "crowded")
    since = node_a.mark()
    address = f"{a.v4[lan]}:{node_a.port()}"
    node_b = b.node("--no-discovery", "--peer", address)  # only b dials: a's door is what is crowded
    node_a.wait("linked", person="Paul", since=since)
    node_d = d.node()
    a.admit(d, "Dora", at=address)
    node_d.wait("linked", person="Anne")
    a.cli("post", "Past the crowd")
    until_held(node_b, "Past the crowd")
    until_held(node_d, "Past the crowd")
    crowd.wait_for(lambda line: line["event"] == "crowded" and line["connections"] > CROWD)
    assert most(node_a) - before < CROWD_BOUND
    assert unhurt(node_b, node_d)


def test_a_member_who_asks_for_all_and_stops_reading_is_left(office: Office) -> None:
    """Paul still fetches the same history meanwhile, and his posts come through."""
    lan = office.lan()
    a, b, c = (office.host(name, lan) for name in "abc")
    node_a, node_b, node_c = founded(a), b.node(), c.node()
    a.admit(c, "Mallory")
    node_c.stop()
    a.admit(b, "Paul")
    node_b.wait("linked", person="Anne")
    as_mallory: dict[str, Any] = {"at": a.v4[lan], "port": node_a.port(), "data": str(c.data)}
    said(hostile(c, "history", posts=HISTORY, **as_mallory), "held")
    before, since = used(node_a), node_a.mark()
    greedy = hostile(c, "greedy", **as_mallory)
    node_a.wait("lost", since=since, where=lambda line: "too slowly" in line["reason"])
    said(greedy, "ended")
    assert most(node_a) - before < READER_BOUND
    b.cli("post", "Paul goes on")
    until_held(node_a, "Paul goes on")


# --- bad lines --------------------------------------------------------------------------------------------
def test_packets_of_three_hundred_bytes_carry_a_joining_and_the_longest_posts(office: Office) -> None:
    lan = office.lan()
    a, b = (office.host(name, lan, v6=False) for name in "ab")
    for host in (a, b):
        host.narrow(lan, 300)
    node_a, node_b = founded(a), b.node()
    a.admit(b, "Paul")
    node_a.wait("linked", person="Paul")
    long = "\U0001f600" * limits.POST  # four bytes each; no post is longer
    a.cli("post", long)
    until_held(node_b, long)
    node_b.stop()
    many = [f"{n} " + "\U0001f600" * (limits.POST - 4) for n in range(100)]
    a.cli("post", "-", stdin="\n".join(many))
    node_b = b.node()
    until_held(node_b, *many)
    assert unhurt(node_b)


def test_a_proxy_that_answers_for_everyone_breaks_nothing_and_once_it_is_gone_they_link(office: Office) -> None:
    lille, nantes = office.lan(), office.lan()
    a, b = office.host("a", lille, v6=False), office.host("b", nantes, v6=False)
    router = office.router(lille, nantes)
    node_a = founded(a)
    address = f"{a.v4[lille]}:{node_a.port()}"
    node_b = b.node("--peer", address)
    node_b.wait("ready")
    a.admit(b, "Paul", at=address)
    node_b.wait("linked", person="Anne")
    node_b.stop()

    proxy = hostile(b, "proxy", on=router)
    port = said(proxy, "listening")["port"]
    router.nft(PROXY.format(port=port))
    node_b = b.node("--peer", address)
    proxy.wait_for(lambda line: "answered" in line)
    b.cli("post", "Written behind a proxy")
    router.nft("delete table ip proxy")
    node_b.wait("linked", person="Anne")
    until_held(node_a, "Written behind a proxy")
    assert unhurt(node_b)


def test_a_router_that_forgets_idle_lines_resets_a_link_and_it_comes_back(office: Office) -> None:
    """Pings keep a line known that is forgotten after a minute; one that is forgotten all the same is made anew."""
    assert 2 * limits.PING_SECONDS < 60
    lille, nantes = office.lan(), office.lan()
    a, b = office.host("a", lille, v6=False), office.host("b", nantes, v6=False)
    router = office.router(lille, nantes)
    router.nft(FORGETFUL)
    node_a = founded(a)
    address = f"{a.v4[lille]}:{node_a.port()}"
    node_b = b.node("--peer", address)
    node_b.wait("ready")
    a.admit(b, "Paul", at=address)
    node_b.wait("linked", person="Anne")
    since = node_a.mark(), node_b.mark()
    router.nft("flush set ip forgetful lines")
    a.cli("post", "One")
    b.cli("post", "Two")
    node_b.wait("linked", person="Anne", since=since[1])  # whoever noticed it first dialled anew
    said = [line["event"] for node, mark in zip((node_a, node_b), since, strict=True) for line in node.lines[mark:]]
    assert "lost" in said
    until_held(node_b, "One")
    until_held(node_a, "Two")


def test_two_sites_that_cannot_hear_each_other_are_one_office_by_a_third(office: Office) -> None:
    """b has a cable in both; posts and a removal cross by it."""
    lille, nantes = office.lan(), office.lan()
    a, b, c = office.host("a", lille), office.host("b", lille, nantes), office.host("c", nantes)
    node_a, node_b, node_c = founded(a), b.node(), c.node()
    a.admit(b, "Paul")
    a.cli("office", "role", "Paul", "keyholder")
    node_b.wait("people", where=lambda line: any(p["me"] and p["role"] == "keyholder" for p in line["people"]))
    b.admit(c, "Chloé")
    node_c.wait("linked", person="Paul")
    a.cli("post", "From Lille")
    until_held(node_c, "From Lille")
    c.cli("post", "From Nantes")
    until_held(node_a, "From Nantes")
    assert not a.reaches(c.v4[nantes], within=1)
    a.cli("office", "remove", "Chloé")
    node_c.wait("removed", by="Anne")
    assert not [line for line in node_c.lines if line["event"] == "linked" and line["person"] == "Anne"]
