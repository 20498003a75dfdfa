"""What is asked of the process that sends a message, and what it answers."""

from __future__ import annotations

import msgspec


class Request(msgspec.Struct, array_like=True):
    """`local`: the own machine may be asked, as the address is one's own."""

    url: str
    short: str  # for gateways that take one short text
    title: str
    body: str
    seconds: float  # for the connection, and again for the answer
    local: bool

    def __repr__(self) -> str:
        return "Request(…)"


class Answer(msgspec.Struct, array_like=True):
    happened: str
    status: int = 0
