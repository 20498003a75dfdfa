"""How much work things are, counted and not timed: statements, steps of SQLite's machine, bytes on the disk."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from mnemonic import Mnemonic

from deskblog.log import kinds
from deskblog.store.database import FILE
from deskblog.store.store import Store
from deskblog.values import View
from tests.log.chronicle import Chronicle, office_of
from tests.store.diary import NOON, Diary, Shelf, as_run

POSTS = 6_000
FEW = 1_200


def babble(count: int, seed: int) -> list[str]:
    """Texts of 80 characters on average, of words as unequally frequent as in a language."""
    dice = random.Random(seed)
    words = [word for name in ("english", "french") for word in Mnemonic(name).wordlist]
    dice.shuffle(words)
    weights = [1 / (rank + 3) for rank in range(len(words))]
    return [" ".join(dice.choices(words, weights, k=dice.randint(5, 18))) for _ in range(count)]


def filled(folder: Path, count: int) -> Shelf:
    book = office_of("bruno", "chloe")
    shelf = Shelf(folder, book)
    logs = [Diary(book, name, number) for name in ("anne", "bruno", "chloe") for number in (1, 2)]
    for n, text in enumerate(babble(count, 3)):
        log, at = logs[n % len(logs)], NOON - 60_000 * (count - n)
        if n % 7 == 0:
            log.answer(logs[(n + 1) % len(logs)].held[-1], text, at=at)
        else:
            log.say(kinds.Question(text) if n % 11 == 0 else kinds.Post(text), at=at)
    for log in logs:
        shelf.take(log)
    return shelf


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    made = filled(tmp_path_factory.mktemp("large"), POSTS)
    yield made
    made.store.close()


@pytest.fixture(scope="module")
def little(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    made = filled(tmp_path_factory.mktemp("little"), FEW)
    yield made
    made.store.close()


def statements(shelf: Shelf, work: Callable[[Shelf], object]) -> list[str]:
    """What SQLite is asked meanwhile, as it was written by us and not by its full-text index."""
    said: list[str] = []
    shelf.store.database.trace(said.append)
    work(shelf)
    shelf.store.database.trace(None)
    return [line for line in said if not line.startswith(("--", "PRAGMA 'main'")) and "words_" not in line]


def steps(shelf: Shelf, work: Callable[[Shelf], object]) -> int:
    """Steps of SQLite's machine, in tens."""
    count = 0

    def step() -> int:
        nonlocal count
        count += 1
        return 0

    connection = shelf.store.database._connection
    connection.set_progress_handler(step, 10)
    work(shelf)
    connection.set_progress_handler(None, 10)
    return count


QUESTIONS: dict[str, Callable[[Shelf], object]] = {
    "newest page": lambda shelf: shelf.store.timeline(),
    "page far down": lambda shelf: shelf.store.timeline(before=(NOON - 60_000 * 300) << 20),
    "questions": lambda shelf: shelf.store.timeline(view=View.QUESTIONS),
    "open questions": lambda shelf: shelf.store.timeline(view=View.OPEN),
    "mine": lambda shelf: shelf.store.timeline(view=View.MINE),
    "a letter": lambda shelf: shelf.store.search("c", limit=5),
    "a beginning": lambda shelf: shelf.store.search("co"),
    "a word": lambda shelf: shelf.store.search("coffee ", limit=1),
    "latest time": lambda shelf: shelf.store.latest_time(NOON),
    "wanted": lambda shelf: shelf.store.wanted(256),
    "one post": lambda shelf: shelf.store.find(shelf.store.timeline(limit=1).rows[0].id),
    "answers": lambda shelf: shelf.store.answers(shelf.store.timeline(limit=1).rows[0].id),
    "public posts": lambda shelf: shelf.store.archive.public_posts.keys(),
    "a run": lambda shelf: shelf.run(next(iter(shelf.heads())), 0, 256),
    "a point": lambda shelf: shelf.point(next(iter(shelf.heads())), 7),
    "heads": lambda shelf: shelf.heads(),
    "bodies": lambda shelf: shelf.store.bodies([shelf.point(log, 2).id for log in shelf.heads()]),  # type: ignore[union-attr]
}


