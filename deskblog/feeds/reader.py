"""feedparser's two parsers, the strict one for XML and the loose one for what resembles it, with rules of ours. Pure.

What is changed, and why:
- a namespace is the same with https, and with or without a slash at its end;
- what stands inside an enclosure or picture of an item, and a caption, says nothing of the item;
- of a link it is noted whether it is written as RSS or as Atom does, and what it says of its type;
- tags within a name, a date, a guid or a category are left out and their words kept;
- the end of an item or feed ends what was left open in it;
- a name is not looked through for an address of mail, which takes feedparser quadratic time;
- an element at which feedparser trips is left out;
- a file that was cut is read as far as it goes by the strict parser, which knows whether it ends inside an item.
"""

from __future__ import annotations

import io
import re
import xml.sax
import xml.sax.handler
import xml.sax.xmlreader
from contextlib import suppress
from typing import Any
from xml.parsers.expat import errors

from feedparser.api import LooseFeedParser, StrictFeedParser
from msgspec import Struct

from deskblog.feeds.feed import NotAFeed
from deskblog.limits import FEED_ITEMS, FEED_TAGS
from deskblog.records import replace

DEPTH = 256  # elements one within the other …
OPEN = 100_000  # … where each has an end; of what only resembles XML many have none
ATTRIBUTES = 100  # of one element

_TRIPPED = (LookupError, ValueError, TypeError)  # feedparser, over an element where none would put it
_CUT = (errors.XML_ERROR_NO_ELEMENTS, errors.XML_ERROR_UNCLOSED_TOKEN, errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
        errors.XML_ERROR_PARTIAL_CHAR)  # fmt: skip
_LEAVES = frozenset(
    {"author", "category", "id", "published", "updated", "created", "comments", "link", "name", "email"}
)
_ITEM = re.compile(r"<(?:[\w.-]+:)?(?:item|entry)(?=[\s/>])", re.IGNORECASE)
_ROOT = re.compile(r"<[A-Za-z_][\w.:-]*")
_PREFIX = re.compile(r"[<\s/]([A-Za-z_][\w.-]{0,30}):[A-Za-z_]")
_DECLARED = re.compile(r"\sxmlns:([\w.-]{1,31})\s*=")
_NAMESPACE = re.compile(r"(\sxmlns(?::[\w.-]{1,31})?=)(\"[^\"<]{0,200}\"|'[^'<]{0,200}')")
_KNOWN = {prefix: where for where, prefix in StrictFeedParser.namespaces.items() if prefix} | {
    "atom": "http://www.w3.org/2005/Atom"
}
_HTML = frozenset(
    {"a", "b", "big", "center", "code", "div", "em", "font", "h1", "h2", "h3", "i", "p", "small", "span", "strong",
     "sub", "sup", "tt", "u"}
)  # fmt: skip
_NETSCAPE = "/".join(("netscape.com", "rdf", "simple", "0.9", ""))
_ENDS = frozenset({"item", "entry", "channel", "feed", "rss", "rdf", "source"})
_CONTENTS = frozenset({"title", "description", "summary", "content", "subtitle", "rights", "info"})


class Found(Struct, frozen=True):
    """`about` and `entries` as feedparser makes them. `cut`: the file ends before its end. `left`: items not read."""

    about: Any
    entries: list[Any]
    version: str
    fault: str = ""
    cut: bool = False
    left: int = 0


class _Enough(Exception):
    """As many items are read as are taken."""


def _widely(namespaces: dict[str, str]) -> dict[str, str]:
    """Each address of a namespace with its twins."""
    wide: dict[str, str] = {}
    for where, prefix in namespaces.items():
        for one in {where, where.replace("http://", "https://", 1)} if where else {""}:
            for same in {one, one.rstrip("/"), one if one.endswith(("/", "#", "")) and not one else f"{one}/"}:
                wide.setdefault(same, prefix)
    return wide | dict(namespaces)


