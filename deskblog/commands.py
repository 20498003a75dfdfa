"""Each command as the command line and the local socket know it: plain values in, plain JSON objects out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from datetime import UTC, datetime
from typing import Any

from deskblog import events
from deskblog.engine import Engine
from deskblog.errors import Refused
from deskblog.i18n import _
from deskblog.values import PersonRow, Role, Row, View

Json = dict[str, Any]
Hear = Callable[[Callable[[events.Event], None]], Callable[[], None]]  # listen to events until the result is called


def row_json(row: Row) -> Json:
    """A timeline row as design section 9 names it."""
    out: Json = {
        "id": row.id,
        "kind": row.kind,
        "person": row.person,
        "device": row.device,
        "at": time_json(row.at),
        "text": row.text,
        "answer_to": row.answer_to or None,
        "tags": list(row.tags),
        "mentions": list(row.mentions),
        "attachments": [],
        "source": row.source,
    }
    return out


def time_json(ms: int) -> str:
    """RFC 3339, UTC, milliseconds; a time no calendar has is shown as the nearest one."""
    ms = min(ms, 253_402_300_799_999)
    moment = datetime.fromtimestamp(ms // 1000, UTC).replace(microsecond=ms % 1000 * 1000)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def person_json(person: PersonRow) -> Json:
    role = {Role.MEMBER: "member", Role.ANNOUNCER: "announcer", Role.KEYHOLDER: "keyholder"}[person.role]
    return {
        "person": person.id,
        "name": person.name,
        "role": role,
        "devices": list(person.devices),
        "here": person.here,
        "me": person.me,
        "gone": person.gone,
    }


def event_json(event: events.Event) -> Json:
    """One event as `deskblog node --json` prints it."""
    match event:
        case events.Posted():
            raise ValueError("one line a post: see event_lines")
        case events.PeopleChanged():
            return {"event": "people", "people": [person_json(p) for p in event.people]}
        case events.OfficeChanged():
            return {"event": "office", "office": event.office, "name": event.name, "person": event.person}
        case events.InvitationChanged():
            return {"event": "invitation", "code": event.code, "state": event.state, "person": event.person}
        case events.Ready():
            return {
                "event": "ready",
                "port": event.port,
                "device": event.device,
                "office": event.office,
                "name": event.office_name,
            }
        case events.Linked():
            return {
                "event": "linked",
                "device": event.device,
                "person": event.person,
                "address": event.address,
                "seconds": event.seconds,
            }
        case events.Lost():
            return {"event": "lost", "device": event.device, "person": event.person, "reason": event.reason}
        case events.Synced():
            return {"event": "synced", "device": event.device, "person": event.person}
        case events.Trouble():
            return {
                "event": "trouble",
                "where": event.where,
                "what": event.what,
                "kept": event.kept,
                "next": event.next_step,
            }


def event_lines(event: events.Event) -> list[Json]:
    """The lines one event is printed as: a line a post, one for everything else."""
    if isinstance(event, events.Posted):
        return [{"event": "post", "live": event.live, **row_json(row)} for row in event.rows]
    return [event_json(event)]


# --- the commands -----------------------------------------------------------------------------------------
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


async def _post(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    kind = "question" if args.get("question") else "post"
    row = await engine.post(args["text"], kind=kind, answer_to=args.get("answer") or "")
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
    yield {**row_json(shown.row), "answers": [row_json(row) for row in shown.answers]}


Command = Callable[[Engine, Json, Hear], AsyncGenerator[Json]]
COMMANDS: dict[str, Command] = {
    "found": _found,
    "invite": _invite,
    "join": _join,
    "people": _people,
    "post": _post,
    "timeline": _timeline,
    "search": _search,
    "show": _show,
}
NEED_NETWORK = frozenset({"invite", "join"})
