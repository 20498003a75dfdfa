"""The way out to the web, for the processes that fetch: the place an address leads to is looked up once, checked, and
that very place is asked.

A name may stand for an outside address when it is checked and for the firm's router when it is connected to (DNS
rebinding). So there is one lookup, and the connection goes to what it said, under the name in `Host` and in TLS.
What a person gave may lead inside; where the way has once been outside, it leads inside no more. Behind a proxy the
proxy looks names up, and the check can only be made here beforehand.
"""

from __future__ import annotations

import ipaddress
import ssl
import time
import urllib.request
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

import truststore
import urllib3
from msgspec import Struct

from deskblog.inside import INSIDE_NAMES, NoWay, is_outside, lookup

TRIED = 4  # addresses of one name


class Road(Struct, frozen=True):
    """What was answered, not read yet, and whether that came from inside."""

    response: Any
    inside: bool


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
