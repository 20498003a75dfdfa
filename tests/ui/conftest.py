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
from deskblog.ui.sweeper import Sweeper
from deskblog.ui.theme import Theme
from tests.ui.desk import Colleague, Desk


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a screen nothing can be raised, grabbed or hinted at; Qt says so at each try."""
    for item in items:
        if "tests/ui/" in item.path.as_posix():
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support"))


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Theme:
    i18n.use("en")
    qapp.setQuitOnLastWindowClosed(False)
    Sweeper(qapp)
    return Theme(qapp)


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
