"""Words that are watched: whether a text has one of them, accents and capitals aside, as in a search. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from deskblog.store import marks
from deskblog.store.search import WORD, plain


def watched(words: Iterable[str], text: str) -> bool:
    """A #tag is found as a tag; a word that ends in * as a beginning; several words one after another."""
    held = [plain(word) for word in WORD.findall(text)]
    tags = marks.tags(text)
    return any(_has(one, held, tags) for one in words)


def _has(wanted: str, held: list[str], tags: tuple[str, ...]) -> bool:
    if wanted.startswith("#"):
        return plain(wanted[1:]) in map(plain, tags)
    parts = [plain(word) for word in WORD.findall(wanted)]
    if not parts:
        return False
    for start in range(len(held) - len(parts) + 1):
        place = held[start : start + len(parts)]
        last = place[-1].startswith(parts[-1]) if wanted.endswith("*") else place[-1] == parts[-1]
        if last and place[:-1] == parts[:-1]:
            return True
    return False
