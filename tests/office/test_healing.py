"""It connects by itself: whatever a network lacks, filters or loses, everyone has everything at the end of each."""

from __future__ import annotations

import sys
import time

import pytest

from tests.office.hosts import Host, Office
from tests.office.node import Node
from tests.office.test_first_light import founded, texts, until_held

Colleague = tuple[Host, Node]
Pair = tuple[Colleague, Colleague]
MANY = 300
SLEEP_SECONDS = 8.0  # past the five by which a poll must be late, and past the time a handshake has
BEATS = 70.0  # three heartbeats missed, seen at the fourth, and some time to spare
NO_MDNS = "udp dport 5353"
NO_BEACON = "udp dport 20140"
NO_DISCOVERY = "meta l4proto udp"
NO_CALLS = "tcp dport 20140 tcp flags & (syn | ack) == syn"


def opened(*hosts: Host) -> None:
    for host in hosts:
        host.nft("delete table inet wall\n")


def linked(*pair: Colleague) -> None:
    """a has founded an office, b is let in, and both say they are linked."""
    (a, node_a), (b, node_b) = pair
    node_b.wait("ready")
    a.admit(b, "Paul")
    node_a.wait("linked", person="Paul")
    node_b.wait("linked", person="Anne")


def everyone_has_everything(*colleagues: Colleague) -> None:
    """Each writes; all hold what all wrote."""
    words = [f"From {host.label} at {time.monotonic()}" for host, _node in colleagues]
    for (host, _node), text in zip(colleagues, words, strict=True):
        host.cli("post", text)
    for _host, node in colleagues:
        until_held(node, *words)
    held = [sorted(texts(host)) for host, _node in colleagues]
    assert all(one == held[0] for one in held)


def began(office: Office, names: str = "ab", *, v4: bool = True, v6: bool = True) -> Pair:
    """Two colleagues on a LAN of their own, linked; b started before he had any network."""
    lan = office.lan()
    a, b = office.host(names[0], lan, v4=v4, v6=v6), office.host(names[1])
    pair = (a, founded(a)), (b, b.node())
    pair[1][1].wait("ready")
    b.attach(lan, v4=v4, v6=v6)
    linked(*pair)
    return pair


def marks(pair: Pair) -> tuple[int, int]:
    return pair[0][1].mark(), pair[1][1].mark()


def linked_again(pair: Pair, since: tuple[int, int], timeout: float = 40) -> None:
    """Each side says that a link stands, a new one."""
    for (_host, node), mark, person in zip(pair, since, ("Paul", "Anne"), strict=True):
        node.wait("linked", person=person, since=mark, timeout=timeout)


# --- either protocol alone, either channel alone ------------------------------------------------------------
@pytest.mark.parametrize(("v4", "v6"), [(True, False), (False, True)], ids=["IPv4", "IPv6"])
def test_one_protocol_is_enough_also_where_the_network_comes_late(office: Office, v4: bool, v6: bool) -> None:
    everyone_has_everything(*began(office, v4=v4, v6=v6))


@pytest.mark.parametrize("missing", [NO_MDNS, NO_BEACON], ids=["mDNS is blocked", "the beacon is blocked"])
def test_one_channel_is_enough_also_to_join(office: Office, missing: str) -> None:
    lan = office.lan()
    a, b = (office.host(name, lan) for name in "ab")
    for host in (a, b):
        host.wall(missing)
    pair = (a, founded(a)), (b, b.node())
    linked(*pair)
    everyone_has_everything(*pair)


@pytest.mark.parametrize("missing", [NO_MDNS, NO_BEACON], ids=["mDNS is blocked", "the beacon is blocked"])
def test_on_a_wire_with_link_local_addresses_alone_colleagues_are_linked(office: Office, missing: str) -> None:
    lan = office.lan()
    a, b = (office.host(name, lan, v4=False) for name in "ab")
    for host in (a, b):
        host.wall(missing)
    for host in (a, b):
        host.link_local_alone(lan)
    pair = (a, founded(a)), (b, b.node())
    linked(*pair)
    assert str(pair[0][1].wait("linked")["address"]).startswith("fe80::")
    everyone_has_everything(*pair)


# --- firewalls, terminal servers ----------------------------------------------------------------------------
def test_one_firewall_that_lets_nobody_in_is_no_matter_nor_are_both_channels_blocked(office: Office) -> None:
    """Both dial, so one open door is enough, whosever; where nobody is heard, colleagues are where they were."""
    (a, node_a), (b, node_b) = began(office)
    node_b.stop()
    for shut in (a, b):
        shut.wall(NO_CALLS)
        since, node_b = node_a.mark(), b.node()
        node_a.wait("linked", person="Paul", since=since)
        everyone_has_everything((a, node_a), (b, node_b))
        node_b.stop()
        opened(shut)
    node_a.stop()
    for host in (a, b):
        host.wall(NO_DISCOVERY)
    node_a, node_b = a.node(), b.node()
    node_a.wait("linked", person="Paul")
    a.cli("post", "Heard of by nobody")
    until_held(node_b, "Heard of by nobody")