class _Rules:
    """Over feedparser's own handlers, which it finds by name."""

    deepest = DEPTH
    namespaces = _widely(
        {
            **StrictFeedParser.namespaces,
            f"http://channel.{_NETSCAPE}": "",
            "http://purl.org/net/rss1.1#": "",
        }
    )
    _matchnamespaces: dict[str, str] = {}  # noqa: RUF012 – filled by feedparser, once a class
    elementstack: list[Any]
    basestack: list[str]
    langstack: list[str | None]
    baseuri: str
    lang: str | None
    entries: list[Any]
    version: str
    depth: int
    incontent: int
    svgOK: int
    inentry: int
    insource: int

    def __init__(self, *args: Any) -> None:
        self._naked = 0
        self._in_enclosure = 0
        self.resolve_relative_uris = False
        self.sanitize_html = False
        super().__init__(*args)

    def track_namespace(self, prefix: str | None, uri: str) -> None:
        if not self.version and prefix is None and uri.lower().endswith(_NETSCAPE):
            self.version = "rss090"
        super().track_namespace(prefix, uri)  # type: ignore[misc]

    def unknown_starttag(self, tag: str, attrs: list[tuple[str, str]]) -> None:
        if self.depth > self.deepest or len(attrs) > ATTRIBUTES:
            raise NotAFeed("deep")
        if self._in_enclosure:
            self._in_enclosure += 1
            return
        if tag.rpartition(":")[2] in _HTML and self._in_leaf():
            self._naked += 1
            return
        if not self.incontent:
            self.svgOK = 0  # an SVG that never ended would make a title call itself
        with suppress(*_TRIPPED):
            super().unknown_starttag(tag, attrs)  # type: ignore[misc]

    def unknown_endtag(self, tag: str) -> None:
        local = tag.rpartition(":")[2]
        if self._in_enclosure > 1 and local not in _ENDS:
            self._in_enclosure -= 1
            return
        self._in_enclosure = 0
        if self._naked and local in _HTML:
            self._naked -= 1
            return
        self._naked = 0
        if local in _ENDS:
            self._end_what_is_open()
        try:
            super().unknown_endtag(tag)  # type: ignore[misc]
        except _TRIPPED:
            self._leave()

    def _leave(self) -> None:
        """What feedparser does at the end of an element."""
        for stack in (self.basestack, self.langstack):
            if stack:
                stack.pop()
        self.baseuri = (self.basestack and self.basestack[-1]) or self.baseuri
        self.lang = self.langstack[-1] if self.langstack else self.lang
        self.depth -= 1

    def handle_data(self, text: str, escape: int = 1) -> None:
        if not self._in_enclosure:
            super().handle_data(text, escape)  # type: ignore[misc]

    def _start_item(self, attrs: dict[str, str]) -> None:
        if len(self.entries) >= FEED_ITEMS:
            raise _Enough
        super()._start_item(attrs)  # type: ignore[misc]

    _start_entry = _start_item

    def _add_tag(self, term: str | None, scheme: str | None, label: str | None) -> None:
        """feedparser compares each with all before it."""
        if len(self._get_context().setdefault("tags", [])) < 2 * FEED_TAGS:  # type: ignore[attr-defined]
            super()._add_tag(term, scheme, label)  # type: ignore[misc]

    def handle_charref(self, ref: str) -> None:
        with suppress(ValueError):  # a number that no character has
            super().handle_charref(ref)  # type: ignore[misc]

    def _in_leaf(self) -> bool:
        return bool(self.elementstack) and self.elementstack[-1][0] in _LEAVES and not self.incontent

    def _end_what_is_open(self) -> None:
        for _time in range(4):
            name = self.elementstack[-1][0] if self.elementstack else ""
            if name not in _CONTENTS or not self.incontent:
                return
            try:
                getattr(self, f"_end_{name}")()
            except (AttributeError, *_TRIPPED):
                self.elementstack.pop()

    def pop_content(self, tag: str) -> Any:
        """An end that ends nothing changes nothing."""
        if self.elementstack and self.elementstack[-1][0] == tag:
            return super().pop_content(tag)  # type: ignore[misc]
        return None

    def _start_enclosure(self, attrs: dict[str, str]) -> None:
        super()._start_enclosure(attrs)  # type: ignore[misc]
        self._in_enclosure = 1

    def _end_enclosure(self) -> None:
        """Ended in unknown_endtag."""

    def _start_image(self, attrs: dict[str, str]) -> None:
        super()._start_image(attrs)  # type: ignore[misc]
        self._in_enclosure = 1 if self.inentry else 0

    def _start_link(self, attrs: dict[str, str]) -> None:
        if not self.version.startswith("atom"):
            attrs.pop("uri", None)  # there the address is the text
        attrs |= {"_written": "" if attrs.keys() & {"href", "url", "uri"} else "text", "_type": attrs.get("type", "")}
        super()._start_link(attrs)  # type: ignore[misc]

    def _start_media_description(self, _attrs: dict[str, str]) -> None:
        self.push("media_description", 1)  # type: ignore[attr-defined]

    def _end_media_description(self) -> None:
        self.pop("media_description")  # type: ignore[attr-defined]

    def _sync_author_detail(self, key: str = "author") -> None:
        """The name as it was written: feedparser would look for an address in it, in quadratic time."""
        context = self._get_context()  # type: ignore[attr-defined]
        people, said = context.get(f"{key}s"), context.get(key)
        if people and not people[-1] and said:
            people[-1]["name"] = said


