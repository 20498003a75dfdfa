"""The timeline: in order, never moving under the reader's eyes, plain text throughout."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QPixmap
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from deskblog.records import replace
from deskblog.ui import rows as rows_module
from deskblog.ui.card import Hit, copies_text
from deskblog.ui.rows import PAGE, Item, ItemRole, Query, TimelineModel
from deskblog.ui.sure import Box
from deskblog.ui.timeline import TimelineView
from tests.ui.desk import Colleague, Desk

HOSTILE = "<img src=file:///etc/passwd><b>bold</b> &amp; <a href='x'>y</a>"


def texts(model: TimelineModel) -> list[str]:
    return [model.row_at(n).text for n in range(model.rowCount())]


def item(view: TimelineView, n: int) -> Item:
    found: Item = view.rows.index(n).data(ItemRole)
    return found


def place(view: TimelineView, text: str) -> int:
    """Where a post stands on the screen."""
    return view.visualRect(view.rows.index(texts(view.rows).index(text))).top()


def newest_here(view: TimelineView) -> bool:
    return view.rows.newest_here


def fill(desk: Desk, count: int) -> None:
    async def fill_in() -> None:
        for n in range(count):
            await desk.bridge.engine.post(f"post {n}")

    desk.ask(done(fill_in()))


async def done(work: Coroutine[Any, Any, None]) -> bool:
    await work
    return True


def press(view: TimelineView, n: int, kind: str) -> None:
    """Clicks where a part of a card is."""
    rect = view.visualRect(view.rows.index(n))
    for y in range(2, rect.height(), 3):
        for x in range(2, rect.width(), 3):
            hit = view._hit(rect.topLeft() + QPoint(x, y))[1]
            if hit is not None and hit.kind == kind:
                at = rect.topLeft() + QPoint(x + 2, y + 2)
                QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
                return
    raise AssertionError(f"no {kind} on this card")


def answer_box(label: str) -> None:
    """Presses a button of the question that is open."""
    box = QApplication.activeModalWidget()
    assert isinstance(box, Box)
    next(button for button in box.buttons if button.text() == label).click()


def test_the_model_keeps_qts_rules(anne: Desk, qtmodeltester: ModelTester) -> None:
    fill(anne, 70)
    view = anne.timeline()
    tester = QAbstractItemModelTester(
        view.rows, QAbstractItemModelTester.FailureReportingMode.Fatal
    )  # through every change from here on
    anne.post("newest")
    anne.until(lambda: texts(view.rows)[0] == "newest")
    while view.rows.canFetchMore():
        view.rows.fetchMore()
        anne.until(lambda: not view.rows._loading)
    view.rows.show(Query(words="newest"))
    anne.until(lambda: view.rows.rowCount() == 1)
    del tester
    qtmodeltester.check(view.rows)


def test_pages_follow_one_another_newest_first(anne: Desk) -> None:
    fill(anne, 120)
    view = anne.timeline()
    assert view.rows.rowCount() <= 100
    while view.rows.canFetchMore():
        view.rows.fetchMore()
        anne.until(lambda: not view.rows._loading)
    assert texts(view.rows) == [f"post {n}" for n in reversed(range(120))]


def test_older_posts_are_fetched_before_one_is_at_the_end(anne: Desk) -> None:
    fill(anne, 120)
    view = anne.timeline()
    anne.until(lambda: not view.rows._loading)
    bar, first = view.verticalScrollBar(), view.rows.rowCount()
    assert first < 120
    bar.setValue(bar.maximum() - bar.pageStep() - 1)
    anne.until(lambda: view.rows.rowCount() == first + PAGE)
    assert bar.maximum() - bar.value() > 2 * bar.pageStep()


def test_a_colleagues_post_appears_on_top(anne: Desk, paul: Colleague) -> None:
    anne.post("mine")
    view = anne.timeline()
    paul.post("his")
    anne.until(lambda: texts(view.rows) == ["his", "mine"])
    assert not view.pill.isVisible()


def test_what_is_being_read_does_not_move(anne: Desk, paul: Colleague) -> None:
    fill(anne, 40)
    view = anne.timeline()
    view.verticalScrollBar().setValue(400)
    anne.until(lambda: view.rows.rowCount() == 40)
    before = {text: place(view, text) for text in texts(view.rows)}
    for text in ("one", "two", "three"):
        paul.post(text)
    anne.until(lambda: view.pill.isVisible() and view.pill.text() == "3 new posts")
    assert {text: place(view, text) for text in texts(view.rows)} == before


def test_scrolling_up_to_the_top_lets_the_news_in_above(anne: Desk, paul: Colleague) -> None:
    fill(anne, 40)
    view = anne.timeline()
    view.verticalScrollBar().setValue(300)
    paul.post("news")
    anne.until(lambda: view.pill.isVisible())
    view.verticalScrollBar().setValue(0)
    assert texts(view.rows)[0] == "news"
    assert abs(place(view, "post 39")) <= 40  # below the heading it lost to the newest
    assert view.verticalScrollBar().value() > 0
    assert not view.pill.isVisible()


def test_the_pill_leads_to_the_newest(anne: Desk, paul: Colleague, qtbot: QtBot) -> None:
    fill(anne, 40)
    view = anne.timeline()
    view.verticalScrollBar().setValue(300)
    paul.post("news")
    anne.until(lambda: view.pill.isVisible())
    qtbot.mouseClick(view.pill, Qt.MouseButton.LeftButton)
    assert texts(view.rows)[0] == "news" and view.verticalScrollBar().value() == 0
    assert not view.pill.isVisible()


def test_ones_own_post_is_shown_wherever_one_was(anne: Desk) -> None:
    fill(anne, 40)
    view = anne.timeline()
    view.verticalScrollBar().setValue(500)
    anne.post("look here")
    anne.until(lambda: texts(view.rows)[0] == "look here")
    assert view.verticalScrollBar().value() == 0


def test_far_below_the_newest_are_let_go_and_one_keeps_ones_place(
    anne: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows_module, "CEILING", 160)  # a ceiling that a test reaches
    fill(anne, 230)
    view = anne.timeline()
    kept = ""
    while newest_here(view):
        view.scrollToBottom()
        kept = view.rows.item(view.indexAt(QPoint(300, 200)).row()).row.text
        before = place(view, kept)
        view.rows.fetchMore()
        anne.until(lambda: not view.rows._loading)
        if not newest_here(view):
            assert abs(place(view, kept) - before) <= 40
    assert view.rows.rowCount() <= 160
    assert view.pill.isVisible()
    view.to_newest()
    anne.until(lambda: view.rows.newest_here and texts(view.rows)[0] == "post 229")


def test_a_history_falls_into_its_place(anne: Desk, paul: Colleague) -> None:
    """Rows that are older than what is shown go between, not on top."""
    for n in range(3):
        anne.post(f"post {n}")
    view = anne.timeline()
    rows = [view.rows.row_at(n) for n in range(3)]
    view.rows.show(Query())
    anne.until(lambda: not view.rows._loading)
    view.rows.beginResetModel()
    view.rows._rows.begin([rows[0], rows[2]])
    view.rows.endResetModel()
    view.news([rows[1]])
    assert texts(view.rows) == ["post 2", "post 1", "post 0"]


def test_a_large_history_is_read_anew_in_pages(anne: Desk, paul: Colleague) -> None:
    view = anne.timeline()

    async def talk() -> None:
        for n in range(150):
            await paul.engine.post(f"his {n}")

    paul.do(talk())
    anne.until(lambda: view.rows.rowCount() >= 1 and texts(view.rows)[0] == "his 149")
    assert texts(view.rows) == [f"his {n}" for n in reversed(range(150))][: view.rows.rowCount()]


def test_a_post_is_never_markup(anne: Desk, paul: Colleague) -> None:
    paul.post(HOSTILE)
    view = anne.timeline()
    anne.until(lambda: view.rows.rowCount() == 1)
    card = view._delegate.card(view.rows.index(0))
    assert card.text.text() == HOSTILE
    assert card.text.boundingRect().width() > 200  # its letters are there, as letters
    view.grab()


def test_answers_stand_under_their_question_and_say_what_they_answer(anne: Desk, paul: Colleague) -> None:
    question = anne.post("Who has the key?", kind="question")
    view = anne.timeline()
    anne.until(lambda: holds(paul, question.id))
    paul.post("Me", answer_to=question.id)
    anne.until(lambda: view.rows.rowCount() == 2)
    assert item(view, 0).quote == "Answering Anne Martin: “Who has the key?”"
    anne.until(lambda: item(view, 1).row.answers == 1)
    view.rows.show(Query(thread=question.id))
    anne.until(lambda: texts(view.rows) == ["Who has the key?", "Me"])
    paul.post("No, Karim", answer_to=question.id)
    anne.until(lambda: texts(view.rows) == ["Who has the key?", "Me", "No, Karim"])


def test_answers_unfold_in_place_beneath_their_post(anne: Desk, paul: Colleague) -> None:
    anne.post("Good morning")
    question = anne.post("Who has the key?", kind="question")
    view = anne.timeline()
    anne.until(lambda: holds(paul, question.id))
    paul.post("Me", answer_to=question.id)
    anne.until(lambda: view.rows.rowCount() == 3 and item(view, 1).row.answers == 1)
    folded = view._delegate.card(view.rows.index(1))
    tester = QAbstractItemModelTester(view.rows, QAbstractItemModelTester.FailureReportingMode.Fatal)
    press(view, 1, "answers")
    anne.until(lambda: texts(view.rows) == ["Me", "Who has the key?", "Me", "Good morning"])
    assert item(view, 2).under and not item(view, 2).quote and item(view, 1).unfolded
    assert view._delegate.card(view.rows.index(2)).frame.left() > folded.frame.left()
    paul.post("No, Karim", answer_to=question.id)
    unfolded = ["No, Karim", "Me", "Who has the key?", "Me", "No, Karim", "Good morning"]
    anne.until(lambda: texts(view.rows) == unfolded)
    view.changed()  # something was withdrawn somewhere: what was unfolded stays so
    anne.until(lambda: not view.rows._loading and texts(view.rows) == unfolded)
    view.setCurrentIndex(view.rows.index(4))
    anne.qtbot.keyClick(view, Qt.Key.Key_Return)  # on an answer beneath: folds all of them
    anne.until(lambda: texts(view.rows) == ["No, Karim", "Me", "Who has the key?", "Good morning"])
    assert view.currentIndex().row() == 2 and not item(view, 2).unfolded
    choose(view, 2, "Show the answers\tEnter")
    anne.until(lambda: texts(view.rows) == unfolded)
    choose(view, 3, "Hide the answers\tEnter")
    anne.until(lambda: len(texts(view.rows)) == 4)
    assert "The thread alone\tEnter" in [action.text() for action in view._menu(view.rows.index(0), "").actions()]
    del tester


def choose(view: TimelineView, n: int, words: str) -> None:
    """A line of the row's menu."""
    next(action for action in view._menu(view.rows.index(n), "").actions() if action.text() == words).trigger()


