"""Why deskblog cannot open at all, in words, before there is a window to say it in."""

from __future__ import annotations

from PySide6.QtWidgets import QMessageBox

from deskblog.errors import UserError
from deskblog.i18n import _


def say_unusable(fault: UserError) -> None:
    """Returns when it was read."""
    box = QMessageBox(QMessageBox.Icon.Warning, "deskblog", fault.what)
    box.setTextFormat(box.textFormat().PlainText)
    box.setInformativeText(" ".join(part for part in (fault.kept, fault.next_step) if part))
    box.addButton(_("Quit"), QMessageBox.ButtonRole.AcceptRole)
    box.exec()
