"""Bundles from the office's menu: a file is chosen, the window goes on, what came of it is said in words."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog

from deskblog.ui.office_menu import _file_name
from deskblog.ui.window import Window
from tests.ui.desk import Colleague, Desk, lines


def choose(monkeypatch: pytest.MonkeyPatch, file: str) -> list[tuple[str, str]]:
    """From now on this file is chosen; (title, what was proposed) of each dialog."""
    asked: list[tuple[str, str]] = []

    def chosen(_parent: object, title: str, proposed: str, _kinds: str) -> tuple[str, str]:
        asked.append((title, proposed))
        return file, ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", chosen)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", chosen)
    return asked


def action(window: Window, text: str) -> QAction:
    return next(one for one in lines(window.office_menu.menu()) if one.text() == text)


def test_a_bundle_is_read_and_answered(
    anne: Desk, paul: Colleague, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs, mine = tmp_path / "theirs.pli", tmp_path / "mine.pli"
    paul.close()
    alone = Desk(anne.qtbot, tmp_path / "paul")
    try:
        alone.post("from the other site")
        anne.post("from here")
        alone.ask(alone.bridge.engine.bundles.write(theirs))
    finally:
        alone.close()
    window = anne.window()
    choose(monkeypatch, str(theirs))
    action(window, "Read a bundle from another site…").trigger()
    anne.until(lambda: window.banner.isVisible())
    assert window.banner.what.text() == "1 post is new, from Paul Bernard."
    assert "1 post from here is still missing there. Write a bundle back." in window.banner.more.text()
    asked = choose(monkeypatch, str(mine))
    window.banner.button.click()
    anne.until(lambda: window.banner.what.text() == "In mine.pli: 1 post.")
    assert asked[0][0] == "Write a bundle for another site"
    assert Path(asked[0][1]).name == f"dupont-and-fils-{date.today().isoformat()}.pli"
    assert window.banner.button.isHidden() and mine.is_file()
    assert "What Paul Bernard had when they sent theirs is left out." in window.banner.more.text()


def test_what_is_no_bundle_is_said_and_a_dialog_left_asks_for_nothing(
    anne: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear colleagues")
    window = anne.window()
    asked = choose(monkeypatch, "")
    action(window, "Write a bundle for another site…").trigger()
    action(window, "Read a bundle from another site…").trigger()
    assert len(asked) == 2 and not window.banner.isVisible()
    choose(monkeypatch, str(letter))
    action(window, "Read a bundle from another site…").trigger()
    anne.until(lambda: window.banner.isVisible())
    assert window.banner.what.text() == "This file is no bundle of deskblog."


def test_a_file_is_called_what_every_system_takes() -> None:
    assert _file_name("Dupont & fils") == "dupont-and-fils"
    assert _file_name("Bäckerei: Öl/Würze?") == "backerei-ol-wurze"
    assert _file_name("事務所") == "deskblog"
