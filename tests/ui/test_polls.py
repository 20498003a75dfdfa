"""Polls in the window: asked in a dialog, answered by a press."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from deskblog.engine.polls import next_choice
from deskblog.ui import poll as p
from deskblog.ui.new_poll import NewPoll
from deskblog.ui.timeline import TimelineView
from deskblog.values import Option, Poll
from tests.ui.desk import Colleague, Desk


def shown(view: TimelineView) -> Poll | None:
    return view.rows.row_at(0).poll if view.rows.rowCount() else None


def press(view: TimelineView, qtbot: QtBot, place: int) -> None:
    index = view.rows.index(0)
    rect = view._delegate.card(index).bars.places[place]
    qtbot.mouseClick(
        view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(index).topLeft() + rect.center().toPoint()
    )


def test_one_press_chooses_and_another_takes_it_back(anne: Desk, paul: Colleague, qtbot: QtBot) -> None:
    view = anne.timeline()
    row = paul.do(paul.engine.polls.begin("When?", ["Monday", "Tuesday"]))
    paul.do(paul.engine.polls.vote(row.id, [0]))
    anne.until(lambda: (found := shown(view)) is not None and found.voters == 1)
    press(view, qtbot, 1)
    anne.until(lambda: (found := shown(view)) is not None and found.options[1].mine)
    view.grab()
    press(view, qtbot, 0)
    anne.until(
        lambda: (found := shown(view)) is not None and found.options[0].people == ("Paul Bernard", "Anne Martin")
    )
    press(view, qtbot, 0)
    anne.until(lambda: (found := shown(view)) is not None and found.voters == 1)
    menu = view._menu(view.rows.index(0), "")
    assert {"Monday: Paul Bernard", "Tuesday"} <= {action.text() for action in menu.actions()}
    assert not any(action.text().startswith("Correct") for action in menu.actions())


def test_a_poll_is_written_in_a_dialog_and_stays_where_it_cannot_be(anne: Desk, qtbot: QtBot) -> None:
    window = anne.window()
    window.composer.field.setPlainText("When is the party?")
    window.composer.attach.ask_all()
    dialog = next(one for one in QApplication.topLevelWidgets() if isinstance(one, NewPoll) and one.isVisible())
    assert dialog.text.text() == "When is the party?"
    assert [line.isVisible() for line in dialog.options] == [True, True, False, False, False, False]
    dialog.options[0].setText("Monday")
    dialog.options[1].setText("Monday")
    assert dialog.options[2].isVisible()
    dialog.ask()
    anne.until(dialog.problem.isVisible)
    assert "different answers" in dialog.problem.text() and dialog.options[0].text() == "Monday"
    dialog.options[1].setText("Tuesday")
    dialog.ask()
    anne.until(lambda: shown(window.timeline) is not None)
    anne.until(lambda: window.composer.field.toPlainText() == "")


def test_a_poll_asked_twice_while_the_disk_is_slow_is_one(anne: Desk) -> None:
    dialog = NewPoll(anne.bridge, anne.window(), "When?")
    for line, day in zip(dialog.options, ("Monday", "Tuesday"), strict=False):
        line.setText(day)
    with anne.slow_disk():
        dialog.ask()
        dialog.ask()
    anne.until(lambda: dialog.result() == NewPoll.DialogCode.Accepted)
    assert len(anne.ask(anne.bridge.engine.timeline(limit=9)).rows) == 1


def test_two_presses_while_the_disk_is_slow_are_two_choices(anne: Desk, qtbot: QtBot) -> None:
    view = anne.timeline()
    anne.ask(anne.bridge.engine.polls.begin("When?", ["Monday", "Tuesday", "Friday"], many=True))
    anne.until(lambda: shown(view) is not None)
    view.grab()
    with anne.slow_disk():
        press(view, qtbot, 0)
        press(view, qtbot, 2)
    anne.until(
        lambda: (found := shown(view)) is not None and [one.mine for one in found.options] == [True, False, True]
    )


def test_what_a_press_chooses() -> None:
    options = (Option("a", (), True), Option("b", (), False))
    one, many = Poll(options, 0, False, 1), Poll(options, 0, True, 1)
    assert (next_choice(one, 1), next_choice(one, 0)) == ([1], [])
    assert (next_choice(many, 1), next_choice(many, 0)) == ([0, 1], [])
    assert p.foot_text(one, 0) == "1 vote"
    assert p.foot_text(Poll(options, 5, True, 0), 6) == "no votes yet · several may be chosen · closed"
