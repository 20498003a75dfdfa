"""A post as it stands on a page: an article, the same on every page it is on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo
from enum import Enum, auto
from html import escape

from babel.numbers import format_decimal
from msgspec import Struct

from deskblog.i18n import _, language, plural
from deskblog.publish import names, words
from deskblog.publish.dates import plausible, rfc3339, said
from deskblog.publish.published import Beside, Published

_UP = "../"


class Frame(Struct, frozen=True):
    """What all posts of a site have in common. `answered`: the post of an id, if it is published."""

    now: int
    zone: tzinfo | None
    answered: Callable[[str], Published | None]
    tagged: Callable[[str], bool] = lambda tag: False  # whether a tag has a page


class Place(Enum):
    """Where it stands: among others, in front of its answers, or under what it answers."""

    LIST = auto()
    OWN = auto()
    UNDER = auto()


def article(post: Published, frame: Frame, place: Place = Place.LIST) -> str:
    """For a page in a folder of the site. On the front page: front(article)."""
    level, look = (1, "post single") if place is Place.OWN else (2, "post")
    who = f'<a href="{_UP}{names.person(post.person)}.html">{escape(words.name(post))}</a>'
    parts = [
        f'<article class="{look}"><header><h{level}>{who}</h{level}>{_when(post, frame)}</header>',
        _answered(post, frame) if place is not Place.UNDER else "",
        f'<div class="text" dir="auto">{words.html(post.text, lambda place: _tag_page(place.value, frame))}</div>',
        *(_photo(one) for one in post.beside if names.is_photo(one)),
        _others([one for one in post.beside if not names.is_photo(one)]),
        _more(post, frame, post.answers if place is not Place.OWN else 0),
        "</article>",
    ]
    return "\n".join(part for part in parts if part)


def front(made: str) -> str:
    """The same for a page that lies at the top: its own links are the only ones that begin so."""
    return made.replace(f'href="{_UP}', 'href="').replace(f'src="{_UP}', 'src="')


def when(post: Published, frame: Frame) -> str:
    """In words; "" for a date that cannot be."""
    return said(post.at, frame.zone, language()) if plausible(post.at, frame.now) else ""


def _when(post: Published, frame: Frame) -> str:
    day = when(post, frame)
    shown = f'<time datetime="{rfc3339(post.at)}">{escape(day)}</time>' if day else escape(_("No date"))
    return f'<a class="when" href="{_UP}{names.post(post.id)}">{shown}</a>'


def _answered(post: Published, frame: Frame) -> str:
    asked = frame.answered(post.answer_to) if post.answer_to else None
    if asked is None:
        return ""
    who = escape(_("In answer to {name}").format(name=words.name(asked)))
    link = f'<a href="{_UP}{names.post(asked.id)}">{who}</a>'
    return f'<p class="answered">{link}<br><q dir="auto">{escape(words.title(asked))}</q></p>'


def _tag_page(value: str, frame: Frame) -> str:
    tag = value[1:].lower().rstrip("-") if value.startswith("#") else ""
    return f"{_UP}{names.tag(tag)}.html" if tag and frame.tagged(tag) else ""


def _photo(one: Beside) -> str:
    name, place = escape(words.flat(one.name) or _("Photo")), names.file(one)
    address = f"{_UP}{place}" if place else ""
    if not address:
        return _others([one])
    size = f' width="{one.width}" height="{one.height}"' if one.width > 0 and one.height > 0 else ""
    picture = f'<img src="{address}" alt="{name}"{size} loading="lazy">'
    return f'<figure><a href="{address}">{picture}</a></figure>'


def _others(found: list[Beside]) -> str:
    return f'<ul class="files">{"".join(map(_other, found))}</ul>' if found else ""


def _other(one: Beside) -> str:
    """A link says what it leads to before it is pressed."""
    name, place = escape(words.flat(one.name) or "?"), names.file(one)
    address = f"{_UP}{place}" if place else escape(words.web_address(one.url))
    link = (
        f'<a href="{address}"{" download" if place else ""}>{name}</a>'
        if address and one.nature != "program"
        else name
    )
    return f"<li>{link} <small>{escape(nature(one))}, {escape(size(one.size))}</small></li>"


def nature(one: Beside) -> str:
    """What it is, in words."""
    known = {
        "picture": _("picture"), "sound": _("sound"), "film": _("film"), "document": _("document"),
        "archive": _("archive"), "program": _("program, not handed out"),
    }  # fmt: skip
    return known.get(one.nature, _("file"))


def size(count: int) -> str:
    """Bytes in words."""
    many, unit = (count / 1e6, _("MB")) if count >= 1e5 else (count / 1e3, _("kB"))
    return f"{format_decimal(max(round(many, 1), 0.1), locale=language())}\u00a0{unit}"


def _more(post: Published, frame: Frame, answers: int) -> str:
    parts = []
    if answers > 0:
        count = escape(plural("{n} answer", "{n} answers", answers))
        parts.append(f'<a href="{_UP}{names.post(post.id)}#answers">{count}</a>')
    for tag in post.tags:
        if frame.tagged(tag) and f"#{tag}" not in post.text.lower():
            parts.append(f'<a href="{_UP}{names.tag(tag)}.html">#{escape(words.flat(tag))}</a>')
    return f"<footer>{' · '.join(parts)}</footer>" if parts else ""
