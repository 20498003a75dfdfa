"""Lists of feeds, as readers exchange them: in by listparser (OPML, and FOAF of planets), out by ElementTree. Pure.

A list is foreign bytes like any feed, and read where feeds are (worker.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from xml.etree import ElementTree as Tree

import listparser

from deskblog.errors import Malformed
from deskblog.feeds.addresses import feed_address
from deskblog.feeds.dates import read_date
from deskblog.feeds.decoding import decode
from deskblog.feeds.markup import one_line
from deskblog.limits import FEED_LINE, OPML_DEPTH, OPML_FEEDS

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A feed of a list. `folders`: where it lies, from the outermost; in several if it lies in several."""

    url: str
    title: str = ""
    folders: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedList:
    """`pages`: of sites whose feed is not named, to be looked for there. `lists`: other lists it names, not followed.
    `left_out`: what has no address on the web, or was past the ceiling."""

    title: str = ""
    owner: str = ""
    feeds: tuple[Listed, ...] = ()
    pages: tuple[Listed, ...] = ()
    lists: tuple[Listed, ...] = ()
    created: datetime | None = None
    modified: datetime | None = None
    left_out: int = 0


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
        _line(meta.get("title")),
        _line(author.get("name")),
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
            folders = (_path(names) for names in one.get("categories") or ())
            yield Listed(url, _line(one.get("title")), tuple(dict.fromkeys(path for path in folders if path)))


def _path(names: Iterable[str]) -> Path:
    return tuple(name for part in names if (name := _line(part)))[:OPML_DEPTH]


def _line(said: object) -> str:
    return one_line(str(said or ""))[:FEED_LINE]


def write_opml(title: str, feeds: Iterable[Listed], at: datetime) -> bytes:
    """OPML 2.0. A feed that lies in several folders stands in each, which readers take for one feed."""
    root = Tree.Element("opml", version="2.0")
    head, body = Tree.SubElement(root, "head"), Tree.SubElement(root, "body")
    Tree.SubElement(head, "title").text = _line(title)
    Tree.SubElement(head, "dateCreated").text = format_datetime(at)
    folders: dict[Path, Tree.Element] = {(): body}
    for feed in feeds:
        name = _line(feed.title) or feed.url
        for path in feed.folders or ((),):
            place = _folder(folders, _path(path))
            Tree.SubElement(place, "outline", type="rss", text=name, title=name, xmlUrl=feed.url)
    Tree.indent(root)
    written: bytes = Tree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _folder(folders: dict[Path, Tree.Element], path: Path) -> Tree.Element:
    if path not in folders:
        parent = _folder(folders, path[:-1])
        folders[path] = Tree.SubElement(parent, "outline", text=path[-1], title=path[-1])
    return folders[path]
