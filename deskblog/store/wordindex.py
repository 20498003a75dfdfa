"""The index of words: which posts have them, newest first, and nothing of where in a text they stand.

Without places it is a quarter smaller, and sooner written. That words stand one after another is looked for in the
texts of what has all of them.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from typing import Any

from deskblog.store.database import Database
from deskblog.store.search import WORD, plain

_TERM = re.compile(r'"([^"]*)"( \*)?')


def rows(database: Database, statement: str, match: str, *values: Any) -> list[Any]:
    """The rows of a statement whose first value is an FTS5 expression; of a phrase all words are asked for."""
    try:
        return database.rows(statement, (_apart(match), *values))
    except sqlite3.OperationalError:
        # What is one word to Python is several to this SQLite, whose Unicode is older: it takes that for a phrase.
        match = _cut(match)
        return database.rows(statement, (match, *values)) if match else []


def phrases(match: str) -> tuple[tuple[str, bool], ...]:
    """(words one behind the other, whether the last is a beginning) of what is more than one word."""
    return tuple((term[1], bool(term[2])) for term in _TERM.finditer(match) if " " in term[1])


def stand(asked: tuple[tuple[str, bool], ...], text: str) -> bool:
    """Whether a text says all these phrases."""
    held = WORD.findall(plain(text))
    return all(_stands(WORD.findall(plain(words)), held, begun=begun) for words, begun in asked)


def _stands(words: list[str], held: list[str], *, begun: bool) -> bool:
    if not words:
        return True
    last = len(words) - 1
    ends = [n for n, one in enumerate(held) if one == words[-1] or (begun and one.startswith(words[-1]))]
    return any(n >= last and held[n - last : n] == words[:-1] for n in ends)


def _apart(match: str) -> str:
    return _TERM.sub(lambda term: _all_of(term[1].split(" "), term[2]), match)


def _cut(match: str) -> str:
    """As `_apart`, and cut at every character that is new to Unicode since 3.2, or no letter; empty: nothing is left.
    Whether words are all to be there or any of them: the expression says one of the two, as it did."""
    joint = " OR " if " OR " in match else " AND "
    terms = [_all_of(_old(term[1]), term[2]) for term in _TERM.finditer(match)]
    return joint.join(term for term in terms if term)


def _all_of(words: list[str], begun: str | None) -> str:
    return " AND ".join(f'"{word}"' for word in words) + (begun or "") if words else ""


def _old(words: str) -> list[str]:
    known = (c if unicodedata.ucd_3_2_0.category(c)[0] in "LN" else " " for c in words)
    return "".join(known).split()
