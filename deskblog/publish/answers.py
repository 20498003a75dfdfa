"""What a reader is answered: feeds, the shop counter and their photos, behind a secret. Meets no socket.

    /SECRET/                  where what is
    /SECRET/team.atom         .rss and .json too
    /SECRET/people/ID.atom
    /SECRET/tags/TAG.atom
    /SECRET/counter.html
    /SECRET/files/NAME        of what stands in one of these

A secret that does not hold any more, one that never did and a name that means nothing are answered alike. So that no
page a person has open elsewhere can ask here in this PC's name, it must be asked for under a name of its own: a host
name that some stranger had lead here (DNS rebinding) is not answered.
"""

from __future__ import annotations

import asyncio
import gzip
import ipaddress
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import blake2b
from html import escape
from pathlib import Path
from urllib.parse import quote, unquote

from msgspec import Struct, field

from deskblog import limits
from deskblog.errors import UserError
from deskblog.i18n import _, alphabetical, language
from deskblog.publish import atom, counter, jsonfeed, names, rss, words
from deskblog.publish.feed import Channel
from deskblog.publish.published import Beside, Published, newest
from deskblog.publish.readers import holds
from deskblog.publish.scope import Kind, Scope

WRITERS = {
    "atom": (atom.atom, atom.MEDIA_TYPE),
    "rss": (rss.rss, rss.MEDIA_TYPE),
    "json": (jsonfeed.jsonfeed, jsonfeed.MEDIA_TYPE),
}
_HOST = re.compile(r"(?P<name>[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?\Z")
_FILE = re.compile(r"files/(?P<hash>[0-9a-f]{32})\.[a-z0-9]+\Z")
_NOTHING = "default-src 'none'; frame-ancestors 'none'"
_SMALL = 512  # bytes that are not worth packing


Source = Callable[[Scope], Awaitable[Sequence[Published]]]


class Asked(Struct, frozen=True):
    """A request. `tags`: what it holds already (If-None-Match), `since` (If-Modified-Since); both as they came."""

    method: str
    target: str
    host: str
    tags: str = ""
    since: str = ""
    packed: bool = False  # whether gzip is understood


