"""Asks once more before something that cannot be taken back; the careful answer is the one Enter gives."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget


def sure(parent: QWidget, question: str, more: str, yes: str) -> bool:
    """True if the person chose `yes`. All is shown as plain text: names of people stand in it."""
    box = QMessageBox(parent)
    box.setWindowTitle("deskblog")
    box.setIcon(QMessageBox.Icon.NoIcon)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(question)
    box.setInformativeText(more)
    chosen = box.addButton(yes, QMessageBox.ButtonRole.DestructiveRole)
    cancel = box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(cancel)
    box.setEscapeButton(cancel)
    box.exec()
    return box.clickedButton() is chosen
