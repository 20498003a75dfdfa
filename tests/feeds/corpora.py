"""Samples of feeds that others wrote, where they are beside the project; and how what they expect is compared."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from deskblog.feeds.parse import Feed, Item

CORPORA = Path(__file__).parents[3] / "shared" / "corpora"
URL = "https://feeds.example/path/feed.xml"
HARMLESS = frozenset(
    {"a", "abbr", "b", "blockquote", "br", "caption", "cite", "code", "dd", "del", "div", "dl", "dt", "em",
     "figcaption", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q",
     "s", "samp", "small", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul",
     "var"}
)  # fmt: skip
_TAG = re.compile(r"<[^>]*>")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def corpus(*parts: str) -> Path:
    """A folder of samples; a test that asks for one that is not here is left out, and says so."""
    folder = CORPORA.joinpath(*parts)
    if not folder.is_dir():
        pytest.skip(f"the samples {'/'.join(parts)} are not beside the project")
    return folder


def plain(said: object) -> str:
    """Words alone, however deeply they were escaped."""
    text, before = str(said or ""), None
    while text != before:
        before, text = text, html.unescape(text)
    return " ".join(_TAG.sub(" ", text).split())


def gofeed_faults(file: Path, feed: Feed) -> Iterator[str]:
    """What gofeed's JSON beside a sample expects and we do not say."""
    said = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
    items = said.get("items", said.get("entries", []))
    if len(items) != len(feed.items):
        yield f"{len(feed.items)} items for {len(items)}"
        return
    yield from _different("title", plain(said.get("title")), plain(feed.title))
    yield from _link(said, feed.link)
    for expected, item in zip(items, feed.items, strict=True):
        yield from _item(expected, item)


def _item(expected: dict[str, Any], item: Item) -> Iterator[str]:
    content = expected.get("content")
    texts = [content.get("value") if isinstance(content, dict) else content]
    texts += [expected.get("description"), expected.get("summary")]
    wanted = [plain(text) for text in texts if text]
    if wanted and plain(item.text) not in wanted and plain(item.summary) not in wanted:
        yield f"text {item.text!r} for {wanted}"
    yield from _different("title", plain(expected.get("title")), plain(item.title))
    yield from _link(expected, item.url)
    guid = expected.get("id") or (expected.get("guid") or {}).get("value")
    if guid:
        yield from _different("key", plain(guid), plain(item.key))
    for name in ("published", "updated"):
        at = expected.get(f"{name}Parsed") or (expected.get("pubDateParsed") if name == "published" else None)
        if at:
            yield from _different(name, datetime.fromisoformat(at).astimezone(UTC), getattr(item, name))
    people = [one.get("name") or one.get("email") for one in expected.get("authors") or ()]
    people += [expected["author"]] if expected.get("author") else []
    for person in filter(None, people):
        if plain(person) not in [plain(name) for name in item.authors]:
            yield f"author {person!r} not in {item.authors}"
    for tag in expected.get("categories") or ():
        term = plain(tag.get("label") or tag.get("term") or tag.get("value"))
        if term and term not in [plain(one) for one in item.tags]:
            yield f"tag {term!r} not in {item.tags}"
    for file in expected.get("enclosures") or ():
        if file.get("url") not in [one.url for one in item.enclosures]:
            yield f"enclosure {file} not in {item.enclosures}"


def _link(expected: dict[str, Any], link: str) -> Iterator[str]:
    """One of those it names; an address of another kind than http is none here."""
    links = expected.get("links") or []
    whole = [one.get("href", "") if isinstance(one, dict) else one for one in links] + [expected.get("link") or ""]
    pages = [one for one in whole if one.startswith(("http:", "https:"))]
    if isinstance(links[0] if links else "", dict):
        pages = [one["href"] for one in links if one.get("rel", "alternate") == "alternate" and one.get("href")]
    if pages and link not in pages:
        yield f"link {link!r} not in {pages}"


def _different(name: str, wanted: object, got: object) -> Iterator[str]:
    if wanted != got:
        yield f"{name} {got!r} for {wanted!r}"


class _Dangers(HTMLParser):
    """Reads cleaned HTML as a browser would, and notes what it should not find."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in HARMLESS:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if (tag, name) != ("a", "href") or not _web(value or ""):
                self.found.append(f"{name}={value!r}")

    def handle_comment(self, data: str) -> None:
        self.found.append(f"comment {data!r}")

    def unknown_decl(self, data: str) -> None:
        self.found.append(f"declaration {data!r}")

    def handle_decl(self, decl: str) -> None:
        self.found.append(f"declaration {decl!r}")

    def handle_pi(self, data: str) -> None:
        self.found.append(f"instruction {data!r}")


def dangers(feed: Feed) -> list[str]:
    """Whatever in a feed could run, fetch or lead elsewhere than to the web."""
    reader = _Dangers()
    for item in feed.items:
        reader.feed(item.html)
    reader.close()
    addresses = [feed.link, feed.own, feed.hub, feed.picture, feed.moved]
    texts = [feed.title, feed.subtitle, *feed.authors]
    for item in feed.items:
        addresses += [item.url, item.comments, item.picture, *(file.url for file in item.enclosures)]
        texts += [item.key, item.title, item.text, item.summary, *item.authors, *item.tags]
    wrong = [f"address {one!r}" for one in addresses if one and not _web(one)]
    return reader.found + wrong + [f"control in {one!r}" for one in texts if _CONTROL.search(one)]


def _web(url: str) -> bool:
    return re.fullmatch(r"https?://[^/\\\s][^\\\s]*", url.partition("?")[0]) is not None
