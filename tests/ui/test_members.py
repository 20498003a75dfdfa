"""What can be done about people from the window: asked once more, done by the engine, seen in the panel."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu

from deskblog import events
from deskblog.engine.options import Late
from deskblog.records import replace
from deskblog.ui.choice import Choice
from deskblog.ui.join import JoinDialog
from deskblog.ui.notes import QUOTED
from deskblog.ui.person import PersonRole, state_text
from deskblog.ui.recovery import RecoveryDialog
from deskblog.ui.sure import Box, sure
from deskblog.ui.window import Window
from deskblog.values import PersonRow, Role
from tests.ui.desk import Colleague, Desk
from tests.ui.desk import lines as all_lines

DOING = "What they were doing…"
PAGE, WRITE = "Profile and posts", "Write sealed to Paul Bernard"


def answer(label: str) -> list[str]:
    """Presses that button of the next box; what the box said."""
    said: list[str] = []

    def press() -> None:
        box = QApplication.activeModalWidget()
        if not isinstance(box, Box):
            QTimer.singleShot(20, press)
            return
        said.append(box.said)
        next(button for button in box.buttons if button.text() == label).click()

    QTimer.singleShot(20, press)
    return said


def lines(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if action.text()]


def action(menu: QMenu, text: str) -> QAction:
    return next(one for one in all_lines(menu) if one.text() == text)


def person(window: Window, name: str) -> PersonRow:
    return next(one for one in window.people if one.name == name)


@pytest.fixture
def window(anne: Desk, paul: Colleague) -> Window:
    made = anne.window()
    made.heard(events.PeopleChanged(anne.ask(anne.bridge.engine.people())))
    return made


def test_a_keyholder_sees_all_and_a_member_only_what_is_theirs(window: Window) -> None:
    keyholder = lines(window.members.menu(person(window, "Paul Bernard")))
    assert keyholder == [
        PAGE, DOING, WRITE,
        "Popups", "Rename…", "Another PC of Paul Bernard…", "Role", "The same person as", "Remove from the office…",
    ]  # fmt: skip
    me = person(window, "Anne Martin")
    assert "Remove from the office…" not in lines(window.members.menu(me))
    window.members.people = (PersonRow("1", "Anne", Role.MEMBER, ("a",), here=True, me=True), *window.people[1:])
    assert lines(window.members.menu(window.members.people[0])) == [PAGE, DOING, "Your profile…", "Rename…"]
    assert lines(window.members.menu(person(window, "Paul Bernard"))) == [PAGE, DOING, WRITE, "Popups"]
    assert "Rename the office…" not in [one.text() for one in all_lines(window.office_menu.menu())]


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


def write(name: str, label: str) -> list[str]:
    """Writes a name into the next box and presses that button; what stood in the field."""
    stood: list[str] = []

    def press() -> None:
        box = QApplication.activeModalWidget()
        if not isinstance(box, Box):
            QTimer.singleShot(20, press)
            return
        field = box.findChild(QLineEdit)
        assert field is not None and box.focusWidget() is field
        stood.append(field.text())
        field.setText(name)
        next(button for button in box.buttons if button.text() == label).click()

    QTimer.singleShot(20, press)
    return stood


def test_a_name_is_changed(anne: Desk, window: Window) -> None:
    rename = action(window.members.menu(person(window, "Paul Bernard")), "Rename…")
    stood = write("Nobody", "Cancel")
    rename.trigger()
    assert stood == ["Paul Bernard"]
    write(" Paul B. ", "Rename")
    rename.trigger()
    anne.until(lambda: any(one.name == "Paul B." for one in window.people))
    write("Dupont & Cie", "Rename")
    action(window.office_menu.menu(), "Rename the office…").trigger()
    anne.until(lambda: window.title.text() == "Dupont & Cie")


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
    assert window.composer.field.placeholderText() == "Paul removed this PC."
    assert window.composer.field.toPlainText() == "half a thought"
    assert window.banner.what.text() == "Paul removed this PC."
    assert not window.invite_button.isEnabled()
    window.heard(events.OfficeChanged("ab", "Dupont", "Anne"))
    assert not window.banner.isVisible() and window.invite_button.isEnabled()
    assert not window.composer.field.isReadOnly() and window.composer.button.isEnabled()
    assert window.composer.field.placeholderText() == "What are you doing?"


def test_leaving_hands_an_open_question_on(anne: Desk, paul: Colleague, window: Window) -> None:
    anne.ask(anne.bridge.engine.membership.role("Paul Bernard", Role.KEYHOLDER))
    anne.post("Where is the ladder?", kind="question")
    boxes: list[list[str]] = []

    def press() -> None:
        box = QApplication.activeModalWidget()
        if not isinstance(box, Box):
            QTimer.singleShot(20, press)
            return
        lists = box.findChildren(Choice)
        boxes.append([lists[0].itemText(n) for n in range(lists[0].count())] if lists else [])
        QTimer.singleShot(20, press) if len(boxes) < 2 else None
        next(button for button in box.buttons if button.text() == "Leave").click()

    QTimer.singleShot(20, press)
    window.members.leave()
    anne.until(lambda: anne.bridge.engine.removed is not None)
    assert boxes == [[], ["Paul Bernard", "Nobody"]]
    told = "Anne Martin is leaving the office; @Paul Bernard takes this question on."
    anne.until(lambda: told in {row.text for row in paul.do(paul.engine.timeline()).rows})


def test_who_was_removed_comes_back_with_a_code(anne: Desk, paul: Colleague, window: Window) -> None:
    def hear(news: tuple[events.Event, ...]) -> None:
        for event in news:
            window.heard(event)

    anne.bridge.events.connect(hear)
    anne.ask(anne.bridge.engine.membership.role("Paul Bernard", Role.KEYHOLDER))
    anne.until(lambda: paul.do(paul.engine.care.keyholders()).count == 2)
    paul.do(paul.engine.membership.remove("Anne Martin"))
    anne.until(window.banner.isVisible)
    assert window.banner.what.text().startswith("Paul Bernard removed this PC")
    assert window.banner.button.isVisible() and window.banner.button.text() == "I have a code…"
    window.banner.button.click()
    (dialog,) = window.findChildren(JoinDialog)
    assert dialog.page.joiner.line.text() == "Anne Martin", "as who one was"
    dialog.page.code.line.setText("472 album lemno river")
    anne.qtbot.keyClick(dialog.page.code.line, Qt.Key.Key_Return)
    anne.until(dialog.page.code.problem.isVisible)
    assert dialog.isVisible(), "what is typed stays"
    code = paul.do(paul.engine.invite()).code
    anne.ask(anne.bridge.engine.join(code, "Anne Martin", at=f"127.0.0.1:{paul.engine.port}"))
    anne.until(lambda: not window.banner.isVisible())
    assert window.invite_button.isEnabled() and not window.composer.field.isReadOnly()
    dialog.reject()


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
    assert window.banner.more.text() == "From Anne and Paul: nothing is lost."
    good = window.banner.picture.pixmap().toImage()
    window.banner.closer.click()
    window.banner.say(events.Trouble("store", "The disk is full."))
    assert window.banner.picture.pixmap().toImage() != good
    said = answer("Close")
    action(window.office_menu.menu(), "Would the office survive a fire?").trigger()
    anne.until(lambda: bool(said))
    assert "burned tonight" in said[0] and "✗" in said[0]


def test_a_question_left_with_escape_or_enter_is_a_no(anne: Desk, window: Window) -> None:
    for key in (Qt.Key.Key_Escape, Qt.Key.Key_Return):
        pressed: list[str] = []

        def press(with_key: Qt.Key, into: list[str]) -> None:
            box = QApplication.activeModalWidget()
            if not isinstance(box, Box):
                QTimer.singleShot(20, lambda: press(with_key, into))
                return
            into.append(box.said)
            anne.qtbot.keyClick(box, with_key)

        QTimer.singleShot(20, lambda key=key, into=pressed: press(key, into))
        assert not sure(window, "Remove Anne & <b>Paul</b>?", "It is so.", "Remove")
        assert pressed == ["Remove Anne & <b>Paul</b>?\nIt is so."]


def test_a_role_is_asked_about_in_good_english(window: Window) -> None:
    said = answer("Cancel")
    window.members.give(person(window, "Paul Bernard"), Role.ANNOUNCER)
    assert said[0].startswith("Make Paul Bernard an announcer?")


def test_long_names_and_ampersands_in_a_menu(window: Window) -> None:
    strange = PersonRow("2" * 64, "Jean & Marie de " + "x" * 48, Role.MEMBER, ("b",), here=True, me=False)
    window.members.people = (*window.people, strange)
    another = lines(window.members.menu(strange))[5]
    assert another == "Another PC of Jean && Marie de xxxxxxxxxxxxx……"
    same = next(one.menu() for one in window.members.menu(window.people[0]).actions() if "same" in one.text())
    assert isinstance(same, QMenu) and "Jean && Marie de xxxxxxxxxxxxx…" in lines(same)


def test_the_dots_are_shown_where_there_is_a_menu(window: Window) -> None:
    paul, me = person(window, "Paul Bernard"), person(window, "Anne Martin")
    assert window.members.can(paul) and window.members.can(me)
    window.members.people = (replace(me, role=Role.MEMBER), paul)
    assert window.members.can(me) and window.members.can(paul)
    gone = replace(me, gone=True)
    window.members.people = (gone, paul)
    for one in (gone, paul):
        assert window.members.can(one) is (len(lines(window.members.menu(one))) > 2)


def test_the_menu_of_a_row_opens_beneath_it_and_inside_the_window(window: Window) -> None:
    window.resize(520, 620)
    window.move(0, 0)
    window.here.setChecked(True)
    longer = tuple(replace(one, name=one.name.ljust(28, "x")) for one in window.people)
    window.members.people = longer
    window.side.show_people(longer)
    window.side.list.setCurrentIndex(window.side.model.index(1))
    row = window.side.list.visualRect(window.side.model.index(1))
    window.side.list.activated.emit(window.side.model.index(1))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert menu.y() >= window.side.list.viewport().mapToGlobal(row.center()).y()
    assert menu.geometry().right() <= window.mapToGlobal(window.rect().topRight()).x()
    menu.close()


def test_people_stand_by_their_letters_accents_or_not(window: Window) -> None:
    names = ("Fabien", "Élodie", "anne", "Denis", "Étienne", "Eva")
    window.side.show_people(
        [PersonRow(f"{n:064}", name, Role.MEMBER, ("b",), here=True, me=False) for n, name in enumerate(names)]
    )
    assert [p.name for p in window.side.model.people] == ["anne", "Denis", "Élodie", "Étienne", "Eva", "Fabien"]


def test_those_who_were_are_brought_into_sight(window: Window) -> None:
    many = [PersonRow(f"{n:064}", f"P{n}", Role.MEMBER, ("b",), here=False, me=False) for n in range(40)]
    gone = PersonRow("f" * 64, "Karim", Role.MEMBER, (), here=False, me=False, gone=True, removed_by="Karim")
    window.side.show_people((*many, gone))
    window.side.former.click()
    last = window.side.model.index(40)
    assert last.data(PersonRole) == gone and state_text(gone) == "has left"
    assert window.side.list.viewport().rect().contains(window.side.list.visualRect(last))


def test_late_posts_are_quoted_shortly(window: Window) -> None:
    window.notes._late((Late("ab" * 32, "Karim", ((1, "word " * 200), (2, "x" * 900))),))
    said = answer("Cancel")
    window.notes.late.button.click()
    assert max(map(len, said[0].splitlines())) <= QUOTED + 2


def test_one_long_word_in_the_banner_does_not_widen_the_window(anne: Desk, window: Window) -> None:
    window.resize(520, 620)
    window.banner.say(events.Trouble("store", "The disk is full.", "/home/" + "long" * 60, "words " * 60))
    anne.qtbot.waitUntil(lambda: window.banner.more.height() >= window.banner.more.heightForWidth(416))
    assert window.banner.minimumSizeHint().width() <= 520


def test_what_a_person_wrote_is_one_press_away(anne: Desk, paul: Colleague) -> None:
    window = anne.window()
    anne.post("mine")
    paul.post("his")
    anne.until_held("his")
    action(window.members.menu(person(window, "Paul Bernard")), PAGE).trigger()
    anne.until(lambda: [window.rows.row_at(n).text for n in range(window.rows.rowCount())] == ["his"])


def test_what_a_person_was_doing_is_shown(anne: Desk, paul: Colleague) -> None:
    window = anne.window()
    for status in ("Accounts", "", "Lunch"):
        paul.do(paul.engine.say_status(status))
    anne.until(lambda: any(one.status == "Lunch" for one in window.people))
    action(window.members.menu(person(window, "Paul Bernard")), DOING).trigger()
    anne.until(lambda: any(isinstance(one, Box) and one.isVisible() for one in QApplication.topLevelWidgets()))
    box = next(one for one in QApplication.topLevelWidgets() if isinstance(one, Box) and one.isVisible())
    said = [line for line in box.said.splitlines() if line in ("Lunch", "–", "Accounts")]
    assert said == ["Lunch", "–", "Accounts"] and "What Paul Bernard was doing" in box.said
    box.close()
