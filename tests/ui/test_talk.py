"""Reactions, answers taken and corrections, as one sees and does them."""

from __future__ import annotations

import json

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from deskblog.ui.chips import answers_text
from deskblog.ui.signs import SignBar
from deskblog.ui.sure import Box
from tests.ui.desk import Colleague, Desk
from tests.ui.test_timeline import done, holds, item, press, texts


def sign_bar() -> SignBar:
    (bar,) = [one for one in QApplication.topLevelWidgets() if isinstance(one, SignBar) and one.isVisible()]
    return bar


def test_a_sign_is_put_with_two_presses_and_taken_back_with_one(anne: Desk, paul: Colleague) -> None:
    post = paul.post("Cake at four")
    view = anne.timeline()
    anne.until(lambda: holds_here(anne, post.id))
    anne.until(lambda: view.rows.rowCount() == 1)
    press(view, 0, "react")
    bar = sign_bar()
    assert [button.toolTip() for button in bar.buttons][:2] == ["Agreed", "Thank you"]
    next(button for button in bar.buttons if button.text() == "☕").click()
    anne.until(lambda: [(one.sign, one.people) for one in item(view, 0).row.reactions] == [("☕", ("Anne Martin",))])
    paul.do(paul.engine.talk.react(post.id, "☕"))
    anne.until(lambda: len(item(view, 0).row.reactions[0].people) == 2)
    press(view, 0, "sign")
    anne.until(lambda: item(view, 0).row.reactions[0].people == ("Paul Bernard",))
    press(view, 0, "sign")
    anne.until(lambda: len(item(view, 0).row.reactions[0].people) == 2)


def holds_here(anne: Desk, ident: str) -> bool:
    return ident in {row.id for row in anne.ask(anne.bridge.engine.timeline()).rows}


def test_the_signs_are_reached_by_keys_alone(anne: Desk, qtbot: QtBot) -> None:
    anne.post("Cake at four")
    view = anne.timeline()
    view.setFocus()
    view.setCurrentIndex(view.rows.index(0))
    qtbot.keyClick(view, Qt.Key.Key_R)
    bar = sign_bar()
    qtbot.keyClick(bar, Qt.Key.Key_Left)
    qtbot.keyClick(bar, Qt.Key.Key_Return)
    anne.until(lambda: [one.sign for one in item(view, 0).row.reactions] == ["👀"])
    spoken = view.rows.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.endswith("Cake at four (👀 Anne Martin)")


def test_a_taken_answer_says_so_on_both_cards(anne: Desk, paul: Colleague) -> None:
    asked = anne.post("Who has the key?", kind="question")
    view = anne.timeline()
    anne.until(lambda: holds(paul, asked.id))
    paul.post("I have", answer_to=asked.id)
    anne.until(lambda: view.rows.rowCount() == 2)
    anne.until(lambda: answers_text(item(view, 1).row) == "1 answer, the first after 1 minute")
    menu = view._menu(view.rows.index(0), "")
    next(action for action in menu.actions() if action.text() == "This is the answer").trigger()
    anne.until(lambda: bool(item(view, 1).row.solved))
    assert item(view, 0).taken and not item(view, 1).taken
    menu = view._menu(view.rows.index(0), "")
    next(action for action in menu.actions() if action.text() == "Not the answer after all").trigger()
    anne.until(lambda: not item(view, 1).row.solved)
    assert not item(view, 0).taken
    assert not any(action.text() == "This is the answer" for action in view._menu(view.rows.index(1), "").actions())


def test_correcting_lets_the_draft_wait_and_brings_it_back(anne: Desk, qtbot: QtBot) -> None:
    anne.post("Lunch at tvelve")
    window = anne.window()
    field = window.composer.field
    field.setPlainText("half a thought")
    window.timeline.setCurrentIndex(window.rows.index(0))
    qtbot.keyClick(window.timeline, Qt.Key.Key_E)
    assert field.toPlainText() == "Lunch at tvelve" and window.composer.button.text() == "Correct"
    field.setPlainText("Lunch at twelve")
    window.composer.send()
    anne.until(lambda: texts(window.rows) == ["Lunch at twelve"])
    anne.until(lambda: field.toPlainText() == "half a thought")
    assert window.composer.button.text() == "Post"
    qtbot.keyClick(window.timeline, Qt.Key.Key_E)
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.toPlainText() == "half a thought"
    window.keep()
    kept = anne.ask(anne.bridge.engine.remembered("draft"))
    assert json.loads(kept)["text"] == "half a thought"


def test_what_a_post_said_before_can_be_read(anne: Desk) -> None:
    row = anne.post("first words")
    anne.ask(anne.bridge.engine.talk.correct(row.id, "second words"))
    view = anne.timeline()
    said: list[str] = []

    def read() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, Box)
        said.append(box.said)
        box.buttons[0].click()

    found = anne.ask(anne.bridge.engine.talk.versions(row.id))
    QTimer.singleShot(0, read)
    view.post_actions._show_versions(found)
    assert said and said[0].index("second words") < said[0].index("first words")


