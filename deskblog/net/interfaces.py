"""The network interfaces of this PC as plain values, and what can be told from them: what is own, what is near.

Prefix lengths are the true ones, so that a colleague in 10.1.0.0/16 is near though a /24 would not have him.
"""

from __future__ import annotations

import ipaddress
import socket
import sys
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from ipaddress import IPv4Interface, IPv6Interface

from msgspec import Struct

_GET_FLAGS, _RUNNING = 0x8913, 0x40  # Linux: SIOCGIFFLAGS, IFF_RUNNING
_POINT_TO_POINT = 31  # from this prefix length on a network has nobody to call to


class Interface(Struct, frozen=True):
    """A card, a dock, a VPN adapter, with the addresses it has now; link-local IPv6 ones have the index as scope."""

    name: str
    index: int
    v4: tuple[IPv4Interface, ...]
    v6: tuple[IPv6Interface, ...]
    carrier: bool = True  # a cable is in, as far as the system tells

    @property
    def both(self) -> list[IPv4Interface | IPv6Interface]:
        return [*self.v4, *self.v6]

    @property
    def broadcasts(self) -> tuple[str, ...]:
        """Where all of its IPv4 networks hear at once."""
        nets = {one.network for one in self.v4 if one.network.prefixlen < _POINT_TO_POINT}
        return tuple(sorted(str(net.broadcast_address) for net in nets))

    @property
    def link_local(self) -> bool:
        """Whether it has an address that multicast on its wire can come from."""
        return any(one.ip.is_link_local for one in self.v6)


@dataclass(frozen=True)
class Interfaces:
    """All of them, loopback left out."""

    all: tuple[Interface, ...] = ()

    @cached_property
    def addresses(self) -> frozenset[str]:
        """As text; link-local IPv6 left out, for without its interface it means nothing."""
        own = [one.ip for each in self.all for one in each.both]
        return frozenset(str(ip) for ip in own if ip.version == 4 or not ip.is_link_local)

    @cached_property
    def announced(self) -> frozenset[str]:
        """What is told to others: where there is nothing else, the link-local ones."""
        return self.addresses or self.bare

    @cached_property
    def bare(self) -> frozenset[str]:
        """All of them as text, link-local ones too, without scopes: what a socket may be bound to."""
        return frozenset(str(one.ip).partition("%")[0] for each in self.all for one in each.both)

    @cached_property
    def _networks(self) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
        return tuple({one.network for each in self.all for one in each.both})

    @cached_property
    def _scopes(self) -> frozenset[str]:
        return frozenset(scope for each in self.all for scope in (each.name, str(each.index)))

    def near(self, text: str) -> bool:
        """True if an address shares a subnet with this PC: those are tried first."""
        bare, _percent, scope = text.partition("%")
        address = ipaddress.ip_address(bare)
        if address.version == 6 and address.is_link_local:
            return scope in self._scopes
        return any(address in net for net in self._networks if net.version == address.version)

    def together(self, one: str, other: str) -> bool:
        """True if both addresses lie in one of this PC's networks."""
        both = [ipaddress.ip_address(text.partition("%")[0]) for text in (one, other)]
        return any(
            all(address in net for address in both) for net in self._networks if net.version == both[0].version
        )


def own_interfaces() -> Interfaces:
    """As they are now. Some 0.2 ms, but on some systems it waits for the kernel: not on the loop."""
    import ifaddr  # not before this PC goes out

    v4: dict[tuple[str, int], set[IPv4Interface]] = defaultdict(set)
    v6: dict[tuple[str, int], set[IPv6Interface]] = defaultdict(set)
    for adapter in ifaddr.get_adapters():
        key = (str(adapter.nice_name), int(adapter.index or 0))
        for ip in adapter.ips:
            if isinstance(ip.ip, str):
                one = IPv4Interface(f"{ip.ip}/{ip.network_prefix}")
                if not one.ip.is_loopback:
                    v4[key].add(one)
                continue
            six = IPv6Interface(_scoped(ip.ip[0], ip.ip[2], ip.network_prefix))
            if not six.ip.is_loopback:
                v6[key].add(six)
    keys = sorted(v4.keys() | v6.keys())
    live = _with_carrier([name for name, _index in keys])
    made = (Interface(*key, tuple(sorted(v4[key])), tuple(sorted(v6[key])), key[0] in live) for key in keys)
    return Interfaces(tuple(made))


def _with_carrier(names: list[str]) -> frozenset[str]:
    """Linux keeps the addresses of a card whose cable is out; Windows and macOS take them away (never run there)."""
    if sys.platform != "linux":
        return frozenset(names)
    import fcntl

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        return frozenset(name for name in names if _runs(fcntl.ioctl, asked, name))


def _runs(ioctl: Callable[[socket.socket, int, bytes], bytes], asked: socket.socket, name: str) -> bool:
    try:
        answer = ioctl(asked, _GET_FLAGS, name.encode()[:15].ljust(40, b"\0"))
    except OSError:  # it went this moment
        return False
    return bool(int.from_bytes(answer[16:18], sys.byteorder) & _RUNNING)


def _scoped(text: str, scope: int, prefix: int) -> str:
    local = scope and ipaddress.IPv6Address(text).is_link_local
    return f"{text}%{scope}/{prefix}" if local else f"{text}/{prefix}"


def own_addresses() -> frozenset[str]:
    """This PC's usable addresses as text; link-local IPv6 and loopback left out."""
    return own_interfaces().addresses
