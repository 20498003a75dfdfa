"""What closing the window is to mean: asked the first time."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from deskblog.i18n import _
from deskblog.ui.sure import Box


def closing_means(parent: QWidget) -> str:
    """keep, quit, or "" for neither."""
    box = Box(
        parent,
        _("Keep deskblog in the background?"),
        _("Then posts of your colleagues arrive while the window is closed. Starting deskblog again opens it."),
    )
    box.offer(_("Cancel"))
    box.offer(_("Quit"))
    box.offer(_("Keep it running"), default=True, kind="primary")
    return {_("Keep it running"): "keep", _("Quit"): "quit"}.get(box.ask(), "")
