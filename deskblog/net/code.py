"""Invitation codes: three digits to find the inviting PC by, three words to be let in by.

The words are 33 bits; tried on line only, three times, they are enough (SPAKE2 gives a recording nothing to try on).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from msgspec import Struct

from deskblog.errors import Refused
from deskblog.i18n import _

WORDS = 3
_BOOKS = {"en": "english", "fr": "french"}


class Code(Struct, frozen=True):
    """`digits` are shown on the network, `words` are the password: lower case, without accents."""

    digits: str
    words: tuple[str, ...]

    @property
    def text(self) -> str:
        """As it is shown and spoken."""
        return f"{self.digits} {' '.join(self.words)}"

    @property
    def password(self) -> bytes:
        return "-".join(self.words).encode()


@cache
def word_list(language: str) -> tuple[str, ...]:
    """2,048 words (BIP 39), without accents."""
    from mnemonic import Mnemonic

    return tuple(bare(word) for word in Mnemonic(_BOOKS.get(language, "english")).wordlist)


def make_code(random: bytes, language: str) -> Code:
    """A code from 8 random bytes, in "fr" or "en"."""
    number = int.from_bytes(random[:8], "big")
    number, digits = divmod(number, 1000)
    words = []
    for _place in range(WORDS):
        number, index = divmod(number, 2048)
        words.append(word_list(language)[index])
    return Code(f"{digits:03}", tuple(words))


def read_code(text: str) -> Code:
    """A code as somebody typed it; Refused, with what is wrong, if it is none."""
    parts = re.findall(r"[0-9]+|[^\W\d_]+", bare(text))
    if not parts or not re.fullmatch(r"[0-9]{3}", parts[0]):
        raise Refused(_("A code begins with three digits."), next_step=_("It looks like “472 album lemon river”."))
    words = parts[1:]
    if len(words) != WORDS:
        raise Refused(
            _("A code has three words behind its digits; here are {n}.").format(n=len(words)),
            next_step=_("It looks like “472 album lemon river”."),
        )
    for word in words:
        _check_word(word)
    return Code(parts[0], tuple(words))


def _check_word(word: str) -> None:
    books: Sequence[str] = [known for language in _BOOKS for known in word_list(language)]
    if word in books:
        return
    import difflib

    near = difflib.get_close_matches(word, books, 1, 0.6)
    raise Refused(
        _("“{word}” is not a word of any code.").format(word=word),
        next_step=_("Did you mean “{near}”?").format(near=near[0]) if near else "",
    )


def bare(text: str) -> str:
    """Lower case, without accents, so that keyboards and spelling do not matter."""
    decomposed = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))