@pytest.mark.parametrize(("name", "ask"), QUESTIONS.items(), ids=list(QUESTIONS))
def test_nothing_asked_often_goes_through_a_table_or_sorts(
    large: Shelf, name: str, ask: Callable[[Shelf], object]
) -> None:
    asked = [line for line in dict.fromkeys(statements(large, ask)) if "PRAGMA" not in line and "words_" not in line]
    for statement in asked:
        for row in large.store.database.rows(f"EXPLAIN QUERY PLAN {statement}"):
            plan = row[3]
            whole = plan.startswith("SCAN") and not plan.endswith(
                ("INDEX entry_wanted", "INDEX about_public", ":M1<", ":M2<>")
            )
            assert not whole and "TEMP B-TREE" not in plan, f"{plan}: {statement}"
    assert asked or name == "heads", "heads are in memory"


OF_FEW: dict[str, Callable[[Shelf], object]] = {  # these sort what they find, and it is little
    "announcements": lambda shelf: shelf.store.archive.announced(NOON),
    "unread, counted": lambda shelf: shelf.store.archive.unread.counts("anne"),
}


@pytest.mark.parametrize(("name", "ask"), [*QUESTIONS.items(), *OF_FEW.items()], ids=[*QUESTIONS, *OF_FEW])
def test_it_is_as_much_work_in_a_store_five_times_as_large(
    large: Shelf, little: Shelf, name: str, ask: Callable[[Shelf], object]
) -> None:
    assert steps(large, ask) <= 1.5 * steps(little, ask) + 30


def test_a_page_is_six_questions_however_many_answers_are_quoted(large: Shelf) -> None:
    rows = large.store.timeline(limit=50).rows
    assert 0 < sum(bool(row.answer_to) for row in rows) < 20
    assert len(statements(large, lambda shelf: shelf.store.timeline(limit=50))) == 6


def test_a_run_is_taken_in_without_asking_about_each_post(tmp_path: Path) -> None:
    book = office_of("bruno")
    shelf = Shelf(tmp_path, book)
    bruno = Diary(book, "bruno")
    bruno.posts(255)
    office = shelf.office
    said = statements(shelf, lambda one: one.store.ingest(bruno.name, as_run(bruno.held), office))
    assert len(bruno.held) == 256
    assert sum(line.startswith("SELECT") for line in said) <= 7
    assert said.count("BEGIN IMMEDIATE") == said.count("COMMIT") == 1
    shelf.store.close()


def test_a_run_is_taken_in_without_asking_about_each_answer(tmp_path: Path) -> None:
    book = office_of("bruno")
    shelf = Shelf(tmp_path, book)
    bruno = Diary(book, "bruno")
    asked = [bruno.post("where?") for _n in range(55)]
    for n in range(200):
        bruno.answer(asked[n % 55], f"{n}")
    office = shelf.office
    said = statements(shelf, lambda one: one.store.ingest(bruno.name, as_run(bruno.held), office))
    assert sum(line.startswith("SELECT") for line in said) <= 11
    shelf.store.close()


def test_a_live_post_is_thirteen_statements(tmp_path: Path) -> None:
    book: Chronicle = office_of("bruno")
    shelf = Shelf(tmp_path, book)
    bruno = Diary(book, "bruno")
    shelf.take(bruno)
    office = shelf.office
    held = [bruno.post("good morning")]
    said = statements(shelf, lambda one: one.store.ingest(bruno.name, held, office))
    assert len(said) <= 13
    shelf.store.close()


def test_opening_reads_logs_and_people_but_not_posts(large: Shelf, little: Shelf) -> None:
    def start(shelf: Shelf) -> int:
        shelf.store.close()
        shelf.open()
        return steps(shelf, lambda one: Store(one.store.database, one.folder, one.me, lambda: NOON))

    assert start(large) <= start(little) + 30


def test_a_post_of_80_characters_with_its_index_takes_less_than_a_kilobyte(large: Shelf) -> None:
    large.store.close()
    assert not (large.folder / f"{FILE}-wal").exists()
    size = (large.folder / FILE).stat().st_size
    large.open()
    assert large.store.count() == POSTS
    assert size / POSTS < 870
