"""What is asked of the child that fetches and reads, and what it answers: msgpack, both ways. Pure."""

from __future__ import annotations

import msgspec

from deskblog.feeds.feed import Feed
from deskblog.feeds.listed import FeedList
from deskblog.feeds.offer import Offer


class Ask(msgspec.Struct, array_like=True, frozen=True):
    """A feed to be fetched and read; with `body`, one that is here already; with `listed`, a list of feeds.

    `inside`: the address may lead into the own network, as its user gave it. `proxies`: by scheme; None asks the
    system. `keep`: the bytes are wanted too, to be handed on.
    """

    url: str
    agent: str = ""
    etag: str = ""
    modified: str = ""
    inside: bool = False
    proxies: dict[str, str] | None = None
    seconds: float = 30.0
    ceiling: int = 10 * 1024 * 1024
    keep: bool = False
    body: bytes | None = None
    headers: dict[str, str] = {}
    listed: bool = False


class Answer(msgspec.Struct, array_like=True, frozen=True):
    """`fault`: a word of words.py, empty if a feed was read or nothing is new.

    `moved`: where all of the way said it has moved to for ever. `fresh`, `retry`: seconds, 0 if nothing was said.
    `private`: not to be shared with others, by its headers. `inside`: it came from the own network.
    `etag` and `modified` are opaque; empty where they are not to be trusted.
    """

    fault: str = ""
    status: int = 0
    url: str = ""
    moved: str = ""
    etag: str = ""
    modified: str = ""
    fresh: int = 0
    retry: int = 0
    private: bool = False
    inside: bool = False
    cut: bool = False
    feed: Feed | None = None
    title: str = ""
    offers: tuple[Offer, ...] = ()
    listed: FeedList | None = None
    body: bytes = b""
    headers: dict[str, str] = {}
