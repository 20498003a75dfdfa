"""What can be done about people from the window: asked once more, done by the engine, seen in the panel."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QInputDialog, QMenu, QMessageBox

from deskblog import events
from deskblog.ui.people import PersonRole, state_text
from deskblog.ui.recovery import RecoveryDialog
from deskblog.ui.window import Window
from deskblog.values import PersonRow, Role
from tests.ui.desk import Colleague, Desk


def answer(label: str) -> list[str]:
    """Presses that button of the next box; what the box said."""
    said: list[str] = []

    def press() -> None:
        box = QApplication.activeModalWidget()
        if not isinstance(box, QMessageBox):
            QTimer.singleShot(20, press)
            return
        said.append(f"{box.text()} {box.informativeText()}")
        next(button for button in box.buttons() if button.text().replace("&", "") == label).click()

    QTimer.singleShot(20, press)
    return said


def lines(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if action.text()]


def action(menu: QMenu, text: str) -> QAction:
    return next(one for one in menu.actions() if one.text() == text)


def person(window: Window, name: str) -> PersonRow:
    return next(one for one in window.people if one.name == name)


@pytest.fixture
def window(anne: Desk, paul: Colleague) -> Window:
    made = anne.window()

    def hear(news: tuple[events.Event, ...]) -> None:
        for event in news:
            made.heard(event)

    anne.bridge.events.connect(hear)
    made.heard(events.PeopleChanged(anne.ask(anne.bridge.engine.people())))
    return made


def test_a_keyholder_sees_all_and_a_member_only_what_is_theirs(window: Window) -> None:
    keyholder = lines(window.members.menu(person(window, "Paul Bernard")))
    assert keyholder == [
        "Rename…", "Another PC of Paul Bernard…", "Role", "The same person as", "Remove from the office…",
    ]  # fmt: skip
    me = person(window, "Anne Martin")
    assert "Remove from the office…" not in lines(window.members.menu(me))
    window.members.people = (PersonRow("1", "Anne", Role.MEMBER, ("a",), here=True, me=True), *window.people[1:])
    assert lines(window.members.menu(window.members.people[0])) == ["Rename…"]
    assert window.members.menu(person(window, "Paul Bernard")).isEmpty()
    assert "Rename the office…" not in lines(window.office_menu.menu())


def test_a_person_is_removed_and_taken_back(anne: Desk, window: Window) -> None:
    said = answer("Remove")
    action(window.members.menu(person(window, "Paul Bernard")), "Remove from the office…").trigger()
    assert "Paul Bernard" in said[0] and "stays with everybody" in said[0]
    anne.until(lambda: person(window, "Paul Bernard").gone)
    assert window.side.former.text() == "Former colleagues (1)"
    assert window.side.model.rowCount() == 1
    window.side.former.setChecked(True)
    gone = window.side.model.index(1).data(PersonRole)
    assert state_text(gone) == "removed by Anne Martin"
    answer("Take back")
    action(window.members.menu(gone), "Take back…").trigger()
    anne.until(lambda: not person(window, "Paul Bernard").gone)


def test_cancel_changes_nothing(anne: Desk, window: Window) -> None:
    answer("Cancel")
    action(window.members.menu(person(window, "Paul Bernard")), "Remove from the office…").trigger()
    assert not person(window, "Paul Bernard").gone
    assert not anne.ask(anne.bridge.engine.people())[-1].gone


def test_the_advice_to_have_two_keyholders_is_taken_with_one_press(anne: Desk, window: Window) -> None:
    note = window.notes.keys
    anne.until(lambda: note.button.text() == "Give it to Paul…")
    assert "Two keyholders" in note.line.text()
    answer("Do it")
    note.button.click()
    anne.until(lambda: person(window, "Paul Bernard").role is Role.KEYHOLDER)
    anne.until(lambda: note.isHidden())


def test_stepping_down_as_the_last_keyholder_is_asked_about_twice(anne: Desk, window: Window) -> None:
    first = answer("Do it")
    QTimer.singleShot(400, lambda: None)
    window.members.give(person(window, "Anne Martin"), Role.MEMBER)
    second = answer("I am sure")
    anne.until(lambda: person(window, "Anne Martin").role is Role.MEMBER)
    assert "member" in first[0] and "recovery words" in second[0]


def test_a_name_is_changed(anne: Desk, window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QInputDialog, "getText", lambda *_args: ("Paul B.", True))
    action(window.members.menu(person(window, "Paul Bernard")), "Rename…").trigger()
    anne.until(lambda: any(one.name == "Paul B." for one in window.people))


def test_a_code_for_another_pc_says_whose(anne: Desk, window: Window) -> None:
    action(window.members.menu(person(window, "Paul Bernard")), "Another PC of Paul Bernard…").trigger()
    dialog = window._invite
    assert dialog is not None and dialog.windowTitle() == "Another PC of Paul Bernard"
    anne.until(lambda: dialog.digits.text().isdigit())
    assert anne.bridge.engine.membership.invitations()[0].person == "Paul Bernard"
    dialog.close()


def test_being_removed_closes_the_composer_and_keeps_the_draft(anne: Desk, window: Window) -> None:
    window.composer.field.setPlainText("half a thought")
    window.heard(events.Removed("Paul", 0, "ab", "Paul removed this PC.", "All is kept.", "Ask a keyholder."))
    assert window.composer.field.isReadOnly() and not window.composer.button.isEnabled()
    assert window.composer.field.toPlainText() == "half a thought"
    assert window.banner.what.text() == "Paul removed this PC."
    window.heard(events.OfficeChanged("ab", "Dupont", "Anne"))
    assert not window.composer.field.isReadOnly() and window.composer.button.isEnabled()


def test_two_of_one_name_are_told_of(anne: Desk, window: Window, tmp_path: Path) -> None:
    code = anne.ask(anne.bridge.engine.invite()).code
    other = Colleague(tmp_path / "other")
    other.do(other.engine.join(code, "Paul Bernard", at=f"127.0.0.1:{anne.bridge.engine.port}"))
    anne.until(lambda: "two people called Paul Bernard" in window.banner.what.text())
    other.close()


def test_the_recovery_words_are_counted_checked_and_forgotten(anne: Desk, window: Window) -> None:
    dialog = RecoveryDialog(anne.bridge, window.people, window)
    anne.widgets.append(dialog)
    assert not dialog.use.isEnabled() and dialog.lost.count() == 2
    dialog.words.setPlainText("abandon " * 11)
    assert dialog.state.text() == "11 of 12 words" and not dialog.use.isEnabled()
    dialog.words.setPlainText("abandon " * 11 + "about")
    dialog.use.click()
    anne.until(lambda: "another office" in dialog.state.text())
    assert dialog.use.isEnabled()


def test_the_recovery_words_give_the_key_back(desk: Desk) -> None:
    founded = desk.ask(desk.bridge.engine.found("Dupont", "Anne"))
    dialog = RecoveryDialog(desk.bridge, (), None)
    desk.widgets.append(dialog)
    dialog.words.setPlainText("\n".join(founded.recovery))
    dialog.use.click()
    desk.until(lambda: "holds the key" in dialog.state.text())
    assert dialog.words.toPlainText() == "" and dialog.use.isHidden()


def test_late_posts_are_looked_at_and_counted(anne: Desk, window: Window) -> None:
    from deskblog.engine.options import Late

    late = Late("ab" * 32, "Karim", tuple((n, f"late {n}") for n in range(9)))
    window.notes._late((late,))
    assert "9 posts came too late" in window.notes.late.line.text()
    said = answer("Cancel")
    window.notes.late.button.click()
    assert "late 5" in said[0] and "late 6" not in said[0] and "3 more" in said[0]
    window.notes._late(())
    assert window.notes.late.isHidden()


def test_a_receipt_and_the_drill_are_said_in_words(anne: Desk, window: Window) -> None:
    window.heard(events.Restored(14, ("Anne", "Paul")))
    assert window.banner.what.text() == "14 posts of yours came back."
    assert window.banner.rest.text() == "From Anne and Paul: nothing is lost."
    said = answer("OK")
    action(window.office_menu.menu(), "Would the office survive a fire?").trigger()
    anne.until(lambda: bool(said))
    assert "burned tonight" in said[0] and "✗" in said[0]
