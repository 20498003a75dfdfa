"""Menus open with the keyboard in them where a key opened them: else nothing says that they are there."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget


def open_menu(menu: QMenu, at: QPoint, opener: QWidget | None) -> None:
    """`opener`: what was pressed, under the mouse if that pressed it; None: a key asked for the menu."""
    menu.triggered.connect(menu.close)  # a screen reader that presses a line leaves the menu open otherwise
    menu.popup(at)
    first = next((one for one in menu.actions() if one.isEnabled() and not one.isSeparator()), None)
    if first is not None and (opener is None or not opener.underMouse()):
        menu.setActiveAction(first)


def beneath(button: QWidget) -> QPoint:
    """Where the menu of a button opens."""
    return button.mapToGlobal(button.rect().bottomLeft())
