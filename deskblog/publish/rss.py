"""Posts as an RSS 2.0 feed, as the RSS Advisory Board's profile has it. Pure."""

from __future__ import annotations

import xml.etree.ElementTree as Tree
from collections.abc import Sequence

from deskblog.publish import feed, words
from deskblog.publish.dates import rfc822
from deskblog.publish.feed import Channel, Item, child
from deskblog.publish.published import Published

MEDIA_TYPE = "application/rss+xml"
_SPACES = {"xmlns:atom": "http://www.w3.org/2005/Atom", "xmlns:dc": "http://purl.org/dc/elements/1.1/"}


def rss(channel: Channel, posts: Sequence[Published]) -> bytes:
    """The newest posts."""
    found = feed.items(channel, posts)
    root = Tree.Element("rss", {"version": "2.0", **_SPACES})
    top = child(root, "channel")
    title = words.line(channel.title) or feed.GENERATOR
    child(top, "title", title)
    child(top, "link", channel.home)
    child(top, "description", words.line(channel.about) or title)
    child(top, "language", channel.language)
    child(top, "lastBuildDate", rfc822(feed.updated(found)))
    child(top, "generator", feed.GENERATOR)
    child(top, "atom:link", attributes={"rel": "self", "type": MEDIA_TYPE, "href": channel.own})
    for item in found:
        _item(top, item)
    return feed.whole(root)


def _item(top: Tree.Element, item: Item) -> None:
    made = child(top, "item")
    child(made, "guid", item.id, {"isPermaLink": "false"})
    child(made, "title", item.title)
    if item.link:
        child(made, "link", item.link)
    child(made, "dc:creator", item.author)
    if item.published:
        child(made, "pubDate", rfc822(item.published))
    for tag in item.tags:
        child(made, "category", tag)
    child(made, "description", item.html)
    for one in [one for one in item.enclosed if feed.fits_rss(one)][:1]:  # readers know one; all are in the text
        child(made, "enclosure", attributes={"url": one.address, "length": str(one.size), "type": one.media_type})
