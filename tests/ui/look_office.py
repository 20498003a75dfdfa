"""Scenes for eyes: the office's settings as a keyholder sets them and as others read them; what they do elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deskblog.records import replace

if TYPE_CHECKING:
    from tests.ui.look import Look


def office_settings(look: Look, window: Any) -> None:
    """First with nothing set, then with all there can be."""
    from PySide6.QtWidgets import QScrollArea

    from deskblog.log.settings import LOCKS, OfficeFeed
    from deskblog.ui.office_settings import OfficeSettingsDialog
    from deskblog.values import Hours

    french = look.french
    settings = window._bridge.engine.office_settings
    dialog = OfficeSettingsDialog(window._bridge, window)
    dialog.show()
    look.shoot(dialog, "office-settings-empty")
    dialog.feeds.address.line.setText("http://intranet/feed.xml")
    dialog.feeds.add()
    dialog.hours.which.setCurrentIndex(2)
    dialog.hours._change()
    area = dialog.findChild(QScrollArea)
    assert area is not None
    area.ensureWidgetVisible(dialog.tags)
    look.wait(0.3)
    look.shoot(dialog, "office-settings-refused")
    address = "https://www.ville-de-lille.example/actualites/le-fil-de-toute-la-ville/feed/atom.xml"
    feeds = (
        OfficeFeed("https://news.example.org/feed.xml", "Métier" if french else "Trade", ""),
        OfficeFeed(address, "Ville" if french else "Town", "Ville de Lille" if french else "The town of Lille"),
    )
    hours = Hours(7 * 60 + 30, 18 * 60, (0, 1, 2, 3))
    dialog.show_settings(
        replace(settings.now, days=730, tags=("menu", "shop"), hours=hours, feeds=feeds, locked=frozenset(LOCKS))
    )
    dialog._set()
    look.until(lambda: settings.now.feeds == feeds and not dialog._edited)
    area.verticalScrollBar().setValue(0)
    look.wait(0.3)
    look.shoot(dialog, "office-settings-set")
    dialog.accept()
    _others(look, window, settings)
    _hours(look, window, settings)
    _feeds(look, window)
    _set(look, window, replace(settings.now, feeds=(), locked=frozenset(), hours=None))


def _set(look: Look, window: Any, settings: Any) -> None:
    look.ask(window, window._bridge.engine.office_settings.set(settings))


def _others(look: Look, window: Any, settings: Any) -> None:
    """As who holds no key sees it."""
    from PySide6.QtWidgets import QScrollArea

    from deskblog.ui.office_settings import OfficeSettingsDialog

    may = type(settings).may_set
    type(settings).may_set = property(lambda _self: False)
    dialog = OfficeSettingsDialog(window._bridge, window)
    type(settings).may_set = may
    dialog.show()
    look.shoot(dialog, "office-settings-read")
    area = dialog.findChild(QScrollArea)
    assert area is not None
    area.ensureWidgetVisible(dialog.tags)
    look.wait(0.3)
    look.shoot(dialog, "office-settings-read-below")
    dialog.accept()


def _hours(look: Look, window: Any, settings: Any) -> None:
    """Locked, one's own, and the office's again."""
    from deskblog.log.settings import FEEDS
    from deskblog.ui.quiet import QuietHours

    quiet = QuietHours(window._bridge, window)
    quiet.show()
    look.shoot(quiet, "quiet-locked")
    quiet.accept()
    _set(look, window, replace(settings.now, locked=frozenset({FEEDS})))
    look.ask(window, window._bridge.engine.attention.choose(begins=9 * 60))
    quiet = QuietHours(window._bridge, window)
    quiet.show()
    look.shoot(quiet, "quiet-own")
    quiet._take_offices()
    look.wait(0.4)
    look.shoot(quiet, "quiet-office")
    quiet.accept()


def _feeds(look: Look, window: Any) -> None:
    from deskblog.ui.feeds import FeedsDialog

    page = FeedsDialog(window._bridge, window)
    page.show()
    look.until(lambda: any(row.whose.office for row in page.rows))
    look.shoot(page, "feeds-office")
    row = next(row for row in page.rows if row.whose.office)
    menu = page.menu(row)
    menu.popup(page.mapToGlobal(page.rect().center()))
    look.wait(0.3)
    look.shoot(menu, "feeds-office-menu")
    menu.close()
    page.accept()
