"""The door at which a second start rings, and how a run is ended from outside."""

from __future__ import annotations

import os
import signal
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from deskblog import doorbell
from deskblog.ui.door import Door
from deskblog.ui.ear_pipe import PipeEar
from deskblog.ui.ear_socket import LINE
from deskblog.ui.session import Application, Session

PATIENCE = 5000


@pytest.fixture
def door(qapp: Application, tmp_path: Path) -> Iterator[Door]:
    made = Door(tmp_path)
    made.open()
    yield made
    made.close()


def caller(folder: Path) -> socket.socket:
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    made.connect(doorbell.address(folder))
    return made


def heard_by(door: Door) -> list[str]:
    words: list[str] = []
    door.rung.connect(words.append)
    return words


def test_a_word_is_heard_however_it_is_cut(qapp: Application, door: Door, qtbot: QtBot, tmp_path: Path) -> None:
    words = heard_by(door)
    assert door.call("compose")
    qtbot.waitUntil(lambda: words == ["compose"], timeout=PATIENCE)
    with caller(tmp_path) as slow:
        for part in (b"sh", b"ow tok", b"en\nmore\n"):
            slow.sendall(part)
            qapp.processEvents()  # each part is read by itself
        qtbot.waitUntil(lambda: words == ["compose", "show"], timeout=PATIENCE)


def test_whoever_says_nothing_or_too_much_is_let_go_of(door: Door, qtbot: QtBot, tmp_path: Path) -> None:
    words = heard_by(door)
    caller(tmp_path).close()
    with caller(tmp_path) as loud:
        loud.sendall(b"x" * (2 * LINE))
        loud.settimeout(PATIENCE / 1000)
        qtbot.waitUntil(lambda: gone(loud), timeout=PATIENCE)
    with caller(tmp_path) as silent:
        assert door.call("show")
        qtbot.waitUntil(lambda: words == ["show"], timeout=PATIENCE)
        door.close()
        assert gone(silent)


def gone(caller: socket.socket) -> bool:
    """The other side has closed."""
    caller.setblocking(False)
    try:
        return caller.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionError:
        return True


def test_the_door_is_this_users_alone_and_goes_with_the_app(door: Door, tmp_path: Path) -> None:
    path = Path(doorbell.address(tmp_path))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.stat().st_uid == os.getuid()
    door.close()
    assert not path.exists()
    assert not door.call("show")


def test_a_door_that_cannot_open_is_no_reason_not_to_start(
    qapp: Application, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "nowhere"))
    door = Door(tmp_path)
    door.open()
    assert not door.is_open
    assert not door.call("show")
    door.close()


def test_the_ear_for_windows_hears_too(qapp: Application, qtbot: QtBot, tmp_path: Path) -> None:
    """Qt makes a socket of it here; that a pipe is one on Windows too has never been seen."""
    lines: list[bytes] = []
    ear = PipeEar(doorbell.address(tmp_path), lines.append)
    assert doorbell.ring(tmp_path, "compose")
    qtbot.waitUntil(lambda: lines == [b"compose"], timeout=PATIENCE)
    ear.close()
    assert not doorbell.ring(tmp_path, "compose")


def test_the_systems_own_quit_ends_the_run_and_closes_no_window(qapp: Application, qtbot: QtBot) -> None:
    """And nothing in Python looks at the events of widgets."""
    told: list[str] = []
    button = QPushButton("stays")
    qtbot.addWidget(button)
    button.show()
    with Session(qapp) as session:
        session.ending.connect(lambda: told.append("ending"))
        assert "eventFilter" not in vars(Session)
        qapp.sendEvent(qapp, QEvent(QEvent.Type.Quit))
        assert told == ["ending"]
        assert button.isVisible()
    qapp.sendEvent(qapp, QEvent(QEvent.Type.Quit))
    assert told == ["ending"]


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_a_signal_ends_the_run(qapp: Application, qtbot: QtBot, name: str) -> None:
    before = signal.getsignal(getattr(signal, name))
    try:
        with Session(qapp) as session, qtbot.waitSignal(session.ending, timeout=PATIENCE):
            os.kill(os.getpid(), getattr(signal, name))
    finally:
        signal.signal(getattr(signal, name), before)