def test_two_users_of_one_pc_and_a_colleague_all_see_each_other(office: Office) -> None:
    lan = office.lan()
    a, c = office.host("a", lan), office.host("c", lan)
    b = office.user("b", a)
    for host in (a, c):
        host.wall(NO_MDNS)  # they share the beacon's port
    nodes = node_a, node_b, node_c = founded(a), b.node(), c.node()
    assert node_b.port() != node_a.port()
    node_c.wait("ready")
    a.admit(b, "Paul")
    a.admit(c, "Chloé")
    for node, others in zip(nodes, (("Paul", "Chloé"), ("Anne", "Chloé"), ("Anne", "Paul")), strict=True):
        for person in others:
            node.wait("linked", person=person)
    everyone_has_everything((a, node_a), (b, node_b), (c, node_c))


# --- cables, leases, lids -----------------------------------------------------------------------------------
def test_of_two_cables_one_is_enough_and_a_person_is_there_once(office: Office) -> None:
    lans = office.lan(), office.lan()
    a, b = (office.host(name, *lans, v6=False) for name in "ab")
    pair = (_a, node_a), _b = (a, founded(a)), (b, b.node())
    linked(*pair)
    address = node_a.wait("linked", person="Paul")["address"]
    assert [line["event"] for line in node_a.lines].count("linked") == 1
    assert len([row for row in a.cli("office", "people") if row.get("name") == "Paul"]) == 1
    used = next(lan for lan in lans if address == b.v4[lan])
    since = marks(pair)
    b.cut(used)
    linked_again(pair, since)
    assert node_a.wait("linked", person="Paul", since=since[0])["address"] != address
    everyone_has_everything(*pair)


def test_whatever_happens_to_a_pc_is_healed_and_a_dead_line_is_noticed_on_both_sides(office: Office) -> None:
    """One office, in which nothing but missing heartbeats tells of a switch gone mad. While these are waited for,
    in another the PC of one sleeps, goes elsewhere, falls asleep in mid-handshake and loses its cable."""
    dead = (a, node_a), (b, node_b) = began(office)
    since = marks(dead)
    b.hush()
    a.cli("post", "Said to nobody")
    other = began(office, "cd", v6=False)  # else a link over IPv6 outlives another lease
    for trial in (new_lease_in_mid_transfer, slept_and_woke_elsewhere, fell_asleep_in_mid_handshake, cable_out):
        other = trial(other)
        everyone_has_everything(*other)
    node_a.wait("lost", person="Paul", since=since[0], timeout=BEATS)
    node_b.wait("lost", person="Anne", since=since[1], timeout=BEATS)
    since = marks(dead)
    b.unhush()
    linked_again(dead, since, timeout=70)
    until_held(node_b, "Said to nobody")
    everyone_has_everything(*dead)


def new_lease_in_mid_transfer(pair: Pair) -> Pair:
    """b's address changes while he fetches; the link from the old one ends, and the rest comes over a new one."""
    (a, _node_a), (b, node_b) = pair
    words = [f"Post {n} of many" for n in range(MANY)]
    since = marks(pair)
    (a.folder / "many").write_text("\n".join(words), encoding="utf-8")
    writing = a.start(["sh", "-c", f"{sys.executable} -m deskblog post - --json < {a.folder / 'many'}"], env=a.env)
    node_b.wait("post", since=since[1])
    b.new_address(next(iter(b.v4)))
    until_held(node_b, *words)
    assert writing.wait(30) == 0
    linked_again(pair, since)
    return pair


def slept_and_woke_elsewhere(pair: Pair) -> Pair:
    (a, _node_a), (b, node_b) = pair
    b.sleep()
    a.cli("post", "While Paul slept")
    b.new_address(next(iter(b.v4)))
    b.nap(SLEEP_SECONDS)
    until_held(node_b, "While Paul slept")
    return pair


def fell_asleep_in_mid_handshake(pair: Pair) -> Pair:
    (a, node_a), (b, node_b) = pair
    node_b.stop()
    a.cli("post", "While Paul was off")
    since, node_b = node_a.mark(), b.node()
    node_b.wait("ready")
    b.nap(SLEEP_SECONDS)
    node_b.wait("linked", person="Anne")
    node_a.wait("linked", person="Paul", since=since)
    until_held(node_b, "While Paul was off")
    return (a, node_a), (b, node_b)


def cable_out(pair: Pair) -> Pair:
    (a, _node_a), (b, node_b) = pair
    since = marks(pair)
    b.cut()
    a.cli("post", "While the cable was out")
    b.cli("post", "Alone for a moment")
    node_b.wait("lost", person="Anne", since=since[1])  # the PC whose cable it is notices soon
    b.restore()
    linked_again(pair, since)
    until_held(node_b, "While the cable was out")
    return pair
