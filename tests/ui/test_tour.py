"""Two minutes with deskblog: every step of the demo is done for real, and the next begins."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from deskblog import i18n
from deskblog.app import App
from deskblog.demo import Demo
from deskblog.engine import Options
from deskblog.i18n import _
from deskblog.ui.session import Application
from deskblog.ui.theme import Theme
from deskblog.ui.tour import Step, Tour, words
from tests.ui.desk import PATIENCE


@pytest.fixture
def demo(qapp: Application, theme: Theme, qtbot: QtBot) -> Iterator[App]:
    app = App(qapp, theme, None, Options(), demo=Demo())
    app.start(hidden=False, compose=False)
    qtbot.waitUntil(lambda: app._guided is not None and app.window.isVisible(), timeout=3 * PATIENCE)
    yield app
    app.stop()


def write(app: App, text: str) -> None:
    composer = app.window.composer
    composer.field.setPlainText(text)
    composer.send(at_once=True)


def test_a_newcomer_does_it_all(demo: App, qtbot: QtBot) -> None:
    assert demo._guided is not None
    tour, window = demo._guided.tour, demo.window

    def until(step: Step) -> None:
        qtbot.waitUntil(lambda: tour.step is step, timeout=PATIENCE)
        assert tour.what.text().endswith(words(step).what) and tour.what.text() in tour.accessibleName()

    until(Step.SAY)
    write(demo, "Looking around")
    until(Step.ASK)
    qtbot.waitUntil(lambda: not window.composer.field.toPlainText(), timeout=PATIENCE)  # what was sent has left it
    window.composer.question.setChecked(True)
    write(demo, "Where is the stapler?")
    until(Step.TAKE)

    def mine() -> str:
        rows = (window.rows.row_at(n) for n in range(window.rows.rowCount()))
        return next((row.id for row in rows if row.mine and row.kind == "question" and row.answers == 2), "")

    qtbot.waitUntil(lambda: bool(mine()), timeout=PATIENCE)
    engine = demo.bridge.engine
    answers: list[str] = []
    demo.bridge.ask(engine.show(mine()), lambda shown: answers.extend(row.id for row in shown.answers))
    qtbot.waitUntil(lambda: bool(answers), timeout=PATIENCE)
    demo.bridge.ask(engine.talk.solve(mine(), answers[0]))
    until(Step.GOT_IT)
    qtbot.waitUntil(lambda: window.pinned.isVisible(), timeout=PATIENCE)
    next(one for one in window.pinned.findChildren(QPushButton) if one.text() == "Got it").click()
    until(Step.FIND)
    window.search.setText("nobody has ever said this")
    window.search.setText("expenses")
    until(Step.END)
    with qtbot.waitSignal(demo.left):
        qtbot.mouseClick(tour.button, Qt.MouseButton.LeftButton)


def test_each_step_can_be_skipped_and_the_strip_closed(qtbot: QtBot) -> None:
    tour = Tour()
    qtbot.addWidget(tour)
    tour.show()
    begun: list[Step] = []
    tour.at.connect(begun.append)
    for _step in range(5):
        assert tour.button.text() == "Skip"
        tour.button.click()
    assert begun == [Step.ASK, Step.TAKE, Step.GOT_IT, Step.FIND, Step.END]
    with qtbot.waitSignal(tour.done):
        tour.button.click()
    tour.closer.click()
    assert not tour.isVisible()


@pytest.mark.parametrize("language", sorted(path.name for path in i18n._DIRECTORY.iterdir() if path.is_dir()))
def test_the_word_to_be_searched_was_said_in_each_language(language: str) -> None:
    i18n.use(language)
    try:
        assert _("expenses") in _("Which form do we use for travel expenses this year?")
    finally:
        i18n.use("en")
