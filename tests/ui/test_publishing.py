"""What leaves the office, in the window: said before it does, seen where it did, and taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton

from deskblog.ui import publicity, subscribers
from deskblog.ui.announce import NewAnnouncement
from deskblog.ui.elided import Elided
from deskblog.ui.new_poll import NewPoll
from deskblog.ui.publishing import PublishingDialog
from deskblog.ui.spoken import row_text
from deskblog.ui.window import Window
from deskblog.values import Audience
from tests.ui.desk import Colleague, Desk


def lines(window: Window, n: int) -> set[str]:
    """The lines of a row's menu."""
    row = window.rows.row_at(n)
    menu = window.timeline.post_actions.menu(row, "", None, lambda: None)
    found = {action.text() for action in menu.actions()}
    menu.close()
    return found


def press(window: Window, n: int, label: str) -> None:
    menu = window.timeline.post_actions.menu(window.rows.row_at(n), "", None, lambda: None)
    action = next(one for one in menu.actions() if one.text() == label)
    action.trigger()
    menu.close()


def opened(desk: Desk, window: Window) -> PublishingDialog:
    window.office_menu.publishing()
    desk.until(lambda: isinstance(QApplication.activeModalWidget(), PublishingDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, PublishingDialog)
    return dialog


def shown(dialog: PublishingDialog) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisibleTo(dialog))


