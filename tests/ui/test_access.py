"""What a screen reader finds in the window and in everything one can open from it: each thing has a name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAbstractButton, QWidget

from deskblog.ui.theme import Theme
from tests.ui.desk import Colleague, Desk
from tests.ui.scenes import Stage, opened, scenes, set_up

Name, Role = QAccessible.Text.Name, QAccessible.Role
PRESSED = (Role.PushButton, Role.CheckBox, Role.RadioButton, Role.ButtonMenu, Role.ComboBox, Role.EditableText)
SHAPELESS = (Role.NoRole, Role.Client, Role.Pane, Role.Window)


@pytest.fixture
def stage(anne: Desk, paul: Colleague, theme: Theme) -> Stage:
    return set_up(anne, paul, theme)


def within(thing: QAccessibleInterface | None) -> Iterator[QAccessibleInterface]:
    """A thing and all in it that is in sight."""
    if thing is None or not thing.isValid() or thing.state().invisible:
        return
    yield thing
    for n in range(thing.childCount()):
        yield from within(thing.child(n))


def faults(widget: QWidget) -> list[str]:
    """What a screen reader could not make sense of."""
    return [said for thing in within(QAccessible.queryAccessibleInterface(widget)) for said in _faults(thing)]


def _faults(thing: QAccessibleInterface) -> Iterator[str]:
    name, role, state, what = thing.text(Name).strip(), thing.role(), thing.state(), thing.object()
    called = f"{role.name} “{name}” ({type(what).__name__})"
    if not name and (state.focusable or role in PRESSED):
        yield f"{called} has no name"
    if not name and role is Role.StaticText:
        yield f"{called} is an empty line"
    if state.focusable and role in SHAPELESS:
        yield f"{called} has the focus, and nobody can say what it is"
    if isinstance(what, QAbstractButton) and what.text().isascii() and shown(what) not in name.casefold():
        yield f"{called} is not called what is written on it: {what.text()}"
    inside = [one for one in map(thing.child, range(thing.childCount())) if one and not one.state().invisible]
    beside = [one.text(Name) for one in inside if one.role() in PRESSED]
    yield from (f"two things in {called} are called “{one}”" for one in set(beside) if one and beside.count(one) > 1)


def shown(button: QAbstractButton) -> str:
    return button.text().replace("&&", "&").casefold()


def names(widget: QWidget) -> set[str]:
    return {thing.text(Name) for thing in within(QAccessible.queryAccessibleInterface(widget))}


def test_the_window_can_be_heard(stage: Stage) -> None:
    assert faults(stage.window) == []


def test_the_quick_post_can_be_heard(stage: Stage) -> None:
    stage.flyout.show()
    assert faults(stage.flyout) == []


def test_what_opens_can_be_heard(stage: Stage) -> None:
    found: dict[str, list[str]] = {}
    for name, opens in scenes(stage).items():
        opened(stage.desk, opens, lambda shown, name=name: found.update({name: faults(shown)}))  # type: ignore[misc]
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    assert set(found) == set(scenes(stage))


def test_what_floats_over_a_list_is_in_the_tree(stage: Stage) -> None:
    """A screen reader is told of the rows of a list and of nothing else within it."""
    window = stage.window
    assert window.side.own.accessibleName() in names(window)
    window.rows.newest_here = False  # as after a long way down
    window.timeline._show_pill()
    window.search.setText("zebra")
    assert "Back to the newest" in names(window)
    stage.desk.until(lambda: window.timeline._empty.isVisible())
    assert "Nothing found" in names(window)


def test_the_state_of_what_can_be_switched_is_told(stage: Stage) -> None:
    question = QAccessible.queryAccessibleInterface(stage.window.composer.question)
    assert question.state().checkable and not question.state().checked
    stage.window.composer.question.click()
    assert question.state().checked


def test_the_reason_of_a_refusal_is_said_of_the_field(stage: Stage) -> None:
    composer = stage.window.composer
    composer.field.setPlainText("Far too long. " * 60)
    composer.send()
    stage.desk.until(lambda: composer.problem.isVisible())
    field = QAccessible.queryAccessibleInterface(composer.field)
    assert field.text(QAccessible.Text.Description) == composer.problem.text() != ""
    composer.field.setPlainText("Short")
    assert field.text(QAccessible.Text.Description) == ""
