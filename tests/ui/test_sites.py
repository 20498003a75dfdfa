"""Sites in the window: what there is, and the two things to do, each refused beside its field and never lost."""

from __future__ import annotations

import time

from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from deskblog.ui.sites import SitesDialog, site_lines
from deskblog.values import SiteRow
from tests.ui.desk import Colleague, Desk


def opened(desk: Desk) -> SitesDialog:
    desk.window().office_menu.sites()
    desk.until(lambda: isinstance(QApplication.activeModalWidget(), SitesDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, SitesDialog)
    desk.until(lambda: "Anne Martin" in shown(dialog))
    return dialog


def shown(dialog: SitesDialog) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisibleTo(dialog))


def test_the_site_is_named_and_all_learn_it(anne: Desk, paul: Colleague) -> None:
    dialog = opened(anne)
    assert "Paul Bernard" in shown(dialog)
    dialog.name.line.setText("  Lille ")
    dialog.name.line.returnPressed.emit()
    anne.until(lambda: "Lille" in shown(dialog))
    anne.until(lambda: paul.do(paul.engine.places.sites())[0].name == "Lille")
    dialog.accept()


def test_an_address_is_given_once_and_taken_back(anne: Desk, paul: Colleague) -> None:
    dialog = opened(anne)
    dialog.road.line.setText("10.1.2.3:20140")
    dialog.road.line.returnPressed.emit()
    anne.until(lambda: "Dialled by all: 10.1.2.3:20140" in shown(dialog))
    assert dialog.road.line.text() == ""
    anne.until(lambda: paul.engine.places.roads() == (("10.1.2.3", 20140),))
    remove = next(button for button in dialog.findChildren(QPushButton) if "10.1.2.3" in button.accessibleName())
    remove.click()
    anne.until(lambda: "10.1.2.3:20140" not in shown(dialog))
    dialog.accept()


def test_what_is_no_address_is_refused_beside_the_field_and_stays(anne: Desk) -> None:
    dialog = opened(anne)
    for wrong in ("localhost", "127.0.0.1:20140", "10.1.2.3:http", "[::1]"):
        dialog.road.line.setText(wrong)
        dialog._join()
        anne.until(dialog.road.problem.isVisible)
        assert dialog.road.line.text() == wrong
        dialog.road.refuse("")
    assert anne.bridge.engine.places.roads() == ()
    dialog.accept()


def test_what_is_said_of_a_site() -> None:
    now = int(time.time() * 1000)
    assert site_lines(SiteRow("", True, ("Anne",), (), True, 0, "")) == ("This site", "Anne")
    assert site_lines(SiteRow("Nantes", False, ("Lea",), ("Karim",), True, 0, "Anne")) == (
        "Nantes", "Lea", "off: Karim", "carried by Anne's PC",
    )  # fmt: skip
    assert site_lines(SiteRow("Lille", False, (), ("Lea",), False, now - 240_500, "Anne"))[-1] == (
        "4 minutes behind, carried last by Anne's PC"
    )
    assert "nothing since" in site_lines(SiteRow("Lille", False, (), ("Lea",), False, now - 9_000_000, "Anne"))[-1]
    assert site_lines(SiteRow("", False, (), ("Lea",), False, 0, ""))[-1] == "never reached yet"
