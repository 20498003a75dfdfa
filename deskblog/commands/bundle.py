"""Commands of bundles: what another site lacks, carried as a file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import TypeVar

from deskblog.commands.forms import Json, time_json
from deskblog.commands.office import Command, Hear
from deskblog.engine import Engine
from deskblog.engine.bundle_words import read_words, written_words
from deskblog.events import Trouble

T = TypeVar("T")


async def _write(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    """{file, posts, acts, bytes, whole, since, against:[name], say}."""
    since, whole = int(args.get("since") or 0), bool(args.get("whole"))
    done = await engine.bundles.write(Path(args["file"]), since=since, whole=whole)
    yield {
        "file": done.file,
        "posts": done.posts,
        "acts": done.acts,
        "bytes": done.size,
        "whole": done.whole,
        "since": time_json(done.since) if done.since else None,
        "against": list(done.against),
        "say": await asyncio.to_thread(_say, written_words, done),
    }


async def _read(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    """{writer, at, new, known, acts, people:{name: posts}, lacking, answer, say}; answer is null if not known."""
    done = await engine.bundles.read(Path(args["file"]))
    yield {
        "writer": done.writer,
        "at": time_json(done.at),
        "new": done.new,
        "known": done.known,
        "acts": done.acts,
        "people": dict(done.people),
        "lacking": done.lacking,
        "answer": done.answer if done.answer >= 0 else None,
        "say": await asyncio.to_thread(_say, read_words, done),
    }


def _say(words: Callable[[T], Trouble], done: T) -> str:
    """Where nobody waits: the names of months are in a file."""
    news = words(done)
    return " ".join(part for part in (news.what, news.kept, news.next_step) if part)


COMMANDS: dict[str, Command] = {"bundle-write": _write, "bundle-read": _read}
