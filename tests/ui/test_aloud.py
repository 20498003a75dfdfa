"""What a screen reader says by itself of posts that come."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget

from deskblog import events
from deskblog.ui.aloud import Aloud
from deskblog.values import Audience, Row, View
from tests.ui.desk import Colleague, Desk


class Ear:
    """Hears what is said while the window is looked at, or is not."""

    def __init__(self, desk: Desk) -> None:
        self.said: list[str] = []
        self.looked_at = True
        self._desk = desk
        self._widget = QWidget()
        self.aloud = Aloud(desk.bridge, self._widget, lambda: self.looked_at, self.said.append)
        desk.widgets.append(self._widget)

    def hears(self, *texts: str, live: bool = True) -> None:
        """As if these had just come."""
        rows = self._desk.ask(self._desk.bridge.engine.timeline(limit=50)).rows
        self.aloud.heard(events.Posted(tuple(self._row(rows, text) for text in texts), live))

    @staticmethod
    def _row(rows: tuple[Row, ...], text: str) -> Row:
        return next(row for row in rows if row.text == text)

    def silent(self, desk: Desk) -> bool:
        """Whether nothing waits to be said, though all that was asked is answered."""
        desk.ask(desk.bridge.engine.timeline(limit=1))
        return not self.said and not self.aloud._rows


@pytest.fixture
def ear(anne: Desk, paul: Colleague) -> Iterator[Ear]:
    QAccessible.setActive(True)  # as if somebody listened
    yield Ear(anne)
    QAccessible.setActive(False)


def posts(anne: Desk, paul: Colleague, *texts: str, kind: str = "post") -> None:
    for text in texts:
        paul.post(text, kind=kind)
        anne.until_held(text)


def test_what_comes_alone_is_read_out(anne: Desk, paul: Colleague, ear: Ear) -> None:
    posts(anne, paul, "Coffee is ready")
    ear.hears("Coffee is ready")
    anne.until(lambda: ear.said == ["Paul Bernard: Coffee is ready"])


def test_a_question_is_called_one(anne: Desk, paul: Colleague, ear: Ear) -> None:
    posts(anne, paul, "Who has the key?", kind="question")
    ear.hears("Who has the key?")
    anne.until(lambda: ear.said == ["Paul Bernard, Question: Who has the key?"])


def test_a_burst_is_counted(anne: Desk, paul: Colleague, ear: Ear) -> None:
    texts = [f"Post {n}" for n in range(12)]
    posts(anne, paul, *texts)
    ear.hears(*texts)
    anne.until(lambda: ear.said == ["12 new posts"])


def test_what_comes_soon_after_waits_for_its_turn(anne: Desk, paul: Colleague, ear: Ear) -> None:
    posts(anne, paul, "One", "Two", "Three")
    ear.hears("One")
    anne.until(lambda: ear.said == ["Paul Bernard: One"])
    ear.hears("Two")
    ear.hears("Three")
    anne.until(lambda: ear.said == ["Paul Bernard: One", "2 new posts"])


def test_own_posts_and_history_are_not_spoken_of(anne: Desk, paul: Colleague, ear: Ear) -> None:
    posts(anne, paul, "Coffee is ready")
    anne.post("Mine")
    ear.hears("Mine")
    ear.hears("Coffee is ready", live=False)
    assert ear.silent(anne)


def test_nothing_is_said_while_the_window_is_not_looked_at(anne: Desk, paul: Colleague, ear: Ear) -> None:
    posts(anne, paul, "Coffee is ready")
    ear.looked_at = False
    ear.hears("Coffee is ready")
    assert ear.silent(anne)


def test_what_is_muted_and_the_coffee_corner_are_silent(anne: Desk, paul: Colleague, ear: Ear) -> None:
    posts(anne, paul, "Coffee is ready", "About #sales", "Last")
    paul.do(paul.engine.post("Football tonight?", to=Audience(coffee=True)))
    anne.until(lambda: any(row.kind == "coffee" for row in coffee(anne)))
    anne.ask(anne.bridge.engine.attention.mute("#sales", until=0))
    ear.hears("About #sales")
    ear.aloud.heard(events.Posted(coffee(anne), live=True))
    ear.hears("Last")  # what came before it was weighed before it
    anne.until(lambda: bool(ear.said))
    assert ear.said == ["Paul Bernard: Last"]


def coffee(desk: Desk) -> tuple[Row, ...]:
    return desk.ask(desk.bridge.engine.timeline(limit=50, view=View.COFFEE)).rows
