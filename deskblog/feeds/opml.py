"""Lists of feeds, as readers exchange them (OPML, and FOAF of planets), read by listparser. Pure.

A list is foreign bytes like any feed, and read where feeds are (worker.py), which alone loads this.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import listparser

from deskblog.errors import Malformed
from deskblog.feeds.addresses import feed_address
from deskblog.feeds.dates import read_date
from deskblog.feeds.decoding import decode
from deskblog.feeds.listed import FeedList, Listed
from deskblog.feeds.opml_written import list_line, list_path
from deskblog.limits import OPML_FEEDS


def read_opml(body: bytes) -> FeedList:
    """Malformed if there is nothing of a list in it. A broken one is read as far as it goes."""
    text = decode(body, {}).replace("\0", "")
    try:
        said: Any = listparser.parse(text.encode())
    except (LookupError, ValueError, AssertionError) as fault:  # listparser's, on bytes that none would write
        raise Malformed("no list of feeds") from fault
    if not said.version:
        raise Malformed("no list of feeds")
    feeds, pages, lists = (tuple(_listed(said[name])) for name in ("feeds", "opportunities", "lists"))
    meta, total = said.meta, len(said.feeds) + len(said.opportunities) + len(said.lists)
    author = meta.get("author") or {}
    return FeedList(
        list_line(meta.get("title")),
        list_line(author.get("name")),
        feeds,
        pages,
        lists,
        read_date(meta.get("created")),
        read_date(meta.get("modified")),
        total - len(feeds) - len(pages) - len(lists),
    )


def _listed(found: Iterable[Mapping[str, Any]]) -> Iterator[Listed]:
    for one in list(found)[:OPML_FEEDS]:
        url = feed_address(one.get("url"))
        if url:
            folders = (list_path(names) for names in one.get("categories") or ())
            yield Listed(url, list_line(one.get("title")), tuple(dict.fromkeys(path for path in folders if path)))