def test_what_is_unfolded_goes_with_its_post_when_rows_are_dropped(
    anne: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows_module, "CEILING", 60)
    fill(anne, 70)
    head = anne.post("Who?", kind="question")
    for n in range(3):
        anne.post(f"I, {n}", answer_to=head.id)
    view = anne.timeline()
    view.rows.fold(head.id)
    anne.until(lambda: texts(view.rows)[3:7] == ["Who?", "I, 0", "I, 1", "I, 2"])
    while view.rows.canFetchMore():
        view.rows.fetchMore()
        anne.until(lambda: not view.rows._loading)
    assert not any(item(view, n).under for n in range(view.rows.rowCount())) and not view.rows.holds(head.id)


def test_enter_on_an_answer_in_its_own_place_leads_to_its_thread(anne: Desk) -> None:
    question = anne.post("Which train?", kind="question")
    anne.post("The 18:04", answer_to=question.id)
    view = anne.timeline()
    anne.until(lambda: view.rows.rowCount() == 2)
    view.setCurrentIndex(view.rows.index(0))
    with anne.qtbot.waitSignal(view.unfolded) as asked:
        anne.qtbot.keyClick(view, Qt.Key.Key_Return)
    assert asked.args == [question.id]


def holds(paul: Colleague, ident: str) -> bool:
    return ident in {row.id for row in paul.do(paul.engine.timeline()).rows}


