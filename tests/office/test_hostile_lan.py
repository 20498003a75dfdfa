"""Hostile programs on a real LAN, and bad lines: members stay linked, memory stays bounded, newcomers get in."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from deskblog import limits
from deskblog.limits import MIB
from tests.office.hosts import Host, Office
from tests.office.node import Node, Running
from tests.office.test_first_light import founded, refused, until_held

SOURCES = 200
CROWD, CROWD_BOUND = 1000, 70 * MIB  # measured: 8 MiB
RECORDS = 100_000
MDNS_BOUND = 40 * MIB  # measured: 18 MiB, most of it zeroconf's cache before it is tidied
BREAK = """add table inet bad
add chain inet bad line { type filter hook input priority 0; }
add rule inet bad line tcp flags & rst == 0 reject with tcp reset
"""


def hostile(host: Host, what: str, **spec: Any) -> Running:
    """Starts a program of tests/office/hostile.py on a host; it is ended with the office."""
    errors = host.folder / f"stderr-{what}"
    with errors.open("w", encoding="utf-8") as file:
        words = [sys.executable, "-m", "tests.office.hostile", what, json.dumps(spec)]
        return Running(f"{host.label}: {what}", host.start(words, env=host.env, stderr=file), errors)


def said(running: Running, event: str, **fields: Any) -> Any:
    return running.wait_for(lambda line: line["event"] == event and line.items() >= fields.items())


def most(node: Running) -> int:
    """Bytes of memory that a program had in use at most until now."""
    status = Path(f"/proc/{node.pid}/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) * 1024


def unhurt(*nodes: Node) -> bool:
    """No node said anything on stderr, or lost a link."""
    assert [node.said_on_stderr() for node in nodes] == [""] * len(nodes)
    return not [line for node in nodes for line in node.lines if line["event"] == "lost"]


# --- mDNS -------------------------------------------------------------------------------------------------
def test_a_hundred_thousand_mdns_records_cost_little_and_keep_nobody_apart(office: Office) -> None:
    """Fake services, rubbish of each sort, and lies about those who live; a colleague comes in the midst of it."""
    lan = office.lan()
    a, b, c, d = (office.host(name, lan) for name in "abcd")
    node_a, node_b, node_d = founded(a), b.node(), d.node()
    a.admit(b, "Paul")
    a.admit(d, "Dora")
    node_d.wait("linked", person="Paul")
    node_d.stop()
    node_b.wait("lost", person="Dora")
    before, since = most(node_a), (node_a.mark(), node_b.mark())

    places = [a.v4[lan], b.v4[lan], f"{lan.v4}.1"]
    flood = hostile(c, "mdns", own=c.v4[lan], colleagues=2, records=RECORDS, places=places, port=node_a.port())
    said(flood, "dials")
    node_d = d.node()
    node_d.wait("linked", person="Anne")
    node_d.wait("linked", person="Paul")
    a.cli("post", "Through the flood")
    until_held(node_d, "Through the flood")
    said(flood, "flooded")
    b.cli("post", "After the flood")
    until_held(node_a, "After the flood")
    assert most(node_a) - before < MDNS_BOUND
    assert most(node_b) - before < MDNS_BOUND
    assert flood.lines[-1].get("dials", 0) < 50
    assert unhurt(node_d)
    lost = [line for node, mark in zip((node_a, node_b), since, strict=True) for line in node.lines[mark:]]
    assert not [line for line in lost if line["event"] == "lost"]


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
    assert "--at" in refusal["next"]
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
    before = most(node_a)

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
