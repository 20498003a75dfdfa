"""Text of an XML feed to text that an XML parser takes: no DOCTYPE, no control character, no entity but XML's. Pure.

A DOCTYPE may define entities in terms of each other, and so become a bomb, or name files. None is handed on: one
that defines nothing, or characters alone (`<!ENTITY eacute "&#233;">`), is taken out and its entities are put in
here; any other is refused. All of it is linear in the text.
"""

from __future__ import annotations

import html
import html.entities
import re

from deskblog.feeds.feed import NotAFeed

ENTITY = 16  # characters an entity of the feed's own may stand for
PROLOG = 64 * 1024  # characters before the first element

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ufffe\uffff\ud800-\udfff]")
_DOCTYPE = re.compile(r"<!DOCTYPE", re.IGNORECASE)
_FIRST = re.compile(r"<[^!?\s]")
_DEFINED = re.compile(r"<!ENTITY\s+([\w.:-]{1,40})\s+(?:\"([^\"<>%]*)\"|'([^'<>%]*)')\s*>")
_COMMENT = re.compile(r"<!--[^-]*(?:-[^-]+)*-->")
_REFERENCE = re.compile(r"&(?:#(x[0-9a-f]{1,8}|[0-9]{1,9});|([a-z][\w.:-]{0,39});)?", re.IGNORECASE)
_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})
_DECLARATION = re.compile(r"^<\?xml\b[^>]{0,400}>")


def without_controls(text: str) -> str:
    """No C0 but tab and line ends, no half of a pair, no noncharacter."""
    return _CONTROL.sub("", text)


def repair(text: str) -> str:
    """NotAFeed("entities") for a DOCTYPE that defines more than characters."""
    text = _DECLARATION.sub("", without_controls(text).lstrip())
    first = _FIRST.search(text, 0, PROLOG)
    head, rest = (text[: first.start()], text[first.start() :]) if first else (text[:PROLOG], text[PROLOG:])
    named = dict(_HTML)
    if _DOCTYPE.search(head):
        head, rest, own = _without_doctype(text)
        named.update(own)
    return head + _outside_cdata(rest, named)


def _without_doctype(text: str) -> tuple[str, str, dict[str, str]]:
    """What stood before it, what after, and the characters it defined."""
    found = _DOCTYPE.search(text)
    assert found is not None
    opened = text.find("[", found.end(), found.end() + PROLOG)
    closed = text.find(">", found.end(), found.end() + PROLOG)
    if closed < 0:
        raise NotAFeed("entities")
    if opened < 0 or closed < opened:
        return text[: found.start()], text[closed + 1 :], {}
    end = text.find("]", opened, opened + PROLOG)
    closed = text.find(">", end) if end >= 0 else -1
    if closed < 0 or text[end + 1 : closed].strip():
        raise NotAFeed("entities")
    subset = _COMMENT.sub("", text[opened + 1 : end])
    own = {name: html.unescape(one or other) for name, one, other in _DEFINED.findall(subset)}
    if _DEFINED.sub("", subset).strip() or any("&" in one.strip("&") or len(one) > ENTITY for one in own.values()):
        raise NotAFeed("entities")
    return text[: found.start()], text[closed + 1 :], {name: without_controls(value) for name, value in own.items()}


def _outside_cdata(text: str, named: dict[str, str]) -> str:
    """References that XML does not know are put in as characters; an ampersand that begins none is one."""

    def put(found: re.Match[str]) -> str:
        number, name = found[1], found[2]
        if number:
            code = int(number[1:], 16) if number[0] in "xX" else int(number)
            return "" if code > 0x10FFFF or _CONTROL.match(chr(code)) else found[0]
        if name is None:
            return "&amp;"
        if name in _XML:
            return found[0]
        known = named.get(name)
        return html.escape(known) if known is not None else f"&amp;{found[0][1:]}"

    parts = []
    at = 0
    while True:
        opened = text.find("<![CDATA[", at)
        closed = text.find("]]>", opened) if opened >= 0 else -1
        if closed < 0:
            parts.append(_REFERENCE.sub(put, text[at:]))
            return "".join(parts)
        parts += (_REFERENCE.sub(put, text[at:opened]), text[opened : closed + 3])
        at = closed + 3


_HTML = {name.removesuffix(";"): value for name, value in html.entities.html5.items() if name.endswith(";")}
