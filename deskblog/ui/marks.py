"""What in a post's text can be clicked or stands out: links, tags, mentions, words searched for. Pure.

A post is plain text and stays it; these are places in it, in UTF-16 units, for that is how Qt counts.
"""

from __future__ import annotations

import re
import unicodedata

from msgspec import Struct

from deskblog.log.marked import places


class Span(Struct, frozen=True):
    """`kind`: link, tag, mention or found; `start` and `length` in UTF-16 units."""

    kind: str
    start: int
    length: int
    value: str


def spans(text: str, words: str = "") -> tuple[Span, ...]:
    """All places of a text; `words` is what was typed into the search field."""
    out = [_span(place.kind, text, place.start, place.value) for place in places(text)]
    return (*out, *_found(text, words))


def _found(text: str, words: str) -> list[Span]:
    """Where the words searched for stand, accents aside; each typed word may be a beginning."""
    wanted = [bare(word) for word in re.findall(r"[^\W_]+", words)]
    out = []
    for match in re.finditer(r"[^\W_]+", text) if wanted else ():
        plain = bare(match[0])
        length = max((len(word) for word in wanted if plain.startswith(word)), default=0)
        if length:
            out.append(_span("found", text, match.start(), match[0][:length]))
    return out


def bare(word: str) -> str:
    """In small letters, without accents."""
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _span(kind: str, text: str, start: int, value: str) -> Span:
    return Span(kind, utf16(text[:start]), utf16(value), value)


def utf16(text: str) -> int:
    """How many units Qt counts in a text."""
    return len(text) + sum(c > "\uffff" for c in text)


def initials(name: str) -> str:
    """One or two letters for a person's round picture."""
    parts = [part for part in re.split(r"[\s\-_.]+", name) if part and part[0].isalnum()]
    if not parts:
        return "?"
    return (parts[0][0] + (parts[-1][0] if len(parts) > 1 else "")).upper()
