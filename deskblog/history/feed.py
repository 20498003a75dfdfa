"""A feed of one's own that was saved as a file: RSS or Atom. feedparser reads it; words alone are taken."""

from __future__ import annotations

import calendar
from typing import Any

from deskblog.history.found import Found, Past
from deskblog.plain_text import plain_text


def is_feed(data: bytes) -> bool:
    head = data[:2000].lower()
    return any(mark in head for mark in (b"<rss", b"<feed", b"<rdf:rdf"))


def read_feed(data: bytes) -> Found:
    """Title, first words, address of each item."""
    import feedparser  # 4 MB that most people never need

    parsed: Any = feedparser.parse(data)  # bytes, never an address
    posts = [post for entry in parsed.entries if (post := _post(entry)) is not None]
    return Found(tuple(sorted(posts, key=lambda one: one.at)), len(parsed.entries) - len(posts))


def _post(entry: Any) -> Past | None:
    title = plain_text(str(entry.get("title") or ""))
    words = plain_text(str(entry.get("summary") or ""))
    link = str(entry.get("link") or "")
    if title and words.startswith(title.rstrip(" …").rstrip(".")):
        title = ""  # of a blog of short posts
    link = link if link.startswith(("https://", "http://")) else ""
    text = "\n".join(part for part in (title, words, link) if part)
    when = entry.get("published_parsed") or entry.get("updated_parsed")
    try:
        at = calendar.timegm(when) * 1000 if when else 0
    except (ValueError, OverflowError, TypeError):
        at = 0
    return Past(max(at, 0), text, "feed") if text else None
