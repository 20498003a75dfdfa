"""A post's words as a feed or a page may say them: plain, as a title, as HTML. Pure.

Whatever a colleague wrote is text: all markup here is our own.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from html.entities import name2codepoint
from urllib.parse import quote, urlsplit

from deskblog import limits
from deskblog.log.kinds import shown_text
from deskblog.log.marked import Place, places
from deskblog.publish.published import Published

_LAST_OF_PLANES = "".join(chr(plane + 0xFFFE) + chr(plane + 0xFFFF) for plane in range(0, 0x110000, 0x10000))
_NO_CHARACTERS = re.compile(f"[\ufdd0-\ufdef{_LAST_OF_PLANES}]")
_TAG_BEGINS = re.compile(r"<(?=[A-Za-z/!?]|[\w.+'-]+@)")
_REFERENCE = re.compile(r"&(?=(#?\w+))")
_KEPT = "%/:=&?~#+!$,;'@()*-._"  # what an address is left with

Linker = Callable[[Place], str]  # where a tag leads; "": nowhere


def clean(text: str) -> str:
    """What may stand in XML, HTML and JSON alike, and is no control, direction or replacement character."""
    return shown_text(_NO_CHARACTERS.sub("", text.replace("\ufffd", "?")))


def flat(text: str) -> str:
    """On one line."""
    return " ".join(clean(text).split())


def line(text: str) -> str:
    """On one line, and with nothing in it that a feed's reader could take for markup: many take a title for HTML."""
    plain = _TAG_BEGINS.sub("‹", flat(text))
    return _REFERENCE.sub(lambda found: "＆" if _is_reference(found[1]) else "&", plain)


def _is_reference(name: str) -> bool:
    return name in name2codepoint or name == "apos" or not name.isalpha()


def title(post: Published) -> str:
    """The beginning of the text, cut at a word; of a post without words what is beside it, or its author."""
    whole = line(post.text) or line(post.beside[0].name if post.beside else "") or author(post)
    if len(whole) <= limits.FEED_TITLE:
        return whole
    cut = whole[: limits.FEED_TITLE]
    word = cut.rfind(" ")
    return f"{cut[: word if word > limits.FEED_TITLE // 2 else limits.FEED_TITLE - 1].rstrip(' .,;:–-')}…"


def author(post: Published) -> str:
    return line(post.author) or "?"


def name(post: Published) -> str:
    """Of its author, for a page."""
    return flat(post.author) or "?"


def tags(post: Published) -> tuple[str, ...]:
    """Each once, none blank."""
    return tuple(tag for tag in dict.fromkeys(map(line, post.tags)) if tag)


def html(text: str, leads: Linker = lambda place: "") -> str:
    """Paragraphs; lines are kept, addresses can be pressed. `leads`: where a tag leads."""
    whole = clean(text)
    parts, done = [], 0
    for place in places(whole):
        address = web_address(place.value) if place.kind == "link" else leads(place)
        if not address:
            continue
        parts += [escape(whole[done : place.start]), f'<a href="{escape(address)}">{escape(place.value)}</a>']
        done = place.end
    marked = "".join(parts) + escape(whole[done:])
    return "".join(f"<p>{part.strip().replace(chr(10), '<br>')}</p>" for part in marked.split("\n\n") if part.strip())


def web_address(address: str) -> str:
    """An http or https address in plain ASCII; "" if it is none, or names a user, by whom hosts are disguised."""
    try:
        parts = urlsplit(address.strip())
        host = (parts.hostname or "").encode("idna").decode("ascii") if parts.hostname else ""
        port = f":{parts.port}" if parts.port is not None else ""
    except (ValueError, UnicodeError):
        return ""
    if parts.scheme.lower() not in ("http", "https") or not host or "@" in parts.netloc:
        return ""
    host = f"[{host}]" if ":" in host else host
    rest = parts._replace(scheme="", netloc="").geturl()
    return f"{parts.scheme.lower()}://{quote(host, safe='[]:.-_')}{port}{quote(rest, safe=_KEPT)}"
