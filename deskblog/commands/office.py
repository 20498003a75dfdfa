"""Commands about the office: founding, joining, and whoever is in it.

Lines: found `{office, name, person, recovery: [words]}`; invite `{code, expires, address}`, then `{admitted, device,
namesakes}`; join `{office, name, person, device}`; people, role, rename, merge, remove, readmit and leave a person
each: `{person, name, role, devices, here, away, site, status, me, gone, removed_by}`, people also `this` (the device
asked, if it is one of theirs) and at the end, where there is advice, `{keyholders, advice}`; recover `{person,
thrown_out: [names]}`;
invitations `{code, expires, person, tries_left}` each; cancel `{cancelled: [codes]}`; rule `{name}`; settings
`{name, days, announcements, public_tags, quiet_hours, feeds, locked, set_by, set, toml}`, after a file `changed`,
`{setting, before, now, say}` each.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

from deskblog import events
from deskblog.commands.forms import Json, hours_json, person_json, time_json
from deskblog.engine import Engine
from deskblog.errors import Refused
from deskblog.i18n import _, alphabetical
from deskblog.values import Role

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
        yield {
            "code": invitation.code,
            "expires": time_json(invitation.expires),
            "address": await engine.address(),
        }
        while end is None:  # of a code that this one took the place of it is told, too
            told = await ended.get()
            end = told if told.code == invitation.code else None
    finally:
        stop()
        if end is None:  # whoever asked has gone, or the code could not be made
            await engine.cancel_invitation()
    if end.state != "used":
        raise Refused(_ended(end.state), next_step=_("Make a new code when you are both ready."))
    namesakes = engine.membership.namesakes(end.person_id) if end.person_id else 0
    yield {"admitted": end.person, "device": end.device, "namesakes": namesakes}


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
        yield {**person_json(person), "this": engine.device if engine.device in person.devices else None}
    keyholders = engine.membership.keyholders()
    if engine.in_office and keyholders.advice:
        yield {"keyholders": keyholders.count, "advice": keyholders.advice}


async def _role(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    role = Role[str(args["role"]).upper()]
    yield person_json(await engine.membership.role(args["person"], role, sure=bool(args.get("sure"))))


async def _remove(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    yield person_json(await engine.membership.remove(args["who"], sure=bool(args.get("sure"))))


async def _readmit(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    yield person_json(await engine.membership.readmit(args["who"]))


async def _rename(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    yield person_json(await engine.membership.rename(args["person"], args["name"]))


async def _merge(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    yield person_json(await engine.membership.merge(args["persons"]))


async def _leave(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    if args.get("copy"):
        await engine.exporting.own(Path(args["copy"]))
    yield person_json(await engine.leaving.leave(hand_to=args.get("hand_to") or "", sure=bool(args.get("sure"))))


async def _recover(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    done = await engine.membership.recover(
        args["words"], without=args.get("without") or "", restore=args.get("restore") or ()
    )
    yield {"person": done.person, "thrown_out": list(done.thrown_out)}


async def _invitations(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    for one in engine.membership.invitations():
        yield {
            "code": one.code,
            "expires": time_json(one.expires),
            "person": one.person or None,
            "tries_left": one.tries_left,
        }


async def _cancel(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    codes = [one.code for one in engine.membership.invitations()]
    if codes:
        await engine.cancel_invitation()
    yield {"cancelled": codes}


async def _rule(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    given = {"retention-days": args.get("days"), "announcements-week": args.get("announcements")}
    settings = {key: value for key, value in given.items() if value is not None}
    if args.get("name") or settings or args.get("public_tags") is None:
        await engine.membership.rule(name=args.get("name") or "", settings=settings)
    if args.get("public_tags") is not None:
        await engine.publishing.set_tags(args["public_tags"])
    allowed = (await engine.announcing.standing()).allowed
    tags = sorted(engine.publishing.public_tags, key=alphabetical)
    yield {
        "name": engine.office_name,
        "days": engine.office_settings.now.days,
        "announcements": allowed,
        "public_tags": tags,
    }


async def _settings(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    """All of it, after what a file says was set if one is given: then what changed too."""
    settings, changes = engine.office_settings, None
    if args.get("file"):
        changes = await settings.take_file(Path(args["file"]))
    by, now = settings.set_by, settings.now
    line: Json = {
        "name": now.name,
        "days": now.days,
        "announcements": now.announcements,
        "public_tags": list(now.tags),
        "quiet_hours": hours_json(now.hours) if now.hours is not None else None,
        "feeds": [{"url": one.url, "folder": one.folder or None, "title": one.title or None} for one in now.feeds],
        "locked": sorted(now.locked),
        "set_by": by.person or None,
        "set": time_json(by.at) if by.at else None,
        "toml": await settings.text(),
    }
    if changes is not None:
        line["changed"] = [
            {"setting": one.word, "before": one.before, "now": one.now, "say": one.text} for one in changes
        ]
    yield line


COMMANDS: dict[str, Command] = {
    "found": _found,
    "invite": _invite,
    "join": _join,
    "people": _people,
    "role": _role,
    "remove": _remove,
    "readmit": _readmit,
    "rename": _rename,
    "merge": _merge,
    "leave": _leave,
    "recover": _recover,
    "invitations": _invitations,
    "cancel": _cancel,
    "rule": _rule,
    "settings": _settings,
}
