"""Killed at any moment: what was said to be kept is kept, and the store opens as if nothing had been."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deskblog.log.run import check_run
from deskblog.store.store import Store, Stretch
from deskblog.values import LogName, Point
from tests.log.chronicle import device
from tests.store.diary import NOON
from tests.store.scribe import OTHERS, OWN, office_of_two

LIVES = 20
LOGS = {"anne": OWN, "bruno": OTHERS}


class Scribe:
    """The process of tests/store/scribe.py."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-m", "tests.store.scribe", str(folder)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def _hear(self) -> tuple[str, int]:
        assert self._process.stdout is not None
        word, number = self._process.stdout.readline().split()
        return word, int(number)

    def one_life(self, lines: int) -> dict[str, int]:
        """Lets it write until so many lines were heard, kills it; how far it said each log is kept."""
        assert self._process.stdin is not None
        self._process.stdin.write("live\n")
        self._process.stdin.flush()
        said = dict(self._hear() for _line in range(lines + 1))
        os.kill(said.pop("life"), signal.SIGKILL)
        while (heard := self._hear())[0] != "dead":  # said between the last line heard and the end
            said[heard[0]] = heard[1]
        assert heard[1] == signal.SIGKILL
        return said

    def close(self) -> None:
        self._process.communicate(timeout=20)


@pytest.fixture
def scribe(tmp_path: Path) -> Iterator[Scribe]:
    made = Scribe(tmp_path)
    yield made
    made.close()


def heads_of(store: Store) -> dict[LogName, Point]:
    return {log: ends.leaves[-1] for log, ends in store.heads(office_of_two().office()).items()}


def whole_log(store: Store, log: LogName) -> int:
    """Reads a log back run by run, each checked as a colleague would; how many entries it has."""
    office = office_of_two().office()
    after: Point | None = None
    to = store.head(log)
    assert to is not None
    while isinstance(stretch := store.read_run(log, (after,) if after else (), to, office), Stretch):
        after = check_run(office.id, log, after, stretch.headers, stretch.signature).end
    return after.seq if after else 0


def test_whatever_the_moment_it_is_killed_nothing_kept_is_lost(scribe: Scribe, tmp_path: Path) -> None:
    moments = random.Random(7)
    for _life in range(LIVES):
        said = scribe.one_life(moments.randint(2, 40))
        store = Store.open(tmp_path, device("anne"), lambda: NOON)
        assert store.set_aside is None
        assert store.database.row("PRAGMA integrity_check")[0] == "ok"
        heads = heads_of(store)
        for name, seq in said.items():
            assert heads[LOGS[name]].seq >= seq, f"{name} was told {seq} are kept"
        assert store.count() == sum(point.seq - 1 for point in heads.values())
        store.close()
    store = Store.open(tmp_path, device("anne"), lambda: NOON)
    for log, point in heads_of(store).items():
        assert whole_log(store, log) == point.seq
    with store.database.transaction(durable=False):
        store.database.run("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")
    store.close()
