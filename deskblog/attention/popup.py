"""What pops up on the person's desktop, and what was pressed there."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from deskblog import limits
from deskblog.log.kinds import shown_text
from deskblog.records import replace

_JOINER = "\u200d"
_ELLIPSIS = "…"


class Popup(Struct, frozen=True):
    """`key`: the thread's id, of which one popup stands at a time. `title` and `text`: foreign plain text, unclipped.

    `answer`, `got_it`: which buttons it has. `urgent`: it stays until somebody presses it.
    """

    key: str
    title: str
    text: str
    answer: bool = False
    got_it: bool = False
    urgent: bool = False


class Press(StrEnum):
    OPEN = "open"
    ANSWER = "answer"
    GOT_IT = "got it"


def fitted(popup: Popup) -> Popup:
    """The same with words that may be shown: no control or direction-changing characters, neither long nor high."""
    title = clipped(" ".join(popup.title.split()), limits.POPUP_TITLE)
    return replace(popup, title=title, text=clipped(popup.text, limits.POPUP_TEXT))


def clipped(text: str, ceiling: int) -> str:
    """At most so many characters as people count them, in few lines; what was left out ends in an ellipsis."""
    raw = text[: ceiling * limits.POPUP_CHARACTER]
    whole = shown_text(raw)
    lines = whole.split("\n")
    kept = list(_characters("\n".join(lines[: limits.POPUP_LINES])))
    if len(kept) <= ceiling and len(lines) <= limits.POPUP_LINES and len(raw) == len(text):
        return "".join(kept)
    return "".join(kept[: ceiling - 1]).rstrip() + _ELLIPSIS


def _characters(text: str) -> Iterator[str]:
    """Characters as people count them, near enough; of marks heaped on one of them the first few."""
    character = ""
    marks = 0
    for c in text:
        if character and _goes_on(character, c):
            marks += unicodedata.category(c).startswith("M")
            if marks <= limits.POPUP_MARKS and len(character) < limits.POPUP_CHARACTER:
                character += c
            continue
        if character:
            yield character
        character, marks = c, 0
    if character:
        yield character


def _goes_on(character: str, c: str) -> bool:
    """Whether `c` belongs to the character before it: a mark, a skin colour, part of a flag or of a joined emoji."""
    if _is_flag_letter(c):
        return len(character) == 1 and _is_flag_letter(character)
    mark = unicodedata.category(c).startswith("M") or c in (_JOINER, "\u200c")
    skin_or_tag = "\U0001f3fb" <= c <= "\U0001f3ff" or "\U000e0020" <= c <= "\U000e007f"
    return character != "\n" and (mark or skin_or_tag or character.endswith(_JOINER))


def _is_flag_letter(c: str) -> bool:
    return "\U0001f1e6" <= c <= "\U0001f1ff"
