"""Announcing from the window: what is pressed once, or twice, goes out once."""

from __future__ import annotations

from deskblog.ui.announce import NewAnnouncement
from tests.ui.desk import Colleague, Desk


def test_what_is_pressed_twice_while_the_disk_is_slow_goes_out_once(anne: Desk, paul: Colleague) -> None:
    dialog = NewAnnouncement(anne.bridge, anne.window(), "Fire drill at eleven")
    anne.until(dialog.go.isEnabled)
    with anne.slow_disk():
        dialog.go.click()
        dialog.text.setPlainText("Fire drill at eleven!")  # a change has the button made anew
        dialog.go.click()
    anne.until(lambda: dialog.result() == NewAnnouncement.DialogCode.Accepted)
    assert [row.text for row in anne.ask(anne.bridge.engine.timeline(limit=9)).rows] == ["Fire drill at eleven"]
