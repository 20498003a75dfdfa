"""The frame of every page of a site: what stands around the posts.

No page loads anything from elsewhere, and only the search runs a script: the policy in each page says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from importlib.resources import files

from msgspec import Struct

from deskblog.i18n import _, language
from deskblog.publish import atom, jsonfeed, rss

FEEDS = (("RSS", "rss", rss.MEDIA_TYPE), ("Atom", "atom", atom.MEDIA_TYPE), ("JSON", "json", jsonfeed.MEDIA_TYPE))
_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; {script}form-action 'self'; base-uri 'none'"


class Looks(Struct, frozen=True):
    """`title`: of the site. `feeds`: whether it has any: they need its address."""

    title: str
    about: str
    feeds: bool


class Page(Struct, frozen=True):
    """`heading`: in front of the posts; "": they speak for themselves. `title`: of the window, where it is another.
    `stem`: where its feeds are, without their endings; "": it has none. `root`: the way to the top."""

    heading: str
    body: str
    title: str = ""
    front: bool = False
    root: str = "../"
    stem: str = ""
    lead: str = ""
    script: str = ""


@cache
def asset(name: str) -> str:
    return (files("deskblog.publish") / "assets" / name).read_text(encoding="utf-8")


def whole(page: Page, looks: Looks) -> bytes:
    """The document."""
    root, heading, skip = page.root, escape(page.heading), escape(_("To the posts"))
    policy = _POLICY.format(script="script-src 'self'; " if page.script else "")
    parts = [
        f'<!doctype html>\n<html lang="{escape(language())}">\n<head>\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">\n<meta name="color-scheme" content="light dark">',
        f"<title>{_title(page, looks)}</title>",
        f'<link rel="stylesheet" href="{root}style.css">',
        *(_autodiscovery(page, looks) if looks.feeds and page.stem else ()),
        f'</head>\n<body>\n<a class="skip" href="#main">{skip}</a>',
        _top(page, looks),
        '<main id="main">',
        f"<h1>{heading}</h1>" if heading else "",
        f'<p class="lead">{page.lead}</p>' if page.lead else "",
        page.body,
        "</main>",
        _bottom(page, looks),
        f'<script src="{root}{page.script}"></script>' if page.script else "",
        "</body>\n</html>\n",
    ]
    return "\n".join(part for part in parts if part).encode()


def _title(page: Page, looks: Looks) -> str:
    own = page.title or page.heading
    return escape(f"{own} – {looks.title}" if own else looks.title)


def _autodiscovery(page: Page, looks: Looks) -> Iterable[str]:
    name = _title(page, looks)
    for kind, ending, media_type in FEEDS:
        address = f"{page.root}{page.stem}.{ending}"
        yield f'<link rel="alternate" type="{media_type}" title="{name} ({kind})" href="{address}">'


def _top(page: Page, looks: Looks) -> str:
    root, search, ways = page.root, escape(_("Search")), escape(_("Pages"))
    home = f'<a href="{root}index.html">{escape(looks.title)}</a>'
    name = f'<h1 class="name">{home}</h1>' if page.front else f'<p class="name">{home}</p>'
    about = f'<p class="about">{escape(looks.about)}</p>' if looks.about and page.front else ""
    pages = [("months", _("Months")), ("people", _("People")), ("tags", _("Tags"))]
    links = "".join(f'<li><a href="{root}archive.html#{place}">{escape(word)}</a></li>' for place, word in pages)
    field = f'<input type="search" name="q" aria-label="{search}" placeholder="{search}" autocomplete="off">'
    form = f'<form role="search" action="{root}search.html" method="get">{field}</form>'
    nav = f'<nav aria-label="{ways}"><ul>{links}</ul></nav>'
    return f'<header class="top">\n{name}{about}\n{nav}\n{form}\n</header>'


def _bottom(page: Page, looks: Looks) -> str:
    if not (looks.feeds and page.stem):
        return ""
    links = " · ".join(f'<a href="{page.root}{page.stem}.{ending}">{kind}</a>' for kind, ending, _type in FEEDS)
    follow = escape(_("Follow with a feed reader:"))
    return f'<footer class="bottom"><p>{follow} {links}</p></footer>'


def links(label: str, found: Sequence[tuple[str, str]]) -> str:
    """Ways on, (where, in words); "" if there are none."""
    made = "".join(f'<li><a href="{where}">{escape(said)}</a></li>' for where, said in found)
    return f'<nav class="on" aria-label="{escape(label)}"><ul>{made}</ul></nav>' if made else ""
