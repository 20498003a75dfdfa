"""It connects by itself: whatever a network lacks, filters or loses, everyone has everything at the end of each."""

from __future__ import annotations

from tests.office.hosts import Host, Office
from tests.office.node import Node
from tests.office.test_first_light import founded, until_held

NO_MDNS = """add table inet silent
add chain inet silent heard { type filter hook input priority 0; }
add rule inet silent heard udp dport 5353 drop
"""


def everyone_has_everything(*colleagues: tuple[Host, Node]) -> None:
    """Each writes; all hold what all wrote."""
    for host, _node in colleagues:
        host.cli("post", f"From {host.label}")
    for _host, node in colleagues:
        until_held(node, *(f"From {host.label}" for host, _node in colleagues))


def test_where_mdns_is_blocked_the_beacon_finds(office: Office) -> None:
    lan = office.lan()
    a, b = (office.host(name, lan) for name in "ab")
    for host in (a, b):
        host.nft(NO_MDNS)
    node_a, node_b = founded(a), b.node()
    a.admit(b, "Paul")
    node_b.wait("linked", person="Anne")
    everyone_has_everything((a, node_a), (b, node_b))
