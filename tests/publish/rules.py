"""What the W3C's feed checker holds against a feed, errors and warnings alike, said in our own words.

Each function names every fault it finds; none is a feed that is valid and as it is recommended.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from html.entities import name2codepoint
from html.parser import HTMLParser
from typing import Any, ClassVar

from lxml import etree  # type: ignore[import-untyped]

from tests.publish.posts import NOW

ATOM, THR, DC = (
    "{http://www.w3.org/2005/Atom}",
    "{http://purl.org/syndication/thread/1.0}",
    "{http://purl.org/dc/elements/1.1/}",
)
_FULL = re.compile(r"[a-zA-Z][0-9a-zA-Z+.-]*:(//)?[0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,#]+\Z")
_HTTP = re.compile(r"https?://[^/].*")
_UUID = re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z\Z")
_2822 = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d? [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT\Z")
_MIME = re.compile(r"[^\s()<>,;:\\\"/[\]?=]+/[^\s()<>,;:\\\"/[\]?=]+\Z")
_ENCLOSURE = re.compile(r"https?://((\d{1,3}\.){3}\d{1,3}|([A-Za-z0-9-]+\.)+[A-Za-z0-9][A-Za-z0-9-]*)(:\d+)?(/|\Z)")
_EMAIL = re.compile(r"<[A-Z0-9_\-+.']+@(([0-9]{1,3}\.){3}|([A-Z0-9-]+\.)+)[A-Z0-9][-A-Z0-9]*>", re.IGNORECASE)
_FLOOR = datetime(1990, 1, 1, tzinfo=UTC)
_CEILING = datetime.fromtimestamp(NOW / 1000, UTC) + timedelta(minutes=10)

Faults = Iterator[str]


class _Html(HTMLParser):
    """Knows only what feeds of ours may hold, and wants it well nested, with absolute addresses."""

    ALLOWED: ClassVar = {"p": set[str](), "br": set[str](), "a": {"href"}, "img": {"src", "alt"}}

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.faults: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if set(dict(attrs)) - self.ALLOWED.get(tag, set()) or tag not in self.ALLOWED:
            self.faults.append(f"markup: {tag} {attrs}")
        for name, value in attrs:
            if name in ("href", "src") and not (_FULL.match(value or "") and _HTTP.match(value or "")):
                self.faults.append(f"address in the text: {value}")
        if tag not in ("br", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"ends out of turn: {tag}")

    def handle_entityref(self, name: str) -> None:
        if name not in ("amp", "lt", "gt", "quot"):
            self.faults.append(f"reference: {name}")

    def handle_data(self, data: str) -> None:
        if "&" in data or "<" in data:
            self.faults.append(f"bare: {data[:40]}")

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"comment: {data[:40]}")

    def handle_decl(self, decl: str) -> None:
        self.faults.append(f"declaration: {decl[:40]}")

    def handle_pi(self, data: str) -> None:
        self.faults.append(f"instruction: {data[:40]}")


def html_faults(text: str) -> list[str]:
    parser = _Html()
    parser.feed(text)
    parser.close()
    return parser.faults + [f"left open: {tag}" for tag in parser.open] + ([] if text.strip() else ["blank text"])


def plain_faults(where: str, text: str | None) -> Faults:
    """Of what is no HTML but is often taken for it."""
    if not text or text != text.strip():
        yield f"{where}: blank, or white space at an end"
    for name in re.findall(r"&(#?\w+)", text or ""):
        if name in name2codepoint or name == "apos" or not name.isalpha():
            yield f"{where}: reference {name}"
    if re.search(r"<[/a-zA-Z]", text or "") or _EMAIL.search(text or ""):
        yield f"{where}: markup"


def _characters(body: str) -> Faults:
    for c in body:
        point = ord(c)
        if (point < 0x20 and c not in "\t\n\r") or 0x7F <= point < 0xA0 or c == "\ufffd" or point & 0xFFFE == 0xFFFE:
            yield f"character {point:x}"
        if 0xFDD0 <= point <= 0xFDEF or 0xD800 <= point <= 0xDFFF or point in (0x202E, 0x2066, 0x200F):
            yield f"character {point:x}"


def _address(where: str, value: str | None) -> Faults:
    if not (_FULL.match(value or "") and _HTTP.match(value or "")):
        yield f"{where}: no full address: {value}"


def _date(where: str, value: str | None) -> Faults:
    if not _3339.match(value or ""):
        yield f"{where}: no date of RFC 3339: {value}"
    elif not _FLOOR <= datetime.fromisoformat((value or "")[:23] + "+00:00") <= _CEILING:
        yield f"{where}: a date that cannot be: {value}"


def _unique(where: str, values: list[str]) -> Faults:
    if len(set(values)) != len(values):
        yield f"{where}: one twice"


def _one(parent: Any, tag: str, check: Callable[[str, str | None], Faults], *, least: int = 1) -> Faults:
    found = parent.findall(tag)
    if not least <= len(found) <= 1:
        yield f"{tag}: {len(found)} of them"
    for one in found:
        yield from check(tag, one.text)


def _urn(where: str, value: str | None) -> Faults:
    if not _UUID.match(value or ""):
        yield f"{where}: no id: {value}"


def _html(where: str, value: str | None) -> Faults:
    yield from (f"{where}: {fault}" for fault in html_faults(value or ""))


def parsed(body: bytes) -> Any:
    return etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))


def atom_faults(body: bytes) -> list[str]:
    root = parsed(body)
    faults = [*_characters(body.decode()), *(["no feed"] if root.tag != f"{ATOM}feed" else [])]
    faults += _one(root, f"{ATOM}id", _urn)
    faults += _one(root, f"{ATOM}title", plain_faults)
    faults += _one(root, f"{ATOM}subtitle", plain_faults, least=0)
    faults += _one(root, f"{ATOM}updated", _date)
    links = [(link.get("rel"), link.get("type")) for link in root.findall(f"{ATOM}link")]
    faults += [] if ("self", "application/atom+xml") in links else ["no link to itself"]
    faults += _unique("links", [str(link) for link in links])
    entries = root.findall(f"{ATOM}entry")
    faults += _unique("ids", [entry.findtext(f"{ATOM}id") for entry in entries])
    faults += _unique("updated", [entry.findtext(f"{ATOM}updated") for entry in entries])
    seen = [child.tag == f"{ATOM}entry" for child in root]
    faults += [] if seen == sorted(seen) else ["something of the feed stands behind an entry"]
    for entry in entries:
        faults += _entry(entry)
    for link in root.iter(f"{ATOM}link"):
        faults += _address("link", link.get("href"))
        faults += [] if _MIME.match(link.get("type")) else [f"type {link.get('type')}"]
        faults += ["blank title of a link"] if link.get("title") == "" else []
    return faults


def _entry(entry: Any) -> Faults:
    yield from _one(entry, f"{ATOM}id", _urn)
    yield from _one(entry, f"{ATOM}title", plain_faults)
    yield from _one(entry, f"{ATOM}updated", _date)
    yield from _one(entry, f"{ATOM}published", _date, least=0)
    yield from _one(entry, f"{ATOM}content", _html)
    yield from _one(entry.find(f"{ATOM}author"), f"{ATOM}name", plain_faults)
    for category in entry.findall(f"{ATOM}category"):
        yield from plain_faults("term", category.get("term"))
    for answered in entry.findall(f"{THR}in-reply-to"):
        yield from _urn("ref", answered.get("ref"))
        yield from _address("answered", answered.get("href"))


def rss_faults(body: bytes) -> list[str]:
    root = parsed(body)
    faults = [*_characters(body.decode()), *(["no feed"] if root.get("version") != "2.0" else [])]
    (channel,) = root
    faults += _one(channel, "title", plain_faults)
    faults += _one(channel, "description", plain_faults)
    faults += _one(channel, "link", _address)
    faults += _one(channel, "lastBuildDate", _rfc822)
    faults += [] if re.fullmatch(r"[a-z]{2}", channel.findtext("language")) else ["no language"]
    own = [link for link in channel.findall(f"{ATOM}link") if link.get("rel") == "self"]
    faults += [] if len(own) == 1 and own[0].get("type") == "application/rss+xml" else ["no link to itself"]
    faults += _address("self", own[0].get("href"))
    seen = [child.tag == "item" for child in channel]
    faults += [] if seen == sorted(seen) else ["something of the channel stands behind an item"]
    faults += _unique("guids", [item.findtext("guid") for item in channel.findall("item")])
    for item in channel.findall("item"):
        faults += _item(item)
    return faults


def _item(item: Any) -> Faults:
    yield from _one(item, "guid", _urn)
    yield from _one(item, "title", plain_faults)
    yield from _one(item, f"{DC}creator", plain_faults)
    yield from _one(item, "link", _address, least=0)
    yield from _one(item, "pubDate", _rfc822, least=0)
    yield from _one(item, "description", _html)
    if item.find("guid").get("isPermaLink") != "false":
        yield "a guid that is no address is said to be one"
    for category in item.findall("category"):
        yield from plain_faults("category", category.text)
    if len(item.findall("enclosure")) > 1:
        yield "enclosures: more than one"
    for one in item.findall("enclosure"):
        yield from _address("enclosure", one.get("url"))
        if not (_ENCLOSURE.match(one.get("url")) and int(one.get("length")) >= 0 and _MIME.match(one.get("type"))):
            yield f"enclosure {one.attrib}"


def _rfc822(where: str, value: str | None) -> Faults:
    if not _2822.match(value or ""):
        yield f"{where}: no date of RFC 2822: {value}"
        return
    date = parsedate_to_datetime(value or "")
    if date.strftime("%a") != (value or "")[:3] or not _FLOOR <= date <= _CEILING:
        yield f"{where}: a date that cannot be: {value}"


_ITEM = {
    *("id", "url", "title", "content_html", "content_text", "date_published", "date_modified", "authors", "tags"),
    "attachments",
}
_TOP = {"version", "title", "home_page_url", "feed_url", "description", "language", "items"}


def json_faults(body: bytes) -> list[str]:
    """JSON Feed has no checker of the W3C's; these are the musts and shoulds of its text."""
    made = json.loads(body.decode())
    faults = [*_characters(json.dumps(made, ensure_ascii=False))]
    faults += [] if made["version"] == "https://jsonfeed.org/version/1.1" else ["version"]
    faults += [f"unknown: {name}" for name in set(made) - _TOP] + [*plain_faults("title", made["title"])]
    faults += [*_address("feed_url", made["feed_url"]), *_address("home_page_url", made["home_page_url"])]
    faults += _unique("ids", [item["id"] for item in made["items"]])
    for item in made["items"]:
        faults += [f"unknown: {name}" for name in set(item) - _ITEM]
        faults += [*_urn("id", item["id"]), *_html("content", item["content_html"])]
        for name in {"date_published", "date_modified"} & set(item):
            faults += _date(name, item[name])
        faults += [] if item["authors"][0]["name"] else ["no name"]
        for one in item.get("attachments", ()):
            faults += _address("attachment", one["url"])
            faults += [] if _MIME.match(one["mime_type"]) and one["size_in_bytes"] >= 0 else ["attachment"]
    return faults
