"""What a page says of itself in its head: title, a few words, a picture (Open Graph, else plain HTML). Pure."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from msgspec import Struct

from deskblog.plain_text import AnyHTML

_CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([\w-]{2,20})", re.IGNORECASE)
_SAYS = ("og:title", "og:description", "og:image", "twitter:title", "twitter:description", "twitter:image",
         "description")  # fmt: skip


class Head(Struct, frozen=True):
    """`picture`: an address, empty if there is none."""

    title: str
    text: str
    picture: str


class _Reader(AnyHTML):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: dict[str, str] = {}
        self.title = ""
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_title = tag == "title" and not self.title
        if tag == "meta":
            given = {name: value or "" for name, value in attrs}
            name = (given.get("property") or given.get("name") or "").lower()
            if name in _SAYS:
                self.said.setdefault(name, given.get("content", ""))

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data


def read_head(body: bytes, kind: str, url: str) -> Head:
    """Never raises; what is no page says nothing."""
    reader = _Reader()
    reader.feed(_decoded(body, kind))
    said = reader.said
    title = said.get("og:title") or said.get("twitter:title") or reader.title
    text = said.get("og:description") or said.get("twitter:description") or said.get("description") or ""
    picture = said.get("og:image") or said.get("twitter:image") or ""
    return Head(" ".join(title.split()), " ".join(text.split()), _absolute(url, picture))


def _absolute(url: str, picture: str) -> str:
    try:
        whole = urljoin(url, picture.strip()) if picture.strip() else ""
        return whole if urlsplit(whole).scheme in ("http", "https") else ""
    except ValueError:
        return ""


def _decoded(body: bytes, kind: str) -> str:
    declared = re.search(r"charset=[\"']?([\w-]{2,20})", kind, re.IGNORECASE)
    found = _CHARSET.search(body[:2048])
    name = declared[1] if declared else found[1].decode() if found else "utf-8"
    try:
        return body.decode(name, "replace")
    except LookupError:
        return body.decode("utf-8", "replace")
