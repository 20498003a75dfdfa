"""The whole app, without a screen."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from deskblog import events
from deskblog.app import App
from deskblog.demo import Demo
from deskblog.engine import Options
from deskblog.ui.door import Door
from deskblog.ui.session import Application
from deskblog.ui.sweeper import Sweeper
from deskblog.ui.theme import Theme
from tests.attention.daemons import session_bus
from tests.ui.desk import PATIENCE, Desk, options


def open_app(qapp: Application, theme: Theme, folder: Path, *, hidden: bool = False) -> App:
    app = App(qapp, theme, folder, options(folder))
    app.start(hidden=hidden, compose=False)
    return app


def test_a_newcomer_is_welcomed_and_ends_in_the_window(
    qapp: Application, theme: Theme, qtbot: QtBot, tmp_path: Path
) -> None:
    app = open_app(qapp, theme, tmp_path / "anne")
    qtbot.waitUntil(lambda: app.welcome is not None and app.welcome.isVisible(), timeout=PATIENCE)
    welcome = app.welcome
    assert welcome is not None and not app.window.isVisible()
    welcome.choices[1].click()
    welcome.office.line.setText("Dupont")
    welcome.founder.line.setText("Anne")
    welcome.found_page.go.click()
    qtbot.waitUntil(lambda: hasattr(welcome, "recovery"), timeout=PATIENCE)
    app.open()
    assert not app.window.isVisible()  # the words come first
    welcome.recovery.sure.click()
    welcome.recovery.go.click()
    qtbot.waitUntil(app.window.isVisible, timeout=PATIENCE)
    assert not welcome.isVisible()
    app.stop()


def test_an_office_that_the_command_line_joined_opens_the_window(
    qapp: Application, theme: Theme, qtbot: QtBot, tmp_path: Path
) -> None:
    app = open_app(qapp, theme, tmp_path / "anne")
    qtbot.waitUntil(lambda: app.welcome is not None and app.welcome.isVisible(), timeout=PATIENCE)
    program = [sys.executable, "-m", "deskblog", "--data", str(tmp_path / "anne")]
    words = [*program, "office", "found", "Dupont", "--me", "Anne"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    qtbot.waitUntil(lambda: process.poll() is not None, timeout=PATIENCE * 2)
    assert process.communicate()[1] == b""
    qtbot.waitUntil(app.window.isVisible, timeout=PATIENCE)
    assert app.welcome is not None and not app.welcome.isVisible()
    app.stop()


def test_it_never_starts_invisible_where_there_is_no_tray(
    qapp: Application, theme: Theme, anne: Desk, qtbot: QtBot
) -> None:
    anne.bridge.stop()
    app = open_app(qapp, theme, anne.folder, hidden=True)
    qtbot.waitUntil(app.window.isVisible, timeout=PATIENCE)
    app.stop()


def test_stopping_leaves_no_thread_and_no_lock(qapp: Application, theme: Theme, qtbot: QtBot, tmp_path: Path) -> None:
    before = set(threading.enumerate())
    for _time in range(2):
        app = open_app(qapp, theme, tmp_path / "anne")
        qtbot.waitUntil(lambda app=app: app.welcome is not None, timeout=PATIENCE)  # type: ignore[misc]
        app.stop()
        assert set(threading.enumerate()) <= before


def test_a_second_start_rings_at_the_first(qapp: Application, theme: Theme, anne: Desk, qtbot: QtBot) -> None:
    anne.bridge.stop()
    app = open_app(qapp, theme, anne.folder)
    qtbot.waitUntil(app.window.isVisible, timeout=PATIENCE)
    door = Door(anne.folder)
    door.rung.connect(app.rung)
    door.open()
    app.window.hide()
    assert ring(qtbot, anne.folder) == 0
    qtbot.waitUntil(app.window.isVisible, timeout=PATIENCE)
    assert ring(qtbot, anne.folder, "--compose") == 0
    qtbot.waitUntil(lambda: app.quick.open, timeout=PATIENCE)
    door.close()
    assert not Door(anne.folder).call("show")
    app.stop()


def ring(qtbot: QtBot, folder: Path, *words: str) -> int | None:
    """Starts the app a second time; its exit code."""
    process = subprocess.Popen([sys.executable, "-m", "deskblog.app", "--data", str(folder), *words], env=os.environ)
    qtbot.waitUntil(lambda: process.poll() is not None, timeout=PATIENCE * 2)
    return process.returncode


def test_whoever_locks_the_screen_is_away(
    qapp: Application, theme: Theme, anne: Desk, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    anne.bridge.stop()
    with session_bus(tmp_path) as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere")
        app = open_app(qapp, theme, anne.folder)
        qtbot.waitUntil(app.window.isVisible, timeout=PATIENCE)
        path, name = "/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver.ActiveChanged"
        says = ["gdbus", "emit", "--session", "--object-path", path, "--signal", name]

        def told(locked: bool) -> bool:
            """It may not listen yet, so it is said again."""
            subprocess.run([*says, "true" if locked else "false"], check=True)
            return app.away.away is locked

        qtbot.waitUntil(lambda: told(True), timeout=PATIENCE)
        qtbot.waitUntil(lambda: told(False), timeout=PATIENCE)
        app.stop()


def test_a_door_left_by_a_killed_app_opens_again(theme: Theme, tmp_path: Path) -> None:
    first, second = Door(tmp_path), Door(tmp_path)
    first.open()
    second.open()
    assert second.is_open
    second.close()
    first.close()


def test_the_command_line_speaks_with_the_app_that_runs(anne: Desk, qtbot: QtBot) -> None:
    words = [sys.executable, "-m", "deskblog", "--data", str(anne.folder), "post", "from the command line"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    qtbot.waitUntil(lambda: process.poll() is not None, timeout=PATIENCE * 2)
    out, fault = process.communicate()
    assert process.returncode == 0, (out, fault)
    assert anne.ask(anne.bridge.engine.timeline()).rows[0].text == "from the command line"


def test_the_demo_is_lively_and_leaves_nothing_behind(qapp: Application, theme: Theme, qtbot: QtBot) -> None:
    before = set(threading.enumerate())
    demo = Demo()
    app = App(qapp, theme, None, Options(), demo=demo)
    app.start(hidden=False, compose=False)
    qtbot.waitUntil(lambda: app.window.isVisible() and app.window.rows.rowCount() >= 4, timeout=PATIENCE * 2)
    app.window.composer.question.click()
    app.window.composer.field.setPlainText("Where is the key?")
    app.window.composer.send()
    qtbot.waitUntil(
        lambda: app.window.rows.item(max(app.window.rows.place(newest_mine(app)), 0)).row.answers == 2,
        timeout=PATIENCE * 2,
    )
    with qtbot.waitSignal(app.left):
        app.window.close()
    app.stop()
    assert not demo.folder.exists()
    assert set(threading.enumerate()) <= before


def test_the_demo_begins_in_the_welcome_window_and_leads_back_there(
    qapp: Application, theme: Theme, qtbot: QtBot, tmp_path: Path
) -> None:
    app = open_app(qapp, theme, tmp_path / "anne")
    qtbot.waitUntil(lambda: app.welcome is not None and app.welcome.isVisible(), timeout=PATIENCE)
    assert app.welcome is not None
    app.welcome.choices[2].click()
    qtbot.waitUntil(lambda: app._guest is not None and app._guest.window.isVisible(), timeout=PATIENCE * 2)
    guest = app._guest
    assert guest is not None and not app.welcome.isVisible()
    guest.window.close()
    qtbot.waitUntil(app.welcome.isVisible, timeout=PATIENCE)
    assert not guest.window.isVisible()
    app.stop()


def newest_mine(app: App) -> str:
    rows = [app.window.rows.row_at(n) for n in range(app.window.rows.rowCount())]
    return next((row.id for row in rows if row.mine), "")


def test_a_folder_that_cannot_be_used_ends_with_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    script = (
        "import sys\n"
        "from PySide6.QtCore import QTimer\n"
        "from PySide6.QtWidgets import QApplication, QMessageBox\n"
        "from deskblog import app\n"
        "from deskblog.ui.session import Application\n"
        "qt = Application([])\n"
        "def look():\n"
        "    box = QApplication.activeModalWidget()\n"
        "    if isinstance(box, QMessageBox):\n"
        "        print(box.text(), box.informativeText())\n"
        "        box.buttons()[0].click()\n"
        "timer = QTimer()\n"
        "timer.timeout.connect(look)\n"
        "timer.start(50)\n"
        f"sys.exit(app.main(['--data', {str(tmp_path / 'file')!r}]))\n"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=False)
    assert ended.returncode == 1, ended.stderr
    assert str(tmp_path / "file") in ended.stdout and "--data" in ended.stdout
    assert "Traceback" not in ended.stderr


def test_garbage_is_collected_on_the_windows_thread(qapp: Application, theme: Theme) -> None:
    assert not gc.isenabled()
    sweeper = qapp.findChild(Sweeper)
    assert isinstance(sweeper, Sweeper)
    kept: list[list[int]] = [[n] for n in range(gc.get_threshold()[0] * 2)]
    assert sweeper.sweep() >= 0
    assert gc.get_count()[0] < len(kept) // 2


def test_a_newer_program_of_a_colleague_is_told_as_news_and_not_as_trouble(
    anne: Desk, qapp: Application, theme: Theme, qtbot: QtBot, tmp_path: Path
) -> None:
    app = open_app(qapp, theme, tmp_path / "demo")
    app._heard([events.Newer("7.0.1", "Paul", "0.1.0")])
    assert app.window.banner.what.text() == "Paul's PC has deskblog 7.0.1, this one 0.1.0."
    assert "working together" in app.window.banner.more.text()
    app.stop()


def test_a_package_that_came_is_told_as_news_with_the_way_to_it(
    anne: Desk, qapp: Application, theme: Theme, qtbot: QtBot, tmp_path: Path
) -> None:
    app = open_app(qapp, theme, tmp_path / "demo")
    app._heard([events.ProgramCame("7.0.1", str(tmp_path / "deskblog-7.0.1-py3-none-any.whl"))])
    banner = app.window.banner
    assert banner.what.text() == "deskblog 7.0.1 came from a colleague’s PC; its makers’ signature holds."
    assert banner.button.isVisibleTo(banner) and banner.button.text() == "Show it"
    app.stop()
