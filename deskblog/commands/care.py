"""Commands of whoever looks after the office: keyholders, late, keep, left, drill, safe."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from deskblog.commands.forms import Json, time_json
from deskblog.commands.office import Command, Hear
from deskblog.engine import Engine


async def _keyholders(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    """{count, advice, proposed:[name]}."""
    gauge = await engine.care.keyholders()
    yield {"count": gauge.count, "advice": gauge.advice, "proposed": list(gauge.proposed)}


async def _late(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    """{person, name, posts:[{at, text}]} a person."""
    for one in await engine.care.late():
        posts = [{"at": time_json(at), "text": text} for at, text in one.posts]
        yield {"person": one.person, "name": one.name, "posts": posts}


async def _keep(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    """{kept}: how many posts count now."""
    yield {"kept": await engine.care.keep_late(args["person"])}


async def _left(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    """{name, removed_at, posts, devices:[{device, heard}]}; heard is null for a PC never linked with this one."""
    left = await engine.care.left(args["person"])
    devices = [{"device": key, "heard": time_json(at) if at else None} for key, at in left.devices]
    yield {"name": left.name, "removed_at": time_json(left.removed_at), "posts": left.posts, "devices": devices}


async def _drill(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    """{check, ok, say} a line."""
    for one in await engine.care.drill(args.get("words") or ""):
        yield {"check": one.check, "ok": one.ok, "say": one.say}


async def _safe(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    """{only_here}: how many of one's own posts are on no other PC."""
    yield {"only_here": await engine.only_here()}


COMMANDS: dict[str, Command] = {
    "keyholders": _keyholders,
    "late": _late,
    "keep": _keep,
    "left": _left,
    "drill": _drill,
    "safe": _safe,
}
