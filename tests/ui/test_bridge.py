"""Between the threads: nothing lost, nothing late, nothing left."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from deskblog import events
from deskblog.errors import Refused, UserError
from deskblog.ui.bridge import Bridge
from deskblog.ui.theme import Theme
from tests.ui.desk import Desk, options


def posted(news: list[tuple[events.Event, ...]]) -> list[events.Posted]:
    return [event for told in news for event in told if isinstance(event, events.Posted)]


def test_a_burst_comes_in_few_signals_and_whole(anne: Desk) -> None:
    anne.news.clear()

    async def burst() -> None:
        for n in range(60):
            await anne.bridge.engine.post(f"post {n}")

    anne.bridge.ask(burst())
    anne.until(lambda: len(posted(anne.news)) == 60)
    assert [event.rows[0].text for event in posted(anne.news)] == [f"post {n}" for n in range(60)]
    assert len(anne.news) <= 30


def test_a_single_event_is_not_held_back(anne: Desk) -> None:
    anne.until(lambda: not anne.bridge._armed)  # quiet
    anne.news.clear()
    order: list[str] = []
    anne.bridge.events.connect(lambda _news: order.append("event"))
    anne.bridge.ask(anne.bridge.engine.post("one"), lambda _row: order.append("answer"))
    anne.until(lambda: len(order) >= 2)
    assert order[0] == "event"


def test_a_refusal_goes_to_whoever_asked(anne: Desk) -> None:
    faults: list[UserError] = []
    anne.bridge.ask(anne.bridge.engine.post("  "), None, faults.append)
    anne.until(lambda: bool(faults))
    assert isinstance(faults[0], Refused)


def test_a_failure_nobody_handles_is_told_as_trouble(anne: Desk) -> None:
    anne.bridge.ask(anne.bridge.engine.post("  "))
    anne.until(lambda: any(isinstance(event, events.Trouble) for event in anne.heard()))
    (trouble,) = (event for event in anne.heard() if isinstance(event, events.Trouble))
    assert trouble.what and trouble.next_step


def test_our_own_mistake_is_told_in_words_and_logged(anne: Desk, caplog: pytest.LogCaptureFixture) -> None:
    async def mistaken() -> None:
        raise ZeroDivisionError

    faults: list[UserError] = []
    anne.bridge.ask(mistaken(), None, faults.append)
    anne.until(lambda: bool(faults))
    assert "ZeroDivision" not in str(faults[0])
    assert any(record.exc_info for record in caplog.records)


def test_an_answer_to_a_widget_that_is_gone_is_dropped(anne: Desk) -> None:
    class Asker(QObject):
        def take(self, _row: object) -> None:
            self.objectName()  # fails on an object that is gone

    asker = Asker()
    anne.bridge.ask(anne.bridge.engine.post("hello"), asker.take)
    import shiboken6

    shiboken6.delete(asker)
    anne.post("and on")


def test_stopping_leaves_no_thread(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    before = set(threading.enumerate())
    desk = Desk(qtbot, tmp_path / "anne")
    assert len(threading.enumerate()) > len(before)
    desk.close()
    assert set(threading.enumerate()) <= before


def test_stopping_twice_or_before_starting_is_nothing(theme: Theme, tmp_path: Path) -> None:
    bridge = Bridge(tmp_path / "x", options(tmp_path / "x"))
    bridge.stop()
    bridge.stop()


def test_a_folder_in_use_is_said_in_words(anne: Desk) -> None:
    second = Bridge(anne.folder, options(anne.folder))
    faults: list[UserError] = []
    second.start(lambda: faults.append(UserError("started")), faults.append)
    anne.until(lambda: bool(faults))
    second.stop()
    assert str(anne.folder) in faults[0].what and faults[0].next_step


EMITS = """
from PySide6.QtCore import QCoreApplication, QObject, Signal
class Bell(QObject):
    rung = Signal(object)
app = QCoreApplication([])
bell, heard = Bell(), []
bell.rung.connect(heard.append)
for n in range(20_000):
    bell.rung.emit((n,))
assert len(heard) == 20_000
print("alive")
"""


def test_twenty_thousand_signals_do_not_end_the_interpreter() -> None:
    """PySide6 6.12.0 drops a reference to True at every emit; Python 3.11 then aborts."""
    ended = subprocess.run([sys.executable, "-c", EMITS], capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout.strip()) == (0, "alive"), ended.stderr
