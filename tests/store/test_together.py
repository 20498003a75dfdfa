"""Several runs in one transaction: the same as one after another, and all or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from deskblog.engine.ingesting import TOGETHER, Errand, Ingesting
from deskblog.errors import Unusable
from deskblog.log import kinds
from deskblog.log.run import Run
from deskblog.store.store import Held, Ingested
from deskblog.values import LogName, Point
from tests.log.chronicle import Chronicle
from tests.store.diary import NOON, Diary, Shelf, as_run
from tests.store.faults import SmallDisk

TABLES = ("log", "entry", "timeline", "about", "question", "claim", "withdrawal", "unread", "meta")
Runs = list[tuple[LogName, Sequence[Held]]]


def dump(shelf: Shelf) -> dict[str, list[Any]]:
    """All that is kept, but for the ids that dice give."""
    return {name: sorted(map(repr, shelf.store.database.rows(f"SELECT * FROM {name}"))) for name in TABLES}


def story(bruno: Diary, anne: Diary, chloe: Diary) -> Runs:
    """Runs of three that hang on one another: answers, a correction, a withdrawal, two runs of one log."""
    asked = bruno.post("Who has the key?")
    anne.answer(asked, "I have it")
    first = as_run(bruno.held)
    chloe.posts(3, "chloe {n}")
    gone = bruno.post("not this")
    bruno.say(_withdraw(gone))
    return [
        (bruno.name, first),
        (anne.name, as_run(anne.held)),
        (chloe.name, as_run(chloe.held)),
        (bruno.name, as_run(bruno.held[len(first) :])),
    ]


def _withdraw(gone: Held) -> Any:
    return kinds.Withdraw(gone.entry.id)


@pytest.fixture
def chloe(book: Chronicle) -> Diary:
    return Diary(book, "chloe")


def test_together_is_as_one_after_another(
    shelf: Shelf, book: Chronicle, tmp_path: Path, bruno: Diary, anne: Diary, chloe: Diary
) -> None:
    (tmp_path / "other").mkdir()
    other = Shelf(tmp_path / "other", book)
    runs = story(bruno, anne, chloe)
    alone = [other.store.ingest(name, held, other.office) for name, held in runs]
    together = shelf.store.ingest_all(runs, shelf.office)
    assert dump(shelf) == dump(other)
    assert [done.ends for done in together] == [done.ends for done in alone]
    assert [[row.text for row in done.rows] for done in together] == [[r.text for r in done.rows] for done in alone]
    assert shelf.texts() == other.texts() and "not this" not in shelf.texts()
    for words in ("key", "have", "chloe", "not this"):
        found = [[row.text for row in each.store.search(f"{words} ").rows] for each in (shelf, other)]
        assert found[0] == found[1] and bool(found[0]) is (words != "not this")
    shelf.store.database.run("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")
    shelf.store.close()
    shelf.open()
    assert shelf.heads() == other.heads()
    other.store.close()


def test_what_is_held_already_is_passed_over(shelf: Shelf, bruno: Diary, anne: Diary, chloe: Diary) -> None:
    runs = story(bruno, anne, chloe)
    shelf.store.ingest_all(runs[:2], shelf.office)
    before = shelf.texts()
    done = shelf.store.ingest_all([*runs[:2], runs[2]], shelf.office)
    assert [len(one.rows) for one in done] == [0, 0, 3]
    assert len(shelf.texts()) == len(before) + 3


def test_if_one_cannot_be_kept_none_is_and_memory_knows_it(
    shelf: Shelf, bruno: Diary, anne: Diary, chloe: Diary
) -> None:
    runs = story(bruno, anne, chloe)
    before = dump(shelf)
    with pytest.raises(ValueError, match="do not continue"):
        shelf.store.ingest_all([runs[1], runs[3]], shelf.office)  # what comes before the last is not here
    assert dump(shelf) == before and shelf.heads() == {} and shelf.texts() == []
    shelf.store.ingest_all(runs, shelf.office)
    assert shelf.heads()[bruno.name] == bruno.end


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    made = SmallDisk(tmp_path)
    yield made
    made.close()


def test_a_full_disk_keeps_none_and_loses_nothing(
    disk: SmallDisk, book: Chronicle, bruno: Diary, chloe: Diary
) -> None:
    shelf = Shelf(disk.folder, book)
    bruno.post("before")
    shelf.take(bruno)
    disk.fill(shelf.store)
    assert until_full(shelf, bruno, chloe) == shelf.heads()
    disk.free(shelf.store)
    shelf.take(bruno)
    shelf.take(chloe)
    shelf.store.close()
    shelf.open()
    assert shelf.heads() == {bruno.name: bruno.end, chloe.name: chloe.end}
    shelf.store.close()


def until_full(shelf: Shelf, bruno: Diary, chloe: Diary) -> dict[LogName, Point]:
    """Takes in two runs at once until there is no room for the next two; where the logs ended before those."""
    while True:
        held, runs = shelf.heads(), []
        for one in (bruno, chloe):
            start = len(one.held) if one.name in held else 0
            one.posts(64, "a post of some length, number {n}")
            runs.append((one.name, as_run(one.held[start:])))
        try:
            shelf.store.ingest_all(runs, shelf.office)
        except Unusable:
            return held


# --- those that wait --------------------------------------------------------------------------------------
class Way:
    """What waits for the store's thread, and how often that commits."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf, self.commits = shelf, 0
        self.ingesting = Ingesting(self._one, self._all)
        shelf.store.database.trace(self._hear)

    def _hear(self, statement: str) -> None:
        self.commits += statement == "COMMIT"

    def _one(self, run: Run, held: Sequence[Held]) -> Ingested:
        return self._shelf.store.ingest(run.log, held, self._shelf.office)

    def _all(self, coming: Sequence[tuple[Run, Sequence[Held]]]) -> list[Ingested]:
        return self._shelf.store.ingest_all([(run.log, held) for run, held in coming], self._shelf.office)

    def come(self, name: LogName, held: Sequence[Held]) -> Errand:
        run = Run(name, tuple(one.entry for one in held), held[-1].signature or b"")
        return self.ingesting.come(run, held)


