"""The floor of our own tables: the rows that ours writes, in the same runs, as many in a transaction, and
nothing else.

Each run's signature is checked; nothing is judged, looked up, answered or shown.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from bench.stores import PEOPLE, RUN, batched, office_of, runs
from deskblog.engine.ingesting import TOGETHER
from deskblog.log import kinds
from deskblog.log.keys import SIGN_ENTRY, verify
from deskblog.log.office import fold
from deskblog.store.database import Database
from deskblog.store.entries import BodyState, Entries, Held
from deskblog.store.timeline import TIE_BITS
from deskblog.values import LogName


def written(path: Path, count: int) -> float:
    """Seconds of checking and writing so many posts."""
    database, seconds = Database(path), 0.0
    logs: dict[LogName, int] = {}
    for some in batched(runs(count, fold(office_of(PEOPLE + 1))), TOGETHER // RUN):
        lines = [rows(logs.setdefault(log, len(logs) + 1), held) for log, held in some]
        began = time.perf_counter()
        with database.transaction(durable=False):
            for (log, held), (entries, shown) in zip(some, lines, strict=True):
                verify(log.device, SIGN_ENTRY, held[-1].entry.id, held[-1].signature or b"")
                keep(database, entries, shown)
        seconds += time.perf_counter() - began
    database.close()
    return seconds


def rows(n: int, held: list[Held]) -> tuple[list[Any], list[Any]]:
    """(lines of the table of entries, of the timeline)"""
    entries, shown = [], []
    for one in held:
        header = one.entry.header
        content = kinds.decode_body(header.kind, one.body or b"")
        key = header.time << TIE_BITS | int.from_bytes(one.entry.id[:3], "big") >> 4
        kept = one.entry.raw.removeprefix(Entries.lead(header))
        is_shown = isinstance(content, kinds.Shown)
        line = n, header.seq, one.entry.id, kept, one.signature, one.body, BodyState.HELD, key if is_shown else None
        entries.append(line)
        if isinstance(content, kinds.Shown):
            text, target = kinds.shown_text(content.text), kinds.target_of(content) or None
            shown.append((key, n, header.seq, header.kind, header.time, text, target))
    return entries, shown


def keep(database: Database, entries: list[Any], shown: list[Any]) -> None:
    database.run_many(
        "INSERT INTO entry (log, seq, id, header, signature, body, state, key) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        entries,
    )
    database.run_many(
        "INSERT INTO timeline (key, log, seq, kind, at, text, target) VALUES (?, ?, ?, ?, ?, ?, ?)", shown
    )
    database.run_many("INSERT INTO words (rowid, text) VALUES (?, ?)", [(one[0], one[5]) for one in shown])
    questions = [(one[0],) for one in shown if one[3] == "question"]
    database.run_many("INSERT INTO question (key) VALUES (?)", questions)
