"""Commands about who one is and with whom one talks: groups, group, readers, profile."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

from deskblog.commands.forms import Json, group_json, person_json, profile_json, time_json
from deskblog.commands.office import Command, Hear
from deskblog.engine import Engine
from deskblog.errors import Refused
from deskblog.i18n import _


async def _groups(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    """A line for each closed group one is in, and for each open one there is."""
    for row in await engine.groups.all():
        yield group_json(row)


async def _group(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    """{id, name, members, …} of the group that was begun, changed, joined, left or ended."""
    groups, name, people = engine.groups, args["name"], args.get("people") or ()
    match args["do"]:
        case "new":
            yield group_json(await groups.begin(name, people))
        case "join" | "leave":
            yield group_json(await groups.follow(name, on=args["do"] == "join"))
        case "add":
            yield group_json(await groups.change(name, add=people))
        case "remove":
            yield group_json(await groups.change(name, remove=people))
        case "rename":
            yield group_json(await groups.change(name, name=people[0] if people else ""))
        case "end":
            yield group_json(await groups.end(name))
        case other:
            raise Refused(_("There is nothing called “{word}” to do with a group.").format(word=other))


async def _readers(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    """{person, can_open} for each reader a sealed message names."""
    for one, can_open in await engine.sealing.readers(args["id"]):
        yield {"person": one.name, "can_open": can_open}


async def _keys(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    """{device, let_in_by, at, answer} for each other PC of one's own that cannot read all this one can."""
    for device, give in ((args.get("give"), True), (args.get("refuse"), False)):
        if device:
            await engine.handing.decide(device, give=give)
    for one in await engine.handing.pcs():
        at = time_json(one.at)
        yield {"device": one.device, "let_in_by": one.let_in_by, "at": at, "answer": one.answer or None}


async def _profile(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    """What one says of oneself, once changed as asked; or, with `person`, what that person says."""
    if args.get("person"):
        wanted = args["person"].casefold()
        found = [p for p in await engine.people() if p.name.casefold() == wanted or p.id.startswith(wanted)]
        if not found:
            raise Refused(_("Nobody here is called “{name}”.").format(name=args["person"]))
        for person in found:
            yield person_json(person)
        return
    profiles = engine.profiles
    await profiles.say(job=args.get("job"), place=args.get("place"), phone=args.get("phone"))
    if args.get("picture") is not None:
        await profiles.show_picture(Path(args["picture"]) if args["picture"] else None)
    yield {"name": engine.person_name, **profile_json(profiles.mine)}


COMMANDS: dict[str, Command] = {
    "groups": _groups,
    "group": _group,
    "readers": _readers,
    "keys": _keys,
    "profile": _profile,
}
