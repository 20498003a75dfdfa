"""Commands about feeds fetched once for the office. Answers: of share `{share, ask, feeds}`; of check `{url, title,
right}`, right null where it cannot be told."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from deskblog.commands.forms import Json
from deskblog.commands.office import Command, Hear
from deskblog.engine import Engine


async def _share(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    """`on`: True, False, or nothing: how it is."""
    sharing = engine.feeds.sharing
    if args.get("on") is not None:
        await sharing.choose(on=args["on"])
    yield {"share": sharing.on, "ask": sharing.question, "feeds": sharing.count}


async def _check(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    n = engine.feeds.find(args["which"])
    right = await engine.feeds.sharing.check(n)
    row = await engine.feeds.row_of(n)
    yield {"url": row.url, "title": row.title, "right": right, "error": row.said or None}


COMMANDS: dict[str, Command] = {"feed-share": _share, "feed-check": _check}
