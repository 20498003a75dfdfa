"""Commands about what reaches the person, and what of it they have read: quiet, mute, follow, unread, read."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from deskblog.commands.forms import Json, hours_json, row_json, time_json, unread_json
from deskblog.commands.office import Command, Hear
from deskblog.engine import Engine
from deskblog.engine.quiet import CLOCK, Chosen
from deskblog.errors import Refused
from deskblog.i18n import _
from deskblog.log.settings import clock
from deskblog.values import View


def _chosen_json(engine: Engine, chosen: Chosen) -> Json:
    return {
        "popups": chosen.popups,
        "hours": hours_json(engine.attention.hours) if engine.attention.hours.on else None,
        "own": engine.attention.own and not engine.attention.locked,
        "locked": engine.attention.locked,
        "told": chosen.told,
        "paused": time_json(chosen.paused) if chosen.paused else None,
        "quiet": engine.attention.quiet,
        "muted": {what: time_json(until) if until else None for what, until in chosen.muted.items()},
        "followed": list(chosen.followed),
    }


async def _quiet(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    """What is chosen, after the changes that are given."""
    names = {"from": "begins", "to": "ends", "days": "days", "hours": "hours", "popups": "popups"}
    names |= {"pause": "paused", "told": "told"}
    changes = {names[key]: value for key, value in args.items() if key in names and value is not None}
    if "days" in changes:
        changes["days"] = tuple(changes["days"])
    if args.get("office"):
        changes = {"own": False, **{name: value for name, value in changes.items() if name not in CLOCK}}
    chosen = await engine.attention.choose(**changes) if changes else engine.attention.chosen
    yield _chosen_json(engine, chosen)


async def _what(engine: Engine, said: str) -> str:
    """A #tag, a person's id, or the thread of a post."""
    if said.startswith("#"):
        return said.lower()
    people = await engine.people()
    named = next((one.id for one in people if said.casefold() in (one.name.casefold(), one.id)), "")
    if named:
        return named
    try:
        row = (await engine.show(said)).row
    except Refused:
        raise Refused(
            _("“{what}” is nobody here, and no post.").format(what=said),
            next_step=_("Name a colleague, a #tag, or the id of a post."),
        ) from None
    return row.answer_to or row.id


async def _mute(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    until = None if args.get("remove") else args.get("until") or 0
    yield _chosen_json(engine, await engine.attention.mute(await _what(engine, args["what"]), until=until))


async def _follow(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    what = await _what(engine, args["what"])
    yield _chosen_json(engine, await engine.attention.follow(what, on=not args.get("remove")))


async def _unread(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    yield unread_json(await engine.unread.counts())


async def _read(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    """Marks posts as read; how many were not, and what is left."""
    if args["ids"]:
        n = await engine.unread.read([(await engine.talk.find(one)).id for one in args["ids"]])
    else:
        n = await engine.unread.read_all(View(args.get("view") or View.ALL))
    yield {"read": n, **unread_json(await engine.unread.counts())}


async def _digest(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    """What waits for the person, and when they want to be told, after the changes that are given."""
    changes = {key: args[key] for key in ("morning", "back", "lunch") if args.get(key) is not None}
    if args.get("at") is not None:
        changes["at"] = args["at"] if args["at"] >= 0 else None
    chosen = await engine.digests.choose(**changes) if changes else engine.digests.chosen
    digest = await engine.digests.compose()
    wish = {"morning": chosen.morning, "back": chosen.back, "lunch": chosen.lunch}
    yield {
        "announcements": [row_json(row) for row in digest.announced],
        "for_me": [row_json(row) for row in digest.for_me],
        "questions": [row_json(row) for row in digest.questions],
        "feeds": [row_json(row) for row in digest.feeds],
        "most_answered": [row_json(row) for row in digest.answered],
        "unread": digest.unread,
        "when": wish | {"at": clock(chosen.at) if chosen.at is not None else None},
    }


COMMANDS: dict[str, Command] = {
    "quiet": _quiet,
    "mute": _mute,
    "follow": _follow,
    "unread": _unread,
    "read": _read,
    "digest": _digest,
}
