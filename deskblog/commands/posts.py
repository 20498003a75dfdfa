"""Commands about posts: post, timeline, search, show, withdraw; and status."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator

from deskblog.commands.attaching import chosen
from deskblog.commands.forms import Json, row_json, time_json
from deskblog.commands.office import Command, Hear
from deskblog.commands.outbox import waiting_json
from deskblog.engine import Engine
from deskblog.errors import Refused
from deskblog.i18n import _
from deskblog.values import Audience, View, Waiting


async def _post(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    kind = "question" if args.get("question") else "post"
    to = await _audience(engine, args)
    card = _first_link(args["text"]) if args.get("card") else ""
    attached = await chosen(engine, args.get("attach") or (), card)
    say = engine.say if args.get("undoable") else engine.post
    row = await say(args["text"], kind=kind, answer_to=args.get("answer") or "", attached=attached, to=to)
    if isinstance(row, Waiting):
        yield waiting_json(row)
        return
    yield {"id": row.id, "at": time_json(row.at), "sealed": row.sealed}


def _first_link(text: str) -> str:
    found = re.search(r"https?://\S+", text)
    if not found:
        raise Refused(_("There is no link in it."), next_step=_("Leave out --card, or write the address of a page."))
    return found[0].rstrip(".,;:!?)»”")


async def _audience(engine: Engine, args: Json) -> Audience:
    """Everybody, or whom `to` and `group` name."""
    if args.get("to") and args.get("group"):
        raise Refused(_("A message goes to people or to a group."), next_step=_("Choose either."))
    if args.get("to"):
        return engine.sealing.people(args["to"])
    if args.get("group"):
        return await engine.groups.audience(args["group"])
    return Audience(coffee=bool(args.get("coffee")))


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
