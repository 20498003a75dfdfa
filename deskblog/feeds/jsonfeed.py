"""JSON Feed 1.0 and 1.1. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from deskblog.feeds import markup
from deskblog.feeds.addresses import named, web_address
from deskblog.feeds.dates import read_date
from deskblog.feeds.feed import Enclosure, Feed, Item, NotAFeed
from deskblog.feeds.identity import Named, keyed
from deskblog.limits import FEED_ENCLOSURES, FEED_ITEMS, FEED_LINE, FEED_TAGS, FEED_TEXT


def read_json(text: str, url: str) -> Feed:
    """NotAFeed for what ends early, is no JSON, or says nothing of a feed."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        raise NotAFeed("broken") from None
    if not isinstance(said, dict) or not isinstance(said.get("items"), list):
        raise NotAFeed("other")
    if "jsonfeed" not in str(said.get("version", "")).lower() and not said.get("title"):
        raise NotAFeed("other")
    link = web_address(said.get("home_page_url"), url)
    entries = [one for one in said["items"] if isinstance(one, dict)]
    found = [_named(one, url) for one in entries[:FEED_ITEMS]]
    return Feed(
        title=_line(said.get("title")),
        link=link,
        items=keyed(found),
        kind=f"json{str(said.get('version', '')).rstrip('/').rpartition('/')[2][:4]}",
        subtitle=_line(said.get("description")),
        authors=_authors(said),
        language=_line(said.get("language"))[:35],
        picture=web_address(said.get("icon") or said.get("favicon"), url),
        own=web_address(said.get("feed_url"), url),
        hub=next((where for one in _dicts(said.get("hubs")) if (where := web_address(one.get("url"), url))), ""),
        left_out=len(entries) - len(found),
    )


def _named(one: Mapping[str, Any], url: str) -> Named:
    html, text = markup.clean(_text(one.get("content_html")), url), markup.lines(_text(one.get("content_text")))
    summary = markup.lines(_text(one.get("summary")))
    shown = html or markup.as_html(text or summary)
    files = tuple(_files(one, url))
    item = Item(
        key="",
        url=web_address(one.get("url"), url) or web_address(one.get("external_url"), url),
        title=_line(one.get("title")),
        text=(markup.words(html) or text or summary)[:FEED_TEXT],
        html=shown if len(shown) <= FEED_TEXT else markup.as_html((text or markup.words(html))[:FEED_TEXT]),
        published=read_date(one.get("date_published")),
        updated=read_date(one.get("date_modified")),
        authors=_authors(one),
        enclosures=files,
        tags=tuple(dict.fromkeys(line for tag in _list(one.get("tags")) if (line := _line(tag))))[:FEED_TAGS],
        summary=summary[:FEED_TEXT],
        picture=web_address(one.get("image"), url) or web_address(one.get("banner_image"), url),
        language=_line(one.get("language"))[:35],
    )
    return Named(_line(one.get("id")), item)


def _text(said: object) -> str:
    """Strings alone; an id may be a number."""
    if isinstance(said, str):
        return said
    return str(said) if isinstance(said, (int, float)) and not isinstance(said, bool) else ""


def _line(said: object) -> str:
    return markup.one_line(_text(said)[: FEED_LINE * 4])[:FEED_LINE]


def _list(said: object) -> list[Any]:
    return said if isinstance(said, list) else []


def _dicts(said: object) -> Iterable[Mapping[str, Any]]:
    return (one for one in _list(said) if isinstance(one, dict))


def _authors(of: Mapping[str, Any]) -> tuple[str, ...]:
    """Version 1.1 has many, 1.0 one."""
    people = [*_dicts(of.get("authors")), *_dicts([of.get("author")])]
    return tuple(dict.fromkeys(name for one in people if (name := _line(one.get("name")))))[:FEED_TAGS]


def _files(of: Mapping[str, Any], url: str) -> Iterator[Enclosure]:
    for one in list(_dicts(of.get("attachments")))[:FEED_ENCLOSURES]:
        where, size = web_address(one.get("url"), url), one.get("size_in_bytes")
        if where:
            whole = int(size) if isinstance(size, (int, float)) and 0 < size < 1e15 else 0
            yield Enclosure(where, _line(one.get("mime_type")), whole, _line(one.get("title")) or named(where))