def test_an_open_question_stays_above_until_an_answer_is_taken(anne: Desk, paul: Colleague, qtbot: QtBot) -> None:
    window = anne.window()
    asked = anne.post("Who has the key?", kind="question")
    anne.until(lambda: [line.row.text for line in window.questions.lines] == ["Who has the key?"])
    anne.until(lambda: holds(paul, asked.id))
    answer = paul.post("I have", answer_to=asked.id)
    anne.until(lambda: [line.row.answers for line in window.questions.lines] == [1])
    window.questions.lines[0].click()
    anne.until(lambda: texts(window.rows) == ["Who has the key?", "I have"])
    assert not window.questions.isVisible()
    anne.ask(anne.bridge.engine.talk.solve(asked.id, answer.id))
    window.show_all()
    anne.until(lambda: not window.questions.lines)
    assert not window.questions.isVisible()


def test_more_open_questions_than_there_is_room_for_are_one_press_away(anne: Desk) -> None:
    window = anne.window()
    for n in range(5):
        anne.post(f"Question {n}?", kind="question")
    anne.post("a post among them")
    anne.until(lambda: window.questions.more.text() == "All 5 open questions")
    assert [line.row.text for line in window.questions.lines] == ["Question 4?", "Question 3?", "Question 2?"]
    window.questions.more.click()
    anne.until(lambda: texts(window.rows) == [f"Question {n}?" for n in (4, 3, 2, 1, 0)])
    anne.post("not a question")
    anne.post("one more?", kind="question")
    anne.until(lambda: texts(window.rows)[0] == "one more?" and window.rows.rowCount() == 6)


def test_what_was_just_said_can_be_taken_back_and_written_on(anne: Desk) -> None:
    window = anne.window()
    anne.ask(done(anne.bridge.engine.outbox.wait(30)))
    window.composer.field.setPlainText("Lunch at tvelve")
    window.composer.send()
    anne.until(lambda: [line.one.text for line in window.waiting.lines] == ["Lunch at tvelve"])
    anne.until(lambda: window.composer.field.toPlainText() == "")
    assert window.waiting.isVisible()
    assert window.waiting.lines[0].when.text() in ("leaves in 30 s", "leaves in 29 s")
    window.composer.field.setPlainText("already something else")
    window.waiting.lines[0].undo.click()
    anne.until(lambda: not window.waiting.lines)
    anne.until(lambda: window.composer.field.toPlainText() == "Lunch at tvelve\nalready something else")
    window.composer.field.setPlainText("Lunch at twelve")
    window.composer.send(at_once=True)
    anne.until(lambda: texts(window.rows) == ["Lunch at twelve"])
    menu = window.waiting.menu()
    assert [action.text() for action in menu.actions() if action.isChecked()] == ["Wait 30 seconds"]
    menu.actions()[0].trigger()
    anne.until(lambda: anne.bridge.engine.outbox.seconds == 0)


def test_an_answer_taken_back_does_not_leave_before_it_is_one_again(anne: Desk) -> None:
    asked = anne.post("Who has the key?", kind="question")
    window = anne.window()
    anne.ask(done(anne.bridge.engine.outbox.wait(30)))
    window.composer.answer(asked)
    window.composer.field.setPlainText("I have")
    window.composer.send()
    anne.until(lambda: bool(window.waiting.lines) and window.composer.field.toPlainText() == "")
    taken = anne.ask(anne.bridge.engine.outbox.undo(window.waiting.lines[0].one.id))
    assert taken is not None
    with anne.slow_disk():
        window.composer.take_back(taken)
        window.composer.send(at_once=True)
    anne.until(window.composer.answering.isVisible)
    assert window.composer.field.toPlainText() == "I have" and window.rows.rowCount() == 1


def test_an_answer_taken_back_is_an_answer_still(anne: Desk) -> None:
    asked = anne.post("Who has the key?", kind="question")
    window = anne.window()
    anne.ask(done(anne.bridge.engine.outbox.wait(30)))
    window.composer.answer(window.rows.row_at(0))
    window.composer.field.setPlainText("Me")
    window.composer.send()
    anne.until(lambda: len(window.waiting.lines) == 1)
    window.waiting.lines[0].undo.click()
    anne.until(lambda: window.composer._target is not None and window.composer._target.id == asked.id)
    assert window.composer.field.toPlainText() == "Me"


def test_a_question_being_written_shows_what_was_asked_before(anne: Desk, qtbot: QtBot) -> None:
    asked = anne.post("Who has the key of the archive?", kind="question")
    anne.ask(anne.bridge.engine.talk.solve(asked.id, anne.post("Me", answer_to=asked.id).id))
    window = anne.window()
    window.composer.field.setPlainText("where is the archive key")
    assert not window.asked_before.lines, "a post is no question"
    window.composer.question.click()
    anne.until(lambda: [line.row.text for line in window.asked_before.lines] == ["Who has the key of the archive?"])
    assert window.asked_before.isVisible() and window.asked_before.lines[0]._aside() == "Answered"
    window.asked_before.lines[0].click()
    anne.until(lambda: texts(window.rows) == ["Who has the key of the archive?", "Me"])
    window.composer.field.clear()
    anne.until(lambda: not window.asked_before.lines)
    assert not window.asked_before.isVisible()
