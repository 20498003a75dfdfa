"""It connects by itself: whatever a network lacks, filters or loses, everyone has everything at the end of each."""

from __future__ import annotations

import time

import pytest

from tests.office.hosts import Host, Office
from tests.office.node import Json, Node
from tests.office.test_first_light import founded, texts, until_held

Colleague = tuple[Host, Node]
MANY = 300
SLEEP_SECONDS = 8.0  # past the five by which a poll must be late, and past the time a handshake has
BEATS = 70.0  # three heartbeats missed, seen at the fourth, and some time to spare
NO_MDNS = "udp dport 5353"
NO_BEACON = "udp dport 20140"
NO_DISCOVERY = "meta l4proto udp"
NO_CALLS = "tcp dport 20140 tcp flags & (syn | ack) == syn"


def filtered(what: str, *hosts: Host) -> None:
    """A firewall of these PCs drops it as it comes in."""
    for host in hosts:
        host.nft(
            "add table inet wall\n"
            "add chain inet wall door { type filter hook input priority 0; }\n"
            f"add rule inet wall door {what} drop\n"
        )


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
    for host, _node in colleagues:
        host.cli("post", f"From {host.label}")
    for _host, node in colleagues:
        until_held(node, *(f"From {host.label}" for host, _node in colleagues))
    held = [sorted(texts(host)) for host, _node in colleagues]
    assert all(one == held[0] for one in held)


def began(office: Office, *, v4: bool = True, v6: bool = True) -> tuple[Colleague, Colleague]:
    """Two colleagues on one LAN, linked."""
    lan = office.lan()
    a, b = (office.host(name, lan, v4=v4, v6=v6) for name in "ab")
    pair = (a, founded(a)), (b, b.node())
    linked(*pair)
    return pair


def lost_and_linked(pair: tuple[Colleague, Colleague], since: tuple[int, int], timeout: float) -> None:
    """Each side noticed that the link was gone, and each says that one stands again."""
    for (_host, node), mark, person in zip(pair, since, ("Paul", "Anne"), strict=True):
        node.wait("lost", person=person, since=mark, timeout=timeout)
        node.wait("linked", person=person, since=mark, timeout=timeout)


def marks(pair: tuple[Colleague, Colleague]) -> tuple[int, int]:
    return pair[0][1].mark(), pair[1][1].mark()


# --- either protocol alone, either channel alone ------------------------------------------------------------
@pytest.mark.parametrize(("v4", "v6"), [(True, False), (False, True)], ids=["IPv4", "IPv6"])
def test_one_protocol_is_enough(office: Office, v4: bool, v6: bool) -> None:
    everyone_has_everything(*began(office, v4=v4, v6=v6))


@pytest.mark.parametrize("missing", [NO_MDNS, NO_BEACON], ids=["mDNS is blocked", "the beacon is blocked"])
def test_one_channel_is_enough_also_to_join(office: Office, missing: str) -> None:
    lan = office.lan()
    a, b = (office.host(name, lan) for name in "ab")
    filtered(missing, a, b)
    pair = (a, founded(a)), (b, b.node())
    linked(*pair)
    everyone_has_everything(*pair)


def test_on_a_wire_with_link_local_addresses_alone_colleagues_are_linked(office: Office) -> None:
    lan = office.lan()
    a, b = (office.host(name, lan, v4=False) for name in "ab")
    for host in (a, b):
        host.link_local_alone(lan)
    pair = (a, founded(a)), (b, b.node())
    linked(*pair)
    assert str(pair[0][1].wait("linked")["address"]).startswith("fe80::")
    everyone_has_everything(*pair)


def test_where_both_are_blocked_a_colleague_is_found_where_he_was(office: Office) -> None:
    pair = (a, node_a), (b, node_b) = began(office)
    everyone_has_everything(*pair)
    node_a.stop()
    node_b.stop()
    filtered(NO_DISCOVERY, a, b)
    again = (a, a.node()), (b, b.node())
    again[0][1].wait("linked", person="Paul")
    a.cli("post", "Heard of by nobody")
    until_held(again[1][1], "Heard of by nobody")


# --- firewalls, terminal servers ----------------------------------------------------------------------------
@pytest.mark.parametrize("shut", [0, 1], ids=["the founder's", "the other's"])
def test_one_firewall_that_lets_nobody_in_is_no_matter(office: Office, shut: int) -> None:
    """Both dial, so one open door is enough; whichever of the keys is lower."""
    (a, node_a), (b, node_b) = pair = began(office)
    node_a.stop()
    node_b.stop()
    filtered(NO_CALLS, pair[shut][0])
    again = (a, a.node()), (b, b.node())
    again[0][1].wait("linked", person="Paul")
    everyone_has_everything(*again)


