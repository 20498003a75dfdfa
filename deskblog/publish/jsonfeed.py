"""Posts as a JSON Feed 1.1. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from deskblog.publish import feed, words
from deskblog.publish.dates import rfc3339
from deskblog.publish.feed import Channel, Item
from deskblog.publish.published import Published

MEDIA_TYPE = "application/feed+json"


def jsonfeed(channel: Channel, posts: Sequence[Published]) -> bytes:
    """The newest posts."""
    made = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": words.line(channel.title) or feed.GENERATOR,
        "home_page_url": channel.home,
        "feed_url": channel.own,
        "description": words.line(channel.about),
        "language": channel.language,
        "items": [_item(item) for item in feed.items(channel, posts)],
    }
    return json.dumps(_said(made), ensure_ascii=False, indent=1).encode() + b"\n"


def _item(item: Item) -> dict[str, Any]:
    return _said(
        {
            "id": item.id,
            "url": item.link,
            "title": item.title,
            "content_html": item.html,
            "content_text": item.text,
            "date_published": rfc3339(item.published) if item.published else "",
            "date_modified": rfc3339(item.updated) if item.updated > item.published else "",
            "authors": [{"name": item.author}],
            "tags": list(item.tags),
            "attachments": [
                {"url": one.address, "mime_type": one.media_type, "title": one.name, "size_in_bytes": one.size}
                for one in item.enclosed
            ],
        }
    )


def _said(made: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty."""
    return {name: value for name, value in made.items() if value or name == "items"}
