"""What is own and what is near, by the true prefix lengths of all cards."""

from __future__ import annotations

from ipaddress import IPv4Interface, IPv6Interface

import pytest

from deskblog.net.interfaces import Interface, Interfaces, own_addresses, own_interfaces

CARD = Interface(
    "eth0",
    2,
    (IPv4Interface("10.1.2.3/16"), IPv4Interface("192.168.7.5/24"), IPv4Interface("192.168.7.6/24")),
    (IPv6Interface("fd00::5/64"), IPv6Interface("fe80::5%2/64")),
)
VPN = Interface("tun0", 3, (IPv4Interface("100.64.0.9/32"), IPv4Interface("10.9.0.1/31")), ())
HERE = Interfaces((CARD, VPN))


@pytest.mark.parametrize(
    ("address", "near"),
    [
        ("10.1.200.9", True),  # a /24 would not have had it
        ("10.2.0.1", False),
        ("192.168.7.99", True),
        ("100.64.0.10", False),
        ("fd00::99", True),
        ("fd01::99", False),
        ("fe80::99%2", True),
        ("fe80::99%eth0", True),
        ("fe80::99%7", False),
        ("fe80::99", False),
    ],
)
def test_near_is_what_shares_a_subnet_truly(address: str, near: bool) -> None:
    assert HERE.near(address) is near


def test_each_network_is_called_to_once_and_one_without_neighbours_not_at_all() -> None:
    assert CARD.broadcasts == ("10.1.255.255", "192.168.7.255")
    assert VPN.broadcasts == ()
    assert CARD.link_local and not VPN.link_local


def test_link_local_addresses_are_told_only_where_there_are_no_others() -> None:
    assert "fe80::5" not in HERE.addresses and "fe80::5" in HERE.bare
    assert (
        HERE.announced
        == HERE.addresses
        == {"10.1.2.3", "192.168.7.5", "192.168.7.6", "fd00::5"}
        | {
            "100.64.0.9",
            "10.9.0.1",
        }
    )
    alone = Interfaces((Interface("eth0", 2, (), (IPv6Interface("fe80::5%2/64"),)),))
    assert alone.addresses == frozenset() and alone.announced == {"fe80::5"}


def test_two_looks_at_an_unchanged_pc_are_equal_and_loopback_is_in_neither() -> None:
    first, second = own_interfaces(), own_interfaces()
    assert first == second
    assert own_addresses() == first.addresses
    assert not {"127.0.0.1", "::1"} & first.bare


def test_a_cable_that_is_out_is_a_change() -> None:
    out = Interfaces((Interface(CARD.name, CARD.index, CARD.v4, CARD.v6, carrier=False), VPN))
    assert out != HERE and out.addresses == HERE.addresses
