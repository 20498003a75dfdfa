"""The dictionaries of this PC, by PyEnchant where it is installed; nothing else knows of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import Enum
from functools import cache
from locale import normalize
from types import ModuleType
from typing import Final, Protocol

from msgspec import Struct

_LANGUAGE: Final = re.compile("[a-z]{2,3}")


class Dictionary(Protocol):
    """One language's words."""

    def check(self, word: str) -> bool: ...

    def suggest(self, word: str) -> Sequence[str]: ...


class Lacking(Enum):
    """What would bring marks to this PC."""

    NOTHING = 0
    EXTRA = 1
    LIBRARY = 2
    DICTIONARY = 3


class Found(Struct, frozen=True):
    """What a PC looks words up in; or why it cannot, and for which language (“fr”) a dictionary is lacking."""

    dictionaries: tuple[Dictionary, ...] = ()
    lacking: Lacking = Lacking.NOTHING
    language: str = ""


def find(languages: Iterable[str]) -> Found:
    """A dictionary for each language (“fr”, “en-GB”), but English may lack beside others: were another one to, all
    that is written in it would be marked. A damaged one is none."""
    enchant, why = _enchant()
    if enchant is None:
        return Found(lacking=why)
    tags = chosen(languages, enchant.list_languages())
    opened = {base: _open(tag) if tag else None for base, tag in tags.items()}
    there = tuple(one for one in opened.values() if one is not None)
    lacking = [base for base, one in opened.items() if one is None and (base != "en" or not there)]
    return Found(lacking=Lacking.DICTIONARY, language=lacking[0]) if lacking else Found(there)


@cache
def _enchant() -> tuple[ModuleType | None, Lacking]:
    """Imported when marks are first wanted: it looks through the system for its library."""
    try:
        import enchant
    except ModuleNotFoundError:
        return None, Lacking.EXTRA
    except (ImportError, OSError):  # none, or a damaged one
        return None, Lacking.LIBRARY
    return enchant, Lacking.NOTHING


@cache
def _open(tag: str) -> Dictionary | None:
    """Stays open: to read one takes a tenth of a second."""
    enchant, _why = _enchant()
    assert enchant is not None
    try:
        opened: Dictionary = enchant.Dict(tag)
    except enchant.errors.Error:
        return None
    return opened


def chosen(languages: Iterable[str], held: Iterable[str]) -> dict[str, str]:
    """Of the dictionaries held that of each language: of the region asked for, else the usual; empty: none."""
    having = sorted(held)
    taken: dict[str, str] = {}
    for wanted in languages:
        base, *rest = wanted.replace("_", "-").split("-")
        if not _LANGUAGE.fullmatch(base):  # “C”
            continue
        regions = [f"{base}_{part}" for part in rest if len(part) == 2]
        usual = normalize(base).partition(".")[0]
        others = [tag for tag in having if tag.startswith(f"{base}_")]
        fitting = [tag for tag in (*regions, base, usual) if tag in having] + others
        taken.setdefault(base, next(iter(fitting), ""))
    return taken
