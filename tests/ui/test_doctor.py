"""The doctor in the window: an empty list says why, and the whole examination can be read, repeated and sent on."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel

from deskblog import events
from deskblog.engine.doctor_words import in_words
from deskblog.net.doctor import Cause, Finding
from deskblog.records import replace
from deskblog.ui.doctor import DoctorDialog
from deskblog.ui.invite import InviteDialog
from deskblog.ui.window import Window
from tests.ui.desk import Colleague, Desk


def dialog_of(desk: Desk) -> DoctorDialog:
    desk.until(lambda: isinstance(QApplication.activeModalWidget(), DoctorDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, DoctorDialog)
    desk.until(lambda: dialog.again.isEnabled())
    return dialog


def shown(dialog: DoctorDialog) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisibleTo(dialog))


def test_an_office_of_one_is_told_to_invite(anne: Desk) -> None:
    window = anne.window()
    missing = window.notes.missing
    assert not missing.note.isVisible(), "colleagues are given a moment to be heard"
    assert missing._timer.isActive()
    missing._say(in_words(Finding(Cause.ALONE, ok=False), 20140))
    assert missing.note.isVisible() and "Nobody else" in missing.note.line.text()
    missing.note.button.click()
    anne.until(lambda: isinstance(QApplication.activeModalWidget(), InviteDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, InviteDialog)
    dialog.reject()


def test_the_line_comes_from_a_real_look_at_the_network_and_goes_when_somebody_comes(anne: Desk) -> None:
    window = anne.window()
    missing = window.notes.missing
    missing._ask()
    anne.until(missing.note.isVisible)
    assert missing.note.line.text()
    (me,) = window.people
    window.heard(events.PeopleChanged((me, replace(me, id="1" * 64, name="Paul", me=False))))
    assert not missing.note.isVisible() and not missing._timer.isActive()


def test_the_examination_is_read_copied_and_repeated(anne: Desk, paul: Colleague) -> None:
    window = anne.window()
    window.office_menu.examined.emit()
    dialog = dialog_of(anne)
    said = anne.ask(anne.bridge.engine.places.doctor())
    for one in said:
        if not one.ok:
            assert one.say in shown(dialog)
    dialog.copy.click()
    copied = QGuiApplication.clipboard().text()
    assert all(one.say in copied for one in said)
    dialog.again.click()
    assert not dialog.again.isEnabled() and dialog.busy.isVisible()
    anne.until(lambda: dialog.again.isEnabled())
    dialog.accept()


def test_what_is_wrong_stands_first_and_what_is_well_is_folded_away(anne: Desk, paul: Colleague) -> None:
    window = anne.window()
    window.notes.missing.examine()
    dialog = dialog_of(anne)
    wrong = in_words(Finding(Cause.OWN_FIREWALL, ok=False, by=("<b>Paul</b>",)), 20140)
    fine = in_words(Finding(Cause.CLOCK, ok=True), 20140)
    dialog._done((wrong, fine))
    assert wrong.say in shown(dialog) and wrong.send in shown(dialog) and "<b>Paul</b>" in shown(dialog)
    assert fine.say not in shown(dialog) and "1 thing was found" in shown(dialog)
    dialog._done((fine,))
    assert fine.say in shown(dialog) and wrong.say not in shown(dialog)
    dialog.accept()


def test_the_menu_leads_there(anne: Desk) -> None:
    window: Window = anne.window()
    texts = [action.text() for action in window.office_menu.menu().actions()]
    assert "Why is somebody not here?" in texts
