"""RSS 0.9x to 2.0, RDF, Atom and CDF by feedparser, its sanitiser off: what it found, as our values. Pure.

It is given text that any XML parser takes (repair.py) and no address, so that a guid stays as it was written;
addresses are made whole here, with each element's own base.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from deskblog.feeds import markup
from deskblog.feeds.addresses import named, web_address
from deskblog.feeds.dates import read_date
from deskblog.feeds.feed import Enclosure, Feed, Item, NotAFeed
from deskblog.feeds.identity import Named, keyed
from deskblog.feeds.reader import Found, read
from deskblog.feeds.repair import repair
from deskblog.limits import FEED_ENCLOSURES, FEED_LINE, FEED_TAGS, FEED_TEXT

_ROOT = re.compile(r"<(?:[a-z][\w.-]*:)?([a-z][\w.-]*)", re.IGNORECASE)
_PAGES = frozenset({"html", "head", "body", "title", "meta", "link", "div", "p", "h1", "center", "script", "style"})
_RELATIONS = "http://www.iana.org/assignments/relation/"
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]{64,}={0,2}")
_MAIL = re.compile(r"[(<]?[^\s@()<>]+@[^\s@()<>]+[)>]?")
_PERIODS = {"hourly": 3600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}


class _Content(Struct, frozen=True):
    html: str
    text: str
    rich: bool  # it was HTML


def read_xml(text: str, url: str, language: str = "") -> Feed:
    """NotAFeed where there is nothing of one."""
    clean = repair(text)
    found = read(clean)
    if not found.entries and not found.version and not dict.get(found.about, "title"):
        root = _ROOT.search(clean)
        raise NotAFeed("page" if root and root[1].lower() in _PAGES else "other")
    atom = found.version.startswith("atom")
    items = keyed([_named(entry, url, atom=atom) for entry in found.entries])
    return _feed(found, url, items, language)


def _feed(found: Found, url: str, items: tuple[Item, ...], language: str) -> Feed:
    about = found.about
    picture = _one(about, "image")
    return Feed(
        title=_title(about, url),
        link=_link(about, url),
        items=items,
        kind=found.version,
        subtitle=_line(_content(about, "subtitle", url).text),
        authors=_authors(about),
        language=str(dict.get(about, "language") or language)[:35],
        updated=read_date(dict.get(about, "updated")) or read_date(dict.get(about, "published")),
        picture=web_address(dict.get(about, "logo") or picture.get("href") or dict.get(about, "icon"), url),
        own=_related(about, url, "self"),
        hub=_related(about, url, "hub"),
        moved=web_address(dict.get(about, "itunes_new-feed-url"), url),
        every=_every(about),
        complete=not found.cut,
        left_out=found.left,
        faults=(markup.one_line(found.fault)[:FEED_LINE],) if found.fault else (),
    )


def _named(entry: Any, url: str, *, atom: bool) -> Named:
    contents = [_content_of(one, url) for one in _many(entry, "content")]
    summary = _summary(entry, contents, url)
    shown = _best(contents, summary, atom=atom)
    updated = read_date(dict.get(entry, "updated"))
    published = read_date(dict.get(entry, "published")) or read_date(dict.get(entry, "created"))
    files = tuple(_enclosures(entry, url))
    item = Item(
        key="",
        url=_link(entry, url) or _elsewhere(entry, url),
        title=_title(entry, url),
        text=(shown.text or _line(str(dict.get(entry, "subtitle") or "")))[:FEED_TEXT],
        html=shown.html if len(shown.html) <= FEED_TEXT else markup.as_html(shown.text[:FEED_TEXT]),
        published=published if atom else published or updated,
        updated=updated,
        authors=_authors(entry) or _authors(_one(entry, "source")),
        enclosures=files,
        tags=_tags(entry),
        summary=summary.text[:FEED_TEXT],
        comments=web_address(dict.get(entry, "comments"), url),
        picture=_picture(entry, files, url),
        language=_language(entry),
    )
    return Named(markup.one_line(str(dict.get(entry, "id") or ""))[:FEED_LINE], item)


def _summary(entry: Any, contents: list[_Content], url: str) -> _Content:
    """feedparser copies the content where there is none; a caption stands where there is neither."""
    if contents and not _one(entry, "summary_detail"):
        return _Content("", "", rich=False)
    found = _content(entry, "summary", url)
    caption = str(dict.get(entry, "media_description") or "")
    if found.text or contents or not caption:
        return found
    return _content_of({"value": caption, "type": "text/html" if "<" in caption else "text/plain"}, url)


def _best(contents: list[_Content], summary: _Content, *, atom: bool) -> _Content:
    """Atom says which is the content. RSS does not, and a caption may stand where the content would: the longest."""
    if atom:
        return next((one for one in (*contents, summary) if one.text), summary)
    return max((*contents, summary), key=lambda one: (len(one.text.split()), one.rich))


def _content(of: Any, name: str, url: str) -> _Content:
    detail = _one(of, f"{name}_detail") or {"value": dict.get(of, name) or "", "type": "text/html"}
    return _content_of(detail, url)


def _content_of(detail: Mapping[str, Any], url: str) -> _Content:
    """Text stays as it was written; whatever else there is may be HTML; a picture in base64 is neither."""
    value, kind = str(detail.get("value") or ""), str(detail.get("type") or "text/html").lower()
    if kind.startswith("text/") and kind not in ("text/html", "text/xml"):
        text = markup.lines(value)
        return _Content(markup.as_html(value.strip()) if text else "", text, rich=False)
    if not kind.endswith(("html", "xml")) and _BASE64.fullmatch(value):
        return _Content("", "", rich=False)
    shown = markup.clean(value, web_address(detail.get("base"), url) or url)
    return _Content(shown, markup.words(shown), rich=True)


def _title(of: Any, url: str) -> str:
    detail = _one(of, "title_detail") or {"value": dict.get(of, "title") or "", "type": "text/plain"}
    return _line(_content_of(detail, url).text)


def _line(text: str) -> str:
    return markup.one_line(text)[:FEED_LINE]


def _many(of: Any, name: str) -> list[Mapping[str, Any]]:
    """What feedparser keeps as a list, which an element of the same name may have put a text in place of."""
    found = dict.get(of, name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _one(of: Any, name: str) -> Mapping[str, Any]:
    found = dict.get(of, name)
    return found if isinstance(found, dict) else {}


def _links(of: Any) -> Iterator[Mapping[str, Any]]:
    """With the names of relations as they are, not as addresses (RFC 4287, 4.2.7.2)."""
    for link in _many(of, "links"):
        if link.get("href"):
            yield {**link, "rel": str(link.get("rel") or "").lower().removeprefix(_RELATIONS)}


def _link(of: Any, url: str) -> str:
    """RSS's own; else what feedparser took for it, unless that is a guid that is no address; else another page."""
    own = (web_address(link["href"], url) for link in _links(of) if link.get("_written") == "text")
    if found := next((one for one in own if one), ""):
        return found
    said = dict.get(of, "link")
    given = any(link["href"] == said for link in _links(of))
    found = web_address(said, url if given else "")
    alternates = (web_address(link["href"], url) for link in _links(of) if link.get("rel") in (None, "", "alternate"))
    return found or next((one for one in alternates if one), "")


