"""What a person types into the search field, as an FTS5 expression that can mean nothing else. Pure."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")


def expression(words: str) -> str:
    """Every word must be there, the last one as a beginning; "" if nothing searchable was typed.

    Words are cut as the index cuts them, at anything that is neither letter nor digit: l’été is found by été.
    """
    words = unicodedata.normalize("NFC", words)
    found = _WORD.findall(words)
    if not found:
        return ""
    typing = words[-1:].isalnum()
    quoted = [f'"{word}"' for word in found]
    return " AND ".join(quoted) + (" *" if typing else "")
