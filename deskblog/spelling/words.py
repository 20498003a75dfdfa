"""The words of a text that a dictionary can say something about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

_LETTER: Final = r"[\w\u0300-\u036f]"  # the marks of a letter may stand beside it, as macOS writes them
_NOT_WORDS: Final = rf"""
    \w+://\S+ | www\.\S+ | [\w.+-]+@[\w.-]+      # addresses
    | (?<!\w)[@\#][\w.-]+ | :[^\W\d_][\w-]*:     # names, tags, emoji
    | {_LETTER}+(?:[./\\]{_LETTER}+)+            # files, hosts, paths
"""
_WORD: Final = rf"{_LETTER}+(?:['’‐‑·-]{_LETTER}+)*"
_EITHER: Final = re.compile(rf"(?P<other>{_NOT_WORDS})|(?P<word>{_WORD})", re.VERBOSE)
_ELIDED: Final = re.compile(r"(?:[cdjlmnst]|(?:jus|lors|puis|quoi)?qu)['’](?=\w)", re.IGNORECASE)
_UNKNOWABLE: Final = re.compile(r"[\d_·]")  # numbers, names in code, forms for everybody (collègue·s)


class Word(NamedTuple):
    """A word and where it stands, in characters of its text."""

    start: int
    length: int
    text: str


def words(text: str) -> Iterator[Word]:
    """Those to be looked up, in order; no @names, #tags, addresses, :emoji:, numbers, CAPITALS or single letters."""
    for found in _EITHER.finditer(text):
        written = found["word"]
        if written is None or _UNKNOWABLE.search(written):
            continue
        elided = _ELIDED.match(written)
        begins = elided.end() if elided else 0
        word = written[begins:]
        if len(word) > 1 and not word.isupper():
            yield Word(found.start() + begins, len(word), word)
