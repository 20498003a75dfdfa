"""Commands about what is said of posts: react, solve, correct, versions."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from deskblog.commands.forms import Json, row_json, time_json
from deskblog.commands.office import Command, Hear
from deskblog.engine import Engine


async def _react(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    yield row_json(await engine.talk.react(args["id"], args["sign"]))


async def _solve(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    yield row_json(await engine.talk.solve(args["id"], args.get("answer") or ""))


async def _correct(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    yield row_json(await engine.talk.correct(args["id"], args["text"]))


async def _versions(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    """{id, at, text} for each thing a post has said, oldest first."""
    for one in await engine.talk.versions(args["id"]):
        yield {"id": one.id, "at": time_json(one.at), "text": one.text}


async def _like(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    """Earlier questions like a text."""
    for row in await engine.talk.like(args["text"], args.get("limit", 10)):
        yield row_json(row)


async def _who(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    """{person, answers} for each who may know."""
    for name, count in await engine.talk.knows(args["text"], args.get("limit", 10)):
        yield {"person": name, "answers": count}


COMMANDS: dict[str, Command] = {
    "react": _react,
    "solve": _solve,
    "correct": _correct,
    "versions": _versions,
    "like": _like,
    "who": _who,
}
