"""The office's settings in the window: set by a keyholder, read by everybody, felt by all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTime
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton

from deskblog.log.settings import ANY_HOUR, FEEDS, LOCKS, QUIET, OfficeFeed
from deskblog.records import replace
from deskblog.ui.feeds import FeedsDialog
from deskblog.ui.office_parts import THESE, USUAL
from deskblog.ui.office_settings import OfficeSettingsDialog
from deskblog.ui.quiet import QuietHours
from deskblog.values import USUAL_HOURS, Hours, Role
from tests.ui.desk import Colleague, Desk

BREW = OfficeFeed("https://brew.example/feed.xml", "Trade", "<b>Brewers</b>")
EARLY = Hours(7 * 60, 16 * 60 + 30, (0, 1, 3))


def opened(desk: Desk) -> OfficeSettingsDialog:
    window = desk.window()
    window.office_menu.settings()
    desk.until(lambda: isinstance(QApplication.activeModalWidget(), OfficeSettingsDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, OfficeSettingsDialog)
    return dialog


def shown(dialog: OfficeSettingsDialog) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisibleTo(dialog))


def settle(desk: Desk, **changes: object) -> None:
    settings = desk.bridge.engine.office_settings
    desk.ask(settings.set(replace(settings.now, **changes)))  # type: ignore[arg-type]


def test_a_keyholder_sets_all_of_it_with_one_press_and_closing_sets_nothing(anne: Desk, paul: Colleague) -> None:
    settings = anne.bridge.engine.office_settings
    dialog = opened(anne)
    assert not dialog.set.isEnabled() and "Set by Anne Martin on" in dialog.by.text()
    dialog.office.name.line.clear()
    anne.qtbot.keyClicks(dialog.office.name.line, "Chez nous")
    dialog.office.kept.setCurrentIndex(dialog.office.kept.findData(365))
    dialog.office.often.setCurrentIndex(dialog.office.often.findData(5))
    dialog.hours.which.setCurrentIndex(THESE)
    dialog.hours._change()
    dialog.hours.begins.setTime(QTime(7, 30))
    dialog.hours.days[4].click()
    dialog.hours.lock.click()
    dialog.tags.tags.line.setText("#Shop, menu")
    dialog.feeds.folder.line.setText("Trade")
    dialog.feeds.address.line.setText("brew.example/feed.xml")
    dialog.feeds.go.click()
    dialog.feeds.lock.click()
    dialog.feeds.address.line.setText("https://typed.example/")  # and not added yet
    assert settings.now.name == "Dupont & fils" and dialog.set.isEnabled()
    dialog.set.click()
    anne.until(lambda: "on every PC" in dialog.told.text())
    now = settings.now
    assert (now.days, now.announcements, now.tags) == (365, 5, ("menu", "shop"))
    assert now.hours == Hours(450, 1140, (0, 1, 2, 3)) and now.locked == set(LOCKS)
    assert now.feeds == (replace(BREW, title=""), OfficeFeed("https://typed.example/", "Trade"))
    assert "Chez nous (before: Dupont & fils)" in dialog.told.text() and not dialog.set.isEnabled()
    anne.until(lambda: paul.engine.office_settings.now == now)
    dialog.feeds.lines.itemAt(1).widget().findChild(QPushButton).click()  # type: ignore[union-attr]
    dialog.hours.which.setCurrentIndex(USUAL)
    dialog.hours._change()
    assert not dialog.hours.lock.isChecked()
    dialog.accept()
    assert settings.now == now
    dialog = opened(anne)
    assert dialog.wanted() == now and not dialog.set.isEnabled()
    dialog.accept()


def test_what_is_changed_while_the_disk_is_slow_is_to_be_set_still(anne: Desk) -> None:
    settings = anne.bridge.engine.office_settings
    dialog = opened(anne)
    anne.qtbot.keyClicks(dialog.office.name.line, " et Cie")
    with anne.slow_disk():
        dialog.set.click()
        anne.qtbot.keyClicks(dialog.tags.tags.line, "#shop")
    anne.until(lambda: "on every PC" in dialog.told.text())
    assert settings.now.name == "Dupont & fils et Cie" and settings.now.tags == ()
    assert dialog.tags.tags.line.text() == "#shop" and dialog.set.isEnabled()
    dialog.set.click()
    anne.until(lambda: settings.now.tags == ("shop",))
    assert settings.now.name == "Dupont & fils et Cie"


def test_what_cannot_be_is_said_beside_it_and_nothing_is_set(anne: Desk) -> None:
    settings = anne.bridge.engine.office_settings
    before = settings.now
    dialog = opened(anne)

    def refused(entry: QLabel, words: str) -> None:
        assert words in entry.text() and entry.isVisibleTo(dialog), entry.text()
        assert settings.now == before

    for address, words in (
        ("nothing", "no address"),
        ("http://nas/feed", "your own network"),
        ("https://anne:secret@brew.example/", "password"),
        ("https://brew.example/" + "x" * 500, "500 characters"),
    ):
        dialog.feeds.address.line.setText(address)
        dialog.feeds.go.click()
        refused(dialog.feeds.address.problem, words)
        dialog._touched()
        dialog.set.click()
        refused(dialog.feeds.address.problem, words)
        assert dialog.feeds.address.line.text() == address
    dialog.feeds.address.line.setText(BREW.url)
    dialog.feeds.go.click()
    dialog.feeds.address.line.setText(BREW.url)
    dialog.feeds.go.click()
    refused(dialog.feeds.address.problem, "already")
    dialog.feeds.address.line.clear()
    dialog.tags.tags.line.setText("#a.b")
    dialog.set.click()
    refused(dialog.tags.tags.problem, "no tag")
    dialog.tags.tags.line.clear()
    dialog.hours.which.setCurrentIndex(THESE)
    dialog.hours._change()
    for day in dialog.hours.days:
        day.setChecked(False)
    dialog.set.click()
    refused(dialog.hours.problem, "a day at least")
    dialog.office.name.line.setText(" ")
    dialog.set.click()
    refused(dialog.office.name.problem, "name is needed")
    dialog.accept()


def test_others_read_what_holds_and_who_set_it_and_see_it_change(anne: Desk, paul: Colleague) -> None:
    anne.ask(anne.bridge.engine.membership.role("Paul Bernard", Role.KEYHOLDER))
    anne.until(lambda: paul.engine.office_settings.may_set)
    settings = paul.engine.office_settings
    paul.do(settings.set(replace(settings.now, feeds=(BREW,), hours=EARLY, locked=frozenset(LOCKS))))
    anne.until(lambda: anne.bridge.engine.office_settings.now.feeds == (BREW,))
    paul.do(paul.engine.membership.role("Anne Martin", Role.MEMBER))
    anne.until(lambda: not anne.bridge.engine.office_settings.may_set)
    dialog = opened(anne)
    assert "Set by Paul Bernard on" in dialog.by.text() and "A keyholder can change it." in dialog.by.text()
    assert f"{BREW.url} (<b>Brewers</b>, Trade)" in shown(dialog)
    assert not dialog.set.isVisibleTo(dialog) and not dialog.take.isVisibleTo(dialog)
    for button in dialog.findChildren(QPushButton):
        assert button.text() in ("Close", "Write to a file…") or not button.isVisibleTo(dialog)
    assert all(line.isReadOnly() or not line.isEnabled() or not line.isVisibleTo(dialog)
               for line in dialog.findChildren(QLineEdit))  # fmt: skip
    assert "07:00 to 16:30, Mon–Tue, Thu" in shown(dialog)
    for box in (dialog.hours.lock, dialog.feeds.lock):
        assert box.isChecked() and not box.isEnabled()
    assert not any(part.isVisibleTo(dialog) for part in (dialog.hours.which, dialog.hours.hours, dialog.office.kept))
    paul.do(settings.set(replace(settings.now, name="Chez Paul", hours=ANY_HOUR)))
    anne.until(lambda: dialog.office.name.line.text() == "Chez Paul")
    assert "at any time" in shown(dialog)
    dialog.accept()


def test_what_a_colleague_sets_meanwhile_stays_where_one_changed_nothing(anne: Desk, paul: Colleague) -> None:
    anne.ask(anne.bridge.engine.membership.role("Paul Bernard", Role.KEYHOLDER))
    anne.until(lambda: paul.engine.office_settings.may_set)
    settings, his = anne.bridge.engine.office_settings, paul.engine.office_settings
    dialog = opened(anne)
    dialog.tags.tags.line.setText("#shop")
    dialog._touched()
    paul.do(his.set(replace(his.now, feeds=(BREW,), days=30)))
    anne.until(lambda: settings.now.days == 30)
    assert dialog.tags.tags.line.text() == "#shop"
    dialog.set.click()
    anne.until(lambda: "on every PC" in dialog.told.text())
    assert settings.now.tags == ("shop",)
    assert (settings.now.days, settings.now.feeds) == (30, (BREW,))
    anne.until(lambda: dialog.office.kept.currentData() == 30)
    dialog.accept()


def test_it_is_written_to_a_file_and_what_a_file_says_is_shown_before_it_is_set(anne: Desk, tmp_path: Path) -> None:
    settings = anne.bridge.engine.office_settings
    dialog = opened(anne)
    path = tmp_path / "office.toml"
    dialog.give_to(path)
    anne.until(lambda: "office.toml" in dialog.told.text())
    dialog.take_from(path)
    anne.until(lambda: "holds already" in dialog.told.text())
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("retention-days = 0", "retention-days = 90"), encoding="utf-8")
    dialog.take_from(path)
    anne.until(lambda: dialog.office.kept.currentData() == 90)
    assert settings.now.days == 0 and "before you set it" in dialog.told.text()
    dialog.set.click()
    anne.until(lambda: "on every PC" in dialog.told.text())
    assert settings.now.days == 90
    path.write_text("retention-days = many", encoding="utf-8")
    dialog.take_from(path)
    anne.until(lambda: "Line 1 of the file cannot be read" in dialog.told.text())
    dialog.give_to(tmp_path)
    anne.until(lambda: "cannot be written" in dialog.told.text())
    dialog.accept()


def test_hours_set_by_the_office_are_grey_and_own_ones_have_a_way_back(anne: Desk) -> None:
    window = anne.window()
    attention = anne.bridge.engine.attention
    settle(anne, hours=EARLY)
    dialog = quiet(anne, QuietHours(anne.bridge, window))
    assert dialog.begins.time() == QTime(7, 0) and "hours of the office" in dialog.office.said.text()
    assert not dialog.office.back.isVisibleTo(dialog)
    dialog.told.click()
    anne.until(lambda: not attention.chosen.told)
    assert not attention.own, "only a switch was pressed"
    dialog.ends.setTime(QTime(18, 0))
    anne.until(lambda: attention.own)
    anne.until(lambda: dialog.office.back.isVisibleTo(dialog))
    assert "The office has 07:00 to 16:30" in dialog.office.said.text()
    dialog.office.back.click()
    anne.until(lambda: not attention.own and dialog.ends.time() == QTime(16, 30))
    settle(anne, hours=EARLY, locked=frozenset({QUIET}))
    dialog.begins.setTime(QTime(9, 0))  # the dialog was open when they were locked
    anne.until(lambda: "office has set" in dialog.said.text())
    assert dialog.begins.time() == QTime(7, 0) and not dialog.begins.isEnabled()
    dialog = quiet(anne, QuietHours(anne.bridge, window))
    assert "Set by the office" in dialog.office.said.text()
    for part in (dialog.hours, dialog.begins, dialog.ends, *dialog.days):
        assert not part.isEnabled()
    dialog.popups.click()
    anne.until(lambda: not attention.chosen.popups)
    settle(anne, hours=None, locked=frozenset())
    dialog = quiet(anne, QuietHours(anne.bridge, window))
    assert attention.hours == USUAL_HOURS and not dialog.office.isVisibleTo(dialog)


def quiet(desk: Desk, dialog: QuietHours) -> QuietHours:
    desk.widgets.append(dialog)
    dialog.show()
    return dialog


def test_at_the_start_it_is_said_when_the_offices_popups_come(anne: Desk) -> None:
    settle(anne, hours=EARLY)
    window = anne.window()
    anne.until(lambda: window.notes.calm.isVisible())
    assert "The office has set when popups come: 07:00 to 16:30" in window.notes.calm.line.text()


def test_on_the_page_of_feeds_the_offices_are_marked_and_a_locked_one_cannot_be_removed(anne: Desk) -> None:
    settle(anne, feeds=(BREW,), locked=frozenset({FEEDS}))
    dialog = FeedsDialog(anne.bridge, anne.window())
    anne.widgets.append(dialog)
    feeds = anne.bridge.engine.feeds

    def row_where(true: Callable[[], bool]) -> None:
        anne.until(lambda: bool(dialog.rows) and true())
        dialog.look()

    dialog.look()
    row_where(lambda: dialog.rows[0].whose.locked)
    assert "from the office" in "\n".join(
        str(dialog.list.feeds.data(dialog.list.feeds.index(n), 11)) for n in range(dialog.list.feeds.rowCount())
    )
    lines = {action.text().partition("\t")[0]: action for action in dialog.menu(dialog.rows[0]).actions()}
    assert not lines["Follow it no more…"].isEnabled()
    dialog.remove(dialog.rows[0])
    assert "Mute it" in dialog.said.text()
    lines["Keep it for good"].trigger()
    anne.until(lambda: bool(dialog.rows) and not dialog.rows[0].whose.given)
    settle(anne, feeds=())
    anne.until(lambda: not any(row.whose.office for row in anne.ask(feeds.rows())))
    assert len(anne.ask(feeds.rows())) == 1
