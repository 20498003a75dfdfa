"""The way out to the web, for the processes that fetch: the place an address leads to is looked up once, checked, and
that very place is asked.

A name may stand for an outside address when it is checked and for the firm's router when it is connected to (DNS
rebinding). So there is one lookup, and the connection goes to what it said, under the name in `Host` and in TLS.
What a person gave may lead inside; where the way has once been outside, it leads inside no more. Behind a proxy the
proxy looks names up, and the check can only be made here beforehand.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

import truststore
import urllib3

TRIED = 4  # addresses of one name

_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # leads where the address in it leads
_LOCAL = (ipaddress.ip_network("fec0::/10"), ipaddress.ip_network("64:ff9b:1::/48"))  # of a site, of its gateway
INSIDE_NAMES = frozenset(
    {"localhost", "local", "internal", "lan", "home", "arpa"}
)  # last parts of names that stay inside

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class NoWay(Exception):
    """`word`: "address", "inside", "name", "proxy", "certificate", "time", "connection" or "garbled"."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


@dataclass(frozen=True, slots=True)
class Road:
    """What was answered, not read yet, and whether that came from inside."""

    response: Any
    inside: bool


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


def ask(
    url: str, headers: Mapping[str, str], *, inside: bool, until: float, step: float,
    proxies: Mapping[str, str] | None = None,
) -> Road:  # fmt: skip
    """GET, following nothing. `inside`: it may lead into the own network. `until`: on the monotonic clock; `step`:
    seconds for a connection and between two pieces. `proxies`: by scheme; None asks the system. NoWay: why not."""
    parts, host, port = _checked(url)
    proxy = _proxy(parts.scheme, host, proxies)
    found = _found(host, port, behind=bool(proxy))
    outside = all(is_outside(one) for one in found) and host.rpartition(".")[2] not in INSIDE_NAMES
    if not outside and not inside:
        raise NoWay("inside")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    sent = {**headers, **_credentials(parts)}
    if proxy and outside:
        whole = f"{parts.scheme}://{_bracketed(host)}:{port}{target}"
        return Road(_get(_behind(proxy, until, step), whole, sent), inside=False)
    usual = port == (443 if parts.scheme == "https" else 80)
    sent["Host"] = _bracketed(host) if usual else f"{_bracketed(host)}:{port}"
    return Road(_first(found, parts.scheme, host, port, target, sent, until, step), inside=not outside)


def _checked(url: str) -> tuple[SplitResult, str, int]:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        host = host if _is_ip(host) else host.rstrip(".").encode("idna").decode("ascii")
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise NoWay("address") from None
    if parts.scheme not in ("http", "https") or not host:
        raise NoWay("address")
    return parts, host, port


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def _found(host: str, port: int, *, behind: bool) -> tuple[str, ...]:
    try:
        return lookup(host, port)[:TRIED]
    except NoWay:
        if behind:
            return ()  # which only the proxy can look up
        raise


def _proxy(scheme: str, host: str, proxies: Mapping[str, str] | None) -> str:
    if proxies is None:
        if urllib.request.proxy_bypass(host):
            return ""
        proxies = urllib.request.getproxies()
    proxy = proxies.get(scheme, "")
    if proxy and not proxy.startswith(("http://", "https://")):
        raise NoWay("proxy")
    return proxy


def _credentials(parts: SplitResult) -> dict[str, str]:
    if parts.username is None:
        return {}
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return dict(urllib3.util.make_headers(basic_auth=pair))


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _first(
    found: Sequence[str], scheme: str, host: str, port: int, target: str, headers: Mapping[str, str], until: float,
    step: float,
) -> Any:  # fmt: skip
    """The answer of the first address that takes a connection."""
    for number, address in enumerate(found, 1):
        timeout = _timeout(until, step)
        if scheme == "https":
            name = host if not _is_ip(host) else address
            pool: Any = urllib3.HTTPSConnectionPool(
                address, port, timeout=timeout, ssl_context=_context(), server_hostname=name
            )
        else:
            pool = urllib3.HTTPConnectionPool(address, port, timeout=timeout)
        try:
            return _get(pool, target, headers)
        except NoWay as fault:
            if number == len(found) or fault.word not in ("connection", "time"):
                raise
    raise NoWay("name")


def _behind(proxy: str, until: float, step: float) -> Any:
    return urllib3.ProxyManager(proxy, timeout=_timeout(until, step), ssl_context=_context())


def _context() -> ssl.SSLContext:
    """Certificates as the system trusts them."""
    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _timeout(until: float, step: float) -> urllib3.Timeout:
    left = until - time.monotonic()
    if left <= 0:
        raise NoWay("time")
    return urllib3.Timeout(connect=min(left, step), read=min(left, step))


def _get(pool: Any, target: str, headers: Mapping[str, str]) -> Any:
    try:
        return pool.urlopen(
            "GET", target, headers=dict(headers), redirect=False, retries=False, preload_content=False
        )
    except (urllib3.exceptions.HTTPError, OSError, ValueError) as fault:
        raise NoWay(_word(fault)) from None


def _word(fault: Exception) -> str:
    said = str(fault).upper()
    if isinstance(fault, urllib3.exceptions.ProxyError):
        return "proxy"
    if isinstance(fault, urllib3.exceptions.SSLError) or "CERTIFICATE" in said:
        return "certificate" if "CERTIFICATE" in said or "HOSTNAME" in said else "connection"
    if isinstance(fault, urllib3.exceptions.NewConnectionError):  # which is one of the next, to urllib3
        return "connection"
    if isinstance(fault, urllib3.exceptions.TimeoutError):
        return "time"
    return "garbled" if isinstance(fault, urllib3.exceptions.ProtocolError) else "connection"
