"""What the system says of the networks this PC is on: VPNs by the names of their interfaces, and Windows' profile.

The Windows part was never run on Windows.
"""

from __future__ import annotations

import asyncio
import ipaddress
import os
import re
from contextlib import suppress

_VPN = re.compile(
    r"^(tun|tap|wg|ppp|utun|ipsec|zt|tailscale|nordlynx|proton)\d*"
    r"|vpn|wireguard|tap-windows|anyconnect|fortinet|pangp|globalprotect|juniper|pulse|zerotier",
    re.IGNORECASE,
)
_PROFILE = ["powershell", "-NoProfile", "-Command", "(Get-NetConnectionProfile).NetworkCategory"]
PROFILE_SECONDS = 5.0


def looks_like_vpn(name: str) -> bool:
    """By what VPN programs call their interfaces; a guess, and used as no more than a hint."""
    return _VPN.search(name) is not None


def vpns() -> tuple[str, ...]:
    """The interfaces with an address of their own that look like a VPN's."""
    import ifaddr

    found = []
    for adapter in ifaddr.get_adapters():
        addresses = [ipaddress.ip_address(ip.ip if isinstance(ip.ip, str) else ip.ip[0]) for ip in adapter.ips]
        own = any(not address.is_link_local and not address.is_loopback for address in addresses)
        if own and (looks_like_vpn(adapter.name) or looks_like_vpn(adapter.nice_name)):
            found.append(adapter.nice_name)
    return tuple(dict.fromkeys(found))


async def is_public() -> bool:
    """Whether Windows takes some network of this PC for a public one, and so lets nobody in; elsewhere never."""
    if os.name != "nt":
        return False
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(PROFILE_SECONDS):
            asked = await asyncio.create_subprocess_exec(*_PROFILE, stdout=asyncio.subprocess.PIPE)
            said, _errors = await asked.communicate()
            return b"Public" in said
    return False
