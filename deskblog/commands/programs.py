"""Commands about newer versions of deskblog: program, program-fetch, program-add."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

from msgspec.structs import asdict

from deskblog.commands.forms import Json
from deskblog.commands.office import Command, Hear
from deskblog.engine import Engine


async def _program(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    """A ProgramRow."""
    yield asdict(engine.programs.row)


async def _fetch(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    """`on`: a bool; a ProgramRow."""
    await engine.programs.choose(on=args["on"])
    yield asdict(engine.programs.row)


async def _add(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    """`file`: an absolute path; {version, kind…}: a ProgramRow, and `added`, the version of the file."""
    added = await engine.programs.add(Path(args["file"]))
    yield {"added": added, **asdict(engine.programs.row)}


COMMANDS: dict[str, Command] = {"program": _program, "program-fetch": _fetch, "program-add": _add}
