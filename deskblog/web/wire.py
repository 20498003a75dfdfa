"""What is asked of the process that fetches a page, and what it answers."""

from __future__ import annotations

import msgspec


class Request(msgspec.Struct, array_like=True):
    """`local`: addresses of the own network may be asked, as the person gave one of them."""

    url: str
    ceiling: int  # bytes of the answer that are read
    seconds: float  # for each connection, and between two pieces
    local: bool


class Answer(msgspec.Struct, array_like=True):
    """`fault`: why there is none, a word of this module's; else the address it came from in the end."""

    fault: str
    url: str = ""
    kind: str = ""  # its Content-Type
    body: bytes = b""
