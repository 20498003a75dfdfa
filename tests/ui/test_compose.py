"""Writing a post: counted, kept, never lost."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QTextCursor
from pytestqt.qtbot import QtBot

from deskblog.ui.compose import Composer
from deskblog.ui.draft import Draft
from deskblog.ui.flyout import Flyout, beside
from deskblog.values import Row
from tests.ui.desk import Desk


@pytest.fixture
def composer(anne: Desk) -> Composer:
    made = Composer(anne.bridge, Draft(anne.bridge, anne.bridge))
    made.resize(480, 140)
    made.show()
    anne.widgets.append(made)
    return made


def tone(composer: Composer) -> str:
    return str(composer.counter.property("tone"))


def kept_draft(anne: Desk) -> str:
    kept = anne.ask(anne.bridge.engine.remembered("draft"))
    return str(json.loads(kept)["text"]) if kept else ""


def newest(anne: Desk) -> str:
    return anne.ask(rows(anne))[0].text


async def rows(anne: Desk) -> tuple[Row, ...]:
    return (await anne.bridge.engine.timeline(limit=9)).rows


def test_enter_posts_and_empties_the_field(anne: Desk, composer: Composer, qtbot: QtBot) -> None:
    qtbot.keyClicks(composer.field, "Coffee is ready")
    with qtbot.waitSignal(composer.posted) as posted:
        qtbot.keyClick(composer.field, Qt.Key.Key_Return)
    assert posted.args[0].text == "Coffee is ready" == newest(anne)
    assert composer.field.toPlainText() == ""


def test_what_is_typed_before_a_slow_disk_has_the_post_stays(anne: Desk, composer: Composer, qtbot: QtBot) -> None:
    with qtbot.waitSignal(composer.posted), anne.slow_disk():
        qtbot.keyClicks(composer.field, "Coffee is ready")
        qtbot.keyClick(composer.field, Qt.Key.Key_Return)
        qtbot.keyClicks(composer.field, " and cake")
        qtbot.keyClick(composer.field, Qt.Key.Key_Return)  # one after the other
    assert newest(anne) == "Coffee is ready" and composer.field.toPlainText() == "and cake"
    qtbot.waitUntil(lambda: kept_draft(anne) == "and cake")
    with qtbot.waitSignal(composer.posted):
        qtbot.keyClick(composer.field, Qt.Key.Key_Return)
    assert newest(anne) == "and cake" and composer.field.toPlainText() == kept_draft(anne) == ""


def test_an_answer_that_is_written_on_meanwhile_is_an_answer_still(
    anne: Desk, composer: Composer, qtbot: QtBot
) -> None:
    asked = anne.post("Who has the key?", kind="question")
    composer.answer(asked)
    with qtbot.waitSignal(composer.posted), anne.slow_disk():
        qtbot.keyClicks(composer.field, "I have")
        qtbot.keyClick(composer.field, Qt.Key.Key_Return)
        qtbot.keyClicks(composer.field, "no, Paul")
    assert composer.answering.isVisible() and composer.field.toPlainText() == "no, Paul"
    with qtbot.waitSignal(composer.posted) as posted:
        qtbot.keyClick(composer.field, Qt.Key.Key_Return)
    assert posted.args[0].answer_to == asked.id and not composer.answering.isVisible()


def test_a_correction_begun_meanwhile_stays_and_brings_no_post_back(
    anne: Desk, composer: Composer, qtbot: QtBot
) -> None:
    earlier = anne.post("The lift is out of ordre")
    with qtbot.waitSignal(composer.posted), anne.slow_disk():
        qtbot.keyClicks(composer.field, "Coffee is ready")
        qtbot.keyClick(composer.field, Qt.Key.Key_Return)
        composer.correct(earlier)
    assert composer.field.toPlainText() == "The lift is out of ordre"
    with anne.slow_disk():
        composer.field.setPlainText("The lift is out of order")
        composer.field.moveCursor(QTextCursor.MoveOperation.End)
        qtbot.keyClick(composer.field, Qt.Key.Key_Return)
        qtbot.keyClicks(composer.field, ".")
    anne.until(lambda: "The lift is out of order" in [row.text for row in anne.ask(rows(anne))])
    anne.until(lambda: not composer._draft.sending)
    assert composer.field.toPlainText() == "The lift is out of order.", "it is written on"
    qtbot.keyClick(composer.field, Qt.Key.Key_Return)
    anne.until(lambda: "The lift is out of order." in [row.text for row in anne.ask(rows(anne))])
    anne.until(lambda: not composer.answering.isVisible())
    assert composer.field.toPlainText() == "", "what was posted is no draft any more"


def test_shift_enter_begins_a_line(anne: Desk, composer: Composer, qtbot: QtBot) -> None:
    low = composer.field.height()
    qtbot.keyClicks(composer.field, "one")
    qtbot.keyClick(composer.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClicks(composer.field, "two")
    assert composer.field.toPlainText() == "one\ntwo"
    assert composer.field.height() > low


def test_a_blank_post_cannot_be_sent(anne: Desk, composer: Composer, qtbot: QtBot) -> None:
    assert not composer.button.isEnabled() and not composer.counter.isVisible()
    qtbot.keyClicks(composer.field, "   ")
    assert not composer.button.isEnabled()
    qtbot.keyClick(composer.field, Qt.Key.Key_Return)
    qtbot.waitUntil(composer.problem.isVisible)
    assert composer.problem.text() == "There is nothing to post yet. Write a word or two first."


@pytest.mark.parametrize(
    ("length", "tone_of_it", "text"),
    [(1, "soft", "1 / 140"), (140, "soft", "140 / 140"), (141, "warn", "141 / 280"), (280, "warn", "280 / 280")],
)
def test_the_counter_warns_past_140(composer: Composer, length: int, tone_of_it: str, text: str) -> None:
    composer.field.setPlainText("x" * length)
    assert (tone(composer), composer.counter.text()) == (tone_of_it, text)


def test_past_280_it_is_refused_with_the_count_and_stays(anne: Desk, composer: Composer, qtbot: QtBot) -> None:
    composer.field.setPlainText("x" * 283)
    assert (tone(composer), composer.counter.text()) == ("error", "283 / 280")
    qtbot.keyClick(composer.field, Qt.Key.Key_Return)
    qtbot.waitUntil(composer.problem.isVisible)
    assert "283" in composer.problem.text() and "280" in composer.problem.text()
    assert composer.field.toPlainText() == "x" * 283
    composer.field.setPlainText("x" * 280)
    assert not composer.problem.isVisible()
    with qtbot.waitSignal(composer.posted):
        qtbot.keyClick(composer.field, Qt.Key.Key_Return)


def test_enter_pressed_twice_posts_once(anne: Desk, composer: Composer, qtbot: QtBot) -> None:
    composer.field.setPlainText("once")
    with qtbot.waitSignal(composer.posted):
        qtbot.keyClick(composer.field, Qt.Key.Key_Return)
        qtbot.keyClick(composer.field, Qt.Key.Key_Return)
    assert len(anne.ask(anne.bridge.engine.timeline()).rows) == 1


def test_a_question_is_asked_as_one(anne: Desk, composer: Composer, qtbot: QtBot) -> None:
    composer.question.click()
    assert composer.button.text() == "Ask"
    composer.field.setPlainText("Who has the key?")
    with qtbot.waitSignal(composer.posted) as posted:
        composer.button.click()
    assert posted.args[0].kind == "question"
    assert composer.button.text() == "Post"


def test_an_answer_names_what_it_answers_and_escape_lets_it_be(anne: Desk, composer: Composer, qtbot: QtBot) -> None:
    row = anne.post("<b>Who</b> has the key?", kind="question")
    composer.answer(row)
    assert composer.answering.isVisible() and composer.button.text() == "Answer"
    qtbot.keyClick(composer.field, Qt.Key.Key_Escape)
    assert not composer.answering.isVisible()
    composer.answer(row)
    composer.field.setPlainText("I have")
    with qtbot.waitSignal(composer.posted) as posted:
        qtbot.keyClick(composer.field, Qt.Key.Key_Return)
    assert posted.args[0].answer_to == row.id
    assert not composer.answering.isVisible()


def test_the_draft_is_there_again_after_a_restart(anne: Desk, composer: Composer, qtbot: QtBot) -> None:
    qtbot.keyClicks(composer.field, "half a thou")
    composer._draft.flush()
    anne.bridge.stop()
    anne.open()
    draft = Draft(anne.bridge, anne.bridge)
    again = Composer(anne.bridge, draft)
    anne.widgets.append(again)
    draft.load()
    qtbot.waitUntil(lambda: again.field.toPlainText() == "half a thou")


def test_what_is_typed_before_the_draft_is_there_stands_below_it(anne: Desk, composer: Composer) -> None:
    composer.field.setPlainText("half a thought")
    composer._draft.flush()
    anne.until(lambda: kept_draft(anne) == "half a thought")
    draft = Draft(anne.bridge, anne.bridge)
    again = Composer(anne.bridge, draft)
    anne.widgets.append(again)
    with anne.slow_disk():
        draft.load()
        again.field.setPlainText("and another")
    anne.until(lambda: again.field.toPlainText() == "half a thought\nand another")
    draft.load()
    anne.until(lambda: kept_draft(anne) == again.field.toPlainText())
    assert again.field.toPlainText() == "half a thought\nand another"


def test_a_draft_is_kept_by_itself_and_goes_with_its_post(anne: Desk, composer: Composer, qtbot: QtBot) -> None:
    qtbot.keyClicks(composer.field, "kept")
    qtbot.waitUntil(lambda: kept_draft(anne) == "kept")
    with qtbot.waitSignal(composer.posted):
        qtbot.keyClick(composer.field, Qt.Key.Key_Return)
    assert kept_draft(anne) == ""


def test_what_two_fields_show_is_posted_once(anne: Desk, qtbot: QtBot) -> None:
    draft = Draft(anne.bridge, anne.bridge)
    composer, flyout = Composer(anne.bridge, draft), Flyout(anne.bridge, draft)
    anne.widgets += [composer, flyout]
    with qtbot.waitSignal(composer.posted), anne.slow_disk():
        qtbot.keyClicks(composer.field, "begun here")
        qtbot.keyClick(composer.field, Qt.Key.Key_Return)
        flyout.open_at(QPoint(5, 5))
        qtbot.keyClick(flyout.composer.field, Qt.Key.Key_Return)
    assert [row.text for row in anne.ask(rows(anne))] == ["begun here"]
    assert flyout.composer.field.toPlainText() == "" and flyout.isVisible()


def test_the_flyout_stays_for_what_is_typed_before_a_slow_disk_has_the_post(anne: Desk, qtbot: QtBot) -> None:
    flyout = Flyout(anne.bridge, Draft(anne.bridge, anne.bridge))
    anne.widgets.append(flyout)
    flyout.open_at(QPoint(5, 5))
    with qtbot.waitSignal(flyout.composer.posted), anne.slow_disk():
        qtbot.keyClicks(flyout.composer.field, "one")
        qtbot.keyClick(flyout.composer.field, Qt.Key.Key_Return)
        qtbot.keyClicks(flyout.composer.field, "two")
    assert flyout.isVisible() and flyout.composer.field.toPlainText() == "two"
    qtbot.keyClick(flyout.composer.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not flyout.isVisible())
    assert newest(anne) == "two"


def test_the_flyout_shares_the_draft_and_goes_when_it_has_posted(anne: Desk, qtbot: QtBot) -> None:
    draft = Draft(anne.bridge, anne.bridge)
    composer, flyout = Composer(anne.bridge, draft), Flyout(anne.bridge, draft)
    anne.widgets += [composer, flyout]
    qtbot.keyClicks(composer.field, "begun here")
    flyout.open_at(QPoint(5, 5))
    assert flyout.composer.field.toPlainText() == "begun here"
    with qtbot.waitSignal(flyout.composer.posted):
        qtbot.keyClick(flyout.composer.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not flyout.isVisible())
    assert composer.field.toPlainText() == ""
    flyout.open_at(QPoint(5, 5))
    qtbot.keyClick(flyout.composer.field, Qt.Key.Key_Escape)
    assert not flyout.isVisible()


@pytest.mark.parametrize("near", [QPoint(0, 0), QPoint(1279, 0), QPoint(0, 799), QPoint(1279, 799), QPoint(640, 400)])
def test_the_flyout_stands_wholly_on_the_screen(near: QPoint) -> None:
    room, size = QRect(0, 0, 1280, 800), QSize(420, 130)
    assert room.contains(QRect(beside(near, size, room), size))
    assert not QRect(beside(near, size, room), size).contains(near)
