"""The scenes of the preferences and of the page of keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deskblog.app import App
from deskblog.ui.keyboard import KeyboardPage

if TYPE_CHECKING:
    from tests.ui.look import Look


def preferences(look: Look, app: App) -> None:
    """From its beginning to its end, searched, and narrow; then the keys."""
    app.preferences.open()
    page = app.preferences.page
    assert page is not None
    look.shoot(page, "preferences")
    bar = page.area.verticalScrollBar()
    bar.setValue(bar.maximum())
    look.shoot(page, "preferences-end")
    page.search.setText("contrast")
    look.shoot(page, "preferences-found")
    page.search.setText("zebra")
    look.shoot(page, "preferences-none")
    page.search.clear()
    page.resize(420, 640)
    look.shoot(page, "preferences-narrow")
    page.close()
    app.window.office_menu.keyboard()
    keys = app.window.findChild(KeyboardPage)
    assert keys is not None
    look.shoot(keys, "keyboard")
    keys.close()
    app.window.resize(420, 640)
    look.shoot(app.window, "narrowest")
    app.window.here.setChecked(True)
    look.shoot(app.window, "narrowest-people")
    app.window.here.setChecked(False)
    app.window.resize(940, 720)
