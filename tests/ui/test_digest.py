"""The digest in the window: a line, a page, a post pressed on it, and when it is wanted."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from deskblog import events
from deskblog.ui.digest import DigestPage
from deskblog.ui.quiet import QuietHours
from deskblog.ui.window import Window
from tests.ui.desk import Colleague, Desk


def page(anne: Desk, window: Window) -> DigestPage:
    anne.until(lambda: window.digest.page is not None and bool(window.digest.page.said.text()))
    assert window.digest.page is not None
    return window.digest.page


def test_the_line_opens_the_page_and_a_post_there_its_thread(anne: Desk, paul: Colleague, qtbot: QtBot) -> None:
    window = anne.window()
    asked = paul.post("Where is the ladder?", kind="question")
    paul.post("@Anne call me")
    anne.until_held("@Anne call me")
    window.heard(events.DigestDue("Good morning", "For you: Paul"))
    assert window.digest.isVisible() and window.digest.what.text() == "Good morning"
    qtbot.mouseClick(window.digest.button, Qt.MouseButton.LeftButton)
    shown = page(anne, window)
    assert not window.digest.isVisible() and shown.said.text() == "2 unread posts"
    assert [line.row.text for line in shown.lines] == ["@Anne call me", "Where is the ladder?"]
    shown.lines[1].click()
    anne.until(lambda: window.rows.query.thread == asked.id)
    anne.until(lambda: window.digest.page is None)


def test_everything_is_marked_as_read_on_it(anne: Desk, paul: Colleague) -> None:
    window = anne.window()
    paul.post("one")
    anne.until(lambda: bool(window.views._counts))
    waits = next(one for one in window.views.menu_now().actions() if one.text() == "What waits for you…")
    waits.trigger()
    page(anne, window).read.click()
    anne.until(lambda: not window.views._counts)
    waits.trigger()
    shown = page(anne, window)
    assert shown.said.text() == "Nothing waits for you." and not shown.lines and shown.read.isHidden()
    shown.accept()


def test_a_popup_of_it_that_is_pressed_opens_it_and_the_line_can_be_closed(anne: Desk, paul: Colleague) -> None:
    window = anne.window()
    window.heard(events.DigestDue("Your digest", "3 unread posts"))
    window.digest.closer.click()
    assert not window.digest.isVisible()
    window.heard(events.Wanted("digest", answering=False))
    page(anne, window).accept()


def test_when_it_is_wanted_is_chosen_beside_the_quiet_hours(anne: Desk, paul: Colleague) -> None:
    window = anne.window()
    dialog = QuietHours(anne.bridge, window)
    wishes = dialog.digest
    assert [box.isChecked() for box in (wishes.morning, wishes.back, wishes.lunch, wishes.at)] == [True] * 3 + [False]
    wishes.lunch.click()
    wishes.at.click()
    digests = anne.bridge.engine.digests
    anne.until(lambda: (digests.chosen.lunch, digests.chosen.at) == (False, 17 * 60))
    wishes.at.click()
    anne.until(lambda: digests.chosen.at is None)
    dialog.deleteLater()


def test_when_it_is_quiet_is_said_once_at_the_start(anne: Desk) -> None:
    window = anne.window()
    anne.until(lambda: window.notes.calm.isVisible())
    assert "8 to 19, Monday to Friday" in window.notes.calm.line.text()
    window.notes.calm.button.click()
    assert not window.notes.calm.isVisible()
    dialog = window.findChild(QuietHours)
    assert dialog is not None and dialog.isVisible()
    dialog.accept()
    anne.until(lambda: anne.ask(anne.bridge.engine.remembered("quiet-said")) == "1")
    again = anne.window()
    anne.until(lambda: bool(again.people))
    assert not again.notes.calm.isVisible()
