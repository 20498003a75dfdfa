"""Commands that look after what is on the disk: backup, repair. Restoring needs no engine: see cli_keeping.py."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

from deskblog.commands.forms import Json
from deskblog.commands.office import Command, Hear
from deskblog.engine import Engine


async def _backup(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    """{file, posts, acts, bytes}."""
    done = await engine.keeping.backup(Path(args["file"]), args.get("passphrase") or "")
    yield {"file": args["file"], "posts": done.posts, "acts": done.acts, "bytes": done.size}


async def _repair(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    """{acts, entries, dropped, wanted, salvaged, aside}."""
    done, saved = await engine.keeping.repair()
    yield {
        "acts": done.acts,
        "entries": done.entries,
        "dropped": done.dropped,
        "wanted": done.wanted,
        "salvaged": saved.taken,
        "aside": str(done.aside) if done.aside else None,
    }


async def _export(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    """{file, posts}."""
    yield {"file": args["file"], "posts": await engine.export(Path(args["file"]))}


COMMANDS: dict[str, Command] = {"backup": _backup, "repair": _repair, "export": _export}
