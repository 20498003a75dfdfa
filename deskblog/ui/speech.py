"""In which language all is said: what deskblog says, and Qt's own buttons and menus."""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QObject, QTranslator
from PySide6.QtWidgets import QApplication

from deskblog import i18n


class Speech(QObject):
    """Of one program; windows that are there keep what they said."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._of_qt = QTranslator(self)

    def use(self, language: str) -> None:
        """Two letters; "": the system's."""
        i18n.use(language or None)
        self._app.removeTranslator(self._of_qt)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if self._of_qt.load(f"qtbase_{i18n.language()}", folder):
            self._app.installTranslator(self._of_qt)
