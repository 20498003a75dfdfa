"""Real engines on loopback, real widgets without a screen."""

from __future__ import annotations

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["DESKBLOG_THEME"] = "light"
os.environ["DESKBLOG_LANGUAGE"] = "en"

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from deskblog import i18n
from deskblog.ui.session import Application
from deskblog.ui.sweeper import Sweeper
from deskblog.ui.theme import Theme
from tests.ui import sound_card
from tests.ui.desk import Colleague, Desk
from tests.ui.outside import outside
from tests.web.site import Site

NOISE = (
    "This plugin does not support",  # without a screen nothing can be raised, grabbed or hinted at …
    "No RHI backend",  # … nor drawn by a graphics card
    r"QAudioSource::start\(\) called while already started",  # Qt's recorder, of its own microphone, now and then
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What Qt says here of itself is no fault of ours; of several such marks pytest-qt sees the first alone."""
    for item in items:
        if "tests/ui/" in item.path.as_posix():
            own = [pattern for mark in item.iter_markers("qt_log_ignore") for pattern in mark.args]
            item.add_marker(pytest.mark.qt_log_ignore(*NOISE, *own), append=False)


@pytest.fixture(scope="session")
def qapp_cls() -> type[QApplication]:
    return Application


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Theme:
    i18n.use("en")
    qapp.setQuitOnLastWindowClosed(False)
    Sweeper(qapp)
    return Theme(qapp)


@pytest.fixture(scope="session")
def card(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sound_card.SoundCard]:
    """Qt meets it when its multimedia is first loaded: each test that may load that asks for this."""
    with sound_card.running(tmp_path_factory.mktemp("sound")) as made:
        yield made


@pytest.fixture
def desk(qtbot: QtBot, theme: Theme, tmp_path: Path) -> Iterator[Desk]:
    """A PC in no office yet."""
    made = Desk(qtbot, tmp_path / "anne")
    yield made
    made.close()


@pytest.fixture
def anne(desk: Desk) -> Desk:
    """Anne, who founded the office."""
    desk.ask(desk.bridge.engine.found("Dupont & fils", "Anne Martin"))
    return desk


@pytest.fixture
def paul(anne: Desk, tmp_path: Path) -> Iterator[Colleague]:
    """Paul, who joined Anne's office and is linked with her."""
    code = anne.ask(anne.bridge.engine.invite()).code
    made = Colleague(tmp_path / "paul")
    made.do(made.engine.join(code, "Paul Bernard", at=f"127.0.0.1:{anne.bridge.engine.port}"))
    anne.until_here("Paul Bernard")
    yield made
    made.close()


@pytest.fixture
def there() -> Iterator[Site]:
    """Sites elsewhere."""
    with outside() as made:
        yield made
