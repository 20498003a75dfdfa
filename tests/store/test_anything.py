"""Laws: whatever a colleague can sign, in whatever order it comes, the store takes, and shows it one way."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from deskblog import limits
from deskblog.errors import Refused
from deskblog.log import codec, kinds
from deskblog.store.store import Held
from deskblog.values import Row, View
from tests.log.chronicle import office_of
from tests.store.diary import NOON, Diary, Shelf

NAMES = ("anne", "bruno", "chloe")
times = st.sampled_from([0, 1, NOON - 1, NOON, NOON + 1, NOON + 300_001, limits.TIME]) | st.integers(0, limits.TIME)
texts = st.text(min_size=1, max_size=40) | st.sampled_from(
    ["\x00", "#a @b", "é\u0301", "🎂" * 280, '"', "a\x00b", "' OR 1"]
)
writing = st.tuples(
    st.sampled_from(NAMES),
    st.sampled_from(["post", "question", "answer", "answer", "answer", "bytes", "list"]),
    times,
    texts,
    st.integers(0, 30),
    st.booleans(),
)


def write(diaries: dict[str, Diary], written: list[Held], what: tuple[Any, ...]) -> None:
    name, kind, at, text, target, _later = what
    diary = diaries[name]
    match kind:
        case "post":
            written.append(diary.post(text, at=at))
        case "question":
            written.append(diary.say(kinds.Question(text), at=at))
        case "answer" if written:
            written.append(diary.answer(written[target % len(written)], text, at=at))
        case "answer":
            written.append(diary.say(kinds.Answer(text, bytes([target]) * 32), at=at))
        case "bytes":
            written.append(diary.write("post", text.encode(), at=at))
        case _:
            body = bytes(16) + codec.encode([text, target, [text], b"more than this version knows"])
            written.append(diary.write("question", body, at=at))


def parts(held: list[Held], cuts: list[int]) -> list[list[Held]]:
    ends = sorted({cut % len(held) for cut in cuts} - {0})
    return [held[a:b] for a, b in zip([0, *ends], [*ends, len(held)], strict=True)]


def check(rows: tuple[Row, ...]) -> None:
    """Keys fall, and whatever answers something stands behind it."""
    assert [row.key for row in rows] == sorted({row.key for row in rows}, reverse=True)
    place = {row.id: row.key for row in rows}
    for row in rows:
        assert row.answer_to not in place or row.key > place[row.answer_to]


def look_at_everything(shelf: Shelf, words: str) -> None:
    for view in View:
        shelf.store.timeline(view=view)
    shelf.store.search(words)
    with suppress(Refused):
        shelf.store.find(words)
    for row in shelf.store.timeline(limit=99).rows:
        assert shelf.store.find(row.id) == row
        shelf.store.answers(row.id)


@settings(max_examples=40)
@given(
    st.lists(writing, min_size=1, max_size=20),
    st.lists(st.integers(1, 40), max_size=6),
    st.randoms(use_true_random=False),
    st.text(max_size=20),
)
def test_whatever_is_signed_is_taken_and_shown_in_one_order(
    script: list[tuple[Any, ...]], cuts: list[int], dice: Any, words: str
) -> None:
    book = office_of("bruno", "chloe")
    diaries = {name: Diary(book, name) for name in NAMES}
    written: list[Held] = []
    for what in script:
        write(diaries, written, what)
    later = {held.entry.id for held, what in zip(written, script, strict=True) if what[-1]}
    waiting = {name: parts(diary.held, cuts) for name, diary in diaries.items()}
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        shelf = Shelf(Path(folder), book)
        while any(waiting.values()):
            name = dice.choice([name for name, runs in waiting.items() if runs])
            run = waiting[name].pop(0)
            bare = [Held(h.entry, h.signature, None if h.entry.id in later else h.body) for h in run]
            shelf.store.ingest(diaries[name].name, bare, shelf.office)
            check(shelf.store.timeline(limit=99).rows)
        bodies = [(held.entry.id, held.body or b"") for held in written if held.entry.id in later]
        dice.shuffle(bodies)
        shelf.store.fill(bodies, shelf.office)
        rows = shelf.store.timeline(limit=99).rows
        check(rows)
        assert {row.id for row in rows} == {held.entry.id.hex() for held in written if shown(held)}
        look_at_everything(shelf, words)
        shelf.store.rebuild(shelf.office)
        again = shelf.store.timeline(limit=99).rows
        check(again)
        assert {row.id for row in again} == {row.id for row in rows}
        shelf.store.close()


def shown(held: Held) -> bool:
    return kinds.decode_body(held.entry.header.kind, held.body or b"") is not None
