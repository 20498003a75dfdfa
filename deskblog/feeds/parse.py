"""The seam: bytes of a feed in, items out. Pure, but not quick on hostile bytes: it runs in the child (worker.py)."""

from __future__ import annotations

from collections.abc import Mapping

from deskblog.feeds.decoding import decode
from deskblog.feeds.feed import Enclosure, Feed, Item, NotAFeed
from deskblog.feeds.jsonfeed import read_json
from deskblog.feeds.xmlfeed import read_xml

__all__ = ["Enclosure", "Feed", "Item", "NotAFeed", "parse_feed"]


def parse_feed(body: bytes, url: str, headers: Mapping[str, str]) -> Feed:
    """What a feed says. `url`: where it came from, for relative links; `headers`: of the answer, any case.

    NotAFeed if it is none. Nothing in what comes back is markup but `Item.html`, and that is cleaned.
    """
    low = {name.lower(): value for name, value in headers.items()}
    text = decode(body, low).lstrip("\ufeff \t\r\n\0")
    if not text:
        raise NotAFeed("empty")
    if text[0] in "{[":
        return read_json(text, url)
    return read_xml(text, url, low.get("content-language", ""))
