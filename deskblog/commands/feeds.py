"""Commands about outside feeds. Answers: a line a feed `{url, title, folder, unread, error, next, …}`; of add, where
a page names several, `{offer, title}` a line each; of import `{added, known, left_out}`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

from deskblog.commands.forms import Json, row_json, time_json
from deskblog.commands.office import Command, Hear
from deskblog.engine import Engine
from deskblog.engine.feeds import FeedRow
from deskblog.errors import Refused, Unusable
from deskblog.i18n import _


def feed_json(row: FeedRow) -> Json:
    return {
        "id": row.id,
        "url": row.url,
        "title": row.title,
        "link": row.link or None,
        "folder": row.folder or None,
        "unread": row.unread,
        "error": row.said or None,
        "kept": row.kept,
        "do": row.next_step,
        "next": time_json(row.due) if row.due else None,
        "every": row.every or None,
        "words": row.words or None,
        "muted": row.muted,
        "private": row.private,
        "fetched_by": row.fetched_by or None,
        "fetched": time_json(row.fetched_at) if row.fetched_at else None,
        "office": row.whose.office,
        "locked": row.whose.locked,
    }


async def _add(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    added = await engine.feeds.add(args["url"], folder=args.get("folder") or "")
    if added.feed is not None:
        yield feed_json(added.feed)
    for one in added.offers:
        yield {"offer": one.url, "title": one.title, "guessed": one.guessed}


async def _list(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    for row in await engine.feeds.rows():
        yield feed_json(row)


async def _remove(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    yield feed_json(await engine.feeds.remove(args["which"]))


async def _refresh(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    for row in await engine.feeds.refresh(args.get("which") or ""):
        yield feed_json(row)


async def _set(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    names = ("title", "folder", "words", "every", "muted")
    if args.get("keep"):
        await engine.feeds.office.keep_feed(args["which"])
    yield feed_json(await engine.feeds.change(args["which"], **{name: args.get(name) for name in names}))


async def _article(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    """All of an item, in words."""
    row = await engine.talk.find(args["id"])
    found = await engine.feeds.article(row.id) if row.kind == "feed" else None
    if found is None:
        raise Refused(_("This is no item of a feed."))
    yield row_json(row) | {"text": found.text, "html": found.html, "author": found.author}


async def _import(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    try:
        body = await asyncio.to_thread(Path(args["file"]).read_bytes)
    except OSError as fault:
        raise Unusable(
            _("{file} cannot be read: {why}.").format(file=args["file"], why=fault.strerror or fault),
            next_step=_("Name another file."),
        ) from None
    added, known, left_out = await engine.feeds.take_list(body)
    yield {"added": added, "known": known, "left_out": left_out}


async def _export(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    body = await engine.feeds.give_list()
    try:
        await asyncio.to_thread(Path(args["file"]).write_bytes, body)
    except OSError as fault:
        raise Unusable(
            _("{file} cannot be written: {why}.").format(file=args["file"], why=fault.strerror or fault),
            next_step=_("Name another file."),
        ) from None
    yield {"file": args["file"], "feeds": len(await engine.feeds.rows())}


COMMANDS: dict[str, Command] = {
    "feed-add": _add,
    "feed-list": _list,
    "feed-remove": _remove,
    "feed-refresh": _refresh,
    "feed-set": _set,
    "feed-read": _article,
    "feed-import": _import,
    "feed-export": _export,
}
