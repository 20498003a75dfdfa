"""Commands that look after what is on the disk: backup, repair. Restoring needs no engine: see cli_keeping.py."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

from deskblog.commands.forms import Json, time_json
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
    done = await engine.exporting.all(Path(args["file"]))
    yield {"file": args["file"], "posts": done.posts, "sealed": done.sealed}


async def _import(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    """{posts, known, old, left_out, long, first, last, taken} of a file; `dry`: nothing is written."""
    history = await engine.importing.look(Path(args["file"]))
    taken = 0 if args.get("dry") else await engine.importing.take(history)
    counts = {name: getattr(history, name) for name in ("known", "old", "left_out", "long")}
    times = {"first": time_json(history.first), "last": time_json(history.last)} if history.posts else {}
    yield {"file": args["file"], "posts": len(history.posts), **counts, **times, "taken": taken}


COMMANDS: dict[str, Command] = {"backup": _backup, "repair": _repair, "export": _export, "import": _import}
