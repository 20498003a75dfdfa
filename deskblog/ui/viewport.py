"""The room of a list, made here: of one that Qt made, PySide has to find out which of all widgets it is.

For that it makes the classes of all there are, with their enumerations, known to Python: wizards, calendars, dials …
"""

from __future__ import annotations

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QAbstractScrollArea, QWidget


def own_viewport(view: QAbstractScrollArea) -> None:
    """First of all that is done to the view."""
    room = QWidget()
    room.setBackgroundRole(QPalette.ColorRole.Base)
    room.setAutoFillBackground(True)
    view.setViewport(room)
