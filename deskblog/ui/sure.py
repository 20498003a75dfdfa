"""Asks once more before something that cannot be taken back; the careful answer is the one Enter gives. And tells."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMessageBox, QWidget

WIDE = "QLabel { min-width: 380px; }"


def _box(parent: QWidget, what: str, more: str) -> QMessageBox:
    """All is shown as plain text: names of people stand in it."""
    box = QMessageBox(parent)
    box.setWindowTitle("deskblog")
    box.setStyleSheet(WIDE)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(what)
    box.setInformativeText(more)
    return box


def sure(parent: QWidget, question: str, more: str, yes: str) -> bool:
    """True if the person chose `yes`."""
    box = _box(parent, question, more)
    chosen = box.addButton(yes, QMessageBox.ButtonRole.DestructiveRole)
    cancel = box.addButton(QMessageBox.StandardButton.Cancel)
    cancel.setIcon(QIcon())
    box.setDefaultButton(cancel)
    box.setEscapeButton(cancel)
    box.exec()
    return box.clickedButton() is chosen


def tell(parent: QWidget, what: str, more: str) -> None:
    """Says something, and goes away when it was read."""
    box = _box(parent, what, more)
    box.addButton(QMessageBox.StandardButton.Ok).setIcon(QIcon())
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()
