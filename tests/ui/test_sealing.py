"""Sealed messages in the window: seen as such, and never gone out open by a slip."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from deskblog.ui.aim import COFFEE
from deskblog.ui.compose import Composer
from deskblog.ui.draft import Draft
from deskblog.ui.people_choice import PeopleChoice
from deskblog.ui.sure import Box
from deskblog.ui.window import Window
from deskblog.values import EVERYBODY, Audience, Row, View, Waiting
from tests.ui.desk import Colleague, Desk

SECRET = "The raise is 4 percent"


@pytest.fixture
def window(anne: Desk, paul: Colleague) -> Window:
    made = anne.window()
    anne.until(lambda: len(made.people) == 2)
    return made


def paul_id(window: Window) -> str:
    return next(person.id for person in window.people if not person.me)


def newest(anne: Desk, view: View = View.ALL) -> Row:
    return anne.ask(anne.bridge.engine.timeline(limit=1, view=view)).rows[0]


def texts(window: Window) -> list[str]:
    return [window.rows.row_at(n).text for n in range(window.rows.rowCount())]


def lines(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if not action.isSeparator()]


def press_later(qtbot: QtBot, label: str, first: Callable[[Box], None] = lambda _box: None) -> list[str]:
    """Presses a button of the box that will open; what it said."""
    said: list[str] = []

    def look() -> None:
        box = next((one for one in QApplication.topLevelWidgets() if isinstance(one, Box) and one.isVisible()), None)
        if box is None:
            soon(look)
            return
        said.append(box.said)
        first(box)
        next(button for button in box.buttons if button.text() == label).click()

    soon(look)
    return said


def soon(work: Callable[[], None]) -> None:
    QTimer.singleShot(20, work)


def test_a_message_to_one_is_seen_as_sealed_and_goes_to_one(anne: Desk, paul: Colleague, window: Window) -> None:
    composer = window.composer
    assert lines(composer.aim.menu_now()) == ["Everybody", "Coffee corner", "Only Paul Bernard", "New closed group…"]
    window.write_to(paul_id(window))
    assert composer.sealing.isVisible() and composer.property("sealed")
    assert composer.sealing.readers.text() == "Only you and Paul Bernard can read this"
    assert composer.button.text() == "Send sealed" and not composer.attach.isVisible()
    assert not composer.question.isVisible()
    composer.field.setPlainText(SECRET)
    composer.send(at_once=True)
    anne.until(lambda: SECRET in texts(window))
    row = newest(anne)
    assert row.sealed and [one.name for one in row.readers] == ["Paul Bernard"]
    assert composer.audience.sealed, "whoever goes on writing goes on to the same few"
    card = window.timeline._delegate.card(window.rows.index(0))
    assert not card.seal.isEmpty() and "react" not in card.does
    menu = lines(window.timeline.post_actions.menu(row, "", None, lambda: None))
    assert "Who can read it…" in menu and "React" not in menu and "Correct…\tE" not in menu


def test_what_was_begun_sealed_is_open_only_when_that_is_said(anne: Desk, window: Window, qtbot: QtBot) -> None:
    composer = window.composer
    window.write_to(paul_id(window))
    composer.field.setPlainText(SECRET)
    said = press_later(qtbot, "Cancel")
    composer.aim.aim_at(EVERYBODY)
    assert "goes to the whole office" in said[0] and composer.audience != EVERYBODY
    press_later(qtbot, "For everybody")
    composer.aim.aim_at(EVERYBODY)
    assert composer.audience == EVERYBODY
    composer.field.clear()
    window.write_to(paul_id(window))
    composer.aim.aim_at(EVERYBODY)
    assert composer.audience == EVERYBODY, "nothing was written: nothing is asked"


def test_an_answer_to_a_sealed_message_stays_sealed_when_one_no_longer_answers(
    anne: Desk, paul: Colleague, window: Window
) -> None:
    me = next(person.id for person in window.people if person.me)
    row = paul.do(paul.engine.post(SECRET, to=Audience(people=(me,))))
    anne.until(lambda: SECRET in texts(window))
    composer = window.composer
    composer.answer(newest(anne))
    assert composer.audience.people == (paul_id(window),) and not composer.aim.isVisible()
    composer.field.setPlainText("Only four?")
    composer.answer(None)
    assert composer.audience.sealed and composer.sealing.isVisible(), "what is written was for Paul"
    window.keep()
    kept = json.loads(anne.ask(anne.bridge.engine.remembered("draft")))
    assert kept["text"] == "Only four?" and kept["to"]["people"] == [paul_id(window)]
    composer.answer(newest(anne))
    composer.send(at_once=True)
    anne.until(lambda: newest(anne).text == "Only four?")
    assert newest(anne).sealed and newest(anne).answer_to == row.id
    composer.field.setPlainText("")
    composer.answer(newest(anne))
    composer.answer(None)
    open_row = paul.post("open")
    anne.until(lambda: "open" in texts(window))
    composer.aim.aim_at(EVERYBODY)
    composer.answer(newest(anne))
    assert composer.audience == EVERYBODY and open_row.id == newest(anne).id


def test_a_sealed_draft_is_sealed_again_after_a_restart(anne: Desk, window: Window, qtbot: QtBot) -> None:
    window.write_to(paul_id(window))
    window.composer.field.setPlainText(SECRET)
    window.keep()
    anne.bridge.stop()
    anne.open()
    draft = Draft(anne.bridge, anne.bridge)
    again = Composer(anne.bridge, draft)
    anne.widgets.append(again)
    draft.load()
    qtbot.waitUntil(lambda: again.field.toPlainText() == SECRET)
    assert again.audience.sealed


def test_two_texts_for_different_people_come_together_for_oneself_alone(anne: Desk, window: Window) -> None:
    me = next(person.id for person in window.people if person.me)
    aim = window.composer._aim
    paul, zoe = Audience(people=(paul_id(window),)), Audience(people=("ab" * 32,))
    assert aim.merged(paul, EVERYBODY) == paul == aim.merged(EVERYBODY, paul) == aim.merged(paul, paul)
    assert aim.merged(paul, zoe) == Audience(people=(me,))
    window.write_to(zoe.people[0])
    window.composer.field.setPlainText("for Zoe")
    window.composer.take_back(Waiting("1", SECRET, "post", "", 0, to=paul))
    assert window.composer.audience == Audience(people=(me,))
    assert window.composer.sealing.readers.text() == "Only you can read this"


def test_a_closed_group_is_begun_in_the_window_and_written_to(
    anne: Desk, paul: Colleague, window: Window, qtbot: QtBot
) -> None:
    composer = window.composer

    def fill(box: Box) -> None:
        assert isinstance(box, PeopleChoice) and box.name is not None
        next(button for button in box.buttons if button.text() == "Choose").click()
        assert box.isVisible() and box.problem.text() == "A name is needed."
        box.name.setText("Works council")
        next(button for button in box.buttons if button.text() == "Choose").click()
        assert box.isVisible() and box.problem.text() == "Choose at least one colleague."
        box.list.item(0).setCheckState(Qt.CheckState.Checked)

    press_later(qtbot, "Choose", fill)
    with anne.slow_disk():
        composer.aim.begin_group()
        assert composer.audience == Audience(people=(paul_id(window),)), "at no moment for everybody"
    anne.until(lambda: bool(composer.audience.group))
    assert composer.sealing.readers.text() == "Only you and Works council can read this"
    composer.field.setPlainText("agenda")
    composer.send(at_once=True)
    anne.until(lambda: "agenda" in texts(window))
    row = newest(anne)
    assert row.group_name == "Works council" and [one.name for one in row.readers] == ["Paul Bernard"]
    assert "Works council" in lines(composer.aim.menu_now())


def test_the_coffee_corner_is_apart_and_what_is_written_there_stays_there(
    anne: Desk, paul: Colleague, window: Window
) -> None:
    paul.do(paul.engine.post("cake", to=COFFEE))
    paul.post("work")
    anne.until(lambda: texts(window) == ["work"])
    window.browse.show_view(View.COFFEE)
    anne.until(lambda: texts(window) == ["cake"])
    assert window.where.more.text() == "Emptied after 14 days."
    assert window.composer.audience == COFFEE
    window.composer.field.setPlainText("what kind?")
    window.composer.send(at_once=True)
    anne.until(lambda: texts(window) == ["what kind?", "cake"])
    window.show_all()
    assert window.composer.audience == EVERYBODY
    anne.until(lambda: texts(window) == ["work"])


def test_a_tag_has_a_page_with_those_who_follow_it(anne: Desk, paul: Colleague, window: Window) -> None:
    paul.post("the #sales meeting")
    paul.do(paul.engine.groups.follow("sales"))
    anne.until(lambda: len(texts(window)) == 1)
    window.search.setText("#Sales")
    anne.until(lambda: window.where.more.text() == "Followed by Paul Bernard.")
    assert window.where.title.text() == "#sales" and window.where.follow.text() == "Follow"
    window.where.follow.click()
    anne.until(lambda: window.where.more.text() == "Followed by Anne Martin, Paul Bernard.")
    assert window.where.follow.text() == "Follow no more"
    window.show_all()
    assert not window.where.isVisible()


def test_a_person_has_a_page_with_what_they_say_of_themselves(
    anne: Desk, paul: Colleague, window: Window, tmp_path: Path
) -> None:
    paul.do(paul.engine.profiles.say(job="Sales", place="Lyon", phone="12 34"))
    paul.post("his")
    anne.post("mine")
    anne.until(lambda: any(person.profile.job == "Sales" for person in window.people))
    window.browse.show_person(next(person for person in window.people if not person.me))
    anne.until(lambda: texts(window) == ["his"])
    assert window.where.card.isVisible() and window.where._job.text() == "Sales · Lyon"
    assert window.where._phone.text() == "12 34"
    paul.post("his too")
    anne.until(lambda: texts(window) == ["his too", "his"])
    window.where.do.click()
    assert window.composer.audience.people == (paul_id(window),)


def test_whoever_chooses_for_whom_it_is_writes_on(anne: Desk, paul: Colleague, window: Window, qtbot: QtBot) -> None:
    composer = window.composer
    qtbot.mouseClick(composer.aim, Qt.MouseButton.LeftButton)
    anne.until(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    only = next(action for action in menu.actions() if action.text() == "Only Paul Bernard")
    qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(only).center())
    assert composer.audience.sealed and composer.field.hasFocus()
    qtbot.keyClicks(QApplication.focusWidget(), SECRET)
    assert composer.field.toPlainText() == SECRET
    composer.field.clear()
    composer.aim.aim_at(EVERYBODY)
    qtbot.mouseClick(composer.question, Qt.MouseButton.LeftButton)
    assert composer.question.isChecked() and composer.field.hasFocus()
    composer.field.setPlainText("Who has the key of the cellar?")
    composer.button.setFocus()
    qtbot.mouseClick(composer.button, Qt.MouseButton.LeftButton)
    anne.until(lambda: not composer.field.toPlainText())
    assert composer.field.hasFocus(), "the next thing is written at once"