def test_what_an_answer_answers_is_fetched_where_it_is_not_on_the_list(anne: Desk) -> None:
    question = anne.post("Which train?", kind="question")
    anne.post("The 18:04", answer_to=question.id)
    view = anne.timeline()
    view.rows.show(Query(words="18"))
    anne.until(lambda: view.rows.rowCount() == 1)
    view.rows._quotes.clear()
    anne.until(lambda: item(view, 0).quote == "Answering Anne Martin: “Which train?”")


def test_a_click_on_a_link_shows_its_host_before_anything_opens(anne: Desk) -> None:
    anne.post("see https://bank.example@evil.example/login now")
    view = anne.timeline()
    press(view, 0, "link")
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert [action.text() for action in menu.actions()] == ["Open evil.example", "Copy link"]
    menu.close()


def test_keys_do_what_the_menu_does(anne: Desk, qtbot: QtBot) -> None:
    row = anne.post("to be answered")
    view = anne.timeline()
    view.setFocus()
    view.setCurrentIndex(view.rows.index(0))
    with qtbot.waitSignal(view.answer) as answered:
        qtbot.keyClick(view, Qt.Key.Key_A)
    assert answered.args[0].id == row.id
    with qtbot.waitSignal(view.unfolded) as unfolded:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert unfolded.args == [row.id]
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "to be answered"
    menu = view._menu(view.rows.index(0), "")
    words = [action.text().split("\t")[0] for action in menu.actions() if action.text()]
    assert words == [
        *("Answer", "React", "The thread alone"),
        *("Mute the thread", "Keep it at hand", "Make public…", "Correct…", "Withdraw…", "Copy text"),
    ]
    menu.close()
    with qtbot.waitSignal(view.correct) as corrected:
        qtbot.keyClick(view, Qt.Key.Key_E)
    assert corrected.args[0].id == row.id
    QTimer.singleShot(0, lambda: answer_box("Withdraw"))
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    anne.until(lambda: view.rows.rowCount() == 0)