def _elsewhere(entry: Any, url: str) -> str:
    """Of an item without a page: where its content is, in Atom."""
    return next((one for part in _many(entry, "content") if (one := web_address(part.get("src"), url))), "")


def _related(of: Any, url: str, rel: str) -> str:
    return next(
        (one for link in _links(of) if link.get("rel") == rel and (one := web_address(link["href"], url))), ""
    )


def _authors(of: Any) -> tuple[str, ...]:
    people = [one for one in _many(of, "authors") if one]
    names = [_person(str(one.get("name") or ""), str(one.get("email") or "")) for one in people]
    if not any(names):
        names = [_person(str(dict.get(of, "author") or ""), "")]
    return tuple(dict.fromkeys(_line(name) for name in names if name))[:FEED_TAGS]


def _person(name: str, mail: str) -> str:
    """A name in words; where there is none, the address of mail. RSS writes `ann@brew.example (Ann)`."""
    name = html.unescape(name[: 2 * FEED_LINE])
    bare = markup.one_line(markup.words(markup.clean(name, "")) if "<" in name else name)
    left = " ".join(word for word in bare.split() if not _MAIL.fullmatch(word)).strip(" (),;")
    return left or mail or bare.strip(" ()") or name.strip(" <>")


def _tags(entry: Any) -> tuple[str, ...]:
    terms = (str(tag.get("label") or tag.get("term") or "") for tag in _many(entry, "tags"))
    return tuple(dict.fromkeys(_line(term) for term in terms if term.strip()))[:FEED_TAGS]


def _enclosures(entry: Any, url: str) -> Iterator[Enclosure]:
    found: dict[str, Enclosure] = {}
    given = [link for link in _links(entry) if link.get("rel") == "enclosure"]
    for one in (*given, *_many(entry, "media_content")):
        where = web_address(one.get("href") or one.get("url"), url)
        if where and where not in found and len(found) < FEED_ENCLOSURES:
            size = str(one.get("length") or one.get("filesize") or "")
            kind = str(one.get("_type", one.get("type")) or one.get("medium") or "")
            found[where] = Enclosure(where, _line(kind), _size(size), _line(str(one.get("title") or named(where))))
    yield from found.values()


def _size(said: str) -> int:
    digits = said.strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 15 else 0


def _picture(entry: Any, files: tuple[Enclosure, ...], url: str) -> str:
    small = [one.get("url") for one in _many(entry, "media_thumbnail")]
    image = _one(entry, "image").get("href")
    pictures = [one.url for one in files if one.type.startswith("image")]
    return next((where for one in (*small, image, *pictures) if (where := web_address(one, url))), "")


def _language(entry: Any) -> str:
    detail = _one(entry, "title_detail") or _one(entry, "summary_detail")
    return str(detail.get("language") or "")[:35]


def _every(about: Any) -> int:
    """Minutes of `ttl`, or a period of `sy` divided by how often in it; the longer."""
    ttl = _size(str(dict.get(about, "ttl") or "")) * 60
    period = _PERIODS.get(str(dict.get(about, "sy_updateperiod") or "").strip().lower(), 0)
    often = _size(str(dict.get(about, "sy_updatefrequency") or "")) or 1
    return max(min(ttl, 366 * 86_400), period // often)
