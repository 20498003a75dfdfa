"""What came of a feed, sorted into what is new and what says something else now. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from deskblog.feeds.feed import Feed, Item
from deskblog.feeds.identity import Known, Verdict, compared, settled
from deskblog.store.items import Came, Held
from deskblog.store.watch import watched

SHOWN_FIRST = 5  # of a feed that was added just now: the rest is read
YEAR_MS = 400 * 86_400_000  # what is older and read goes


def sorted_in(
    feed: Feed, held: Iterable[Held], now: datetime, words: str, *, first: bool
) -> tuple[list[Came], list[Came]]:
    """(new items, edited ones). `words`: what the person wants to read of; `first`: nothing of it was here before."""
    known = [Known(one.ident, one.also, one.digest) for one in held]
    found = compared(feed.items, known)
    newest = sorted((settled(item, now) for item, verdict, _key in found if verdict is Verdict.NEW), reverse=True)
    since = newest[SHOWN_FIRST - 1] if first and len(newest) >= SHOWN_FIRST else None
    new: list[Came] = []
    edited: list[Came] = []
    for item, verdict, key in found:
        if verdict is Verdict.SAME:
            continue
        at = settled(item, now)
        one = _came(item, key, at, words, unread=since is None or at >= since)
        (new if verdict is Verdict.NEW else edited).append(one)
    return new, edited


def _came(item: Item, key: str, at: datetime, words: str, *, unread: bool) -> Came:
    more = {
        "files": [[one.url, one.type, one.size, one.name] for one in item.enclosures],
        "comments": item.comments,
        "tags": list(item.tags),
        "language": item.language,
    }
    text = item.text or item.summary
    return Came(
        key,
        item.also,
        item.digest,
        round(at.timestamp() * 1000),
        item.url,
        item.title,
        text,
        item.html,
        ", ".join(item.authors),
        msgspec.json.encode(more).decode(),
        unread,
        not wanted(words, f"{item.title}\n{text}"),
    )


def wanted(words: str, text: str) -> bool:
    """Whether an item is to be shown: it has one of the words, if there are any, and none with a minus before it."""
    parts = words.split()
    without = [part[1:] for part in parts if part.startswith("-") and len(part) > 1]
    needed = [part for part in parts if not part.startswith("-")]
    return not watched(without, text) and (not needed or watched(needed, text))
