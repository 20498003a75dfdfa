"""What a process and its folder weigh: from /proc, from the sizes of files, and page by page from SQLite itself."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

KIB = 1024
# Of which tables and indexes a part is made: the longest beginning that fits counts.
PARTS = {
    "entry": "headers, signatures and bodies",
    "entry_": "entries by id",
    "timeline": "rows of the timeline",
    "words": "words of posts",
    "about": "reactions, votes and the like",
    "item": "items of feeds",
    "item_words": "words of feeds",
    "feed": "items of feeds",
    "act": "members and logs",
    "log": "members and logs",
    "person": "members and logs",
    "sqlite_": "members and logs",
}
OTHER, FREE = "all other tables, most of a page each", "free pages"


@dataclass(frozen=True, slots=True)
class Sample:
    """`run`: which start of the program; `at`: days since the first morning. Sizes are MiB."""

    run: int
    at: float
    memory: float
    descriptors: Counter[str]
    threads: tuple[str, ...]
    pool: int
    tasks: int
    sqlite: float
    store: float
    wal: float
    blobs: float

    @property
    def left_open(self) -> int:
        return self.descriptors.total() + len(self.threads) + self.tasks


def descriptors(pid: int) -> Counter[str]:
    """By kind: what a leak would be of is seen at once."""
    kinds: Counter[str] = Counter()
    for one in Path(f"/proc/{pid}/fd").iterdir():
        try:
            goal = str(one.readlink())
        except FileNotFoundError:  # closed meanwhile
            continue
        kinds[goal.partition(":")[0] if goal.startswith(("socket:", "pipe:", "anon_inode:")) else goal] += 1
    return kinds


def size(folder: Path, pattern: str) -> float:
    """MiB of files."""
    return sum(path.stat().st_size for path in folder.glob(pattern) if path.is_file()) / KIB**2


def explained(store: Path) -> dict[str, int]:
    """Bytes of each part of a closed store; all together they are the file."""
    parts: Counter[str] = Counter()
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as database:
        for name, pages in database.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name"):
            parts[_part(name)] += pages
        page, free = (database.execute(f"PRAGMA {what}").fetchone()[0] for what in ("page_size", "freelist_count"))
        parts[FREE] += page * free
        lengths = "sum(length(header)), sum(length(signature)), sum(length(body))"
        header, signature, body = database.execute(f"SELECT {lengths} FROM entry").fetchone()
    rest = parts.pop("headers, signatures and bodies") - header - signature - body
    parts |= {"headers as signed": header, "signatures": signature, "bodies": body, "room in pages of entries": rest}
    assert sum(parts.values()) == store.stat().st_size, "a part of the file is not explained"
    return dict(parts)


def _part(name: str) -> str:
    fitting = [
        start for start in PARTS if name == start or name.startswith(start if start[-1] == "_" else f"{start}_")
    ]
    return PARTS[max(fitting, key=len)] if fitting else OTHER


def slope(points: Sequence[tuple[int, float, float]]) -> float:
    """By least squares, with a height of its own for each run of the program: (run, x, y)."""
    above = below = 0.0
    for run in {one[0] for one in points}:
        mine = [(x, y) for which, x, y in points if which == run]
        middle = sum(x for x, _y in mine) / len(mine), sum(y for _x, y in mine) / len(mine)
        above += sum((x - middle[0]) * (y - middle[1]) for x, y in mine)
        below += sum((x - middle[0]) ** 2 for x, _y in mine)
    return above / below if below else 0.0
