"""Commands about posts that have not left yet: waiting."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from deskblog.commands.forms import Json, time_json
from deskblog.commands.office import Command, Hear
from deskblog.engine import Engine
from deskblog.errors import Refused
from deskblog.i18n import _
from deskblog.values import Waiting


def waiting_json(one: Waiting) -> Json:
    """`leaves`: when it will, None if it could not."""
    return {
        "id": one.id,
        "text": one.text,
        "kind": one.kind,
        "answer_to": one.answer_to or None,
        "leaves": time_json(one.leaves) if one.leaves else None,
        "attachments": [beside.name for beside in one.attached],
    }


async def _waiting(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    """What waits, after what is asked for: `undo` or `send` one (its id), `seconds` that posts wait from now on."""
    outbox = engine.outbox
    if args.get("seconds") is not None:
        await outbox.wait(args["seconds"])
    if args.get("undo"):
        taken = await outbox.undo(args["undo"])
        if taken is None:
            raise Refused(_("This post has left already."), next_step=_("Withdraw it: “deskblog withdraw”."))
        yield waiting_json(taken) | {"taken_back": True}
    if args.get("send"):
        await outbox.send(args["send"])
    for one in outbox.waiting:
        yield waiting_json(one)


COMMANDS: dict[str, Command] = {"waiting": _waiting}
