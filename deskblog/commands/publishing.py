"""Commands about what is shown outside of the office: public, publish, subscribers, counter."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

from msgspec.structs import asdict

from deskblog.commands.forms import Json, row_json, time_json
from deskblog.commands.office import Command, Hear
from deskblog.engine import Engine
from deskblog.errors import Refused
from deskblog.i18n import _


async def _public(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    yield row_json(await engine.publishing.mark(args["id"], on=not args.get("no")))


async def _publish(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    """{folder, posts, written, removed, left, feeds}; without a folder the one published last."""
    publishing = engine.publishing
    if args.get("auto") is not None:
        await publishing.by_itself(on=args["auto"])
    if not args.get("folder"):
        yield asdict(await publishing.again())
        return
    given = {name: args.get(name) or "" for name in ("person", "tag", "address")}
    yield asdict(await publishing.publish(Path(args["folder"]), **given, counter=bool(args.get("counter"))))


async def _subscribers(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    """{name, address, since, public} a reader, and at the end {opened, port, runs, trouble}."""
    serving, name = engine.publishing.serving, args.get("name") or ""
    match args.get("do"):
        case "add":
            await serving.add(name, public=bool(args.get("public")))
        case "revoke":
            await serving.revoke(name)
        case "open" | "close":
            await serving.open(on=args["do"] == "open")
        case "port":
            await serving.use_port(int(name) if name.isdigit() and len(name) < 6 else -1)
        case None:
            pass
        case other:
            raise Refused(_("There is nothing called “{word}” to do with subscribers.").format(word=other))
    served = await serving.served()
    for one, address in served.readers:
        yield {"name": one.name, "address": address, "since": time_json(one.since), "public": one.public}
    yield {"opened": served.opened, "port": served.port, "runs": served.runs, "trouble": served.trouble or None}


async def _counter(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    """The posts on the shop counter, once changed as asked."""
    if args.get("do") and not args.get("id"):
        raise Refused(_("Say which post."))
    if args.get("id"):
        await engine.publishing.pick(args["id"], on=args.get("do") != "remove")
    for row in await engine.publishing.counter():
        yield row_json(row)


COMMANDS: dict[str, Command] = {
    "public": _public,
    "publish": _publish,
    "subscribers": _subscribers,
    "counter": _counter,
}