def test_a_withdrawn_post_goes_from_the_list_and_what_one_reads_stays_where_it_is(anne: Desk) -> None:
    rows = [anne.post(f"post {n}") for n in range(60)]
    view = anne.timeline()
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() // 2)
    place = view.rows.place(rows[47].id)
    before = view.visualRect(view.rows.index(place)).top()
    anne.ask(anne.bridge.engine.withdraw(rows[-1].id))
    anne.until(lambda: not view.rows.holds(rows[-1].id))
    place = view.rows.place(rows[47].id)
    assert abs(view.visualRect(view.rows.index(place)).top() - before) <= 1


def test_beside_ones_own_posts_stands_where_they_are(anne: Desk) -> None:
    row = anne.post("only here")
    view = anne.timeline()
    anne.until(lambda: view.rows.item(view.rows.place(row.id)).copies == 0)
    assert copies_text(0) == "only on this PC"
    assert (copies_text(1), copies_text(3), copies_text(None)) == ("on 1 more PC", "on 3 more PCs", "")


def test_a_screen_reader_hears_who_when_and_what(anne: Desk) -> None:
    anne.post("Who has the key?", kind="question")
    view = anne.timeline()
    heard = view.rows.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert heard.startswith("Anne Martin, Question, ") and heard.endswith(": Who has the key?")


def test_an_empty_timeline_says_what_to_do(anne: Desk) -> None:
    view = anne.timeline()
    view.know(anne.ask(anne.bridge.engine.people()))
    assert view._empty.isVisible() and "Invite" in view._empty._text.text()
    view.rows.show(Query(words="zebra"))
    anne.until(lambda: view._empty._title.text() == "Nothing found")
    view.rows.show(Query())
    anne.post("first")
    anne.until(lambda: view.rows.rowCount() == 1)
    assert not view._empty.isVisible()


def test_a_renamed_colleague_is_renamed_everywhere(anne: Desk) -> None:
    anne.post("hello")
    view = anne.timeline()
    people = anne.ask(anne.bridge.engine.people())
    view.know([replace(people[0], name="Anne Dupont")])
    assert item(view, 0).row.person == "Anne Dupont"


@pytest.mark.parametrize("width", [300, 420, 640, 1600])
def test_cards_fit_their_width_and_do_not_overlap(anne: Desk, width: int) -> None:
    anne.post("word " * 50)
    anne.post("x" * 200)
    view = anne.timeline()
    view.resize(width, 600)
    rects = [view.visualRect(view.rows.index(n)) for n in range(2)]
    assert rects[0].bottom() < rects[1].top()
    for n in range(2):
        card = view._delegate.card(view.rows.index(n))
        assert card.frame.right() <= width and card.frame.left() >= 0
        assert card.text.boundingRect().width() <= card.frame.width()
        assert card.frame.bottom() <= card.height
        assert card.hit(QPointF(-5, -5)) is None
        assert card.hit(card.avatar.center()) == Hit("card")


def test_painting_leaves_the_painter_as_it_was(anne: Desk) -> None:
    anne.post("hello 🎂 #cake @Paul https://example.org")
    view = anne.timeline()
    picture: QPixmap = view.grab()
    assert picture.toImage().pixelColor(view.width() // 2, view.height() - 5) == view.palette().window().color()
    assert view.rows.rowCount(view.rows.index(0)) == 0
    assert view.rows.data(QModelIndex()) is None
