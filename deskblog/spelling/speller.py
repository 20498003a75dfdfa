"""Says of a word whether it is right: any of the languages, one's own words and colleagues' names make it so."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Final

from deskblog import limits
from deskblog.spelling.dictionaries import Dictionary

MOST: Final = 5  # suggestions


class Speller:
    """Asks a dictionary once for a word, and remembers what it said."""

    def __init__(self, dictionaries: Sequence[Dictionary] = ()) -> None:
        self.use(dictionaries)
        self._names: frozenset[str] = frozenset()
        self._own: dict[str, None] = {}  # the newest last

    def use(self, dictionaries: Sequence[Dictionary]) -> None:
        """From now on these are asked; without any nothing is wrong."""
        self._dictionaries = tuple(dictionaries)
        self._known: dict[str, bool] = {}

    # --- what is right here -------------------------------------------------------------------------------
    def know(self, names: Iterable[str]) -> bool:
        """Colleagues' names are right; whether they are others than before."""
        now = {part for name in names for cut in (r"[\s-]+", r"[\s'-]+") for part in re.split(cut, _key(name))}
        before, self._names = self._names, frozenset(now - {""})
        return before != self._names

    @property
    def own(self) -> tuple[str, ...]:
        """The person's own words, the newest last."""
        return tuple(self._own)

    def add(self, words: Iterable[str]) -> None:
        """From now on these are right; of too many the oldest go."""
        self._own |= dict.fromkeys(_key(word) for word in words)
        for oldest in self.own[: -limits.OWN_WORDS]:
            del self._own[oldest]

    def forget(self, word: str) -> None:
        self._own.pop(_key(word), None)

    def has_own(self, word: str) -> bool:
        return _key(word) in self._own

    # --- looking up ---------------------------------------------------------------------------------------
    def right(self, word: str) -> bool:
        """Of a word with hyphens it is enough that each part is right."""
        plain = _plain(word)
        parts = plain.split("-")
        return self._right(plain) or (len(parts) > 1 and all(len(part) < 2 or self._right(part) for part in parts))

    def _right(self, word: str) -> bool:
        key = word.casefold()
        of = key.removesuffix("'s")
        return key in self._own or key in self._names or of in self._names or of in self._own or self._held(word)

    def _held(self, word: str) -> bool:
        """Whether a dictionary has it."""
        known = self._known.get(word)
        if known is None:
            known = self._known[word] = self._asked(word)
            if len(self._known) > limits.SPELT:
                del self._known[next(iter(self._known))]
        return known

    def _asked(self, word: str) -> bool:
        return not self._dictionaries or any(one.check(word) for one in self._dictionaries)

    def suggest(self, word: str) -> list[str]:
        """Up to five, the best of each language first; a tenth of a second a language."""
        curly = "’" in word
        by_rank = zip_longest(*(one.suggest(_plain(word)) for one in self._dictionaries))
        found = dict.fromkeys(_plain(one) for rank in by_rank for one in rank if one)
        return [one.replace("'", "’") if curly else one for one in found][:MOST]


def _plain(word: str) -> str:
    """As dictionaries write it: accents in their letters, straight apostrophes, one kind of hyphen."""
    return unicodedata.normalize("NFC", word).replace("’", "'").replace("‐", "-").replace("‑", "-")


def _key(word: str) -> str:
    return _plain(word).casefold()
