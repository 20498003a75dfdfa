"""Commands about announcements: announce, got, close, report."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

from deskblog.commands.attaching import chosen
from deskblog.commands.forms import Json, row_json
from deskblog.commands.office import Command, Hear
from deskblog.engine import Engine
from deskblog.engine.announcing import resting_text
from deskblog.errors import Refused, Unusable
from deskblog.i18n import _
from deskblog.values import Urgency


async def _announce(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    attached = await chosen(engine, args.get("attach") or ())
    urgency = Urgency[args.get("urgency", "usual").upper()]
    standing = await engine.announcing.standing()
    if urgency is Urgency.URGENT and standing.resting and standing.may and not args.get("sure"):
        raise Refused(
            resting_text(standing.resting),
            kept=_("Nothing was sent."),
            next_step=_("Add --yes to announce it as urgent all the same, or leave --urgency out."),
        )
    row = await engine.announcing.announce(args["text"], days=args.get("days", 1), urgency=urgency, attached=attached)
    yield row_json(row)


async def _got(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    if args.get("undo"):
        yield row_json(await engine.announcing.not_got(args["id"]))
        return
    for row in await engine.announcing.got([args["id"]]):
        yield row_json(row)


async def _close(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    yield row_json(await engine.announcing.close(args["id"]))


async def _report(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    """The announcement; with `csv` its report is written into that file, {file} beside it."""
    row, table = await engine.announcing.report(args["id"])
    if args.get("csv"):
        try:
            await asyncio.to_thread(Path(args["csv"]).write_text, table, encoding="utf-8-sig", newline="")
        except OSError as fault:
            raise Unusable(
                _("The report cannot be written there: {why}.").format(why=fault.strerror or fault),
                next_step=_("Name another file."),
            ) from None
    yield row_json(row) | ({"file": args["csv"]} if args.get("csv") else {})


COMMANDS: dict[str, Command] = {"announce": _announce, "got": _got, "close": _close, "report": _report}
