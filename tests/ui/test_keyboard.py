"""The keyboard alone: everything is reached, in the order one reads, and one sees where one is."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QMenu,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QWidget,
)

from deskblog.settings import LOOKS
from deskblog.ui import keys
from deskblog.ui.sure import Box, sure
from deskblog.ui.theme import Theme
from tests.ui.desk import Colleague, Desk
from tests.ui.scenes import Stage, opened, scenes, set_up
from tests.ui.test_theme import contrast

STEPS = 150  # of Tab, more than any window needs
SEEN = 12  # pixels that must change for a focus to be seen
LINE = 24  # pixels of height within which two things stand side by side


@pytest.fixture
def stage(anne: Desk, paul: Colleague, theme: Theme) -> Stage:
    made = set_up(anne, paul, theme)
    made.window.activateWindow()
    return made


def stops(window: QWidget) -> list[QWidget]:
    """All that must be reached with Tab: of radio buttons the one that is chosen stands for all."""
    found = []
    for one in window.findChildren(QWidget):
        wanted = one.isVisible() and one.isEnabled() and one.focusProxy() is None and one.window() is window
        chosen = not isinstance(one, QRadioButton) or one.isChecked()
        if wanted and chosen and one.focusPolicy() & Qt.FocusPolicy.TabFocus:
            found.append(one)
    return found


def walked(window: QWidget, key: Qt.Key = Qt.Key.Key_Tab) -> list[QWidget]:
    """Where Tab leads from where the focus is, once round."""
    reached: list[QWidget] = []
    for _step in range(STEPS):
        focused = window.focusWidget()
        assert focused is not None, "nothing has the focus"
        if reached and focused is reached[0]:
            return reached
        if not reached or focused is not reached[-1]:  # the hours and the minutes of a clock are one
            reached.append(focused)
        QTest.keyClick(focused, key)
    raise AssertionError(f"Tab never came back to {reached[0]}")


def place(one: QWidget) -> QPoint:
    return one.mapTo(one.window(), QPoint(0, 0))


def scrolled_in(one: QWidget) -> QScrollArea | None:
    """The room it is scrolled in, if there is one."""
    above: QWidget | None = one
    while above is not None and not isinstance(above, QScrollArea):
        above = above.parentWidget()
    return above


def out_of_order(reached: list[QWidget]) -> list[str]:
    """Steps that lead up, or on one line to the left; once round there is one."""
    wrong = []
    for first, second in zip(reached, [*reached[1:], reached[0]], strict=True):
        one, after = first, second
        if scrolled_in(first) is not scrolled_in(second):  # what is scrolled away stands where its room stands
            one, after = scrolled_in(first) or first, scrolled_in(second) or second
        here, there = place(one), place(after)
        beside = here.x() + one.width() <= there.x() or there.x() + after.width() <= here.x()
        above = there.y() + after.height() <= here.y() + LINE // 2
        left = abs(here.y() - there.y()) < LINE and there.x() < here.x()
        if (above and not (beside and there.x() > here.x())) or left:
            wrong.append(f"{_called(first)} → {_called(second)}")
    return wrong


def _called(one: QWidget) -> str:
    return one.accessibleName() or (one.text() if isinstance(one, QAbstractButton) else "") or type(one).__name__


def reached_all(window: QWidget) -> list[str]:
    """What is wrong with it."""
    wanted = stops(window)
    if window.focusWidget() is None:
        QTest.keyClick(window, Qt.Key.Key_Tab)
    there = walked(window)
    back = walked(window, Qt.Key.Key_Backtab)
    lost = [_called(one) for one in wanted if one not in there or one not in back]
    jumps = out_of_order(there)
    return lost + (jumps if len(jumps) > 1 else [])


def test_all_of_the_window_is_reached_in_the_order_one_reads(stage: Stage) -> None:
    window = stage.window
    window.views.setFocus()
    reached = walked(window)
    assert [_called(one) for one in stops(window) if one not in reached] == []
    column = [one for one in reached if window._column.isAncestorOf(one)]
    header = [one for one in reached if window._header.isAncestorOf(one)]
    side = [one for one in reached if window.side.isAncestorOf(one)]
    assert reached == [*header, *column, window.timeline, *side], "from the top down, then the side"
    for part in (header, column, side):
        assert len(out_of_order(part)) <= 1, out_of_order(part)


def test_what_comes_later_has_its_place_in_the_order_too(stage: Stage, paul: Colleague) -> None:
    """Lines that came after the window was made stand among the others, not at the end."""
    window = stage.window
    paul.post("And who has the one to the cellar?", kind="question")
    stage.desk.until(lambda: len(window.questions.lines) == 2 and window.questions.lines[0].isVisible())
    window.composer.button.setFocus()
    QTest.keyClick(window.composer.button, Qt.Key.Key_Tab)
    assert window.focusWidget() is window.questions.lines[0]


def test_the_quick_post_is_written_and_sent_without_the_mouse(stage: Stage) -> None:
    flyout = stage.flyout
    flyout.show()
    flyout.activateWindow()
    flyout.composer.field.setPlainText("Quick")
    flyout.composer.field.setFocus()
    assert reached_all(flyout) == []
    flyout.composer.button.setFocus()
    QTest.keyClick(flyout.composer.button, Qt.Key.Key_Return)
    stage.desk.until(lambda: flyout.isHidden())
    flyout.show()
    flyout.composer.smiley.setFocus()
    QTest.keyClick(flyout.composer.smiley, Qt.Key.Key_Escape)
    assert flyout.isHidden()


def test_all_of_what_opens_is_reached_and_escape_closes_it(stage: Stage) -> None:
    for name, opens in scenes(stage).items():
        opened(stage.desk, opens, partial(reached_and_left, name))


def reached_and_left(name: str, shown: QWidget) -> None:
    assert reached_all(shown) == [], name
    QTest.keyClick(shown.focusWidget() or shown, Qt.Key.Key_Escape)
    assert not shown.isVisible(), name


# --- where one is -----------------------------------------------------------------------------------------
def picture(one: QWidget) -> QImage:
    """It, with a little of what is around it."""
    around = QRect(place(one), one.size()).adjusted(-2, -2, 2, 2)
    return one.window().grab(around.intersected(one.window().rect())).toImage()


def seen(before: QImage, after: QImage) -> int:
    """How many pixels differ so that one sees it: by 3 to 1, or from what is around it by that and a little too."""
    around = QColor(after.pixel(0, 0)).name()
    width, height = min(before.width(), after.width()), min(before.height(), after.height())
    found = 0
    for y in range(height):
        for x in range(width):
            one, other = before.pixel(x, y), after.pixel(x, y)
            if one == other:
                continue
            was, now = QColor(one).name(), QColor(other).name()
            if contrast(was, now) >= 3 or (contrast(was, now) >= 1.5 and contrast(now, around) >= 3):
                found += 1
                if found >= SEEN:
                    return found
    return found


def unseen(window: QWidget) -> list[str]:
    """Of what Tab reaches, whatever looks no otherwise with the focus than without."""
    wrong = []
    for one in stops(window):
        other = next((each for each in stops(window) if each is not one), None)
        if other is None:
            continue  # the only one there is
        room = scrolled_in(one)
        if room is not None:
            room.ensureWidgetVisible(one)
        other.setFocus(Qt.FocusReason.TabFocusReason)
        before = picture(one)
        one.setFocus(Qt.FocusReason.TabFocusReason)
        if isinstance(one, QAbstractItemView) and not one.currentIndex().isValid():
            continue  # empty
        if seen(before, picture(one)) < SEEN:
            wrong.append(_called(one))
    return wrong


@pytest.mark.parametrize("palette", LOOKS[1:])
def test_the_focus_is_seen_in_the_window(stage: Stage, theme: Theme, palette: str) -> None:
    theme.choose(palette)
    stage.window.restyle()
    wrong = unseen(stage.window)
    theme.choose("light")
    assert wrong == [], wrong


@pytest.mark.parametrize("palette", LOOKS[1:])
def test_the_focus_is_seen_in_what_opens(stage: Stage, theme: Theme, palette: str) -> None:
    theme.choose(palette)
    wrong: dict[str, list[str]] = {}
    for name, opens in scenes(stage).items():
        opened(stage.desk, opens, lambda shown, name=name: wrong.update({name: unseen(shown)}))  # type: ignore[misc]
    theme.choose("light")
    assert {name: found for name, found in wrong.items() if found} == {}


# --- keys -------------------------------------------------------------------------------------------------
def pressing(label: str, key: Qt.Key) -> Callable[[QWidget], None]:
    def press(shown: QWidget) -> None:
        assert isinstance(shown, Box)
        button = next(one for one in shown.buttons if one.text() == label)
        button.setFocus()
        QTest.keyClick(button, key)

    return press


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
@pytest.mark.parametrize("label", ["Cancel", "Do it"])
def test_enter_and_space_press_the_button_one_is_on(stage: Stage, label: str, key: Qt.Key) -> None:
    said: list[bool] = []

    def ask() -> None:
        said.append(sure(stage.window, "Really?", "There is no way back.", "Do it"))

    opened(stage.desk, ask, pressing(label, key))
    stage.desk.until(lambda: bool(said))
    assert said == [label == "Do it"]


def test_enter_in_a_field_does_what_the_main_button_does(stage: Stage) -> None:
    asked: list[str] = []

    def write(shown: QWidget) -> None:
        field = shown.focusWidget()
        assert field is not None
        QTest.keyClicks(field, "Dupont & Cie")
        QTest.keyClick(field, Qt.Key.Key_Return)
        asked.append("written")

    opened(stage.desk, scenes(stage)["rename"], write)
    stage.desk.until(lambda: stage.desk.bridge.engine.office_name == "Dupont & Cie")


@pytest.mark.parametrize("key", [Qt.Key.Key_Menu])
def test_the_menu_key_opens_the_menu_of_a_row(stage: Stage, key: Qt.Key) -> None:
    window = stage.window
    for view in (window.timeline, window.side.list):
        view.setFocus()
        view.setCurrentIndex(view.model().index(0, 0))
        found: list[QMenu] = []

        def look(shown: QWidget, found: list[QMenu] = found) -> None:
            assert isinstance(shown, QMenu)
            found.append(shown)

        opened(stage.desk, partial(ask_menu, view), look)
        assert found


def ask_menu(view: QAbstractItemView) -> None:
    """As the window system says it when the menu key, or Shift and F10, is pressed."""
    from PySide6.QtGui import QContextMenuEvent

    at = view.visualRect(view.currentIndex()).center()
    reason = QContextMenuEvent.Reason.Keyboard
    asked = QContextMenuEvent(reason, at, view.viewport().mapToGlobal(at), Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(view.viewport(), asked)


# What a French keyboard (AZERTY) gives only with AltGr, or not at all without a dead key.
NOT_ON_AZERTY = set("#{[|`\\@]}~^€¨")


def test_no_key_needs_altgr_on_a_french_keyboard(qapp: QApplication) -> None:
    bound = {
        one.toString() for place in keys.KEYS for name in keys.KEYS[place] for one in keys.sequences(place, name)
    }
    assert bound and [key for key in bound if NOT_ON_AZERTY & set(key)] == []


def test_every_picture_button_says_with_a_tip_what_it_does(stage: Stage) -> None:
    bare = [one for one in stage.window.findChildren(QPushButton) if one.isVisible() and not one.text()]
    assert bare and [_called(one) for one in bare if not one.toolTip()] == []
