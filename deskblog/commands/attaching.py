"""Commands about photos and files: save."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path

from deskblog.commands.forms import Json
from deskblog.commands.office import Command, Hear
from deskblog.engine import Engine
from deskblog.errors import Refused, Unusable
from deskblog.i18n import _
from deskblog.media.nature import look_at
from deskblog.media.saving import save
from deskblog.values import Attached

WAIT = 20.0  # seconds, if nothing else is said


async def chosen(engine: Engine, files: Sequence[str], card: str = "") -> tuple[Attached, ...]:
    """Makes files, and the card of a link, ready to go with a post; if one cannot, none is."""
    made: list[Attached] = []
    try:
        for file in files:
            made.append((await engine.attaching.choose_file(Path(file)))[0])
        if card:
            made.append((await engine.linkcards.make(card))[0])
    except BaseException:
        for one in made:
            await engine.attaching.drop(one)
        raise
    return tuple(made)


async def _save(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    """{file, name, what, disguised} for each: what it is by its bytes, whether its name says otherwise."""
    row = (await engine.show(args["id"])).row
    wanted = row.attached if args.get("number") is None else row.attached[args["number"] - 1 : args["number"]]
    if not wanted:
        raise Refused(_("There is no such photo or file with this post."), next_step=_("Look at “deskblog show”."))
    for one in wanted:
        source = await engine.attaching.bring(one.blob, args.get("wait", WAIT))
        try:
            verdict = await asyncio.to_thread(look_at, source, one.name)
            file = await asyncio.to_thread(save, source, Path(args["folder"]), one.name)
        except OSError as fault:
            raise Unusable(
                _("“{name}” cannot be saved there: {why}.").format(name=one.name, why=fault.strerror or fault),
                kept=_("It stays with the post."),
                next_step=_("Name another folder."),
            ) from None
        yield {"file": str(file), "name": one.name, "what": verdict.nature.value, "disguised": verdict.disguised}


COMMANDS: dict[str, Command] = {"save": _save}
