"""Feeds fetched once for the office: what it means is said before, for colleagues learn what one follows."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from deskblog.engine.feed_copies import question
from deskblog.i18n import _
from deskblog.ui.sure import sure


def sure_once(parent: QWidget) -> bool:
    return sure(parent, _("Fetch feeds once for the office?"), question(), _("Fetch them once"))
