"""#tags and @mentions in a text. Pure."""

from __future__ import annotations

import re

_TAG = re.compile(r"(?<![\w#&/])#([^\W_][\w-]{0,49})")
_MENTION = re.compile(r"(?<![\w@.])@([^\W\d_][\w.-]{0,49})")


def tags(text: str) -> tuple[str, ...]:
    """Tags in lower case, without the #, each once, in order."""
    return tuple(dict.fromkeys(found.lower().rstrip("-") for found in _TAG.findall(text)))


def mentions(text: str) -> tuple[str, ...]:
    """Mentioned words as written, without the @, each once, in order."""
    return tuple(dict.fromkeys(found.rstrip(".-") for found in _MENTION.findall(text)))