class _Strict(_Rules, StrictFeedParser):  # type: ignore[misc]
    """Text is handed on whole: expat brings a piece for each entity in it, of which escaped HTML is full."""

    def __init__(self, *args: Any) -> None:
        self._pieces: list[str] = []
        super().__init__(*args)

    def characters(self, text: str) -> None:
        self._pieces.append(text)

    def _flush(self) -> None:
        if self._pieces:
            self.handle_data("".join(self._pieces))
            self._pieces.clear()

    def endElementNS(self, name: Any, qname: Any) -> None:
        self._flush()
        super().endElementNS(_pair(name), qname)

    def startElementNS(self, name: Any, qname: Any, attrs: Any) -> None:
        if len(attrs) > ATTRIBUTES:  # which feedparser would look through once for each
            raise NotAFeed("deep")
        self._flush()
        super().startElementNS(_pair(name), qname, attrs)


def _pair(name: tuple[str | None, ...]) -> tuple[str | None, str | None]:
    """Of a namespace with a space in it, expat makes two."""
    return name[0], name[-1]


class _Loose(_Rules, LooseFeedParser):  # type: ignore[misc]
    deepest = OPEN


def read(text: str) -> Found:
    """What is in the text of a feed, which has no DOCTYPE any more (repair.py)."""
    found = _read_strictly(text)
    if found is None or found.fault != errors.XML_ERROR_UNBOUND_PREFIX:
        return found or _read_loosely(text, "")
    again = _read_strictly(_with_prefixes(text))
    return _read_loosely(text, found.fault) if again is None else replace(again, fault=found.fault)


def _read_strictly(text: str) -> Found | None:
    """None if it is no XML; nothing but the fault if it lacks names of namespaces."""
    strict = _Strict("", None, "utf-8")
    try:
        _sax(strict).parse(_source(text))
    except _Enough:
        return _full(strict, text)
    except xml.sax.SAXException as fault:
        said = str(fault.getMessage())
        if said == errors.XML_ERROR_UNBOUND_PREFIX:
            return Found(strict.feeddata, [], "", said)
        if said == errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT and strict.version:
            return Found(strict.feeddata, strict.entries, strict.version, said)
        if said in _CUT and (strict.entries or strict.version):
            whole = strict.entries[:-1] if strict.inentry else strict.entries
            return Found(strict.feeddata, whole, strict.version, said, cut=True)
        return None
    return Found(strict.feeddata, strict.entries, strict.version)


def _with_prefixes(text: str) -> str:
    """Declares what a feed uses and has forgotten to declare: most know what `dc:` and `media:` are."""
    used = {found[1] for found in _PREFIX.finditer(text)}
    declared = {found[1] for found in _DECLARED.finditer(text)}
    missing = sorted(used - declared - {"xml", "xmlns"})[: ATTRIBUTES // 2]
    root = _ROOT.search(text)
    if not missing or root is None:
        return text
    said = "".join(f' xmlns:{prefix}="{_KNOWN.get(prefix.lower(), "urn:prefix:" + prefix)}"' for prefix in missing)
    return text[: root.end()] + said + text[root.end() :]


def _sax(handler: Any) -> xml.sax.xmlreader.XMLReader:
    parser = xml.sax.make_parser()
    parser.setFeature(xml.sax.handler.feature_namespaces, True)
    parser.setFeature(xml.sax.handler.feature_external_ges, False)
    parser.setContentHandler(handler)
    parser.setErrorHandler(handler)
    return parser


def _source(text: str) -> xml.sax.xmlreader.InputSource:
    source = xml.sax.xmlreader.InputSource()
    even = _NAMESPACE.sub(lambda found: found[1] + "".join(found[2].split()), text)
    source.setByteStream(io.BytesIO(even.encode()))
    source.setEncoding("utf-8")
    return source


def _read_loosely(text: str, fault: str) -> Found:
    loose = _Loose("", None, "utf-8", {})
    try:
        loose.feed(text)
    except _Enough:
        return _full(loose, text)
    cut = bool(loose.inentry)
    return Found(loose.feeddata, loose.entries[:-1] if cut else loose.entries, loose.version, fault, cut)


def _full(parser: Any, text: str) -> Found:
    left = sum(1 for _item in _ITEM.finditer(text)) - len(parser.entries)
    return Found(parser.feeddata, parser.entries, parser.version, left=max(1, left))
