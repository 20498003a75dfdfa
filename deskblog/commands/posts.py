"""Commands about posts: post, timeline, search, show, withdraw; and status."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from deskblog.commands.attaching import chosen
from deskblog.commands.forms import Json, row_json, time_json
from deskblog.commands.office import Command, Hear
from deskblog.engine import Engine
from deskblog.values import View


async def _post(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    kind = "question" if args.get("question") else "post"
    attached = await chosen(engine, args.get("attach") or ())
    row = await engine.post(args["text"], kind=kind, answer_to=args.get("answer") or "", attached=attached)
    yield {"id": row.id, "at": time_json(row.at)}


async def _timeline(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    before = None
    if args.get("before"):
        before = (await engine.show(args["before"])).row.key
    left = args.get("limit", 50)
    while left > 0:
        page = await engine.timeline(before=before, limit=min(left, 200), view=View(args.get("view", "all")))
        for row in page.rows:
            yield row_json(row)
        left -= len(page.rows)
        before = page.next_before
        if before is None:
            return


async def _search(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    page = await engine.search(args["words"], limit=args.get("limit", 50), person=args.get("from"))
    for row in page.rows:
        yield row_json(row)


async def _show(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    shown = await engine.show(args["id"])
    copies = await engine.copies([shown.row.id])
    answers = [row_json(row) for row in shown.answers]
    yield {**row_json(shown.row), "answers": answers, "copies": copies.get(shown.row.id)}


async def _withdraw(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    row = await engine.withdraw(args["id"])
    yield {"id": row.id}


async def _status(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    """{status}, or with `history` a line {person, at, status} for each that was said, newest first."""
    if args.get("history") is None:
        yield {"status": await engine.say_status(args["text"])}
        return
    name, said = await engine.talk.was_doing(args["history"])
    for one in said:
        yield {"person": name, "at": time_json(one.at), "status": one.text}


COMMANDS: dict[str, Command] = {
    "post": _post,
    "timeline": _timeline,
    "search": _search,
    "show": _show,
    "withdraw": _withdraw,
    "status": _status,
}
