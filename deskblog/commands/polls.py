"""Commands about polls: poll, vote."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from deskblog.commands.forms import Json, row_json
from deskblog.commands.office import Command, Hear
from deskblog.engine import Engine


async def _poll(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    row = await engine.polls.begin(
        args["text"], args["options"], closes=args.get("closes", 0), many=bool(args.get("many"))
    )
    yield row_json(row)


async def _vote(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    yield row_json(await engine.polls.vote(args["id"], [number - 1 for number in args["numbers"]]))


COMMANDS: dict[str, Command] = {"poll": _poll, "vote": _vote}
