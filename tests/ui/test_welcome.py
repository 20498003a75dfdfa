"""The first minute."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from deskblog.engine import joining
from deskblog.ui.page import centre
from deskblog.ui.welcome import Choice, Recovery, Welcome
from tests.ui.desk import Colleague, Desk


@pytest.fixture
def welcome(desk: Desk) -> Welcome:
    made = Welcome(desk.bridge, lambda: None)
    desk.widgets.append(made)
    made.show()
    return made


def test_the_keyboard_alone_founds_an_office(welcome: Welcome, qtbot: QtBot) -> None:
    """Enter on a choice, names, Enter, space on the box, Enter: as a person without a mouse does it."""
    welcome.choices[1].setFocus()
    qtbot.keyClick(welcome.choices[1], Qt.Key.Key_Return)
    qtbot.keyClicks(welcome.office.line, "Dupont & fils")
    qtbot.keyClicks(welcome.founder.line, "Anne")
    qtbot.keyClick(welcome.founder.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(welcome.pages.currentWidget(), Recovery))
    sure = welcome.recovery.sure
    sure.setFocus()
    qtbot.keyClick(sure, Qt.Key.Key_Return)  # not yet: the words are not said to be written down
    assert isinstance(welcome.pages.currentWidget(), Recovery)
    qtbot.keyClick(sure, Qt.Key.Key_Space)
    with qtbot.waitSignal(welcome.entered):
        qtbot.keyClick(sure, Qt.Key.Key_Return)


def found(welcome: Welcome, qtbot: QtBot) -> Recovery:
    qtbot.mouseClick(welcome.choices[1], Qt.MouseButton.LeftButton)
    qtbot.keyClicks(welcome.office.line, "Dupont & fils")
    qtbot.keyClicks(welcome.founder.line, "Anne")
    qtbot.keyClick(welcome.founder.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(welcome.pages.currentWidget(), Recovery))
    return welcome.recovery


def test_there_are_three_ways_in(welcome: Welcome) -> None:
    assert [choice.accessibleName() for choice in welcome.choices] == [
        "Join with a code",
        "Found an office",
        "Look at the demo",
    ]
    assert all(choice.accessibleDescription() for choice in welcome.choices)


def test_what_a_choice_says_is_never_cut_off(qtbot: QtBot) -> None:
    """However long it is in the language that is spoken."""
    page, column = QWidget(), QVBoxLayout()
    qtbot.addWidget(page)
    column.addStretch(2)
    made = [Choice("door", "A door", "a " * words) for words in range(20, 80)]
    for choice in made:
        column.addWidget(choice)
    centre(column, page)
    page.resize(640, 6000)
    page.show()
    for choice in made:
        body = choice.findChildren(QLabel)[-1]
        assert body.height() >= body.heightForWidth(body.width())


def test_founding_shows_the_recovery_words_and_goes_on_when_they_are_written_down(
    desk: Desk, welcome: Welcome, qtbot: QtBot
) -> None:
    sheet = found(welcome, qtbot)
    assert len(sheet.words) == 12 and desk.bridge.engine.in_office
    assert not sheet.go.isEnabled()
    sheet.copy.click()
    assert QGuiApplication.clipboard().text().split() == list(sheet.words)
    sheet.sure.click()
    with qtbot.waitSignal(welcome.entered):
        qtbot.mouseClick(sheet.go, Qt.MouseButton.LeftButton)


def test_the_recovery_words_are_not_closed_by_mistake(welcome: Welcome, qtbot: QtBot) -> None:
    sheet = found(welcome, qtbot)
    welcome.close()
    assert welcome.isVisible() and sheet._reminder.isVisible()
    sheet.sure.click()
    with qtbot.waitSignal(welcome.closed):
        welcome.close()


def test_a_missing_name_is_said_beside_its_field(welcome: Welcome, qtbot: QtBot) -> None:
    welcome.choices[1].click()
    qtbot.keyClicks(welcome.office.line, "Dupont")
    qtbot.mouseClick(welcome.found_page.go, Qt.MouseButton.LeftButton)
    assert welcome.founder.problem.isVisible() and not welcome.office.problem.isVisible()
    qtbot.keyClicks(welcome.founder.line, "A")
    assert not welcome.founder.problem.isVisible()


def test_joining_asks_for_two_things_only(welcome: Welcome) -> None:
    welcome.choices[0].click()
    assert [line.accessibleName() for line in welcome.join_page.findChildren(QLineEdit)] == ["Code", "Your name"]


def test_a_code_that_is_none_is_said_beside_it_and_can_be_mended(welcome: Welcome, qtbot: QtBot) -> None:
    welcome.choices[0].click()
    qtbot.keyClicks(welcome.join_page.code.line, "472 album lemno river")
    qtbot.keyClicks(welcome.join_page.joiner.line, "Paul")
    qtbot.keyClick(welcome.join_page.joiner.line, Qt.Key.Key_Return)
    qtbot.waitUntil(welcome.join_page.code.problem.isVisible)
    assert "lemno" in welcome.join_page.code.problem.text() and "lemon" in welcome.join_page.code.problem.text()
    assert welcome.join_page.go.isEnabled() and welcome.join_page.code.line.text() == "472 album lemno river"
    assert not welcome.join_page.code.line.isReadOnly()


def test_while_it_looks_for_the_code_it_says_so(welcome: Welcome, qtbot: QtBot) -> None:
    welcome.choices[0].click()
    welcome.join_page.code.line.setText("472 album lemon river")
    welcome.join_page.joiner.line.setText("Paul")
    welcome.join_page.go.click()
    assert welcome.join_page.busy.isVisible() and not welcome.join_page.go.isEnabled()


def test_where_nobody_is_heard_an_address_is_asked_for(
    welcome: Welcome, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(joining, "SEARCH_SECONDS", 0.1)
    karim = Colleague(tmp_path / "karim")
    karim.do(karim.engine.found("Dupont & fils", "Karim"))
    page = welcome.join_page
    welcome.choices[0].click()
    page.code.line.setText(karim.do(karim.engine.invite()).code)
    page.joiner.line.setText("Paul")
    page.go.click()
    desk.until(lambda: page.at is not None and page.at.isVisible())
    assert page.at is not None and "another network" in page.code.problem.text()
    page.at.line.setText(f"127.0.0.1:{karim.engine.port}")
    with desk.qtbot.waitSignal(welcome.entered):
        desk.qtbot.keyClick(page.at.line, Qt.Key.Key_Return)
    karim.close()


def test_escape_leads_back_to_the_choices(welcome: Welcome, qtbot: QtBot) -> None:
    welcome.choices[0].click()
    qtbot.keyClick(welcome, Qt.Key.Key_Escape)
    assert welcome.choices[0].isVisible()


def test_the_two_names_of_every_field_are_in_order_for_tab(welcome: Welcome, qtbot: QtBot) -> None:
    welcome.choices[1].click()
    assert welcome.found_page.go.isDefault() or welcome.found_page.go.autoDefault()
    welcome.office.line.setFocus()
    assert welcome.office.line.nextInFocusChain() is not None
