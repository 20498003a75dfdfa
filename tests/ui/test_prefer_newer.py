"""The preferences about newer versions: with a pinned key of the makers, and without one."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from deskblog.engine import programs
from deskblog.errors import UserError
from deskblog.net.release import read_key
from deskblog.ui.prefer_newer import NewerOnes
from tests.makers import Makers
from tests.ui.desk import Desk


def test_without_a_key_nothing_can_be_chosen_and_it_says_why(anne: Desk) -> None:
    section = NewerOnes(anne.bridge, lambda fault: None)
    anne.widgets.append(section)
    assert [one.name for one in section.settings] == ["Fetch them from colleagues"]
    assert not section.fetch.isEnabled() and not section.fetch.isChecked()
    assert "knows no key of its makers" in section.settings[0].more.text()


def test_with_one_it_can_and_a_package_is_handed_on(
    anne: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    makers, faults, opened = Makers(tmp_path), list[UserError](), list[QUrl]()
    anne.bridge.engine.programs.keys = (read_key(makers.public),)
    anne.bridge.engine.programs._shelf._keys = anne.bridge.engine.programs.keys
    section = NewerOnes(anne.bridge, faults.append)
    anne.widgets.append(section)
    assert [one.name for one in section.settings] == ["Fetch them from colleagues", "Hand one on to colleagues"]
    section.fetch.click()
    anne.until(lambda: anne.bridge.engine.programs.on)
    section.fetch.click()
    anne.until(lambda: not anne.bridge.engine.programs.on)

    package = makers.package("9.1.0", programs._own_kind())
    for path in (package.with_name("no such file"), package):
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args, path=path: (str(path), ""))
        section.hand.click()
        anne.until(lambda: bool(faults))
    anne.until(lambda: "9.1.0 is handed on" in section.settings[1].more.text())
    assert [one.what for one in faults] == ["no such file has no signature beside it."]

    later = NewerOnes(anne.bridge, faults.append)
    anne.widgets.append(later)
    assert later.settings[2].more.text() == "deskblog 9.1.0, checked."
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    later.open.click()
    assert [Path(url.toLocalFile()) for url in opened] == [anne.folder / "programs"]
