"""The window: what a person finds in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from deskblog import events
from deskblog.ui.invite import InviteDialog
from deskblog.ui.people import here_text
from deskblog.ui.sure import Box
from deskblog.ui.window import Window
from deskblog.values import PersonRow, Role
from tests.ui.desk import Colleague, Desk
from tests.ui.test_timeline import texts

EVIL = "<img src='file:///etc/passwd'>"
TROUBLE = events.Trouble("store", "The disk is full.", "Your draft is kept.", "Free some space.")


def test_enter_in_the_window_shows_the_post_at_once(anne: Desk, qtbot: QtBot) -> None:
    window = anne.window()
    qtbot.keyClicks(window.composer.field, "Coffee is ready")
    qtbot.keyClick(window.composer.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: texts(window.rows) == ["Coffee is ready"])


def test_the_office_and_who_is_here_are_shown(anne: Desk, paul: Colleague) -> None:
    window = anne.window()
    anne.bridge.events.emit((events.Ready("", 0, "ab", "Dupont & fils"),))
    assert window.title.text() == "Dupont & fils" and window.windowTitle().startswith("Dupont & fils")
    anne.until(lambda: window.here.text() == "2 here")
    model = window.side.model
    spoken = [model.index(n).data(Qt.ItemDataRole.AccessibleTextRole) for n in range(model.rowCount())]
    assert spoken == ["Anne Martin, you · keyholder", "Paul Bernard, here"]
    paul.close()
    anne.until(lambda: window.here.text() == "1 here")
    assert model.index(1).data(Qt.ItemDataRole.AccessibleTextRole) == "Paul Bernard, off"


def test_searching_as_one_types_and_escape_leads_back(anne: Desk, qtbot: QtBot) -> None:
    anne.post("Cake at four")
    anne.post("Coffee is ready")
    window = anne.window()
    qtbot.keyClicks(window.search, "cof")
    qtbot.waitUntil(lambda: texts(window.rows) == ["Coffee is ready"])
    assert window.where.isVisible() and window.rows.item(0).words == "cof"
    qtbot.keyClick(window.search, Qt.Key.Key_Escape)
    window.show_all()
    qtbot.waitUntil(lambda: len(texts(window.rows)) == 2)
    assert window.search.text() == "" and not window.where.isVisible()


def test_a_thread_is_opened_and_left(anne: Desk, qtbot: QtBot) -> None:
    question = anne.post("Who has the key?", kind="question")
    anne.post("Something else")
    anne.post("Me", answer_to=question.id)
    window = anne.window()
    window.timeline.unfolded.emit(question.id)
    qtbot.waitUntil(lambda: texts(window.rows) == ["Who has the key?", "Me"])
    qtbot.mouseClick(window.where.back, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(texts(window.rows)) == 3)


def test_enter_presses_the_button_that_has_the_focus(anne: Desk, qtbot: QtBot) -> None:
    window = anne.window()
    shown = window.here.isChecked()
    window.here.setFocus()
    qtbot.keyClick(window.here, Qt.Key.Key_Return)
    assert window.here.isChecked() is not shown


def test_trouble_says_what_was_kept_and_what_to_do_until_it_is_closed(anne: Desk, qtbot: QtBot) -> None:
    window = anne.window()
    anne.bridge.tell(TROUBLE)
    anne.bridge.tell(TROUBLE)
    assert window.banner.isVisible()
    assert window.banner.what.text() == "The disk is full."
    assert window.banner.more.text() == "Your draft is kept. Free some space."
    qtbot.mouseClick(window.banner.closer, Qt.MouseButton.LeftButton)
    assert not window.banner.isVisible()


def test_a_second_trouble_waits_for_the_first(anne: Desk, qtbot: QtBot) -> None:
    window = anne.window()
    anne.bridge.tell(TROUBLE)
    anne.bridge.tell(events.Trouble("net", "The port is taken."))
    qtbot.mouseClick(window.banner.closer, Qt.MouseButton.LeftButton)
    assert window.banner.isVisible() and window.banner.what.text() == "The port is taken."


def controls(window: QWidget) -> list[QWidget]:
    kinds = (QAbstractButton, QLineEdit, QPlainTextEdit, QListView)
    return [
        widget
        for kind in kinds
        for widget in window.findChildren(kind)
        if not widget.objectName().startswith("qt_") and widget.metaObject().className() != "QLineEditIconButton"
    ]


def test_every_control_has_a_name_for_a_screen_reader(anne: Desk) -> None:
    window = anne.window()
    dialog = InviteDialog(anne.bridge, window)
    anne.widgets.append(dialog)
    for widget in controls(window) + controls(dialog):
        interface = QAccessible.queryAccessibleInterface(widget)
        assert interface.text(QAccessible.Text.Name), widget


def test_foreign_words_are_never_rich_text(anne: Desk) -> None:
    """Qt guesses in its automatic mode, and would open files and network shares."""
    window = anne.window()
    person = PersonRow(id="ab" * 32, name=EVIL, role=Role.MEMBER, devices=(), here=True, me=False)
    window.heard(events.OfficeChanged("ab", EVIL, EVIL))
    window.heard(events.PeopleChanged((person,)))
    window.heard(events.Trouble("x", EVIL, EVIL, EVIL))
    window.browse.show_thread(anne.post(EVIL).id)
    window.composer.answer(anne.post(EVIL))
    window.search.setText(EVIL)
    window.browse.search()
    shown = [label for label in window.findChildren(QLabel) if "<img" in label.text()]
    assert len(shown) >= 4
    assert {label.textFormat() for label in shown} == {Qt.TextFormat.PlainText}
    assert not [widget for widget in window.findChildren(QWidget) if "<img" in widget.toolTip()]


def test_the_code_is_shown_and_who_came_by_it(anne: Desk, tmp_path: Path) -> None:
    window = anne.window()
    window.invite()
    dialog = window._invite
    assert dialog is not None
    anne.until(lambda: dialog.digits.text().isdigit())
    code = f"{dialog.digits.text()} {dialog.words.text()}"
    assert len(dialog.words.text().split(" · ")) == 3
    assert "more" in dialog.state.text()
    paul = Colleague(tmp_path / "paul")
    paul.do(paul.engine.join(code, "Paul Bernard", at=f"127.0.0.1:{anne.bridge.engine.port}"))
    anne.until(lambda: dialog.state.text() == "Paul Bernard is in. Welcome!")
    assert not dialog.copy.isEnabled()
    paul.close()
    dialog.close()


@pytest.mark.parametrize("way", ["cross", "button", "Esc"])
def test_closing_the_code_takes_the_invitation_back(anne: Desk, qtbot: QtBot, way: str) -> None:
    window = anne.window()
    window.invite()
    dialog = window._invite
    assert dialog is not None
    anne.until(lambda: dialog.digits.text().isdigit())
    if way == "Esc":
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    else:
        (dialog.close if way == "cross" else dialog.closer.click)()
    anne.until(lambda: window._invite is None)
    assert QApplication.activeModalWidget() is None
    anne.until(lambda: any(isinstance(e, events.InvitationChanged) and e.state == "cancelled" for e in anne.heard()))


def test_who_may_not_invite_is_told_why(anne: Desk, paul: Colleague, qtbot: QtBot) -> None:
    folder = paul.engine._folder
    paul.close()
    pauls = Desk(qtbot, folder)
    dialog = InviteDialog(pauls.bridge)
    pauls.widgets.append(dialog)
    pauls.until(lambda: dialog.state.property("tone") == "error")
    assert dialog.state.text() and not dialog.copy.isEnabled()
    pauls.close()


def answer_box(window: Window, label: str) -> None:
    """Presses a button of the question that will stand there."""

    def press() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, Box)
        next(button for button in box.buttons if button.text() == label).click()

    QTimer.singleShot(0, press)
    window.close()


def test_closing_asks_the_first_time_only(anne: Desk, qtbot: QtBot) -> None:
    window = anne.window()
    answer_box(window, "Cancel")
    assert window.isVisible()
    with qtbot.waitSignal(window.closing) as closing:
        answer_box(window, "Keep it running")
    assert closing.args == ["keep"] and not window.isVisible()
    again = anne.window()
    qtbot.waitUntil(lambda: again.closes.choice == "keep")
    with qtbot.waitSignal(again.closing) as closing:
        again.close()
    assert closing.args == ["keep"]


def test_a_narrow_window_gives_its_room_to_the_posts(anne: Desk, qtbot: QtBot) -> None:
    window = anne.window()
    assert window.side.isVisible()
    window.resize(500, 600)
    assert not window.side.isVisible()
    qtbot.mouseClick(window.here, Qt.MouseButton.LeftButton)
    assert window.side.isVisible()


def test_the_window_stands_where_it_stood(anne: Desk) -> None:
    window = anne.window()
    window.resize(777, 555)
    window.keep()
    again = anne.window()
    anne.until(lambda: (again.width(), again.height()) == (777, 555))


@pytest.mark.parametrize(
    ("here", "text"),
    [(0, "Nobody else is here"), (1, "1 colleague is here"), (3, "3 colleagues are here")],
)
def test_who_is_here_is_one_line(here: int, text: str) -> None:
    me = PersonRow("00", "Me", Role.MEMBER, (), here=True, me=True)
    others = [PersonRow(f"{n}", f"P{n}", Role.MEMBER, (), here=n <= here, me=False) for n in range(1, 6)]
    assert here_text([me, *others]) == text


def test_buttons_are_reached_by_tab(anne: Desk, qtbot: QtBot) -> None:
    window = anne.window()
    reachable = {Qt.FocusPolicy.StrongFocus, Qt.FocusPolicy.TabFocus, Qt.FocusPolicy.WheelFocus}
    for button in (widget for widget in window.findChildren(QPushButton) if widget.isVisible()):
        assert button.focusPolicy() in reachable, button.text()


def test_an_invitation_that_is_closed_before_its_code_is_there_ends(anne: Desk) -> None:
    window = anne.window()
    with anne.slow_disk():
        dialog = InviteDialog(anne.bridge, window)
        dialog.done(0)
    anne.until(
        lambda: [e.state for e in anne.heard() if isinstance(e, events.InvitationChanged)] == ["open", "cancelled"]
    )
