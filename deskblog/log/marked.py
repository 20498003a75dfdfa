"""What in a text can be followed or stands out: links, tags, mentions. Pure.

A post is plain text and stays it; these are places in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

_MARKED = re.compile(
    r"(?P<link>https?://[^\s<>\"“”«»]+)|(?<![\w#&/])(?P<tag>#[^\W_][\w-]{0,49})|(?<![\w@.])(?P<mention>@[^\W\d_][\w.-]{0,49})",
    re.IGNORECASE,
)
_TAIL = ".,;:!?)]}'’…"


class Place(Struct, frozen=True):
    """`kind`: link, tag or mention; `value` stands at `start`."""

    kind: str
    start: int
    value: str

    @property
    def end(self) -> int:
        return self.start + len(self.value)


def places(text: str) -> Iterator[Place]:
    """All of a text, in order; what ends a sentence ends a link."""
    for found in _MARKED.finditer(text):
        kind = str(found.lastgroup)
        value = found[0].rstrip(_TAIL if kind == "link" else ".-")
        if kind == "link" and "(" in value and found[0][len(value) :].startswith(")"):
            value += ")"
        yield Place(kind, found.start(), value)
