"""Posts as an Atom 1.0 feed (RFC 4287), answers as RFC 4685 has them. Pure."""

from __future__ import annotations

import xml.etree.ElementTree as Tree
from collections.abc import Sequence

from deskblog.publish import feed, words
from deskblog.publish.dates import EARLIEST, rfc3339, rfc3339_of
from deskblog.publish.feed import Channel, Item, child
from deskblog.publish.published import Published, urn

MEDIA_TYPE = "application/atom+xml"
_SPACES = {"xmlns": "http://www.w3.org/2005/Atom", "xmlns:thr": "http://purl.org/syndication/thread/1.0"}


def atom(channel: Channel, posts: Sequence[Published]) -> bytes:
    """The newest posts."""
    found = feed.items(channel, posts)
    root = Tree.Element("feed", {**_SPACES, "xml:lang": channel.language})
    child(root, "id", urn(channel.key))
    child(root, "title", words.line(channel.title) or feed.GENERATOR)
    if words.line(channel.about):
        child(root, "subtitle", words.line(channel.about))
    child(root, "updated", rfc3339(feed.updated(found)))
    child(root, "link", attributes={"rel": "self", "type": MEDIA_TYPE, "href": channel.own})
    child(root, "link", attributes={"rel": "alternate", "type": "text/html", "href": channel.home})
    child(child(root, "author"), "name", words.line(channel.title) or feed.GENERATOR)
    child(root, "generator", feed.GENERATOR)
    for item in found:
        _entry(root, item)
    return feed.whole(root)


def _entry(root: Tree.Element, item: Item) -> None:
    entry = child(root, "entry")
    child(entry, "id", item.id)
    child(entry, "title", item.title)
    child(child(entry, "author"), "name", item.author)
    if item.published:
        child(entry, "published", rfc3339(item.published))
    child(entry, "updated", rfc3339_of(item.updated or EARLIEST, item.key))
    if item.link:
        child(entry, "link", attributes={"rel": "alternate", "type": "text/html", "href": item.link})
    for one in item.enclosed:
        kind = {"rel": "enclosure", "type": one.media_type, "href": one.address}
        child(entry, "link", attributes=kind | {"length": str(one.size), "title": one.name})
    if item.answered_at:
        page = {"ref": item.answered, "href": item.answered_at, "type": "text/html"}
        child(entry, "thr:in-reply-to", attributes=page)
    if item.answers:
        child(entry, "thr:total", str(item.answers))
    for tag in item.tags:
        child(entry, "category", attributes={"term": tag})
    child(entry, "content", item.html, {"type": "html"})
