"""Takes pictures of every window, for eyes: `python tests/ui/look.py OUT`. Needs Xvfb, openbox, tint2, ImageMagick,
PulseAudio.

Real engines on loopback fill a real store; only the clock of the vault is set back, so that there is a yesterday.
"""

from __future__ import annotations

import argparse
import gettext
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeVar

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
from tests.ui import sound_card  # noqa: E402

T = TypeVar("T")
SCREEN = ("-screen", "0", "2000x1640x24", "-nolisten", "tcp")
VARIANTS = {
    "light": {"DESKBLOG_THEME": "light", "DESKBLOG_LANGUAGE": "en"},
    "dark": {"DESKBLOG_THEME": "dark", "DESKBLOG_LANGUAGE": "en"},
    "fr": {"DESKBLOG_THEME": "light", "DESKBLOG_LANGUAGE": "fr"},
    "de": {"DESKBLOG_THEME": "light", "DESKBLOG_LANGUAGE": "de"},
    "nl": {"DESKBLOG_THEME": "light", "DESKBLOG_LANGUAGE": "nl"},
    "long": {"DESKBLOG_THEME": "light", "DESKBLOG_LANGUAGE": "en"},
    "contrast": {"DESKBLOG_THEME": "contrast-dark", "DESKBLOG_LANGUAGE": "en"},
    "large": {"DESKBLOG_THEME": "light", "DESKBLOG_LANGUAGE": "fr"},
    "double": {"DESKBLOG_THEME": "light", "DESKBLOG_LANGUAGE": "en", "QT_SCALE_FACTOR": "2"},
}


