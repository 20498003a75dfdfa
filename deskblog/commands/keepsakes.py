"""Commands about what a person keeps for themselves: at-hand (the word is keep), saved, watch."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from deskblog.commands.forms import Json, row_json
from deskblog.commands.office import Command, Hear
from deskblog.engine import Engine


async def _keep(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    yield row_json(await engine.keepsakes.keep(args["id"], on=not args.get("remove")))


async def _saved(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    """{name, words} for each search that is kept, once changed as asked."""
    if args.get("name"):
        await engine.keepsakes.keep_search(args["name"], args.get("words") or "")
    for one in engine.keepsakes.searches:
        yield {"name": one.name, "words": one.words}


async def _watch(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    """{word} for each that is watched, once changed as asked."""
    words = dict.fromkeys(engine.keepsakes.words)
    if args.get("add") or args.get("remove"):
        words |= dict.fromkeys(args.get("add") or ())
        await engine.keepsakes.watch(word for word in words if word not in (args.get("remove") or ()))
    for word in engine.keepsakes.words:
        yield {"word": word}


COMMANDS: dict[str, Command] = {"at-hand": _keep, "saved": _saved, "watch": _watch}
