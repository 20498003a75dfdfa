"""Foreign HTML to the little of it that is shown, and to words. Pure.

What is allowed is a list of ours; the rest is taken out, the words in it left. No picture: to show one is to tell its
server who reads, and when; Qt would even open a path of the network that an `img` names.
"""

from __future__ import annotations

import html as escaping
import re
from functools import partial

from deskblog.feeds.addresses import web_address
from deskblog.feeds.repair import without_controls
from deskblog.limits import FEED_TEXT
from deskblog.plain_text import BREAKS

_TAGS = frozenset(
    {"a", "abbr", "b", "blockquote", "br", "caption", "cite", "code", "dd", "del", "div", "dl", "dt", "em",
     "figcaption", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q",
     "s", "samp", "small", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul",
     "var"}
)  # fmt: skip
_GONE = frozenset(
    {"script", "style", "template", "head", "title", "iframe", "object", "embed", "applet", "svg", "math", "noscript",
     "noembed", "noframes", "textarea", "select", "option", "xmp", "frameset", "canvas", "audio", "video"}
)  # fmt: skip

DEPTH = 200  # elements one within the other; a parser of HTML looks through all that are open, at each
MARKUP = 4 * FEED_TEXT  # characters of HTML that are looked at for one item

_TAG = re.compile(r"</?([a-z][a-z0-9]*)(?: [a-z]+=\"[^\"]*\")*>")
_CELLS = {"td": " ", "th": " "}
_MARK = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
_ENDLESS = frozenset(  # which have no end, or may do without one
    {"area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta", "option", "p",
     "param", "source", "tbody", "td", "tfoot", "th", "thead", "tr", "track", "wbr"}
)  # fmt: skip


def clean(html: str, base: str) -> str:
    """What may be shown of it, its links made whole."""
    import nh3  # by the reader of feeds alone, a process of its own

    html = without_controls(html[:MARKUP])
    if _is_deep(html):
        return as_html(" ".join(escaping.unescape(re.sub(r"<[^<>]*>", " ", html)).split()))
    return nh3.clean(
        html,
        tags=set(_TAGS),
        clean_content_tags=set(_GONE),
        attributes={"a": {"href"}},
        attribute_filter=partial(_link, base),
        url_schemes={"http", "https"},
        link_rel=None,
    ).strip()


def _link(base: str, _tag: str, attribute: str, value: str) -> str | None:
    return web_address(value, base) or None if attribute == "href" else None


def _is_deep(html: str) -> bool:
    depth = 0
    for mark in _MARK.finditer(html):
        if mark[2].lower() not in _ENDLESS:
            depth = max(0, depth - 1) if mark[1] else depth + 1
            if depth > DEPTH:
                return True
    return False


def as_html(text: str) -> str:
    """Plain text as HTML."""
    return "<br>".join(escaping.escape(text, quote=False).splitlines())


def words(html: str) -> str:
    """The words of HTML that `clean` has made, a line a paragraph. Its tags are regular: a search finds them."""
    text = _TAG.sub(lambda tag: "\n" if tag[1] in BREAKS else _CELLS.get(tag[1], ""), html.replace("\n", " "))
    return lines(escaping.unescape(text))


def one_line(text: str) -> str:
    return " ".join(without_controls(text).split())


def lines(text: str) -> str:
    """Plain text without its empty lines and its spaces at the ends of lines."""
    kept = (" ".join(line.split()) for line in without_controls(text).splitlines())
    return "\n".join(line for line in kept if line)
