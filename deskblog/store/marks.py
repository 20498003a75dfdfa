"""#tags and @mentions in a text. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_TAG = re.compile(r"(?<![\w#&/])#([^\W_][\w-]{0,49})")
_MENTION = re.compile(r"(?<![\w@.])@([^\W\d_][\w.-]{0,49})")


def tags(text: str) -> tuple[str, ...]:
    """Tags in lower case, without the #, each once, in order."""
    return tuple(dict.fromkeys(found.lower().rstrip("-") for found in _TAG.findall(text))) if "#" in text else ()


def mentions(text: str) -> tuple[str, ...]:
    """Mentioned words as written, without the @, each once, in order."""
    return tuple(dict.fromkeys(found.rstrip(".-") for found in _MENTION.findall(text))) if "@" in text else ()


def means(mention: str, name: str) -> bool:
    """Whether a mention is of a person so called: @anne is every Anne, @anne.martin that one; accents aside."""
    words = _plain(name).split()
    return bool(words) and _plain(mention) in (words[0], ".".join(words))


def names(mentioned: Iterable[str], name: str) -> bool:
    """Whether one of these mentions is of a person so called."""
    return bool(name) and any(means(one, name) for one in mentioned)


def handle(name: str, names: Iterable[str]) -> str:
    """How a person is mentioned among people so called: by the first name, where no other has it; else in full."""
    words = name.split()
    first = words[0] if words else name
    return first if sum(means(first, other) for other in names) < 2 else ".".join(words)


@lru_cache(maxsize=1024)  # each name of an office is compared with each
def _plain(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))
