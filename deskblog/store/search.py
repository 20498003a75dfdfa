"""What a person types into the search field: words, "phrases", and who, when, which tag, what kind. Pure.

from:anne  tag:sales (or #sales)  before:2026-11-01  after:2026-10  is:question  is:open  is:poll  is:coffee
is:sealed  has:photo  has:file – in French de:, étiquette:, avant:, après:, est:question, est:ouverte, est:sondage,
est:café, est:scellé, avec:photo and avec:fichier; in German von:, wort:, vor:, nach:, ist: and mit:; in Dutch van:,
voor:, na:, is: and met:. All are known whatever the language. What stands before a colon and is none of these is a
word like any other.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache

from msgspec import Struct

from deskblog.values import Sort

TELLING = 12
WORD = re.compile(r"[^\W_]+")
_PART = re.compile(
    r"(?:(?P<name>[^\W\d_]+):)?(?:[\"“”„«]\s*(?P<phrase>[^\"“”»]*?)\s*(?P<end>[\"“”»]|$)|(?P<bare>\S+))"
)
_UNINDEXED = re.compile(r'"([0-9A-Za-z]|[0-9A-Za-z]{4,40})" \*')
_NAMES = {
    "from": "from", "de": "from",
    "tag": "tag", "etiquette": "tag",
    "before": "before", "avant": "before",
    "after": "after", "apres": "after",
    "is": "is", "est": "is",
    "has": "has", "avec": "has",
    "von": "from", "wort": "tag", "vor": "before", "nach": "after", "ist": "is", "mit": "has",
    "van": "from", "voor": "before", "na": "after", "met": "has",
}  # fmt: skip
_KINDS = {
    "question": "question", "open": "open", "ouverte": "open", "poll": "poll", "sondage": "poll",
    "coffee": "coffee", "cafe": "coffee", "sealed": "sealed", "scelle": "sealed",
    "feed": "feed", "flux": "feed",
    "frage": "question", "offen": "open", "umfrage": "poll", "kaffee": "coffee", "versiegelt": "sealed",
    "vraag": "question", "peiling": "poll", "koffie": "coffee", "verzegeld": "sealed",
}  # fmt: skip
_PHOTO, _VOICE, _FILM = frozenset({Sort.PHOTO}), frozenset({Sort.VOICE}), frozenset({Sort.FILM})
_BESIDE: dict[str, frozenset[Sort]] = {
    "photo": _PHOTO, "picture": _PHOTO, "image": _PHOTO,
    "voice": _VOICE, "son": _VOICE, "voix": _VOICE, "film": _FILM, "video": _FILM,
    "link": frozenset({Sort.LINK}), "lien": frozenset({Sort.LINK}),
    "file": frozenset(), "fichier": frozenset(),
    "foto": _PHOTO, "bild": _PHOTO, "afbeelding": _PHOTO, "ton": _VOICE, "geluid": _VOICE,
    "datei": frozenset(), "bestand": frozenset(),
}  # fmt: skip


class Asked(Struct, frozen=True):
    """`match`: an FTS5 expression that can mean nothing else, empty where no word was typed.

    A tag that ends in * is a beginning. `since` and `until`: UTC ms, the second not included; 0: no limit. `kind`:
    "", "question", "open", "poll", "coffee", "sealed" or "feed". `beside`: what goes with the post; None: it does not
    matter, empty: anything. `nothing`: it can find nothing.
    """

    match: str = ""
    people: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    since: int = 0
    until: int = 0
    kind: str = ""
    nothing: bool = False
    beside: frozenset[Sort] | None = None

    @property
    def empty(self) -> bool:
        asked = self.match or self.people or self.tags or self.since or self.until or self.kind
        return self.nothing or not (asked or self.beside is not None)


@dataclass
class _Reading:
    terms: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    since: int = 0
    until: int = 0
    kind: str = ""
    nothing: bool = False
    beside: frozenset[Sort] | None = None


def asked(text: str, midnight: Callable[[date], int]) -> Asked:
    """What is looked for; `midnight`: when a day begins here, UTC ms."""
    text = unicodedata.normalize("NFC", text)
    found = _Reading()
    for part in _PART.finditer(text):
        name = _NAMES.get(plain(part["name"] or ""))
        value = part["phrase"] if part["phrase"] is not None else part["bare"]
        if name is None and part["phrase"] is None and value.startswith("#"):
            name, value = "tag", value[1:]
            if not WORD.match(value):
                continue
        if name is None:
            _words(found, part, typing=part.end() == len(text))
        elif value:
            _limit(found, name, value, midnight, typing=part.end() == len(text) and part["phrase"] is None)
    return Asked(
        " AND ".join(found.terms), tuple(found.people), tuple(found.tags), found.since, found.until, found.kind,
        found.nothing, found.beside,
    )  # fmt: skip


def _words(found: _Reading, part: re.Match[str], *, typing: bool) -> None:
    """Words must all be there, those of a phrase one after another; one that is being typed is a beginning.

    They are cut as the index cuts them, at anything that is neither letter nor digit: l’été is found by été.
    """
    if part["phrase"] is not None:
        words = WORD.findall(part["phrase"])
        if part["name"]:
            found.terms.append(f'"{part["name"]}"')
        if words:
            found.terms.append(f'"{" ".join(words)}"' + (" *" if typing and not part["end"] else ""))
        return
    words = WORD.findall(part[0])
    terms = [f'"{word}"' for word in words]
    if terms and typing and part[0][-1:].isalnum():
        terms[-1] += " *"
    found.terms += terms


def _limit(found: _Reading, name: str, value: str, midnight: Callable[[date], int], *, typing: bool) -> None:
    match name:
        case "from":
            found.people.append(value)
        case "tag":
            _tag(found, value.lstrip("#").lower(), typing=typing)
        case "has":
            found.beside = _BESIDE.get(plain(value))
            found.nothing |= found.beside is None
        case "is":
            found.kind = _KINDS.get(plain(value), "")
            found.nothing |= not found.kind
        case _:
            days = _days(value)
            if days is None:
                found.nothing = True  # it is still being typed, or no day
            elif name == "before":
                found.until = midnight(days[0])
            else:
                found.since = midnight(days[1])


def _tag(found: _Reading, tag: str, *, typing: bool) -> None:
    """The index knows a tag as a word, or as several one after another."""
    words = WORD.findall(tag)
    if words:
        found.terms.append(f'"{" ".join(words)}"' + (" *" if typing else ""))
        found.tags.append(tag + "*" * typing)


def unindexed(match: str) -> tuple[str, re.Pattern[str]] | None:
    """Of a beginning of one plain letter, or of more than three, where it is all that is asked for: the beginning of
    three that the index knows instead, empty: none, and what finds it in a text. None: it is something else."""
    found = _UNINDEXED.fullmatch(match)
    if found is None:
        return None
    letters = "".join(f"[{_same(letter)}][\u0300-\u036f]*" for letter in found[1].lower())
    return f'"{found[1][:3]}" *' if len(found[1]) > 1 else "", re.compile(f"(?<![^\\W_]){letters}")


@cache
def _same(letter: str) -> str:
    """A letter as it may be written, in either case and with any accent."""
    decomposed = {c: unicodedata.normalize("NFD", c.lower()) for c in map(chr, range(0x30, 0x250))}
    return "".join(c for c, parts in decomposed.items() if parts[0] == letter)


def fits(tags: tuple[str, ...], held: tuple[str, ...]) -> bool:
    """Whether a text with tags `held` has all of these."""
    return all(any(one.startswith(tag[:-1]) if tag.endswith("*") else one == tag for one in held) for tag in tags)


def midnight(day: date) -> int:
    """When a day begins where this PC is, UTC ms."""
    return int(datetime(day.year, day.month, day.day).timestamp() * 1000)


def _days(text: str) -> tuple[date, date] | None:
    """(first day, day after the last) of 2026, 2026-11, 2026-11-05 or 5/11/2026; None for anything else."""
    european = re.fullmatch(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", text)
    if european:
        text = f"{european[3]}-{european[2]}-{european[1]}"
    found = re.fullmatch(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", text)
    if not found or not 1971 <= int(found[1]) <= 2200:
        return None
    year, month, day = int(found[1]), int(found[2] or 1), int(found[3] or 1)
    try:
        first = date(year, month, day)
    except ValueError:
        return None
    if found[3]:
        return first, first + timedelta(days=1)
    if found[2]:
        return first, date(year + month // 12, month % 12 + 1, 1)
    return first, date(year + 1, 1, 1)


def plain(word: str) -> str:
    """Without capitals and accents."""
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def named(wanted: str, name: str) -> bool:
    """Whether a person so called may be meant: each word typed begins a word of the name, accents aside."""
    words = WORD.findall(plain(name))
    return all(any(word.startswith(part) for word in words) for part in WORD.findall(plain(wanted)))


def telling(text: str) -> tuple[str, ...]:
    """The words by which a text may be known again: the long ones and numbers, each once, few."""
    words = dict.fromkeys(plain(word) for word in WORD.findall(unicodedata.normalize("NFC", text)))
    return tuple(word for word in words if len(word) > 3 or word.isdigit())[:TELLING]


def alike(asked: Sequence[str], text: str) -> int:
    """How many of these words a text has; 0 where that is less than half of them."""
    held = {plain(word) for word in WORD.findall(text)}
    shared = sum(word in held for word in asked)
    return shared if 2 * shared >= len(asked) else 0


def shown_words(text: str) -> str:
    """The words of a search that are to stand out in what it found."""
    kept = [
        part["phrase"] if part["phrase"] is not None else part[0]
        for part in _PART.finditer(text)
        if plain(part["name"] or "") not in _NAMES
    ]
    return " ".join(kept)