class Answer(Struct, frozen=True):
    """`file`: whose bytes are sent in place of `body`."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    file: Path | None = None


class _Found(Struct, frozen=True):
    """`tag`: of these bytes, quoted; empty: to be made of them."""

    media_type: str
    body: bytes = b""
    file: Path | None = None
    tag: str = ""
    policy: str = _NOTHING
    fresh: str = "private, max-age=600"
    more: tuple[tuple[str, str], ...] = ()


class Answers(Struct):
    """`title`, `key`: of the office; `about`: in a line. `readers`: what is kept of each secret that holds
    (readers.py). `own`: names of this PC, in lower case. `clock`: seconds of UTC. `refresh`: of the shop counter, in
    seconds, 0: never."""

    title: str
    key: str
    source: Source
    readers: Callable[[], Collection[bytes]]
    clock: Callable[[], float]
    about: str = ""
    own: frozenset[str] = frozenset()
    refresh: int = 0
    _seen: OrderedDict[str, tuple[str, int]] = field(default_factory=OrderedDict)

    async def answer(self, asked: Asked) -> Answer:
        if asked.method not in ("GET", "HEAD"):
            return _plain(405, "Method not allowed", (("Allow", "GET, HEAD"),))
        if not is_own(asked.host, self.own):
            return _plain(421, "Misdirected request")
        path = asked.target.partition("?")[0]
        if not path.startswith("/"):
            return _plain(400, "Bad request")
        secret, _slash, rest = path[1:].partition("/")
        found = None
        try:
            if holds(secret, self.readers()):
                found = await self._find(rest, f"http://{asked.host}/{secret}/")
        except UserError:  # the disk cannot: whoever reads it there is told, and asks again
            return _plain(503, "Not available", (("Retry-After", "600"),))
        if found is None:
            return _plain(404, "Not found")
        return await self._with_validators(asked, found)

    async def _find(self, rest: str, base: str) -> _Found | None:
        stem, _dot, ending = rest.rpartition(".")
        folder, _slash, name = stem.rpartition("/")
        if rest == "":
            return await self._overview()
        if rest == "counter.html":
            return await self._counter()
        if folder == "files":
            return await self._file(rest)
        scope = _scope(folder, unquote(name, errors="replace"))
        if scope is None or ending not in WRITERS:
            return None
        return await self._feed(scope, rest, ending, base)

    async def _feed(self, scope: Scope, rest: str, ending: str, base: str) -> _Found | None:
        """Of whom or what nothing is published there is no feed, as if there were no such thing."""
        posts = await self.source(scope)
        if not posts and scope.kind is not Kind.TEAM:
            return None
        of = {Kind.PERSON: posts[0].author if posts else "", Kind.TAG: f"#{scope.of}"}.get(scope.kind, "")
        write, media_type = WRITERS[ending]
        channel = Channel(
            f"{of} – {self.title}" if of else self.title, self.about, f"{self.key}/{scope.kind}/{scope.of}",
            f"{base}{rest}", base, language(), round(self.clock() * 1000),
            file=lambda one: f"{base}{names.file(one)}" if names.file(one) else one.url,
        )  # fmt: skip
        return _Found(f"{media_type}; charset=utf-8", await asyncio.to_thread(write, channel, posts))

    async def _counter(self) -> _Found:
        posts = await self.source(Scope(Kind.COUNTER))
        made = asyncio.to_thread(counter.page, self.title, posts, names.file, refresh=self.refresh)
        return _page(await made)

    async def _overview(self) -> _Found:
        """What there is to follow, each with its three addresses."""
        posts = newest(await self.source(Scope(Kind.TEAM)), round(self.clock() * 1000))
        people = {post.person: words.author(post) for post in reversed(posts)}
        tags = sorted({tag for post in posts for tag in post.tags if words.line(tag)}, key=alphabetical)
        by_name = sorted(people.items(), key=lambda one: (alphabetical(one[1]), one[0]))
        named = [(self.title, "team"), *((name, f"people/{quote(key, safe='')}") for key, name in by_name)]
        named += [(f"#{tag}", f"tags/{quote(tag, safe='', errors='replace')}") for tag in tags]
        rows = [f"<article><p>{escape(words.line(name))}</p><p>{_ways(stem)}</p></article>" for name, stem in named]
        lead = _("Addresses for a feed reader. They are meant for one person: who knows them can read along.")
        return _page(counter.framed(self.title, f"<p>{escape(lead)}</p>" + "\n".join(rows)))

    async def _file(self, rest: str) -> _Found | None:
        """Only what may stand in a feed or on the counter."""
        named = _FILE.match(rest)
        for post in await self.source(Scope(Kind.FILE, named["hash"])) if named else ():
            for one in post.beside:
                if names.file(one) == rest and one.file is not None:
                    return _attachment(one, rest, one.file)
        return None

    async def _with_validators(self, asked: Asked, found: _Found) -> Answer:
        tag = found.tag or f'W/"{blake2b(found.body, digest_size=16).hexdigest()}"'
        since = self._since(f"{asked.host} {asked.target}", tag)
        headers = [
            ("ETag", tag), ("Last-Modified", _date(since)),
            ("Cache-Control", found.fresh), ("Vary", "Accept-Encoding"),
            *_common(found.policy), *found.more,
        ]  # fmt: skip
        if _holds_it(asked, tag, since):
            return Answer(304, tuple(headers))
        headers.append(("Content-Type", found.media_type))
        if found.file is not None:
            return Answer(200, tuple(headers), file=found.file)
        body = found.body
        if asked.packed and len(body) > _SMALL:
            body = await asyncio.to_thread(gzip.compress, body, 6, mtime=0)
            headers.append(("Content-Encoding", "gzip"))
        return Answer(200, tuple(headers), body)

    def _since(self, what: str, tag: str) -> int:
        """Since when it has been so, as far as is known: a withdrawal changes a feed, and has no date in it."""
        before = self._seen.pop(what, None)
        now = int(self.clock())
        since = before[1] if before is not None and before[0] == tag else max(now, before[1] + 1 if before else 0)
        self._seen[what] = (tag, since)
        while len(self._seen) > limits.WEB_ANSWERS:
            self._seen.popitem(last=False)
        return since


def is_own(host: str, own: Collection[str]) -> bool:
    """Whether a Host header names this PC: by an address, as localhost, or by a name of its own."""
    found = _HOST.match(host)
    if found is None:
        return False
    name = found["name"].strip("[]").lower().rstrip(".")
    with suppress(ValueError):
        ipaddress.ip_address(name)
        return True
    return name == "localhost" or name in own


def understands_gzip(header: str) -> bool:
    """Of an Accept-Encoding header."""
    for part in header.lower().split(","):
        name, _semicolon, rest = part.partition(";")
        weight = rest.replace(" ", "").removeprefix("q=").rstrip("0").rstrip(".")
        if name.strip() in ("gzip", "x-gzip", "*") and (not rest or weight not in ("", "0")):
            return True
    return False


def _scope(folder: str, name: str) -> Scope | None:
    if folder == "" and name == "team":
        return Scope(Kind.TEAM)
    if folder == "people" and name:
        return Scope(Kind.PERSON, name)
    if folder == "tags" and name:
        return Scope(Kind.TAG, name)
    return None


def _ways(stem: str) -> str:
    known = (("RSS", "rss"), ("Atom", "atom"), ("JSON", "json"))
    return " · ".join(f'<a href="{stem}.{ending}">{kind}</a>' for kind, ending in known)


def _page(body: bytes) -> _Found:
    """One that somebody looks at is asked about each time."""
    policy = f"{counter.POLICY}; frame-ancestors 'none'"
    return _Found("text/html; charset=utf-8", body, policy=policy, fresh="private, no-cache")


def _attachment(one: Beside, name: str, file: Path) -> _Found:
    shown = "inline" if names.is_photo(one) else "attachment"
    more = (("Content-Disposition", f'{shown}; filename="{name.rpartition("/")[2]}"'),)
    return _Found(names.media_type(name), file=file, tag=f'"{one.hash}"', policy=f"{_NOTHING}; sandbox", more=more)


def _plain(status: int, said: str, more: tuple[tuple[str, str], ...] = ()) -> Answer:
    """The words are for whoever looks at the wire; they tell nothing else."""
    kind = (("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store"))
    return Answer(status, (*kind, *_common(_NOTHING), *more), f"{said}\n".encode())


def refusal(status: int) -> Answer:
    """To what is no request."""
    return _plain(status, "Bad request")


def _common(policy: str) -> tuple[tuple[str, str], ...]:
    return (
        ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"), ("X-Robots-Tag", "noindex"),
        ("Cross-Origin-Resource-Policy", "same-origin"), ("Content-Security-Policy", policy),
    )  # fmt: skip


def _holds_it(asked: Asked, tag: str, since: int) -> bool:
    """Tags come first: a date is only asked about where there is none."""
    if asked.tags:
        held = [one.strip() for one in asked.tags.split(",")]
        return "*" in held or tag.removeprefix("W/") in [one.removeprefix("W/") for one in held]
    if not asked.since:
        return False
    try:
        at = parsedate_to_datetime(asked.since)
        return int(at.replace(tzinfo=at.tzinfo or UTC).timestamp()) >= since
    except (ValueError, TypeError, OverflowError):
        return False


def _date(seconds: int) -> str:
    return format_datetime(datetime.fromtimestamp(seconds, UTC), usegmt=True)
