"""Takes pictures of every window, for eyes: `python tests/ui/look.py OUT`. Needs Xvfb, openbox, tint2, ImageMagick.

Real engines on loopback fill a real store; only the clock of the vault is set back, so that there is a yesterday.
"""

from __future__ import annotations

import argparse
import asyncio
import gettext
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
DISPLAY = ":77"
VARIANTS = {
    "light": {"DESKBLOG_THEME": "light", "DESKBLOG_LANGUAGE": "en"},
    "dark": {"DESKBLOG_THEME": "dark", "DESKBLOG_LANGUAGE": "en"},
    "fr": {"DESKBLOG_THEME": "light", "DESKBLOG_LANGUAGE": "fr"},
    "long": {"DESKBLOG_THEME": "light", "DESKBLOG_LANGUAGE": "en"},
    "double": {"DESKBLOG_THEME": "light", "DESKBLOG_LANGUAGE": "en", "QT_SCALE_FACTOR": "2"},
}
ENGLISH = (
    (-1600, "Karim Haddad", "post", "", "Invoices for October are all out. Two are late, I called both."),
    (-1580, "Anne Martin", "post", "", "Thank you Karim! #accounts"),
    (-1510, "Léa Fontaine", "post", "", "Off to Lyon tomorrow, back on Thursday. My phone is on."),
    (-190, "Paul Bernard", "post", "", "Good morning. The coffee machine on the second floor is alive again ☕"),
    (-160, "Léa Fontaine", "question", "trains", "Which train do you take to Lyon in the evening?"),
    (-152, "Karim Haddad", "answer", "trains", "The 18:04, it is never full."),
    (-150, "Anne Martin", "answer", "trains", "18:04 too. Sit on the left, the sun sets there."),
    (
        -75,
        "Paul Bernard",
        "post",
        "",
        "New price list is on the share: https://intranet.example/prices/2026?v=4 – please use it for every offer "
        "from today on, the old one has a wrong discount on page 3. #sales",
    ),
    (-31, "Karim Haddad", "question", "key", "Who has the key to the archive?"),
    (-12, "Sophie Nguyen-Delacroix", "answer", "key", "On my desk, sorry! Bringing it up."),
    (-4, "Anne Martin", "post", "", "Visiting Mairie de Lille with @Sophie until noon. #planning"),
    (-1, "Léa Fontaine", "post", "", "Lille signed! Cake at four in the kitchen 🎂"),
)
FRENCH = (
    (-1600, "Karim Haddad", "post", "", "Toutes les factures d’octobre sont parties. Deux en retard, j’ai appelé."),
    (-1510, "Léa Fontaine", "post", "", "À Lyon demain, de retour jeudi. Téléphone allumé."),
    (-190, "Paul Bernard", "post", "", "Bonjour ! La machine à café du deuxième est réparée ☕"),
    (-160, "Léa Fontaine", "question", "trains", "Quel train prenez-vous pour Lyon le soir ?"),
    (-152, "Karim Haddad", "answer", "trains", "Celui de 18 h 04, il n’est jamais plein."),
    (
        -75,
        "Paul Bernard",
        "post",
        "",
        "Le nouveau tarif est sur le partage : https://intranet.example/tarifs/2026 – à utiliser pour toutes les "
        "offres dès aujourd’hui, l’ancien a une remise fausse page 3. #ventes",
    ),
    (-31, "Karim Haddad", "question", "key", "Qui a la clé des archives ?"),
    (-12, "Sophie Nguyen-Delacroix", "answer", "key", "Sur mon bureau, désolée ! Je la remonte."),
    (-4, "Anne Martin", "post", "", "À la mairie de Lille avec @Sophie jusqu’à midi. #planning"),
    (-1, "Léa Fontaine", "post", "", "Lille a signé ! Gâteau à quatre heures à la cuisine 🎂"),
)
ME = "Anne Martin"


