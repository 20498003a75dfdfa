"""The feeds that a page names. Pure.

What it links to as `rel=alternate` of a feed's type is what it offers; where it offers none, addresses that look like
a feed's are as good as a guess can be, and are said to be one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from deskblog.feeds.addresses import web_address
from deskblog.feeds.decoding import decode
from deskblog.feeds.markup import one_line
from deskblog.feeds.offer import Offer
from deskblog.limits import FEED_LINE, FEEDS_OFFERED, FEEDS_PAGE
from deskblog.plain_text import AnyHTML

_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml", "application/xml",
     "text/xml", "application/x.atom+xml", "application/x-atom+xml", "application/x-netcdf", "text/rss+xml",
     "application/rss", "application/json"}
)  # fmt: skip
_LOOKS = re.compile(r"(?:^|[/._?=&-])(?:rss2?|atom|feeds?|rdf|index\.xml|feed\.json)(?:$|[/._?=&#-])", re.IGNORECASE)
_NOT = re.compile(r"wp-json|oembed|api\.w\.org|manifest|opensearch", re.IGNORECASE)
_META = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{2,20})", re.IGNORECASE)


class _Links(AnyHTML):
    def __init__(self, url: str) -> None:
        super().__init__(convert_charrefs=True)
        self.base = url
        self._based = False
        self.title = ""
        self._in_title = False
        self.offered: dict[str, Offer] = {}
        self.guessed: dict[str, Offer] = {}
        self._anchor = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in reversed(attrs)}
        self._in_title = tag == "title" and not self.title
        if tag == "base" and not self._based:
            self.base = web_address(given.get("href"), self.base) or self.base
            self._based = True
        elif tag == "link":
            self._link(given)
        elif tag == "a":
            self._anchor = web_address(given.get("href"), self.base)
            if self._anchor and _LOOKS.search(self._anchor.partition("://")[2].partition("/")[2]):
                offer = Offer(self._anchor, one_line(given.get("title", ""))[:FEED_LINE], guessed=True)
                self._keep(self.guessed, offer)

    def _link(self, given: Mapping[str, str]) -> None:
        rels = given.get("rel", "").lower().split()
        kind = given.get("type", "").partition(";")[0].strip().lower()
        where = web_address(given.get("href"), self.base)
        is_feed = "feed" in rels or ("alternate" in rels and "stylesheet" not in rels and kind in _TYPES)
        if where and is_feed and not _NOT.search(where):
            self._keep(self.offered, Offer(where, one_line(given.get("title", ""))[:FEED_LINE], kind))

    def _keep(self, where: dict[str, Offer], offer: Offer) -> None:
        if len(where) < FEEDS_OFFERED:
            where.setdefault(offer.url, offer)

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False
        if tag == "a":
            self._anchor = ""

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data[:FEED_LINE]
        elif self._anchor in self.guessed and not self.guessed[self._anchor].title:
            self.guessed[self._anchor] = Offer(self._anchor, one_line(data)[:FEED_LINE], guessed=True)


def offered(body: bytes, url: str, headers: Mapping[str, str]) -> tuple[str, tuple[Offer, ...]]:
    """A page's title and the feeds it offers, in its order; none at all is nothing. Never raises."""
    page = _Links(url)
    page.feed(_text(body[:FEEDS_PAGE], headers).replace("\0", ""))
    return one_line(page.title)[:FEED_LINE], tuple((page.offered or page.guessed).values())


def _text(body: bytes, headers: Mapping[str, str]) -> str:
    """HTML says its encoding in a `meta`, where its server does not."""
    low = {name.lower(): value for name, value in headers.items()}
    inside = _META.search(body[:4096])
    if "charset" not in low.get("content-type", "").lower() and inside:
        low["content-type"] = f"text/html; charset={inside[1].decode('ascii', 'replace')}"
    return decode(body, low)