def named(dialog: PublishingDialog, name: str) -> QPushButton:
    return next(
        one for one in dialog.findChildren(QPushButton) if one.accessibleName() == name and one.isVisibleTo(dialog)
    )


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The questions a person is asked; each is answered with yes."""
    found: list[str] = []

    def sure(_parent: object, question: str, more: str, yes: str) -> bool:
        found.append(f"{question} {more}")
        return True

    monkeypatch.setattr(publicity, "sure", sure)
    monkeypatch.setattr(subscribers, "sure", sure)
    return found


def test_ones_own_post_is_made_public_with_a_warning_the_first_time_and_taken_back(
    anne: Desk, paul: Colleague, asked: list[str]
) -> None:
    window = anne.window()
    anne.post("first")
    anne.post("second")
    anne.until(lambda: window.rows.rowCount() >= 2)
    press(window, 0, "Make public…")
    anne.until(lambda: window.rows.row_at(0).public)
    assert len(asked) == 1 and "outside the office" in asked[0] and "copied" in asked[0]
    assert ", public: second" in row_text(window.rows.row_at(0))
    press(window, 1, "Make public…")
    anne.until(lambda: window.rows.row_at(1).public)
    assert len(asked) == 1, "it is said once"
    press(window, 1, "Public no more")
    anne.until(lambda: not window.rows.row_at(1).public)
    assert anne.bridge.engine.publishing.picked == ()
    press(window, 0, "Put it on the shop counter")
    anne.until(lambda: len(anne.bridge.engine.publishing.picked) == 1)
    assert "Take it off the shop counter" in lines(window, 0)
    paul.post("Paul's")
    anne.until(lambda: window.rows.row_at(0).text == "Paul's")
    assert not {"Make public…", "Public no more", "Put it on the shop counter"} & lines(window, 0)


def test_who_says_no_to_the_warning_made_nothing_public(anne: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publicity, "sure", lambda *_words: False)
    window = anne.window()
    row = anne.post("mine")
    window.timeline.post_actions.public._warn(row, "")
    assert anne.ask(anne.bridge.engine.remembered(publicity.WARNED)) == ""
    assert not anne.ask(anne.bridge.engine.talk.find(row.id)).public


def test_what_is_sealed_has_no_such_line(anne: Desk, paul: Colleague) -> None:
    window = anne.window()
    me = next(one for one in window.people if not one.me)
    anne.ask(anne.bridge.engine.post("for you", to=Audience(people=(me.id,))))
    anne.until(lambda: window.rows.rowCount() >= 1 and window.rows.row_at(0).sealed)
    assert not {"Make public…", "Put it on the shop counter"} & lines(window, 0)


def test_the_composer_says_what_a_tag_will_do_before_it_is_posted(anne: Desk) -> None:
    window = anne.window()
    old = anne.post("old")
    anne.ask(anne.bridge.engine.publishing.set_tags("shop"))
    composer = window.composer
    note = composer.public_note

    def says(text: str) -> str:
        composer.field.setPlainText(text)
        return note.said.text() if note.isVisibleTo(window) else ""

    assert says("Bread #shopping") == ""
    assert says("Bread #Shop") == "This will be public: #shop"
    assert says("Bread") == ""
    composer.field.setPlainText("Bread #shop")
    window.composer._aim.set(Audience(coffee=True))
    assert not note.isVisibleTo(window)
    window.composer._aim.set(Audience())
    assert note.isVisibleTo(window)
    composer.field.clear()
    composer.correct(old)
    assert says("old #shop") == "", "what was written before the tag was set stays inside"
    composer.answer(None)


def test_a_poll_and_an_announcement_say_so_too(anne: Desk) -> None:
    window = anne.window()
    anne.ask(anne.bridge.engine.publishing.set_tags("shop"))
    poll = NewPoll(anne.bridge, window, "Rye? #shop")
    assert poll.public_note.isVisibleTo(poll)
    poll.text.setText("Rye?")
    assert not poll.public_note.isVisibleTo(poll)
    announcement = NewAnnouncement(anne.bridge, window, "Closed")
    assert not announcement.public_note.isVisibleTo(announcement)
    announcement.text.setPlainText("Closed #shop")
    assert announcement.public_note.isVisibleTo(announcement)
    for dialog in (poll, announcement):
        dialog.deleteLater()


def test_the_dialog_publishes_a_folder_and_says_what_came_of_it(anne: Desk, tmp_path: Path) -> None:
    window = anne.window()
    row = anne.post("bread")
    anne.ask(anne.bridge.engine.publishing.mark(row.id, on=True))
    dialog = opened(anne, window)
    assert not dialog.site.now.isEnabled() and not dialog.site.auto.isEnabled()
    dialog.site.take("")
    assert not dialog.site.now.isEnabled()
    dialog.site.take(str(tmp_path / "web"))
    dialog.site.address.line.setText("nonsense")
    dialog.site.now.click()
    anne.until(lambda: "no address of a site" in dialog.site.said.text())
    assert dialog.site.now.isEnabled() and dialog.site.said.property("tone") == "error"
    dialog.site.address.line.setText("")
    dialog.site.now.click()
    anne.until(lambda: "1 public post is there. No feeds were written" in dialog.site.said.text())
    dialog.site.address.line.setText("https://bakery.example")
    dialog.site.now.click()
    anne.until(lambda: "files written" in dialog.site.said.text() and "feeds" not in dialog.site.said.text())
    assert (tmp_path / "web" / "team.atom").exists()
    dialog.site.auto.click()
    anne.until(lambda: anne.bridge.engine.publishing.chosen.auto)
    dialog.accept()
    again = opened(anne, window)
    assert (again.site.place.text(), again.site.auto.isChecked()) == (str(tmp_path / "web"), True)
    assert again.site.address.line.text() == "https://bakery.example"
    again.accept()


def test_tags_are_set_by_keyholders_and_seen_by_all(anne: Desk) -> None:
    window = anne.window()
    dialog = opened(anne, window)
    dialog.law.tags.line.setText("#shop a.b")
    dialog.law.set.click()
    anne.until(lambda: "no tag" in dialog.law.tags.problem.text())
    dialog.law.tags.line.setText("Shop, menu")
    dialog.law.set.click()
    anne.until(lambda: dialog.law.tags.line.text() == "#menu #shop")
    dialog.accept()
    other = PublishingDialog(anne.bridge, window, keyholder=False)
    assert other.law.tags.line.isReadOnly() and not other.law.set.isVisibleTo(other)
    other.law.tags.line.returnPressed.emit()
    other.deleteLater()


def test_readers_are_added_copied_opened_with_a_warning_and_revoked(anne: Desk, asked: list[str]) -> None:
    window = anne.window()
    dialog = opened(anne, window)
    readers = dialog.readers
    assert readers.public.isChecked(), "what is public alone, unless one says more"
    anne.ask(anne.bridge.engine.publishing.serving.use_port(0))
    readers.name.line.setText("Clients")
    readers.name.line.returnPressed.emit()
    anne.until(lambda: "Clients" in shown(dialog) and readers.name.line.text() == "")
    readers.name.line.setText("clients")
    readers._add()
    anne.until(lambda: "has an address already" in readers.name.problem.text())
    readers.public.setChecked(False)
    readers.name.line.setText("My phone")
    readers._add()
    anne.until(lambda: "what colleagues see" in shown(dialog))
    served = anne.ask(anne.bridge.engine.publishing.serving.served())
    named(dialog, "Copy the address for My phone").click()
    assert QGuiApplication.clipboard().text() == served.readers[1][1]
    named(dialog, "Copy the shop counter’s address for Clients").click()
    assert QGuiApplication.clipboard().text() == f"{served.readers[0][1]}counter.html"
    readers.open.click()
    anne.until(lambda: anne.ask(anne.bridge.engine.publishing.serving.served()).opened)
    assert "listens on the network" in asked[0]
    readers.open.click()
    anne.until(lambda: not anne.ask(anne.bridge.engine.publishing.serving.served()).opened)
    named(dialog, "Revoke the address for Clients").click()
    anne.until(lambda: "Clients" not in shown(dialog))
    assert len(asked) == 1
    dialog.accept()


def test_who_does_not_want_it_open_after_the_warning_has_it_closed(
    anne: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscribers, "sure", lambda *_words: False)
    dialog = opened(anne, anne.window())
    dialog.readers.open.click()
    anne.until(lambda: not dialog.readers.open.isChecked())
    assert not anne.ask(anne.bridge.engine.publishing.serving.served()).opened
    dialog.accept()


def test_the_counters_posts_are_listed_and_taken_off(anne: Desk) -> None:
    window = anne.window()
    engine = anne.bridge.engine
    anne.ask(engine.publishing.set_tags("shop"))
    rows = [anne.post(f"{word} #shop") for word in ("bread", "<b>cake</b>")]
    for row in rows:
        anne.ask(engine.publishing.pick(row.id))
    dialog = opened(anne, window)

    def listed() -> list[str]:
        return [one.text() for one in dialog.counter.findChildren(Elided) if one.isVisibleTo(dialog)]

    anne.until(lambda: listed() == ["Anne Martin: <b>cake</b> #shop", "Anne Martin: bread #shop"])
    named(dialog, "Take “bread #shop” off the counter").click()
    anne.until(lambda: listed() == ["Anne Martin: <b>cake</b> #shop"])
    anne.ask(engine.withdraw(rows[1].id))
    anne.until(lambda: "Nothing is picked." in shown(dialog))
    dialog.accept()


def test_the_office_menu_leads_there(anne: Desk) -> None:
    window = anne.window()
    menu = window.office_menu.menu()
    assert isinstance(menu, QMenu) and "Publishing…" in [action.text() for action in menu.actions()]
    menu.deleteLater()
