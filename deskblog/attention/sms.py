"""A text made to fit one SMS: 160 septets of GSM 03.38, or 70 units of UCS-2 where the letters leave no choice.

A longer one would be paid for, and arrive, in pieces. Typographic marks become plain ones, which costs nothing;
letters GSM lacks (ê ç œ) lose their marks only where that is what makes the text whole, or longer.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

SEPTETS = 160
UNITS = 70  # of UCS-2, as UTF-16
NAME_SHARE = 4  # a name takes a quarter of the room at most
MORE = "..."  # the sign of one character is not in GSM

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("^{}\\[~]|€")  # each is an escape and a letter

_GSM = _BASIC | _EXTENSION

_PLAIN_MARKS = str.maketrans({
    "’": "'", "‘": "'", "‚": "'", "ʼ": "'", "′": "'", "`": "'", "´": "'",
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "″": '"', "‹": "'", "›": "'",
    "–": "-", "—": "-", "‐": "-", "‑": "-", "‒": "-", "−": "-", "…": MORE, "•": "-", "·": ".",
})  # fmt: skip
_PLAIN_LETTERS = str.maketrans({
    "œ": "oe", "Œ": "OE", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i",
    "°": "o", "×": "x", "÷": "/", "©": "(c)", "®": "(R)", "™": "TM",
})  # fmt: skip

_ZWJ, _SKIN, _FLAG, _TAG = "\u200d", range(0x1F3FB, 0x1F400), range(0x1F1E6, 0x1F200), range(0xE0020, 0xE0080)
_QUOTED = re.compile(r"«\s*(.*?)\s*»")
Cost = Callable[[str], int | None]


def septets(text: str) -> int | None:
    """How many the text takes in GSM 03.38; None if it cannot be said in it."""
    if not _GSM.issuperset(text):
        return None
    return len(text) + sum(c in _EXTENSION for c in text)


def units(text: str) -> int:
    """How many 16-bit units the text takes in UCS-2."""
    return len(text.encode("utf-16-le")) // 2


def sms_text(announcer: str, text: str, office: str) -> str:
    """What the phone shows: the name first; the office where all of it fits; the end cut at a word, with "...".

    Never raises, and never splits what is one sign to the eye. Takes the text whole rather than the letters as they
    were, and the letters as they were rather than plain.
    """
    announcer, text, office = (_plain_marks(part) for part in (announcer, text, office))
    whole = f"{announcer}: {text}"
    with_office = f"{announcer} ({office}): {text}" if office else whole
    for shape in _SHAPES:
        for said in (shape(with_office), shape(whole)):
            if fits(said) and shape(text):
                return said
    for shape in _SHAPES[1:]:
        if septets(shape(announcer + text)) is not None and shape(text):
            return _cut_both(shape(announcer), shape(text), SEPTETS, septets)
    return _cut_both(announcer, text, UNITS, units)


def fits(text: str) -> bool:
    """Whether the text is one SMS."""
    needed = septets(text)
    return needed <= SEPTETS if needed is not None else units(text) <= UNITS


def _cut_both(announcer: str, text: str, room: int, cost: Cost) -> str:
    start = f"{_cut(announcer, room // NAME_SHARE, cost)}: "
    return start + _cut(text, room - (cost(start) or 0), cost)


def _cut(text: str, room: int, cost: Cost) -> str:
    """As much as fits, to the end of a word if that leaves half of it at least."""
    if (cost(text) or 0) <= room:
        return text
    room -= cost(MORE) or 0
    kept = ""
    for sign in signs(text):
        if (cost(kept + sign) or 0) > room:
            break
        kept += sign
    if not text[len(kept) :].startswith(" ") and " " in kept.rstrip():
        words = kept[: kept.rstrip().rfind(" ")]
        kept = words if len(words) * 2 >= len(kept) else kept
    return kept.rstrip(" ,;:-.") + MORE


def signs(text: str) -> Iterator[str]:
    """What is one sign to the eye: a letter with its marks, a family of emoji, a flag."""
    sign = ""
    for c in text:
        if sign and not _joins(sign, c):
            yield sign
            sign = ""
        sign += c
    if sign:
        yield sign


def _joins(sign: str, c: str) -> bool:
    if c == _ZWJ or sign[-1] == _ZWJ or ord(c) in _SKIN or ord(c) in _TAG or unicodedata.category(c)[0] == "M":
        return True
    return ord(c) in _FLAG and len(sign) == 1 and ord(sign) in _FLAG


def _plain_marks(text: str) -> str:
    """On one line, composed, with the marks of a typewriter; no control characters, no half pairs."""
    text = _QUOTED.sub(r'"\1"', text).translate(_PLAIN_MARKS)
    kept = "".join(c if not c.isspace() else " " for c in text)
    kept = "".join(c for c in kept if c == _ZWJ or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co"))
    return unicodedata.normalize("NFC", " ".join(kept.split()))


def _plain_letters(text: str) -> str:
    """What GSM lacks and has a plain likeness is put plain; all else stays."""
    return "".join(c if septets(c) is not None else _plain_letter(c) for c in text)


def _plain_letter(c: str) -> str:
    plain = c.translate(_PLAIN_LETTERS)
    if septets(plain) is not None:
        return plain
    plain = "".join(one for one in unicodedata.normalize("NFKD", c) if not unicodedata.combining(one))
    return plain if plain and septets(plain) is not None else c


def _as_it_is(text: str) -> str:
    return text


def _without_pictures(text: str) -> str:
    """Letters plain, and emoji left out: they say less than the ninety letters they would cost."""
    text = _plain_letters(text)
    kept = (
        sign for sign in signs(text) if unicodedata.category(sign[0]) not in ("So", "Sk", "Cn") and sign[0] != _ZWJ
    )
    return " ".join("".join(kept).split())


_SHAPES = (_as_it_is, _plain_letters, _without_pictures)  # tried in this order
