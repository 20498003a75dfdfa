"""What the three kinds of feed have in common: whose it is, where it stands, what of it is told. Pure."""

from __future__ import annotations

import re
import xml.etree.ElementTree as Tree
from collections.abc import Callable, Sequence
from html import escape

from msgspec import Struct

from deskblog import limits
from deskblog.i18n import _
from deskblog.publish import words
from deskblog.publish.dates import EARLIEST, plausible
from deskblog.publish.published import Beside, Published, newest, urn

GENERATOR = "deskblog"
MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,63}/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}\Z")
_OF_A_SITE = re.compile(r"https?://([0-9]{1,3}(\.[0-9]{1,3}){3}|([A-Za-z0-9-]+\.)+[A-Za-z0-9][A-Za-z0-9-]*)(:\d+)?/")


class Channel(Struct, frozen=True):
    """`key` makes its id, and never an address. `own`: where the feed itself is, `home`: the page it is of; absolute.

    `post` (by id), `file`: where a post's page and an attachment are; "": nowhere. `now`: UTC ms, to tell dates that
    cannot be.
    """

    title: str
    about: str
    key: str
    own: str
    home: str
    language: str
    now: int
    post: Callable[[str], str] = lambda ident: ""
    file: Callable[[Beside], str] = lambda beside: beside.url


class Enclosed(Struct, frozen=True):
    name: str
    address: str
    media_type: str
    size: int


class Item(Struct, frozen=True):
    """`published` and `updated`: UTC ms, 0: a date that cannot be. `answered`: the id of what it answers."""

    id: str
    link: str
    title: str
    author: str
    text: str
    html: str
    published: int
    updated: int
    tags: tuple[str, ...]
    enclosed: tuple[Enclosed, ...]
    answered: str
    answered_at: str
    answers: int
    key: str


def items(channel: Channel, posts: Sequence[Published]) -> list[Item]:
    """The newest, newest first; each post once."""
    once = {post.id: post for post in posts}
    return [_item(channel, post) for post in newest(once.values(), channel.now)[: limits.FEED_POSTS]]


def updated(found: Sequence[Item]) -> int:
    """When the last of them changed; what has no date, or is empty, is as old as can be."""
    return max((item.updated for item in found if item.updated), default=EARLIEST)


def _item(channel: Channel, post: Published) -> Item:
    enclosed = tuple(one for one in (_enclosed(channel, beside) for beside in post.beside) if one is not None)
    return Item(
        urn(post.id), words.web_address(channel.post(post.id)), words.title(post), words.author(post),
        words.clean(post.text), _html(post, enclosed),
        post.at if plausible(post.at, channel.now) else 0,
        post.changed if plausible(post.changed, channel.now) else 0,
        words.tags(post), enclosed, *_answered(channel, post), max(post.answers, 0), post.id,
    )  # fmt: skip


def _answered(channel: Channel, post: Published) -> tuple[str, str]:
    if not post.answer_to:
        return "", ""
    return urn(post.answer_to), words.web_address(channel.post(post.answer_to))


def _enclosed(channel: Channel, beside: Beside) -> Enclosed | None:
    """None where it cannot be had."""
    address = words.web_address(channel.file(beside))
    if not address:
        return None
    media_type = beside.media_type if MEDIA_TYPE.match(beside.media_type) else "application/octet-stream"
    return Enclosed(words.line(beside.name) or "?", address, media_type, max(beside.size, 0))


def _html(post: Published, enclosed: Sequence[Enclosed]) -> str:
    parts = [words.html(post.text)]
    for one in enclosed:
        name, address = escape(one.name), escape(one.address)
        shown = f'<img src="{address}" alt="{name}">' if one.media_type.startswith("image/") else name
        parts.append(f'<p><a href="{address}">{shown}</a></p>')
    without = escape(_("Without words"))
    return "".join(parts) or f"<p>{without}</p>"


def fits_rss(one: Enclosed) -> bool:
    """RSS is held to addresses with a dot in the host; what stands elsewhere is in the text alone."""
    return bool(_OF_A_SITE.match(one.address))


def child(parent: Tree.Element, tag: str, text: str = "", attributes: dict[str, str] | None = None) -> Tree.Element:
    """Adds an element."""
    made = Tree.SubElement(parent, tag, attributes or {})
    made.text = text or None
    return made


def whole(root: Tree.Element) -> bytes:
    """The document, in UTF-8."""
    Tree.indent(root, " ")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + bytes(Tree.tostring(root, encoding="utf-8")) + b"\n"