def test_two_users_of_one_pc_and_a_colleague_all_see_each_other(office: Office) -> None:
    lan = office.lan()
    a, c = office.host("a", lan), office.host("c", lan)
    b = office.user("b", a)
    filtered(NO_MDNS, a, c)  # they share the beacon's port
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
    a, b = (office.host(name, *lans) for name in "ab")
    pair = (a, node_a), (b, node_b) = (a, founded(a)), (b, b.node())
    linked(*pair)
    address = str(node_a.wait("linked", person="Paul")["address"])
    assert [line["event"] for line in node_a.lines].count("linked") == 1
    people = [row for row in a.cli("office", "people") if row.get("name") == "Paul"]
    assert len(people) == 1
    used = next(lan for lan in lans if address in (b.v4[lan], b.v6[lan]))
    since = marks(pair)
    b.cut(used)
    lost_and_linked(pair, since, timeout=40)
    again = str(node_a.wait("linked", person="Paul", since=since[0])["address"])
    assert again not in (b.v4[used], b.v6[used])
    everyone_has_everything(*pair)


def test_an_address_that_changes_in_mid_transfer_loses_nothing(office: Office) -> None:
    """b's lease changes while he fetches; the link over the old address ends, and the rest comes over the new one."""
    (a, node_a), (b, node_b) = pair = began(office, v6=False)
    lan = next(iter(a.v4))
    words = [f"Post {n} of many" for n in range(MANY)]
    since = marks(pair)
    writing = a.start(
        ["sh", "-c", 'printf "%s" "$0" | "$1" -m deskblog post - --json', "\n".join(words), _python()], env=a.env
    )
    node_b.wait("post", since=since[1])
    b.new_address(lan)
    until_held(node_b, *words)
    assert writing.wait(30) == 0
    lost_and_linked(pair, since, timeout=30)
    everyone_has_everything(*pair)


def _python() -> str:
    import sys

    return sys.executable


def test_a_cable_that_was_out_for_ten_seconds_is_healed(office: Office) -> None:
    (a, _node_a), (b, node_b) = pair = began(office)
    since = marks(pair)
    b.cut()
    a.cli("post", "While the cable was out")
    b.cli("post", "Alone for a moment")
    node_b.wait("lost", person="Anne", since=since[1])  # the PC whose cable it is notices soon
    b.restore()
    lost_and_linked(pair, since, timeout=30)
    until_held(node_b, "While the cable was out")
    everyone_has_everything(*pair)


def test_a_switch_gone_mad_is_noticed_on_both_sides(office: Office) -> None:
    """Nothing tells of it but the heartbeats that do not come."""
    (a, node_a), (b, node_b) = pair = began(office)
    since = marks(pair)
    b.hush()
    node_a.wait("lost", person="Paul", since=since[0], timeout=BEATS)
    node_b.wait("lost", person="Anne", since=since[1], timeout=BEATS)
    a.cli("post", "Said to nobody")
    b.unhush()
    lost_and_linked(pair, since, timeout=70)
    everyone_has_everything(*pair)


def test_a_pc_that_slept_is_there_when_it_wakes(office: Office) -> None:
    (a, node_a), (b, node_b) = pair = began(office)
    lan = next(iter(a.v4))
    since = marks(pair)
    b.sleep()
    a.cli("post", "While Paul slept")
    b.new_address(lan)  # he wakes at another desk
    time.sleep(SLEEP_SECONDS)
    b.wake()
    until_held(node_b, "While Paul slept")
    assert node_b.wait("linked", person="Anne")
    everyone_has_everything(*pair)
    assert len(since) == 2 and node_a.running and node_b.running


def test_a_pc_that_fell_asleep_in_mid_handshake_is_linked_when_it_wakes(office: Office) -> None:
    (a, node_a), (b, node_b) = began(office)
    node_b.stop()
    node_a.wait("lost", person="Paul")
    a.cli("post", "While Paul was off")
    since = node_a.mark()
    node_b = b.node()
    node_b.wait("ready")
    b.sleep()
    time.sleep(SLEEP_SECONDS)
    b.wake()
    node_b.wait("linked", person="Anne")
    node_a.wait("linked", person="Paul", since=since)
    until_held(node_b, "While Paul was off")
    everyone_has_everything((a, node_a), (b, node_b))


def test_a_pc_that_starts_before_it_has_any_network_is_found_when_it_has(office: Office) -> None:
    lan = office.lan()
    a, b = office.host("a", lan), office.host("b")
    node_a, node_b = founded(a), b.node()
    node_b.wait("ready")
    b.attach(lan)
    linked((a, node_a), (b, node_b))
    everyone_has_everything((a, node_a), (b, node_b))