@contextmanager
def screen() -> Iterator[None]:
    """A virtual screen with a window manager and a tray, ended by their own process numbers."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        rc = Path(folder) / "tint2rc"
        rc.write_text(
            "panel_items = TSC\npanel_size = 100% 34\npanel_position = bottom center horizontal\n"
            "systray_padding = 8 4 6\ntime1_format = %H:%M\nclock_font_color = #eeeeee 100\n"
        )
        os.environ["DISPLAY"] = DISPLAY
        for words in (
            ["Xvfb", DISPLAY, "-screen", "0", "2000x1640x24"],
            ["openbox"],
            ["tint2", "-c", str(rc)],
        ):
            process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            stack.callback(process.wait)
            stack.callback(process.terminate)
            time.sleep(0.8)
        yield


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
        from PySide6.QtWidgets import QApplication

        from deskblog import i18n
        from deskblog.ui.theme import Theme

        i18n.use()
        if variant == "long":
            i18n._current = Longer()
        self.out, self.variant = out, variant
        self.qt = QApplication(["deskblog"])
        self.theme = Theme(self.qt)
        self.folder = Path(tempfile.mkdtemp(prefix="deskblog-look-"))

    def run(self) -> int:
        from deskblog.app import App
        from deskblog.engine import Options

        folder = self.folder / "me"
        options = Options(discovery=False, port=0, state=self.folder / "state")
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

        assert isinstance(app, App) and app.welcome is not None
        welcome = app.welcome
        self.shoot(welcome, "welcome")
        welcome.choices[0].click()
        welcome.code.line.setText("472 album lemno river")
        welcome.joiner.line.setText("Paul Bernard")
        welcome.join_page.go.click()
        self.until(lambda: bool(welcome.code.problem.text()))
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

        assert isinstance(app, App)
        window = app.window
        done: list[object] = []
        others = Others(self.folder, FRENCH if self.variant == "fr" else ENGLISH)
        app.bridge.ask(others.live(app.bridge.engine), done.append)
        self.until(lambda: bool(done), 60)
        window.rows.reload()
        self.wait(0.6)
        app.tray.show_state()
        self.shoot(window, "window")
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

    def members(self, window: object) -> None:
        """What a keyholder can do about people, and those who have left."""
        from PySide6.QtCore import QPoint, QTimer
        from PySide6.QtWidgets import QApplication

        from deskblog.ui.window import Window

        assert isinstance(window, Window)
        person = next(one for one in window.people if not one.me)
        menu = window.members.menu(person)
        menu.popup(window.mapToGlobal(QPoint(200, 120)))
        self.wait(0.4)
        self.shoot(menu, "person-menu")
        menu.close()
        menu = window.office_menu.menu()
        menu.popup(window.mapToGlobal(QPoint(200, 120)))
        self.wait(0.4)
        self.shoot(menu, "office-menu")
        menu.close()

        def look() -> None:
            box = QApplication.activeModalWidget()
            if box is not None:
                self.shoot(box, "remove")
                box.close()

        QTimer.singleShot(500, look)
        window.members._remove(person)
        done: list[object] = []
        window._bridge.ask(window._bridge.engine.membership.remove(person.id), done.append)
        self.until(lambda: bool(done))
        self.wait(0.4)
        window.side.former.setChecked(True)
        self.shoot(window, "former")
        window.office_menu.recover()
        self.wait(0.3)
        dialog = QApplication.activeModalWidget() or window
        self.shoot(dialog, "recovery")
        dialog.close() if dialog is not window else None
        QTimer.singleShot(800, lambda: self._shoot_drill())
        window.office_menu._drill()
        self.wait(1.4)

    def _shoot_drill(self) -> None:
        from PySide6.QtWidgets import QApplication

        box = QApplication.activeModalWidget()
        if box is not None:
            self.shoot(box, "drill")
            box.close()

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
        window.show_thread(next(r.id for r in map(window.rows.row_at, range(6)) if r.kind == "question"))
        self.wait(0.4)
        self.shoot(window, "thread")
        window.show_all()
        self.wait(0.4)

    def tray(self, app: object) -> None:
        from PySide6.QtCore import Qt
        from PySide6.QtWidgets import QWidget

        from deskblog.app import App

        assert isinstance(app, App)
        wall = QWidget()
        wall.setStyleSheet("background: #5f7d86")
        wall.setWindowFlag(Qt.WindowType.WindowStaysOnBottomHint)
        wall.showFullScreen()
        self.wait(0.4)
        app.window.hide()
        app.flyout.composer.field.setPlainText("Back at two, the dentist was quick.")
        app.compose(app.tray.place())
        self.wait(0.6)
        app.tray.icon.setIcon(app.window.windowIcon())
        subprocess.run(
            ["import", "-window", "root", "-crop", "620x300+1380+1340", str(self.path("tray"))], check=True
        )
        app.flyout.hide()
        app.tray.menu.popup(app.tray.place())
        self.wait(0.4)
        self.shoot(app.tray.menu, "menu")
        app.tray.menu.hide()

    # --- helpers ------------------------------------------------------------------------------------------
    def path(self, name: str) -> Path:
        return self.out / f"{name}-{self.variant}.png"

    def shoot(self, widget: object, name: str) -> None:
        from PySide6.QtWidgets import QWidget

        assert isinstance(widget, QWidget)
        self.wait(0.35)
        widget.grab().save(str(self.path(name)))

    def wait(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.qt.processEvents()
            time.sleep(0.005)

    def until(self, true: Callable[[], bool], seconds: float = 20) -> None:
        end = time.monotonic() + seconds
        while not true():
            if time.monotonic() > end:
                raise TimeoutError("the window did not do what it should")
            self.qt.processEvents()
            time.sleep(0.005)


class Others:
    """The colleagues, each with an engine, on the loop of the window's own engine."""

    def __init__(self, folder: Path, script: tuple[tuple[int, str, str, str, str], ...]) -> None:
        self._folder = folder
        self._script = script

    async def live(self, mine: object) -> None:
        from deskblog.engine import Engine, Options, vault

        assert isinstance(mine, Engine)
        engines = {ME: mine}
        for name in dict.fromkeys(who for _at, who, _kind, _key, _text in self._script if who != ME):
            options = Options(discovery=False, port=0, state=self._folder / f"{name}-state")
            engine = engines[name] = Engine(self._folder / name, lambda _event: None, options=options)
            await engine.start()
            code = (await mine.invite()).code
            await engine.join(code, name, at=f"127.0.0.1:{mine.port}")
        ids: dict[str, str] = {}
        for minutes, who, kind, key, text in self._script:
            engines[who]._vault.pen._now = lambda past=minutes: vault.now_ms() + past * 60_000  # type: ignore[misc]
            target = ids[key] if kind == "answer" else ""
            await self._until_held(engines[who], target)
            row = await engines[who].post(text, kind="question" if kind == "question" else "post", answer_to=target)
            if kind == "question":
                ids[key] = row.id
            await self._until_held(mine, row.id)
        for name in ("Paul Bernard",):
            await engines[name].stop()
        await asyncio.sleep(0.3)

    @staticmethod
    async def _until_held(engine: object, ident: str) -> None:
        from deskblog.engine import Engine

        assert isinstance(engine, Engine)
        for _try in range(500):
            if not ident or ident in {row.id for row in (await engine.timeline(limit=50)).rows}:
                return
            await asyncio.sleep(0.02)
        raise TimeoutError("a post did not come through")


if __name__ == "__main__":
    sys.exit(main())
