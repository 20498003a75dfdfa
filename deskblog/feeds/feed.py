"""What a feed says, once read: frozen values, all text plain, all addresses http or https. Pure."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from deskblog.errors import Malformed


class Enclosure(Struct, frozen=True):
    """A file that goes with an item. `size`: bytes as the feed says, 0 if it does not."""

    url: str
    type: str = ""
    size: int = 0
    name: str = ""


class Item(Struct, frozen=True):
    """One thing in a feed.

    `key`: unique within the file; its guid, else its link, else a hash. `also`: what else it can be told by when its
    key is new (see identity.py). `digest`: of what is shown; another one under the same key is a correction.
    `html`: cleaned, no picture in it. `text`: the same in words. `picture`: an address, fetched by nobody unasked.
    Times are aware and UTC, or None; they are the feed's, so possibly of the future: see identity.settled.
    """

    key: str
    url: str = ""
    title: str = ""
    text: str = ""
    html: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    authors: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    tags: tuple[str, ...] = ()
    summary: str = ""
    comments: str = ""
    picture: str = ""
    language: str = ""
    also: tuple[str, ...] = ()
    digest: str = ""


class Feed(Struct, frozen=True):
    """`link`: the site. `complete`: False where the end of the file is missing, and with it perhaps an item.

    `every`: seconds the feed asks to be left alone between two fetches (ttl, sy:update…), 0 if it does not say.
    `own`: where it says it is (rel=self); `moved`: where it says it went. `hub`: for WebSub, read and not used.
    `left_out`: items past the ceiling. `faults`: what was not as it should be, for whoever looks into it.
    """

    title: str = ""
    link: str = ""
    items: tuple[Item, ...] = ()
    kind: str = ""
    subtitle: str = ""
    authors: tuple[str, ...] = ()
    language: str = ""
    updated: datetime | None = None
    picture: str = ""
    own: str = ""
    hub: str = ""
    moved: str = ""
    every: int = 0
    complete: bool = True
    left_out: int = 0
    faults: tuple[str, ...] = ()


class NotAFeed(Malformed):
    """`reason`: "empty", "page" (HTML: feeds may be found in it), "entities" (an XML bomb could be made of it),
    "broken" (JSON that ends early or is none), "deep" (elements within elements without end), "other"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
