"""Which addresses lead into the own network or to this PC, and which outside."""

from __future__ import annotations

import ipaddress
import socket

_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # leads where the address in it leads
_LOCAL = (ipaddress.ip_network("fec0::/10"), ipaddress.ip_network("64:ff9b:1::/48"))  # of a site, of its gateway
INSIDE_NAMES = frozenset(
    {"localhost", "local", "internal", "lan", "home", "arpa"}
)  # last parts of names that stay inside


class NoWay(Exception):
    """`word`: "address", "inside", "name", "proxy", "certificate", "time", "connection" or "garbled"."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


def is_public(host: str) -> bool:
    """False if any address of a host is of the own network or machine; True where it cannot be looked up here."""
    try:
        found = lookup(host, 0)
    except NoWay:
        return True  # a proxy may know it; without one the connection fails in words
    return all(is_outside(address) for address in found)


def is_outside(address: str) -> bool:
    """Not this PC, not the own network or the provider's, nor any of those by a gateway from IPv6 to IPv4."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        within = _within(found)
        if within is not None:
            return is_outside(str(within))
        if any(found in net for net in _LOCAL):
            return False
    return found.is_global and not found.is_multicast


def _within(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that such an address of IPv6 leads to."""
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour
    if address in _NAT64 or not int(address) >> 32:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.teredo[1] if address.teredo else None


def lookup(host: str, port: int) -> tuple[str, ...]:
    """The addresses of a host, in the system's order. NoWay if there are none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, ValueError):
        raise NoWay("name") from None
    return tuple(dict.fromkeys(str(one[4][0]) for one in found))
