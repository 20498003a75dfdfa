"""An article's markup as Qt may lay it out: safely, and in bounded time. Pure.

It was cleaned when it came (feeds.markup); here it is held to that once more, for Qt opens a path that an image names
by itself, and no override of ours is asked. Qt lays a table within a table out anew at each level, so that thirty
levels take for ever, and breaks a word without end in a time that grows with its square.
"""

from __future__ import annotations

import re

SHOWN = 250_000  # characters of markup; beyond, the site has the rest
TABLES = 2  # one within the other
CELLS = 4000  # of one article
WORD = 400  # characters that are broken nowhere
CALM = frozenset(
    {"b", "blockquote", "br", "cite", "code", "dd", "del", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5",
     "h6", "hr", "i", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "samp", "small", "strong", "sub", "sup",
     "u", "ul", "var"}
)  # fmt: skip
_HALF = re.compile(r"(?:<[^<>]*|&[#\w]{0,12})\Z")  # what was cut in two
_TABLE = frozenset({"table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"})
_WORD = re.compile(rf"(?:&[#\w]{{1,12}};|[^\s<>&]){{{WORD}}}")
_MARKUP = re.compile(r"(<[^<>]*>)")
_NAMED = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
_LINK = re.compile(r'<a href="(https?://[^"<>]*)">', re.IGNORECASE)


def calm(html: str) -> tuple[str, bool]:
    """What is shown, and whether it is all."""
    whole = len(html) <= SHOWN
    if not whole:
        html = _HALF.sub("", html[:SHOWN])
    tags = _Tags()
    parts = _MARKUP.split(html)
    return "".join(tags.kept(part) if n % 2 else _words(part) for n, part in enumerate(parts)), whole


def _words(text: str) -> str:
    return _WORD.sub("\\g<0>&#8203;", text.replace("<", "&lt;"))


class _Tags:
    """Which tags stay: those known here, without attributes but a link's; tables neither too deep nor too large."""

    def __init__(self) -> None:
        self._depth = self._cells = 0

    def kept(self, tag: str) -> str:
        found = _NAMED.match(tag)
        name = found[2].lower() if found else ""
        closes = found is not None and bool(found[1])
        if name == "a":
            link = _LINK.fullmatch(tag)
            return "</a>" if closes else f'<a href="{link[1]}">' if link else ""
        if name in CALM or (name in _TABLE and self._fits(name, closes)):
            return f"</{name}>" if closes else f"<{name}>"
        return " "

    def _fits(self, name: str, closes: bool) -> bool:
        if name == "table" and not closes:
            self._depth += 1
        self._cells += name in ("td", "th") and not closes
        fits = 1 <= self._depth <= TABLES and self._cells <= CELLS
        if name == "table" and closes:
            self._depth = max(0, self._depth - 1)
        return fits
