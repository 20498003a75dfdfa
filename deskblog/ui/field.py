"""The field one writes a post in."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QMainWindow, QPlainTextEdit, QWidget

from deskblog.ui import keys, theme
from deskblog.ui.caret import Caret
from deskblog.ui.completion import Completion
from deskblog.ui.enclosing import Chosen
from deskblog.ui.menus import open_menu

LINES = 6


class Field(QPlainTextEdit):
    """Grows with its text; Enter posts, Ctrl+Enter at once, Shift+Enter begins a line."""

    entered = Signal(bool)  # at once
    left = Signal()
    menu_opens = Signal(object, object)  # the menu, and a cursor where it was asked for
    focused = Signal(bool)
    chosen: Chosen

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFont(theme.font(theme.LEAD))
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(2)
        self.completion = Completion(self)
        self.textChanged.connect(self.fit)
        self.focused.connect(Caret(self).attend)
        self.fit()

    def fit(self) -> None:
        """As high as its text, and never so high that nothing else has room."""
        lines = max(1, int(self.document().size().height()))
        metrics, around = self.fontMetrics(), self.window()
        room = around.height() // 4 // metrics.lineSpacing() if isinstance(around, QMainWindow) else LINES
        most = max(2, min(LINES, room))
        self.setVerticalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAsNeeded if lines > most else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        )
        self.setFixedHeight(min(lines, most) * metrics.lineSpacing() + 8)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return self.chosen.takes(source) or super().canInsertFromMimeData(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Pictures and files go with the post; of anything else the words are taken, never their look."""
        if self.chosen.takes(source):
            self.chosen.take(source)
        elif source.hasText():
            self.insertPlainText(source.text())

    def event(self, event: QEvent) -> bool:
        """Escape is the field's while one writes, and not the window's."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self.completion.takes(event):
            return True  # before Tab goes to the next field
        written = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if written and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match keys.name_of("field", event):
            case "post" | "at-once" as does:
                self.entered.emit(does == "at-once")
            case "leave":
                self.left.emit()
            case _:
                super().keyPressEvent(event)
                if event.text():
                    self.completion.offer()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Of the word beneath the mouse, or at the caret if a key asked for it."""
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        place = event.pos() if by_mouse else self.cursorRect().bottomLeft()
        menu = self.createStandardContextMenu(event.pos())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.menu_opens.emit(menu, self.cursorForPosition(place) if by_mouse else self.textCursor())
        open_menu(menu, self.viewport().mapToGlobal(place), self.viewport() if by_mouse else None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focused.emit(False)
