"""Commands about the office: found, invite, join, people."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable

from deskblog import events
from deskblog.commands.forms import Json, person_json, time_json
from deskblog.engine import Engine
from deskblog.errors import Refused
from deskblog.i18n import _

Hear = Callable[[Callable[[events.Event], None]], Callable[[], None]]  # listen to events until the result is called
Command = Callable[[Engine, Json, Hear], AsyncGenerator[Json]]


async def _found(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    done = await engine.found(args["name"], args["me"])
    yield {"office": done.office, "name": done.name, "person": done.person, "recovery": list(done.recovery)}


async def _invite(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    """The code at once, and who came, once it is used; Refused when it ends otherwise. Left off, it is cancelled."""
    ended: asyncio.Queue[events.InvitationChanged] = asyncio.Queue()

    def listen(event: events.Event) -> None:
        if isinstance(event, events.InvitationChanged) and event.state != "open":
            ended.put_nowait(event)

    stop = hear(listen)
    end: events.InvitationChanged | None = None
    try:
        invitation = await engine.invite(minutes=args.get("minutes", 10), as_person=args.get("as"))
        yield {"code": invitation.code, "expires": time_json(invitation.expires)}
        end = await ended.get()
    finally:
        stop()
        if end is None:  # whoever asked has gone, or the code could not be made
            await engine.cancel_invitation()
    if end.state != "used":
        raise Refused(_ended(end.state), next_step=_("Make a new code when you are both ready."))
    yield {"admitted": end.person, "device": engine.device}


def _ended(state: str) -> str:
    return {
        "expired": _("Nobody used the code in time."),
        "dead": _("The code is dead: three wrong tries."),
        "cancelled": _("The invitation was cancelled."),
    }[state]


async def _join(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    joined = await engine.join(args["code"], args["me"], at=args.get("at"))
    yield {"office": joined.office, "name": joined.name, "person": joined.person, "device": joined.device}


async def _people(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    for person in await engine.people():
        yield person_json(person)


COMMANDS: dict[str, Command] = {
    "found": _found,
    "invite": _invite,
    "join": _join,
    "people": _people,
}
