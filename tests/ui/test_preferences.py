"""Preferences: found by their words, in force at once, there again after a restart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import pytest
from PySide6.QtCore import QPointF, Qt, QTime, QTimer, QTranslator
from PySide6.QtGui import QAccessible, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QDialog, QLineEdit, QTimeEdit, QWidget
from pytestqt.qtbot import QtBot

from deskblog import app as opening
from deskblog import i18n
from deskblog.app import App
from deskblog.settings import FILE, Keeper, Settings
from deskblog.ui import keys
from deskblog.ui import theme as look
from deskblog.ui.draft import Draft
from deskblog.ui.flyout import Flyout
from deskblog.ui.hotkey import PROPOSED, Hotkey
from deskblog.ui.prefer_days import FromFeeds, PoppingUp, TheWindow, Writing
from deskblog.ui.prefer_desktop import OnTheDesktop
from deskblog.ui.prefer_look import Look, own_name
from deskblog.ui.preferences import Preferences
from deskblog.ui.preferences_page import PreferencesPage
from deskblog.ui.quiet import QuietHours
from deskblog.ui.setting import Options, Setting
from deskblog.ui.spelling import Spelling
from deskblog.ui.theme import Theme
from deskblog.ui.window import Window
from tests.ui.desk import PATIENCE, Desk, options


class Entry:
    """Where a system keeps what begins with the session; `broken`: it lets nobody."""

    def __init__(self) -> None:
        self.kept: list[str] | None = None
        self.broken = False

    def read(self) -> list[str] | None:
        return self.kept

    def write(self, command: Sequence[str]) -> None:
        if self.broken:
            raise PermissionError(13, "Permission denied")
        self.kept = list(command)

    def remove(self) -> None:
        self.kept = None


class Opened:
    """The preferences of a desk, before a person."""

    def __init__(self, desk: Desk, theme: Theme, keeper: Keeper) -> None:
        self.desk, self.keeper = desk, keeper
        self.window: Window = desk.window()
        self.flyout = Flyout(desk.bridge, Draft(desk.bridge, desk.bridge))
        desk.widgets.append(self.flyout)
        self.hotkey = Hotkey(desk.bridge, self.window, platform="xcb-elsewhere")
        self.entry = Entry()
        desktop = partial(OnTheDesktop, self.hotkey, entry=self.entry)
        self.preferences = Preferences(desk.bridge, keeper, theme, self.window, self.spellings, desktop)
        self.window.preferring.connect(self.preferences.open)
        self.preferences.open()
        assert self.preferences.page is not None
        self.page: PreferencesPage = self.preferences.page
        sections = self.page.sections
        found = {type(section): section for section in sections}
        self.look, self.days = found[Look], found[Writing]
        assert isinstance(self.look, Look)
        self.closing, self.desktop, self.writing, self.popping, self.feeds, self.newer = sections[1:]

    def spellings(self) -> list[Spelling]:
        return [part.composer.spelling for part in (self.window, self.flyout)]

    def shown(self) -> list[str]:
        """The settings in sight."""
        return [one.name for section in self.page.sections for one in section.settings if one.isVisible()]


@pytest.fixture
def opened(anne: Desk, theme: Theme) -> Iterator[Opened]:
    made = Opened(anne, theme, Keeper(anne.folder))
    theme.changed.connect(made.window.restyle)  # as the app does
    yield made
    theme.wear(Settings(look="light"))


def pick(options: Options, value: object) -> None:
    """As a person picks it in the list."""
    place = next(n for n in range(options.count()) if options.itemData(n) == value)
    options.setCurrentIndex(place)
    options.activated.emit(place)


# --- look -------------------------------------------------------------------------------------------------
def test_colours_are_worn_as_soon_as_they_are_picked_and_kept(opened: Opened, qapp: QApplication) -> None:
    assert isinstance(opened.look, Look)
    for name, colours in (("dark", look.DARK), ("contrast-dark", look.CONTRAST_DARK), ("light", look.LIGHT)):
        pick(opened.look.look, name)
        assert look.now() == colours
        assert qapp.palette().window().color().name() == colours.window
        assert Keeper(opened.desk.folder).now.look == name


def test_the_size_of_text_is_seen_at_once_in_every_window(opened: Opened) -> None:
    assert isinstance(opened.look, Look)
    field, title, header = opened.window.composer.field, opened.window.title, opened.window._header
    before, high = (field.font().pointSizeF(), title.font().pointSizeF()), header.height()
    pick(opened.look.text, 200)
    after = field.font().pointSizeF(), title.font().pointSizeF()
    assert after == pytest.approx([2 * before[0], 2 * before[1]], rel=0.02)
    opened.desk.until(lambda: header.height() > 1.5 * high)
    assert Keeper(opened.desk.folder).now.text == 200


def test_what_moves_stands_still_at_once(opened: Opened, qapp: QApplication) -> None:
    assert isinstance(opened.look, Look)
    opened.look.still.click()
    assert qapp.cursorFlashTime() == 0 and not Keeper(opened.desk.folder).now.moves
    opened.look.still.click()
    assert qapp.cursorFlashTime() > 0 and Keeper(opened.desk.folder).now.moves


def test_a_look_that_cannot_be_kept_holds_and_is_said(opened: Opened) -> None:
    assert isinstance(opened.look, Look)
    (opened.desk.folder / f"{FILE}.part").mkdir()
    pick(opened.look.look, "dark")
    assert look.now() == look.DARK
    assert "cannot be kept" in opened.page.problem.text() and opened.page.problem.isVisible()


def test_a_damaged_file_is_said_in_the_window(anne: Desk, theme: Theme) -> None:
    (anne.folder / FILE).write_bytes(b"\x00\x01")
    opened = Opened(anne, theme, Keeper(anne.folder))
    opened.preferences.begin()
    assert opened.window.banner.isVisible()
    assert "damaged" in opened.window.banner.what.text() and "set aside" in opened.window.banner.more.text()


def test_every_language_there_is_can_be_chosen_in_its_own_words(opened: Opened) -> None:
    assert isinstance(opened.look, Look)
    offered = [opened.look.language.itemText(n) for n in range(opened.look.language.count())]
    assert offered[0] == "As the system" and {"English", "Français"} <= set(offered)
    assert len(offered) == 1 + len(i18n.languages())
    assert own_name("de") == "Deutsch"


def test_a_language_opens_deskblog_again_and_the_arrows_only_open_the_list(opened: Opened, qtbot: QtBot) -> None:
    assert isinstance(opened.look, Look)
    language = opened.look.language
    QTest.keyClick(language, Qt.Key.Key_Down)
    assert language.view().isVisible() and opened.keeper.now.language == ""
    language.hidePopup()
    with qtbot.waitSignal(opened.preferences.again):
        pick(language, "fr")
    assert Keeper(opened.desk.folder).now.language == "fr"
    with qtbot.assertNotEmitted(opened.preferences.again):
        pick(language, "en")  # which is spoken already


# --- every day --------------------------------------------------------------------------------------------
def test_closing_the_window_means_what_was_chosen(opened: Opened, qtbot: QtBot) -> None:
    section = opened.closing
    assert isinstance(section, TheWindow)
    pick(section.closes, "quit")
    assert opened.desk.ask(opened.desk.bridge.engine.remembered("on-close")) == "quit"
    with qtbot.waitSignal(opened.window.closing) as closing:
        opened.window.close()
    assert closing.args == ["quit"]


def test_the_time_to_take_a_post_back_holds_for_the_next_post(opened: Opened) -> None:
    section, engine = opened.writing, opened.desk.bridge.engine
    assert isinstance(section, Writing)
    pick(section.undo, 10)
    opened.desk.until(lambda: engine.outbox.seconds == 10)
    opened.window.composer.field.setPlainText("One moment")
    opened.window.composer.send()
    opened.desk.until(lambda: bool(opened.window.waiting.lines))
    pick(section.undo, 0)
    opened.desk.until(lambda: engine.outbox.seconds == 0)


def test_a_time_from_the_command_line_stands_in_the_list(anne: Desk, theme: Theme) -> None:
    anne.ask(anne.bridge.engine.outbox.wait(12))
    section = Opened(anne, theme, Keeper(None)).writing
    assert isinstance(section, Writing)
    assert section.undo.currentData() == 12 and section.undo.currentText() == "12 seconds"


def test_spelling_marks_are_switched_in_both_fields(opened: Opened) -> None:
    section = opened.writing
    assert isinstance(section, Writing)
    fields = opened.window.composer.spelling, opened.flyout.composer.spelling
    was = section.marks.isChecked()
    section.marks.click()
    assert [one.off for one in fields] == [was, was]
    kept = opened.desk.ask(opened.desk.bridge.engine.remembered("spelling-off"))
    assert bool(kept) is was


def test_popups_and_the_digest_are_those_of_quiet_hours(opened: Opened) -> None:
    section, engine = opened.popping, opened.desk.bridge.engine
    assert isinstance(section, PoppingUp)
    section.popups.click()
    opened.desk.until(lambda: not engine.attention.chosen.popups)
    section.at.click()
    section.clock.setTime(QTime(16, 30))
    opened.desk.until(lambda: engine.digests.chosen.at == 16 * 60 + 30)
    section.quiet.click()
    dialog = opened.page.findChild(QuietHours)
    assert dialog is not None and not dialog.popups.isChecked() and dialog.digest.at.isChecked()
    dialog.popups.click()
    opened.desk.until(lambda: engine.attention.chosen.popups)
    dialog.accept()
    assert section.popups.isChecked()


def test_feeds_are_fetched_once_only_after_it_was_said_what_that_means(opened: Opened) -> None:
    section, engine = opened.feeds, opened.desk.bridge.engine
    assert isinstance(section, FromFeeds)
    answer(opened, "Cancel", section.once.click)
    assert not section.once.isChecked() and not engine.feeds.sharing.on
    answer(opened, "Fetch them once", section.once.click)
    opened.desk.until(lambda: engine.feeds.sharing.on)


def answer(opened: Opened, label: str, ask: Callable[[], None]) -> None:
    """Presses a button of the question that `ask` leads to."""

    def press() -> None:
        box = QApplication.activeModalWidget()
        if not isinstance(box, QDialog):
            QTimer.singleShot(20, press)
            return
        next(one for one in box.findChildren(QAbstractButton) if one.text() == label).click()

    QTimer.singleShot(20, press)
    ask()


def test_what_is_chosen_is_there_when_the_page_is_opened_anew(opened: Opened, theme: Theme, qtbot: QtBot) -> None:
    assert isinstance(opened.look, Look) and isinstance(opened.writing, Writing)
    pick(opened.look.text, 125)
    pick(opened.writing.undo, 20)
    opened.desk.until(lambda: opened.desk.bridge.engine.outbox.seconds == 20)
    opened.page.close()
    qtbot.waitUntil(lambda: opened.preferences.page is None, timeout=PATIENCE)
    opened.desk.close()
    opened.desk.open()
    again = Opened(opened.desk, theme, Keeper(opened.desk.folder))
    assert isinstance(again.look, Look) and isinstance(again.writing, Writing)
    assert again.look.text.currentData() == 125 and again.writing.undo.currentData() == 20


# --- finding ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("undo", ["Time to take a post back"]),
        ("HIGH contrast", ["Colours"]),
        ("francais", ["Language"]),
        ("  seconds ", ["Time to take a post back"]),
        ("look nothing", ["Nothing moves by itself"]),
        ("zebra", []),
    ],
)
def test_a_setting_is_found_by_its_words(opened: Opened, typed: str, found: list[str]) -> None:
    everything = opened.shown()
    opened.page.search.setText(typed)
    assert opened.shown() == found
    assert opened.page.none.isVisible() is (not found)
    sections = [one for one in opened.page.sections if one.isVisible()]
    assert all(any(setting.isVisible() for setting in one.settings) for one in sections)
    QTest.keyClick(opened.page.search, Qt.Key.Key_Escape)
    assert opened.page.isVisible() and opened.shown() == everything


def test_accents_may_be_left_out(theme: Theme, qtbot: QtBot) -> None:
    setting = Setting("Dictée du cœur", "L’été, à l’écran", QLineEdit())
    qtbot.addWidget(setting)
    for words in (["dictee"], ["coeur"], ["l'ete"], ["ecran", "dictee"], ["partie"]):
        assert setting.fits(words, "Une partie")
    assert not setting.fits(["dicter"], "")


# --- by the keyboard, and heard -----------------------------------------------------------------------------
def test_everything_is_reached_by_the_keyboard_and_has_a_name(opened: Opened) -> None:
    page = opened.page
    controls = [one for kind in (QAbstractButton, QComboBox, QTimeEdit) for one in page.findChildren(kind)]
    mine = [one for one in controls if one.isVisibleTo(page) and one.focusPolicy() & Qt.FocusPolicy.TabFocus]
    reached: list[QWidget] = []
    page.search.setFocus()
    for _press in range(60):
        focused = QApplication.focusWidget()
        if focused is None or focused in reached:
            break
        reached.append(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert [one for one in mine if one.isEnabled() and one not in reached] == []
    for one in mine:
        spoken = QAccessible.queryAccessibleInterface(one).text(QAccessible.Text.Name)
        assert spoken, one
    described = [one for section in page.sections for setting in section.settings for one in setting.controls]
    assert all(one.accessibleDescription() for one in described)


def test_a_wheel_that_scrolls_past_changes_nothing(opened: Opened) -> None:
    assert isinstance(opened.look, Look)
    box = opened.look.text
    middle = QPointF(box.rect().center())
    turn = QWheelEvent(
        middle,
        box.mapToGlobal(middle),
        QPointF(0, -120).toPoint(),
        QPointF(0, -120).toPoint(),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(box, turn)
    assert box.currentData() == 100


def test_they_are_opened_from_the_menu_and_by_a_key_once(opened: Opened, qtbot: QtBot) -> None:
    opened.page.close()
    qtbot.waitUntil(lambda: opened.preferences.page is None, timeout=PATIENCE)
    opened.window.activateWindow()
    qtbot.waitUntil(opened.window.isActiveWindow)
    QTest.keyClick(opened.window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    assert opened.preferences.page is not None
    page = opened.preferences.page
    menu = opened.window.office_menu.menu()
    line = next(action for action in menu.actions() if action.text() == "Preferences…")
    assert line.shortcut().toString() == "Ctrl+,"
    line.trigger()
    assert opened.preferences.page is page


@pytest.mark.parametrize("size", [100, 200])
@pytest.mark.parametrize("wide", [420, 620])
def test_nothing_is_cut_off_whatever_the_size_of_text(opened: Opened, theme: Theme, wide: int, size: int) -> None:
    theme.wear(Settings(text=size, look="light"))
    opened.page.resize(wide, 640)
    QApplication.processEvents()
    assert opened.page.area.horizontalScrollBar().maximum() == 0
    for section in opened.page.sections:
        for setting in section.settings:
            for control in setting.controls:
                assert setting.rect().contains(control.geometry()), setting.name
                assert control.width() >= control.minimumSizeHint().width(), setting.name


@pytest.mark.parametrize("size", [100, 150, 200])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_narrow_window_holds_large_text(
    anne: Desk, theme: Theme, spoken: Callable[[str], None], language: str, size: int
) -> None:
    spoken(language)
    theme.wear(Settings(text=size, look="light"))
    window = anne.window()
    window.resize(420, 640)
    window.composer.field.setPlainText("As long as a post may be without any word of warning. " * 2)
    buttons: list[QWidget] = [
        *(window.views, window.here, window.invite_button, window.search),
        *(window.composer.attach, window.composer.smiley, window.composer.question, window.composer.aim),
        *(window.composer.counter, window.composer.button),
    ]
    anne.until(lambda: cut_off(window, buttons) == [])
    places = [one.rect().translated(one.mapTo(window, one.rect().topLeft())) for one in buttons]
    assert not any(a.intersects(b) for n, a in enumerate(places) for b in places[n + 1 :])


def test_a_refused_post_and_its_tools_are_whole_in_large_text(
    anne: Desk, theme: Theme, spoken: Callable[[str], None]
) -> None:
    spoken("en")
    theme.wear(Settings(text=200, look="light"))
    window = anne.window()
    composer = window.composer
    composer.field.setPlainText("Two\nlines")
    composer.problem.tell("What is said of it takes a line and another at this size of the text, as this does.")
    window.resize(940, 450)
    anne.until(lambda: composer.problem.height() >= composer.problem.heightForWidth(composer.problem.width()))
    anne.until(lambda: composer.field.geometry().bottom() < composer.problem.geometry().top())
    anne.until(lambda: composer.problem.geometry().bottom() < composer.foot.geometry().top())
    anne.until(lambda: composer.foot.height() >= composer.foot.minimumSizeHint().height())


def cut_off(window: Window, parts: list[QWidget]) -> list[str]:
    """What has less room than it needs, or stands outside."""
    found = []
    for one in parts:
        fixed = one.minimumWidth() == one.maximumWidth()  # as a picture is
        room = fixed or one.width() >= one.minimumSizeHint().width()
        corners = one.rect().topLeft(), one.rect().bottomRight()
        if not room or not all(window.rect().contains(one.mapTo(window, corner)) for corner in corners):
            found.append(one.accessibleName())
    return found


@pytest.fixture
def spoken(theme: Theme) -> Iterator[Callable[[str], None]]:
    def speak(language: str) -> None:
        i18n.use(language)

    yield speak
    i18n.use("en")
    theme.wear(Settings(look="light"))


# --- the whole app ----------------------------------------------------------------------------------------
def test_the_app_opens_again_in_the_language_that_was_chosen(
    qapp: QApplication, anne: Desk, theme: Theme, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    anne.bridge.stop()
    monkeypatch.delenv("DESKBLOG_LANGUAGE")
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    runs: list[App] = []
    begun: list[str] = []

    class Watched(App):
        def __init__(self, *args: object, **more: object) -> None:
            super().__init__(*args, **more)  # type: ignore[arg-type]
            self.window.closes.choice = "quit"
            runs.append(self)

    def look_on() -> None:
        run = runs[-1] if runs else None
        page = run.preferences.page if run is not None else None
        if run is not None and run.window.isVisible() and len(begun) < len(runs):
            if len(runs) == 1:
                begun.append(run.window.invite_button.accessibleName())
                run.preferences.open()
                assert run.preferences.page is not None
                first = run.preferences.page.sections[0]
                assert isinstance(first, Look)
                pick(first.language, "fr")
            elif page is not None:
                begun.append(run.window.invite_button.accessibleName())
                run.quit()

    timer = QTimer(interval=50)
    timer.timeout.connect(look_on)
    timer.start()
    monkeypatch.setattr(opening, "App", Watched)
    monkeypatch.setattr(opening, "Options", lambda **_said: options(anne.folder))
    code = opening.main(["--data", str(anne.folder)])
    timer.stop()
    for run in runs:
        for widget in (run.window, run.quick.flyout):
            widget.deleteLater()
    assert code == 0 and begun == ["Invite", "Inviter"]
    assert Keeper(anne.folder).now.language == "fr"
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
    i18n.use("en")
    theme.wear(Settings(look="dark"))
    theme.wear(Settings(look="light"))


# --- keys -------------------------------------------------------------------------------------------------
def test_each_key_of_the_table_is_explained_and_none_has_two_meanings() -> None:
    named = {(place, name) for place, names in keys.KEYS.items() for name in names}
    assert named == set(keys.says()) and set(keys.places()) == set(keys.KEYS)
    for place, names in keys.KEYS.items():
        bound = [one.toString() for name in names for one in keys.sequences(place, name)]
        assert sorted(bound) == sorted(set(bound)), place


def test_the_page_of_keys_shows_them_all(anne: Desk) -> None:
    from deskblog.ui.keyboard import KeyboardPage

    window = anne.window()
    window.activateWindow()
    anne.until(window.isActiveWindow)
    QTest.keyClick(window, Qt.Key.Key_F1)
    page = window.findChild(KeyboardPage)
    assert page is not None
    assert page.lines["window", "preferences"].keys == ["Ctrl+,"]
    assert page.lines["field", "at-once"].keys == ["Ctrl+Enter"]
    assert page.lines["post", "answer"].keys == ["A"]
    bound = {(place, name) for place, names in keys.KEYS.items() for name in names if keys.sequences(place, name)}
    assert set(page.lines) == bound
    page.close()


# --- on the desktop ---------------------------------------------------------------------------------------
def test_it_begins_with_the_session_once_that_is_wanted(opened: Opened) -> None:
    assert isinstance(opened.desktop, OnTheDesktop)
    opened.desktop.session.click()
    assert "--hidden" in (opened.entry.read() or [])
    opened.desktop.session.click()
    assert opened.entry.read() is None
    opened.entry.broken = True
    opened.desktop.session.click()
    assert not opened.desktop.session.isChecked() and "Permission denied" in opened.page.problem.text()


def test_keys_that_the_system_does_not_give_are_said_to_be_so_and_kept_all_the_same(opened: Opened) -> None:
    assert isinstance(opened.desktop, OnTheDesktop)
    assert "whatever program" in opened.desktop.settings[1].more.text()
    pick(opened.desktop.keys, PROPOSED)
    assert "deskblog --compose" in opened.desktop.settings[1].more.text()
    desk = opened.desk
    desk.until(lambda: desk.ask(desk.bridge.engine.remembered("hotkey")) == PROPOSED)
    pick(opened.desktop.keys, "")
    assert "whatever program" in opened.desktop.settings[1].more.text() and opened.hotkey.keys == ""