@contextmanager
def screen(scale: float = 1, env: Mapping[str, str] | None = None) -> Iterator[None]:
    """A virtual screen with a window manager and a tray, ended by their own numbers; `env` is for them too."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        rc = Path(folder) / "tint2rc"
        rc.write_text(
            f"panel_items = FSC\npanel_size = 100% {34 * scale:.0f}\npanel_position = bottom center horizontal\n"
            f"systray_padding = {8 * scale:.0f} 4 {6 * scale:.0f}\nsystray_icon_size = {22 * scale:.0f}\n"
            f"time1_format = %H:%M\ntime1_font = sans-serif {9 * scale:.0f}\nclock_font_color = #eeeeee 100\n"
            f"clock_padding = {10 * scale:.0f} 0\n"
        )
        os.environ.update(env or {})
        os.environ["DISPLAY"] = stack.enter_context(display())
        stack.enter_context(sound_card.running(Path(folder)))
        for words in (["openbox"], ["tint2", "-c", str(rc)]):
            stack.enter_context(running(*words))
            time.sleep(0.8)
        yield


@contextmanager
def display() -> Iterator[str]:
    """An X server on a number of its own choice, so that two may look at once."""
    told, tells = os.pipe()
    with os.fdopen(told) as number, running("Xvfb", "-displayfd", str(tells), *SCREEN, pass_fds=(tells,)):
        os.close(tells)
        yield ":" + number.readline().strip()


@contextmanager
def running(*words: str, pass_fds: tuple[int, ...] = ()) -> Iterator[None]:
    """A program, ended by its own process number."""
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, pass_fds=pass_fds)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--variant", choices=VARIANTS, action="append")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    if args.inside:
        return Look(args.out, args.variant[0]).run()
    with screen():
        for variant in args.variant or VARIANTS:
            words = [sys.executable, __file__, str(args.out), "--variant", variant, "--inside"]
            subprocess.run(words, check=True, env={**os.environ, **VARIANTS[variant], "QT_QPA_PLATFORM": "xcb"})
    return 0


class Longer(gettext.NullTranslations):
    """A language whose words are a third longer than English ones."""

    def gettext(self, message: str) -> str:
        return message + "ée" * round(len(message) / 6)

    def ngettext(self, one: str, many: str, n: int) -> str:
        return self.gettext(one if n == 1 else many)


class Look:
    """One variant: an office of five, its windows opened one after the other."""

    def __init__(self, out: Path, variant: str) -> None:
        from deskblog import i18n
        from deskblog.settings import Settings
        from deskblog.ui.session import Application
        from deskblog.ui.speech import Speech
        from deskblog.ui.theme import Theme

        self.out, self.variant = out, variant
        self.qt = Application(["deskblog"])
        Speech(self.qt).use("")
        if variant == "long":
            i18n._current = Longer()
        self.theme = Theme(self.qt, Settings(text=200 if variant == "large" else 100))
        self.folder = Path(tempfile.mkdtemp(prefix="deskblog-look-"))

    @property
    def french(self) -> bool:
        return VARIANTS[self.variant]["DESKBLOG_LANGUAGE"] == "fr"

    def run(self) -> int:
        from deskblog.app import App
        from deskblog.engine import Options

        folder = self.folder / "me"
        options = Options(discovery=False, port=0, web_port=0, state=self.folder / "state")
        app = App(self.qt, self.theme, folder, options)
        app.start(hidden=False, compose=False)
        self.until(lambda: app.welcome is not None)
        try:
            self.welcome(app)
            self.window(app)
        finally:
            app.stop()
        return 0

    # --- scenes -------------------------------------------------------------------------------------------
    def welcome(self, app: object) -> None:
        from deskblog.app import App
        from tests.ui.cast import ME

        assert isinstance(app, App) and app.welcome is not None
        welcome = app.welcome
        self.shoot(welcome, "welcome")
        welcome.choices[0].click()
        welcome.join_page.code.line.setText("472 album lemno river")
        welcome.join_page.joiner.line.setText("Paul Bernard")
        welcome.join_page.go.click()
        self.until(lambda: bool(welcome.join_page.code.problem.text()))
        self.shoot(welcome, "join")
        welcome.join_page.back.click()
        welcome.choices[1].click()
        welcome.office.line.setText("Dupont & fils")
        welcome.founder.line.setText(ME)
        self.shoot(welcome, "found")
        welcome.found_page.go.click()
        self.until(lambda: hasattr(welcome, "recovery"))
        self.shoot(welcome, "recovery-words")
        welcome.recovery.sure.click()
        welcome.recovery.go.click()
        self.until(lambda: app.window.isVisible())
        self.shoot(app.window, "empty")

    def window(self, app: object) -> None:
        from deskblog.app import App
        from deskblog.events import Trouble
        from tests.ui.cast import ENGLISH, FRENCH, Others
        from tests.ui.look_preferences import preferences

        assert isinstance(app, App)
        window = app.window
        cast = Others(self.folder, FRENCH if self.french else ENGLISH)
        others = self.ask(window, cast.live(app.bridge.engine), 60)
        window.rows.reload()
        self.wait(0.6)
        app.tray.show_state()
        self.reading(window)
        preferences(self, app)
        window.composer.field.setFocus()
        self.elsewhere(window, others)
        self.unread(window, others)
        self.saying(window)
        self.undoing(app)
        window.composer.field.setFocus()
        window.composer.field.setPlainText("The minutes of this morning are on the share. " * 4)
        window.composer.answer(window.rows.row_at(3))
        self.shoot(window, "composer")
        window.composer.field.setPlainText("Far too long. " * 22)
        window.composer.send()
        self.wait(0.3)
        self.shoot(window, "refused")
        window.composer.field.clear()
        window.composer.answer(None)
        self.finding(window)
        window.banner.say(
            Trouble("store", "The disk is full.", "Your draft is kept.", "Free some space, then press Enter again.")
        )
        window.timeline.setCurrentIndex(window.rows.index(2))
        window.timeline.setFocus()
        self.shoot(window, "banner")
        window.resize(520, 620)
        self.shoot(window, "narrow")
        window.banner.closer.click()
        window.resize(940, 720)
        window.invite()
        self.wait(0.5)
        dialog = window._invite
        assert dialog is not None
        self.shoot(dialog, "invite")
        dialog.close()
        self.members(window)
        self.tray(app)
        app.window.show()
        self.removed(window, others)

    def reading(self, window: object) -> None:
        """The timeline, and answers beneath their post."""
        from deskblog.ui.window import Window

        assert isinstance(window, Window)
        self.shoot(window, "window")
        asked = next(n for n in range(window.rows.rowCount()) if window.rows.row_at(n).answers)
        head = window.rows.row_at(asked).id
        window.rows.fold(head)
        self.until(lambda: window.rows.item(asked + 1).under)
        window.timeline.scrollTo(window.rows.index(asked), window.timeline.ScrollHint.PositionAtTop)
        self.shoot(window, "unfolded")
        window.rows.fold(head)
        window.timeline.scrollToTop()

    def unread(self, window: object, others: dict[str, object]) -> None:
        """What came while nobody looked."""
        from deskblog.engine import Engine
        from deskblog.ui.window import Window

        assert isinstance(window, Window)
        looked_at, window.sight._looked_at = window.sight._looked_at, lambda: False
        window.show_all()
        window.timeline.to_newest()
        self.wait(0.6)
        texts = (
            ("De retour à deux heures", "@Anne, le plan est sur ton bureau")
            if self.french
            else ("Back at two", "@Anne, the plan is on your desk")
        )
        for name, text in zip(("Léa Fontaine", "Karim Haddad"), texts, strict=True):
            engine = others[name]
            assert isinstance(engine, Engine)
            self.ask(window, engine.post(text))
        self.until(lambda: window.rows.row_at(1).unread)
        self.shoot(window, "unread")
        window.sight._looked_at = looked_at

    def elsewhere(self, window: object, others: dict[str, object]) -> None:
        """The scenes that have modules of their own."""
        from tests.ui.look_announce import announcements
        from tests.ui.look_circles import circles
        from tests.ui.look_feeds import outside_feeds
        from tests.ui.look_files import files, keeping, polls, usual_day
        from tests.ui.look_forward import on_the_road
        from tests.ui.look_office import office_settings
        from tests.ui.look_publishing import publishing
        from tests.ui.look_voice import recordings

        usual_day(self, window, others)
        announcements(self, window, others)
        files(self, window, others)
        recordings(self, window, others)
        polls(self, window, others)
        keeping(self, window)
        circles(self, window, others)
        publishing(self, window)
        office_settings(self, window)
        on_the_road(self, window, others)
        outside_feeds(self, window, others)

    def undoing(self, app: object) -> None:
        """A post that has not left yet."""
        from deskblog.app import App

        assert isinstance(app, App)
        window, outbox = app.window, app.bridge.engine.outbox
        self.ask(window, outbox.wait(30))
        french = self.french
        window.composer.field.setPlainText(
            "De retour de la banque à trois heures" if french else "Back from the bank at three"
        )
        self.wait(0.3)
        window.composer.send()
        self.until(lambda: bool(window.waiting.lines) and not window.composer.field.toPlainText())
        window.composer.question.click()
        window.composer.field.setPlainText("Qui a les archives ?" if french else "Where is the archive key?")
        self.until(lambda: bool(window.asked_before.lines))
        self.shoot(window, "waiting")
        window.composer.field.clear()
        window.composer.question.click()
        window.waiting.lines[0].undo.click()
        self.until(lambda: not window.waiting.lines)
        self.ask(window, outbox.wait(0))
        self.wait(0.3)

    def saying(self, window: object) -> None:
        """What one is doing, being written; and people at two sites."""
        from deskblog.records import replace
        from deskblog.ui.window import Window

        assert isinstance(window, Window)
        places = ("Lille", "Lille", "Lille", "Clermont-Ferrand", "Clermont-Ferrand")
        people = window.people
        window.side.show_people([replace(one, site=site) for one, site in zip(people, places, strict=True)])
        window.side.say_status()
        window.side.own.insert(
            "Sur l’offre de Lille, jusqu’à quatre heures"
            if self.french
            else "Writing the offer for Lille, until four at least"
        )
        self.shoot(window, "saying")
        window.composer.field.setFocus()
        self.shoot(window, "sites")
        window.side.own.setFocus()
        window.side.own.undo()
        window.side.show_people(people)
        window.composer.field.setFocus()

    def members(self, window: object) -> None:
        """What a keyholder can do about people, and those who have left."""
        from PySide6.QtCore import QPoint
        from PySide6.QtWidgets import QApplication, QMenu

        from deskblog.ui.closing import closing_means
        from deskblog.ui.recovery import RecoveryDialog
        from deskblog.ui.window import Window
        from deskblog.values import Role

        assert isinstance(window, Window)
        person = next(one for one in window.people if not one.me)
        window.side.list.setCurrentIndex(window.side.model.index(1))
        window.side.list.setFocus()
        window.side._menu_of(window.side.model.index(1))
        self.wait(0.4)
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        self.shoot(menu, "person-menu")
        self.shoot_together(window, menu, "people")
        menu.close()
        menu = window.office_menu.menu()
        more = window.side.more
        menu.popup(more.mapToGlobal(QPoint(more.width() - menu.sizeHint().width(), more.height())))
        self.wait(0.4)
        self.shoot_together(window, menu, "office-menu")
        menu.close()
        self.shoot_box("remove", lambda: window.members._remove(person))
        self.shoot_box("role", lambda: window.members.give(person, Role.ANNOUNCER))
        self.shoot_box("closing", lambda: closing_means(window))
        self.ask(window, window._bridge.engine.membership.remove(person.id))
        self.wait(0.4)
        window.side.former.setChecked(True)
        self.shoot(window, "former")
        window.office_menu.recover()
        self.wait(0.3)
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, RecoveryDialog)
        self.shoot(dialog, "recovery")
        dialog.words.setPlainText("abandon " * 11 + "abandon")
        dialog.use.click()
        self.until(lambda: dialog.use.isEnabled())
        self.shoot(dialog, "recovery-wrong")
        dialog.close()
        self.doctor(window)
        self.shoot_box("drill", window.office_menu._drill)
        self.troubles(window)

    def sites(self, window: object) -> None:
        """Two sites joined, a third that was."""
        from deskblog.ui.sites import SitesDialog
        from deskblog.ui.window import Window
        from deskblog.values import SiteRow

        assert isinstance(window, Window)
        dialog = SitesDialog(window._bridge, window)
        dialog.open()
        self.until(lambda: bool(dialog.mine.text()) or True)
        self.wait(0.5)
        dialog._show(
            (
                SiteRow(
                    "Lille", True, ("Anne Martin", "Léa Fontaine", "Paul Bernard"), ("Karim Haddad",), True, 0, ""
                ),
                SiteRow("Nantes", False, ("Sophie Nguyen-Delacroix",), (), True, 0, "Anne Martin"),
                SiteRow(
                    "Brest", False, (), ("Yann Le Goff",), False, int(time.time() * 1000) - 240_000, "Anne Martin"
                ),
            )
        )
        dialog.mine.setText(dialog.mine.text() or "192.168.1.20:20140")
        self.shoot(dialog, "sites")
        dialog.road.line.setText("localhost")
        dialog._join()
        self.until(lambda: dialog.road.problem.isVisible())
        self.shoot(dialog, "sites-refused")
        dialog.accept()

    def doctor(self, window: object) -> None:
        """An examination with findings, then as it is when all is well."""
        from deskblog.engine.doctor_words import in_words
        from deskblog.net.doctor import Cause, Finding
        from deskblog.ui.doctor import DoctorDialog
        from deskblog.ui.window import Window

        assert isinstance(window, Window)
        wrong = [
            Finding(Cause.OWN_FIREWALL, ok=False, by=("Paul Bernard",)),
            Finding(Cause.ISOLATION, ok=False, who=("Karim Haddad", "Léa Fontaine")),
        ]
        found = [*wrong, *(Finding(c, ok=True) for c in Cause if c not in {one.cause for one in wrong})]
        self.sites(window)
        window.notes.missing._timer.start(60_000)
        window.notes.missing._say(in_words(Finding(Cause.NOBODY_ON, ok=False), 20140))
        self.shoot(window, "nobody")
        window.notes.missing.know(window.people)
        dialog = DoctorDialog(window._bridge, window)
        dialog.open()
        self.shoot(dialog, "doctor-busy")
        self.until(lambda: dialog.again.isEnabled())
        dialog._done([in_words(finding, 20140) for finding in found])
        self.shoot(dialog, "doctor")
        dialog._done([in_words(Finding(c, ok=True), 20140) for c in Cause])
        self.shoot(dialog, "doctor-fine")
        dialog.accept()

    def troubles(self, window: object) -> None:
        """A key that two PCs use."""
        from PySide6.QtCore import QPoint
        from PySide6.QtWidgets import QApplication, QMenu

        from deskblog import events
        from deskblog.engine.alarms import twinned
        from deskblog.engine.bundle_words import read_words, written_words
        from deskblog.engine.options import BundleRead, BundleWritten, Late
        from deskblog.records import replace
        from deskblog.ui.window import Window

        assert isinstance(window, Window)
        window.banner.say(twinned())
        self.shoot(window, "twins")
        window.resize(520, 620)
        self.shoot(window, "twins-narrow")
        window.banner.closer.click()
        window.resize(940, 720)
        window.heard(events.Restored(14, ("Karim Haddad", "Léa Fontaine")))
        late = Late("ab" * 32, "Karim Haddad", ((0, "The Lille contract is signed."), (0, "See you! " * 60)))
        window.notes._late((late,))
        self.shoot(window, "restored")
        window.banner.closer.click()
        people = (("Karim Haddad", 20), ("Léa Fontaine", 10), ("Paul Bernard", 1), ("Chloé Petit", 1))
        now = 1_795_000_000_000
        window.banner.say(read_words(BundleRead("Karim Haddad", now, 32, 140, 2, people, lacking=0, answer=12)))
        self.shoot(window, "bundle-read")
        window.banner.closer.click()
        window.banner.say(
            written_words(BundleWritten("dupont-et-fils-2026-11-23.pli", 12, 14, 9, 21000, 0, ("Karim Haddad",)))
        )
        self.shoot(window, "bundle-written")
        window.banner.closer.click()
        self.shoot_box("late", lambda: window.notes._look(late))
        self.shoot_box("rename", window.office_menu._rename)
        two = replace(next(one for one in window.people if one.me), devices=(window._bridge.engine.device, "c4" * 32))
        menu = window.members.menu(two)
        menu.popup(window.mapToGlobal(QPoint(200, 120)))
        self.wait(0.4)
        for action in menu.actions():
            if action.menu() is not None:
                menu.setActiveAction(action)
                self.wait(0.5)
                shown = QApplication.activePopupWidget()
                assert isinstance(shown, QMenu)
                self.shoot(shown, f"menu-{menu.actions().index(action)}")
        menu.close()

    def removed(self, window: object, engines: dict[str, object]) -> None:
        """A second keyholder takes this PC out."""
        from deskblog.engine import Engine
        from deskblog.ui.join import JoinDialog
        from deskblog.ui.window import Window
        from deskblog.values import Role

        lea = engines["Léa Fontaine"]
        assert isinstance(window, Window) and isinstance(lea, Engine)
        keyholder = window._bridge.engine.membership
        person = next(one for one in window.people if one.name == "Léa Fontaine")
        me = next(one for one in window.people if one.me)
        self.ask(window, keyholder.role(person.id, Role.KEYHOLDER))
        self.wait(0.8)
        self.ask(window, lea.membership.remove(me.id))
        self.until(lambda: window.banner.isVisible())
        self.wait(0.8)
        self.shoot(window, "removed")
        window.banner.button.click()
        self.wait(0.5)
        dialog = window.findChildren(JoinDialog)[-1]
        self.shoot(dialog, "come-back")
        dialog.reject()

    def shoot_box(self, name: str, open_it: Callable[[], object]) -> None:
        """A question that waits for its answer: shot, and closed with none."""
        from PySide6.QtCore import QTimer
        from PySide6.QtWidgets import QApplication, QDialog

        seen: list[object] = []

        def look() -> None:
            box = QApplication.activeModalWidget()
            if not isinstance(box, QDialog):
                QTimer.singleShot(50, look)
                return
            self.shoot(box, name)
            box.reject()
            seen.append(box)

        QTimer.singleShot(50, look)
        open_it()
        self.until(lambda: bool(seen))

    def shoot_together(self, window: object, menu: object, name: str) -> None:
        """The window with its menu before it."""
        from PySide6.QtGui import QPainter
        from PySide6.QtWidgets import QWidget

        assert isinstance(window, QWidget) and isinstance(menu, QWidget)
        if not self.wants(name):
            return
        whole = window.grab()
        painter = QPainter(whole)
        painter.drawPixmap(window.mapFromGlobal(menu.mapToGlobal(menu.rect().topLeft())), menu.grab())
        painter.end()
        whole.save(str(self.path(name)))

    def finding(self, window: object) -> None:
        from deskblog.ui.window import Window

        assert isinstance(window, Window)
        window.search.setText("lil")
        self.wait(0.6)
        self.shoot(window, "search")
        window.search.setText("zebra")
        self.wait(0.6)
        self.shoot(window, "nothing-found")
        window.show_all()
        self.wait(0.4)
        window.browse.show_thread(
            next(r.id for r in map(window.rows.row_at, range(window.rows.rowCount())) if r.kind == "question")
        )
        self.wait(0.4)
        self.shoot(window, "thread")
        window.show_all()
        self.wait(0.4)

    def tray(self, app: object) -> None:
        """The quick post beside its icon, the icon's menu, and popups of our own, before a picture on the desk."""
        from PySide6.QtCore import Qt
        from PySide6.QtGui import QPixmap
        from PySide6.QtWidgets import QLabel

        from deskblog.app import App
        from tests.ui.look_files import landscape

        assert isinstance(app, App)
        wall, picture = QLabel(), QPixmap()
        wall.setAttribute(Qt.WidgetAttribute.WA_X11NetWmWindowTypeDesktop)  # else it may cover the panel
        picture.loadFromData(landscape((2000, 1640), 60))
        picture.setDevicePixelRatio(wall.devicePixelRatio())
        wall.setPixmap(picture)
        wall.setGeometry(self.qt.primaryScreen().geometry())
        wall.show()
        self.wait(0.4)
        app.window.hide()
        french = self.french
        app.quick.flyout.composer.field.setPlainText(
            "De retour à deux heures, le dentiste a fait vite." if french else "Back at two, the dentist was quick."
        )
        app.compose(app.tray.place())
        self.wait(0.6)
        app.tray.icon.setIcon(app.window.windowIcon())
        self.shoot_corner("tray", 620, 300)
        app.quick.flyout.hide()
        app.tray.menu.popup(app.tray.place())
        self.wait(0.4)
        self.shoot(app.tray.menu, "tray-menu")
        app.tray.menu.hide()
        self.popups(app, french=french)
        wall.close()

    def popups(self, app: object, *, french: bool) -> None:
        from deskblog.app import App
        from deskblog.attention.popup import Popup
        from deskblog.ui import theme

        assert isinstance(app, App)
        said = (
            ("Karim Haddad", "@Anne, le plan est sur ton bureau. Tu signes avant midi ?"),
            ("Annonce de Léa Fontaine", "Exercice d’évacuation à 16 h : descendre par l’escalier nord."),
        ) if french else (
            ("Karim Haddad", "@Anne, the plan is on your desk. Can you sign before noon?"),
            ("Léa Fontaine announces", "Fire drill at four: down the north stairs, please."),
        )  # fmt: skip
        app.popups.show(Popup("mention", *said[0], answer=True))
        app.popups.show(Popup("drill", *said[1], got_it=True, urgent=True))
        self.wait(0.5)
        self.shoot_corner("popup", theme.scaled(480), theme.scaled(400))
        app.popups.clear()

    # --- helpers ------------------------------------------------------------------------------------------
    def path(self, name: str) -> Path:
        return self.out / f"{name}-{self.variant}.png"

    def shoot(self, widget: object, name: str) -> None:
        from PySide6.QtWidgets import QWidget

        assert isinstance(widget, QWidget)
        self.wait(0.35 if self.wants(name) else 0.1)
        if self.wants(name):
            widget.grab().save(str(self.path(name)))

    def shoot_corner(self, name: str, wide: int, high: int) -> None:
        """The corner of the screen at the bottom right, as it is."""
        screen = self.qt.primaryScreen()
        scale = screen.devicePixelRatio()
        size, x, y = screen.size(), round(wide * scale), round(high * scale)
        place = f"{x}x{y}+{round(size.width() * scale) - x}+{round(size.height() * scale) - y}"
        if self.wants(name):
            subprocess.run(["import", "-window", "root", "-crop", place, "+repage", str(self.path(name))], check=True)

    def wants(self, name: str) -> bool:
        """Whether a picture of it is kept."""
        return True

    def wait(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.qt.processEvents()
            time.sleep(0.005)

    def ask(self, window: Any, wanted: Coroutine[Any, Any, T], seconds: float = 20) -> T:
        """What an engine answers. Its failure is raised here, so that a scene that breaks says why."""
        answer: Future[T] = window._bridge._thread.submit(wanted)
        self.until(answer.done, seconds)
        return answer.result()

    def until(self, true: Callable[[], bool], seconds: float = 20) -> None:
        end = time.monotonic() + seconds
        while not true():
            if time.monotonic() > end:
                raise TimeoutError("the window did not do what it should")
            self.qt.processEvents()
            time.sleep(0.005)


if __name__ == "__main__":
    sys.exit(main())
