"""Completes @names, #tags and :emoji while one writes: a short list beneath the caret, taken with Enter or Tab."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QAbstractItemView, QCompleter, QPlainTextEdit, QStyledItemDelegate

from deskblog.store.marks import handle
from deskblog.ui import keys
from deskblog.ui.smileys import exact
from deskblog.ui.smileys import fitting as smileys
from deskblog.values import PersonRow

_BEGUN = re.compile(r"(?:^|[\s(])([@#][\w.-]*|:[^\W\d_][\w-]+:?)$")
MOST = 6


class Completion(QCompleter):
    """Sits on a field; the field asks it first what a key means."""

    def __init__(self, field: QPlainTextEdit) -> None:
        super().__init__(field)
        self._field = field
        self._people: tuple[str, ...] = ()
        self.tags: Callable[[], Sequence[str]] = tuple  # those in use, the newest first
        self._list = QStringListModel(self)
        self.setModel(self._list)
        self.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setMaxVisibleItems(MOST)
        self.setWidget(field)
        self._popup: QAbstractItemView | None = None
        self.activated.connect(self._take)

    def know(self, people: Sequence[PersonRow]) -> None:
        """Who can be mentioned."""
        names = [person.name for person in people if not person.gone]
        self._people = tuple(f"@{handle(p.name, names)}" for p in people if not p.gone and not p.me)

    @property
    def _shown(self) -> QAbstractItemView:
        if self._popup is None:
            popup = self.popup()
            assert popup is not None  # Qt makes one when it is first asked for
            popup.setObjectName("completion")
            popup.setItemDelegate(QStyledItemDelegate(popup))  # Qt's own here knows no stylesheet
            self._popup = popup
        return self._popup

    @property
    def _open(self) -> bool:
        return self._popup is not None and self._popup.isVisible()

    # --- what is being written ----------------------------------------------------------------------------
    def begun(self) -> str:
        """The @name, #tag or :emoji the caret stands behind; empty if it stands elsewhere."""
        cursor = self._field.textCursor()
        before = cursor.block().text()[: cursor.positionInBlock()]
        found = _BEGUN.search(before)
        return found[1] if found and not cursor.hasSelection() else ""

    def offer(self) -> None:
        """Shows what fits, or nothing."""
        begun = self.begun()
        if begun[:1] == ":" and begun[-1:] == ":" and (sign := exact(begun)):
            self._take(sign)
            return
        fitting = self._fitting(begun)
        if not fitting or not self._field.hasFocus():
            if self._open:
                self._shown.hide()
            return
        self._list.setStringList(fitting[:MOST])
        self.setCompletionPrefix("")
        popup = self._shown
        popup.setCurrentIndex(self.completionModel().index(0, 0))
        place = self._field.cursorRect()
        place.setWidth(popup.sizeHintForColumn(0) + 2 * popup.frameWidth() + 28)
        self.complete(place)

    def _fitting(self, begun: str) -> list[str]:
        if begun[:1] == ":":
            return [f"{sign}  :{name}:" for sign, name in smileys(begun, MOST)]
        wanted = self._people if begun[:1] == "@" else [f"#{tag}" for tag in self.tags()] if begun else ()
        return [one for one in wanted if one.casefold().startswith(begun.casefold()) and one != begun]

    def takes(self, event: QKeyEvent) -> bool:
        """Whether a key is for the list: Enter and Tab take what is marked."""
        if not self._open or keys.name_of("offer", event) != "take":
            return False
        chosen = self._shown.currentIndex().data()
        self._shown.hide()
        if not chosen:
            return False
        self._take(str(chosen))
        return True

    def _take(self, chosen: str) -> None:
        cursor = self._field.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, len(self.begun()))
        cursor.insertText(f"{chosen.split('  ')[0]} ")  # of an emoji without its name
        self._field.setTextCursor(cursor)
