"""The tray app: one instance a data folder; knows engine, window, tray and demo, and puts them together."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from deskblog import ui  # noqa: F401, first: see there

# isort: split
from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QCursor, QGuiApplication
from PySide6.QtWidgets import QApplication

from deskblog import app_words, doorbell, events, i18n, paths
from deskblog.attention.popup import Press
from deskblog.engine import Options
from deskblog.engine.newer import newer_words
from deskblog.engine.program_words import came_words
from deskblog.errors import UserError
from deskblog.settings import Keeper
from deskblog.ui.autostart_offer import AutostartOffer
from deskblog.ui.away import Away
from deskblog.ui.bridge import Bridge
from deskblog.ui.closing import Aside
from deskblog.ui.cup import cup_icon
from deskblog.ui.door import Door
from deskblog.ui.draft import Draft
from deskblog.ui.hotkey import Hotkey
from deskblog.ui.lock import Lock
from deskblog.ui.pause import fill_pause
from deskblog.ui.popups import Popups
from deskblog.ui.preferences import Preferences, on_the_desktop
from deskblog.ui.quick_post import QuickPost
from deskblog.ui.session import Application, Session
from deskblog.ui.speech import Speech
from deskblog.ui.spelling import Spelling
from deskblog.ui.sweeper import Sweeper
from deskblog.ui.theme import Theme
from deskblog.ui.tray import Tray
from deskblog.ui.window import Window

if TYPE_CHECKING:
    from deskblog.demo import Demo
    from deskblog.guided import Guided
    from deskblog.ui.welcome import Welcome

REST = 200  # ms after the window
REAL = Options(undo_seconds=8, popups=True, hushed=True, patience=5.0)  # how an app that is no demo starts its engine


def main(argv: Sequence[str] | None = None) -> int:
    """Opens the app, or raises the one that runs on this folder; its exit code."""
    i18n.use()
    args = app_words.read(argv)
    if args.tell_version:
        return app_words.tell(args)
    app = QApplication.instance() or Application(["deskblog"])
    assert isinstance(app, Application)
    app.setApplicationName("deskblog")
    app.setDesktopFileName("deskblog")
    app.setQuitOnLastWindowClosed(False)
    app.setWindowIcon(cup_icon())
    Sweeper(app)
    folder = None if args.demo else paths.data_folder(args.data)
    door = Door(folder) if folder is not None else None
    if door is not None and door.call(args.bell):
        return 0
    keeper = Keeper(folder)
    speech, theme = Speech(app), Theme(app, keeper.now)
    speech.use(os.environ.get("DESKBLOG_LANGUAGE") or keeper.now.language)
    hidden, compose, again = args.hidden, args.compose, False
    while True:
        if door is not None:
            door.open()
        options = REAL if door is not None else Options()
        run = App(app, theme, folder, options, keeper, door=door, demo=None if folder is not None else _demo())
        run.preferring = again
        code = run.run(hidden=hidden, compose=compose)
        if not run.again:
            return code
        speech.use(keeper.now.language)
        hidden, compose, again = False, False, True


def _demo() -> Demo:
    from deskblog.demo import Demo

    return Demo()


class App(QObject):
    """Everything of one run. `left`: the person quits, or wants deskblog to open `again`, as in another language.

    `preferring`: it begins with the preferences, where the person was when it closed.
    """

    left = Signal()

    def __init__(
        self,
        app: Application,
        theme: Theme,
        folder: Path | None,
        options: Options,
        keeper: Keeper | None = None,
        *,
        door: Door | None = None,
        demo: Demo | None = None,
    ) -> None:
        super().__init__(app)
        self._app, self._theme, self._door, self._demo = app, theme, door, demo
        if demo is not None:
            folder, options = demo.visitor_options()
        assert folder is not None
        self.bridge = Bridge(folder, options, self)
        self.bridge.begin()
        self.draft = Draft(self.bridge, self)
        self.window = Window(self.bridge, self.draft, on_close="quit" if demo else "")
        self.quick = QuickPost(self.bridge, self.draft)
        self._keeper = keeper or Keeper(None)
        self.hotkey = Hotkey(self.bridge, self)
        desktop = None if demo else on_the_desktop(self.hotkey, paths.unusual(folder))
        self.preferences = Preferences(self.bridge, self._keeper, theme, self.window, self._spellings, desktop)
        self.again = self.preferring = False
        self.tray = Tray(self)
        self.window.closes.tray = lambda: self.tray.there
        self.aside = Aside(self.tray, self.window, self)
        self.popups = Popups("deskblog", self.tray.icon, self.tray.place, self)
        self.away = Away(parent=self)
        self.lock = Lock(self.bridge, self)
        self._offer = AutostartOffer(self.bridge, self.window.banner, paths.unusual(folder))
        self.welcome: Welcome | None = None
        self._hidden = self._compose = self._stopped = self._in_office = False
        self._guest: App | None = None
        self._guided: Guided | None = None
        self._connect()
        if door is not None:
            door.rung.connect(self.rung)

    def _connect(self) -> None:
        self.bridge.events.connect(self._heard)
        self.popups.pressed.connect(self._popup_pressed)
        self.window.looked.connect(self._look)
        self.window.pinned.changed.connect(self._announced)
        self.tray.pausing = lambda menu: fill_pause(menu, self.bridge) if self._in_office else None
        self.window.closing.connect(self._closed)
        self.window.preferring.connect(self.preferences.open)
        self.tray.preferring.connect(partial(self._in_window, self.preferences.open))
        self.preferences.again.connect(self._open_again)
        self.tray.compose.connect(self.compose)
        self.tray.opened.connect(self.open)
        self.tray.invited.connect(partial(self._in_window, self.window.invite))
        self.tray.saying.connect(partial(self._in_window, self._say_status))
        self.tray.quitting.connect(self.quit)
        self.lock.changed.connect(self._locked)
        self.hotkey.pressed.connect(lambda: None if self.quick.open else self.compose_here())
        self.away.changed.connect(self._tell_away)
        self.away.back.connect(self._tell_back)
        self.away.unknown.connect(self.window.side.away_unknown)
        self._theme.changed.connect(self._restyle)

    # --- a run --------------------------------------------------------------------------------------------
    def run(self, *, hidden: bool, compose: bool) -> int:
        """Runs until the person quits."""
        self.start(hidden=hidden, compose=compose)
        self.left.connect(lambda: self._app.exit(0))
        with Session(self._app) as session:
            session.ending.connect(self.quit)
            session.saving.connect(self.save)
            self._app.aboutToQuit.connect(self.stop)  # Windows ends the process when the session ends
            code = self._app.exec()
        self.stop()
        return code

    def save(self) -> None:
        """Keeps all that is not kept yet; it is written when this returns."""
        if self._in_office:
            self.window.keep()
            self.bridge.settle()

    def start(self, *, hidden: bool, compose: bool) -> None:
        self._hidden, self._compose = hidden, compose
        self.bridge.start(self._started if self._demo is None else self._start_demo, self._unusable)

    def stop(self) -> None:
        """Ends everything of this run, once; the engine's thread is gone when it returns."""
        if self._stopped:
            return
        self._stopped = True
        if self._guest is not None:
            self._guest.stop()
        if self._in_office:
            self.window.keep()
        self.away.stop()
        self.lock.stop()
        self.hotkey.stop()
        self.aside.stop()
        self.popups.clear()
        self.tray.hide()
        if self._door is not None:
            self._door.close()
        for widget in (self.preferences.page, self.window, self.quick, self.welcome):
            if widget is not None:
                widget.hide()
        if self._demo is None:
            self.bridge.stop()
        else:
            self.bridge.stop(self._demo.colleagues.stop())
            asyncio.run(self._demo.close())

    def _started(self) -> None:
        QTimer.singleShot(REST, self.bridge.go_out)
        if self._in_office:
            self._begin()
            return
        from deskblog.ui.welcome import Welcome

        self.welcome = Welcome(self.bridge, self._show_demo)
        self.welcome.entered.connect(self._begin)
        self.welcome.closed.connect(self.quit)
        self.welcome.show()

    def _begin(self) -> None:
        self._in_office = True  # its event may still be on the way
        if self.welcome is not None:
            self.welcome.hide()
            self._hidden = False
        self.window.begin()
        self.preferences.begin(again=self.preferring)
        if self._compose:
            self.compose_here()
        elif self._hidden:
            self._stand()
        else:
            self.open()
        QTimer.singleShot(REST, self._begin_rest)

    def _stand(self) -> None:
        self.tray.show()
        self.aside.look()

    def _begin_rest(self) -> None:
        """What nobody waits for: the window has its posts first."""
        if not self._stopped:
            if self._demo is None:
                self._offer.begin()
                self.hotkey.load()
            self._stand()
            self.away.start()
            self.lock.start()
            self.quick.flyout  # noqa: B018, made now, so that the first is there at once

    def _unusable(self, fault: UserError) -> None:
        from deskblog.ui.unusable import say_unusable

        say_unusable(fault)
        self._app.exit(1)

    # --- the demo -----------------------------------------------------------------------------------------
    def _start_demo(self) -> None:
        assert self._demo is not None
        self.bridge.ask(self._demo.open_to(self.bridge.engine), self._demo_open, self._unusable)

    def _demo_open(self, _done: None) -> None:
        from deskblog.guided import Guided

        assert self._demo is not None
        self._guided = Guided(self.bridge, self.window, self._demo)
        self._guided.left.connect(self.quit)
        self._begin()

    def _show_demo(self) -> None:
        """From the welcome window: a run of its own within this one."""
        if self._guest is None and self.welcome is not None:
            self.welcome.hide()
            self._guest = App(self._app, self._theme, None, Options(), self._keeper, demo=_demo())
            self._guest.left.connect(self._demo_left, Qt.ConnectionType.QueuedConnection)
            self._guest.start(hidden=False, compose=False)

    def _demo_left(self) -> None:
        if self._guest is not None and self.welcome is not None:
            again = self._guest.again
            self._guest.stop()
            self._guest = None
            self.welcome.show()
            if again:
                self._open_again()

    def _spellings(self) -> list[Spelling]:
        return [part.composer.spelling for part in (self.window, self.quick.flyout)]

    # --- what is heard ------------------------------------------------------------------------------------
    def _heard(self, news: Sequence[events.Event]) -> None:
        for event in news:
            match event:
                case events.Ready():
                    self._in_office = bool(event.office)
                case events.OfficeChanged():
                    self._in_office = True
                case events.PeopleChanged():
                    self.quick.know(event.people)
                case events.Newer():
                    self.window.banner.say(newer_words(event))
                case events.ProgramCame():
                    self.window.banner.say(came_words(event))
                case events.Wanted():
                    self.open()
            for part in (self.tray, self.popups, self.window, self._guided, self.welcome):
                if part is not None:
                    part.heard(event)
        self.tray.show_state()

    def _popup_pressed(self, key: str, press: Press) -> None:
        self.bridge.call(lambda: self.bridge.engine.attention.pressed(key, press))

    def _look(self, at: bool) -> None:
        if self._in_office:
            self.bridge.ask(self.bridge.engine.attention.look(at=at))

    def _tell_back(self, gone: int) -> None:
        if self._in_office:
            self.bridge.ask(self.bridge.engine.digests.back(gone))

    def _announced(self, count: int) -> None:
        self.tray.announced = count
        self.tray.show_state()

    def _restyle(self) -> None:
        self.window.restyle()
        for part in (self.quick, self._guided, self.welcome):
            if part is not None:
                part.restyle()

    def rung(self, word: str) -> None:
        """The app was started once more."""
        if word == doorbell.COMPOSE:
            self.compose_here()
        elif word != doorbell.HIDDEN:
            self.open()

    # --- what the person does -----------------------------------------------------------------------------
    def open(self) -> None:
        """Raises the window, or whatever stands in its place; a quick post gives way, its draft is there too."""
        self.quick.leave()
        shown = self.window if self._in_office and (self.welcome is None or self.welcome.isHidden()) else self.welcome
        if shown is not None:
            shown.showNormal() if shown.isMinimized() else shown.show()
            shown.raise_()
            shown.activateWindow()

    def compose(self, near: QPoint) -> None:
        """The quick post beside a place; the window where windows cannot be placed, as on Wayland."""
        if not self._in_office or QGuiApplication.platformName().startswith("wayland"):
            self.open()
            self.window.compose()
        else:
            self.quick.press(near)

    def compose_here(self) -> None:
        self.compose(QCursor.pos())

    def _in_window(self, do: Callable[[], None]) -> None:
        """From the tray: something that is done in the window."""
        self.open()
        if self._in_office:
            do()

    def _say_status(self) -> None:
        self.window.here.setChecked(True)
        self.window.side.say_status()

    def _open_again(self) -> None:
        self.again = True
        self.quit()

    def _tell_away(self, away: bool) -> None:
        self.bridge.call(lambda: self.bridge.engine.say_away(away=away))

    def _locked(self, locked: bool) -> None:
        self.away.lock(locked)
        if not locked:
            self.bridge.call(self.bridge.engine.attention.unlocked)

    def _closed(self, choice: str) -> None:
        self.aside.look()
        if choice == "quit" or self._demo is not None:
            self.quit()

    def quit(self) -> None:
        self.left.emit()


if __name__ == "__main__":
    sys.exit(main())