def test_those_that_wait_together_are_one_commit(shelf: Shelf, bruno: Diary, anne: Diary, chloe: Diary) -> None:
    way = Way(shelf)
    errands = [way.come(*run) for run in story(bruno, anne, chloe)]
    kept = [way.ingesting.keep(errand) for errand in errands]
    assert way.commits == 1 and all(done.kept for done in kept)
    alone = way.come(chloe.name, [chloe.post("later")])
    assert way.ingesting.keep(alone).rows[0].text == "later" and way.commits == 2


def test_those_behind_new_acts_wait_for_them(shelf: Shelf, bruno: Diary, anne: Diary, chloe: Diary) -> None:
    way = Way(shelf)
    runs = story(bruno, anne, chloe)
    before = [way.come(*run) for run in runs[:2]]
    way.ingesting.turn()
    after = [way.come(*run) for run in runs[2:]]
    way.ingesting.keep(before[0])
    assert before[1].done is not None and not any(errand.taken for errand in after)
    for errand in (before[1], *after):
        way.ingesting.keep(errand)
    assert way.commits == 2 and shelf.heads()[bruno.name] == bruno.end


def test_no_transaction_holds_more_than_it_may(shelf: Shelf, bruno: Diary, chloe: Diary) -> None:
    way = Way(shelf)
    bruno.posts(TOGETHER - 100)
    chloe.posts(200)
    errands = [way.come(one.name, as_run(one.held[n : n + 256])) for one in (bruno, chloe)
               for n in range(0, len(one.held), 256)]  # fmt: skip
    for errand in errands:
        way.ingesting.keep(errand)
    assert way.commits == 2


def test_each_hears_of_its_own_fault_alone(shelf: Shelf, bruno: Diary, anne: Diary, chloe: Diary) -> None:
    way = Way(shelf)
    runs = story(bruno, anne, chloe)
    good, lost, last = way.come(*runs[1]), way.come(*runs[3]), way.come(*runs[2])
    assert len(way.ingesting.keep(good).rows) == 1
    with pytest.raises(ValueError, match="do not continue"):
        way.ingesting.keep(lost)
    assert len(way.ingesting.keep(last).rows) == 3
    assert set(shelf.heads()) == {anne.name, chloe.name}


def test_one_nobody_waits_for_any_more_holds_up_nobody(shelf: Shelf, anne: Diary, chloe: Diary) -> None:
    way = Way(shelf)
    anne.post("whose link broke", at=NOON)
    chloe.posts(2)
    way.come(anne.name, as_run(anne.held))
    waits = way.come(chloe.name, as_run(chloe.held))
    assert len(way.ingesting.keep(waits).rows) == 2
