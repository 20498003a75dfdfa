"""A list of feeds written for another reader (OPML 2.0), by ElementTree. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from email.utils import format_datetime
from xml.etree import ElementTree as Tree

from deskblog.feeds.listed import Listed, Path
from deskblog.feeds.markup import one_line
from deskblog.limits import FEED_LINE, OPML_DEPTH


def list_line(said: object) -> str:
    """A title of a list, of one line and no more than fits."""
    return one_line(str(said or ""))[:FEED_LINE]


def list_path(names: Iterable[str]) -> Path:
    """Where a feed lies, without empty names and not deeper than is kept."""
    return tuple(name for part in names if (name := list_line(part)))[:OPML_DEPTH]


def write_opml(title: str, feeds: Iterable[Listed], at: datetime) -> bytes:
    """OPML 2.0. A feed that lies in several folders stands in each, which readers take for one feed."""
    root = Tree.Element("opml", version="2.0")
    head, body = Tree.SubElement(root, "head"), Tree.SubElement(root, "body")
    Tree.SubElement(head, "title").text = list_line(title)
    Tree.SubElement(head, "dateCreated").text = format_datetime(at)
    folders: dict[Path, Tree.Element] = {(): body}
    for feed in feeds:
        name = list_line(feed.title) or feed.url
        for path in feed.folders or ((),):
            place = _folder(folders, list_path(path))
            Tree.SubElement(place, "outline", type="rss", text=name, title=name, xmlUrl=feed.url)
    Tree.indent(root)
    written: bytes = Tree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _folder(folders: dict[Path, Tree.Element], path: Path) -> Tree.Element:
    if path not in folders:
        parent = _folder(folders, path[:-1])
        folders[path] = Tree.SubElement(parent, "outline", text=path[-1], title=path[-1])
    return folders[path]
