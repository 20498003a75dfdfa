"""What became of an attempt to reach an address, told apart as far as a PC can: each points at another cause."""

from __future__ import annotations

import asyncio
import errno
import socket
from collections import OrderedDict
from enum import StrEnum

from deskblog import limits

Address = tuple[str, int]
KNOCK_SECONDS = 4.0


class Outcome(StrEnum):
    """Of one attempt to connect."""

    OPEN = "open"  # somebody listens there
    SILENT = "silent"  # no answer at all: a firewall that drops, or nobody
    REFUSED = "refused"  # the PC is on, and nobody listens or a firewall refuses
    NO_ROUTE = "no route"  # the system knows no way there, or the PC does not answer on its own network
    OTHER = "other"  # something listens there that is not deskblog, or not of this office


_NO_ROUTE = {errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ENETDOWN, errno.EADDRNOTAVAIL}


def outcome_of(fault: OSError | TimeoutError) -> Outcome:
    """Why a connection did not come to be."""
    if isinstance(fault, TimeoutError):
        return Outcome.SILENT
    if isinstance(fault, ConnectionRefusedError):
        return Outcome.REFUSED
    if isinstance(fault, socket.gaierror) or fault.errno in _NO_ROUTE:
        return Outcome.NO_ROUTE
    return Outcome.SILENT


async def knock(address: Address) -> Outcome:
    """Connects and leaves at once: says nothing, and learns whether somebody listens."""
    try:
        async with asyncio.timeout(KNOCK_SECONDS):
            _reader, writer = await asyncio.open_connection(*address)
    except (OSError, TimeoutError) as fault:
        return outcome_of(fault)
    writer.transport.abort()
    return Outcome.OPEN


def source_of(host: str) -> str:
    """The own address from which the system would go there; empty if it knows no way. Nothing is sent."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((host, 9))
            return str(probe.getsockname()[0])
    except OSError:
        return ""


class Outcomes:
    """What the last attempt at each address came to; the latest few."""

    def __init__(self) -> None:
        self._held: OrderedDict[Address, Outcome] = OrderedDict()

    def note(self, address: Address, outcome: Outcome) -> None:
        self._held[address] = outcome
        self._held.move_to_end(address)
        if len(self._held) > limits.OUTCOMES:
            self._held.popitem(last=False)

    def of(self, address: Address) -> Outcome | None:
        return self._held.get(address)
