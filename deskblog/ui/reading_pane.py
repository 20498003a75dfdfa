"""Where an article stands: words and links, nothing that is fetched or opened by being shown."""

from __future__ import annotations

from html import escape
from typing import Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QCursor, QTextDocument
from PySide6.QtWidgets import QFrame, QTextBrowser

from deskblog.i18n import _
from deskblog.ui import links, theme
from deskblog.ui.calm import calm
from deskblog.ui.menus import open_menu

SIZES = (0.85, 1.0, 1.15, 1.35, 1.6, 2.0)  # of the text, in parts of the usual
HEADS = {1: 1.6, 2: 1.25, 3: 1.1, 4: 1.0, 5: 1.0, 6: 1.0}  # of its headings, in parts of the text


class _Sheet(QTextDocument):
    """Qt's own opens files and `data:` by itself where a browser gives nothing: this one does not."""

    def loadResource(self, type: int, name: QUrl | str) -> Any:
        return None


class ReadingPane(QTextBrowser):
    """Shows foreign markup. A press on a link says where it leads, and offers to open it."""

    def __init__(self) -> None:
        super().__init__()
        self._html = ""
        self.step = theme.READ_USUAL
        self.setDocument(_Sheet(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("kind", "reading")
        self.setAccessibleName(_("Article"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setOpenLinks(False)
        self.setUndoRedoEnabled(False)
        self.document().setDocumentMargin(0)
        self.setViewportMargins(0, 0, theme.PAD, 0)  # words do not touch the bar
        self.anchorClicked.connect(self._pressed)
        self.highlighted.connect(lambda url: self.setToolTip(links.host(_address(url))))

    def loadResource(self, type: int, name: QUrl | str) -> Any:
        """No picture, no style sheet, no file, from nowhere. An image that names a path Qt would open all the same:
        that there is none is the affair of `calm`."""
        return None

    def setHtml(self, text: str) -> None:
        """There is no way past `calm`."""
        self.show_article("", "", text, "")

    def show_article(self, title: str, about: str, html: str, rest: str) -> None:
        """`title` and `about` are plain text; `html` is foreign; `rest`: what is said where it was too long."""
        shown, whole = calm(html)
        small = f"font-size: {theme.base_points() * theme.SMALL:.1f}pt"
        c = theme.now()
        self._html = (
            f"<h1>{escape(title)}</h1>" * bool(title)
            + f'<p style="color: {c.soft}">{escape(about)}</p>' * bool(about)
            + f"<div>{shown}</div>"
            + f'<p style="color: {c.soft}; {small}">{escape(rest)}</p>' * (not whole)
        )
        self._lay_out()

    def resize_text(self, step: int) -> None:
        """By its place in SIZES; what is being read stays about where it is."""
        self.step = min(max(step, 0), len(SIZES) - 1)
        bar = self.verticalScrollBar()
        part = bar.value() / max(1, bar.maximum())
        self._lay_out()
        bar.setValue(round(part * bar.maximum()))

    def _lay_out(self) -> None:
        c = theme.now()
        points = theme.base_points() * theme.LEAD * SIZES[self.step]
        heads = " ".join(f"h{n} {{ font-size: {points * large:.1f}pt; }}" for n, large in HEADS.items())
        self.document().setDefaultFont(theme.font(theme.LEAD * SIZES[self.step]))
        self.document().setDefaultStyleSheet(
            f"* {{ color: {c.text}; }} a {{ color: {c.accent}; }} blockquote {{ color: {c.soft}; }}"
            f" p, li, dd, blockquote {{ line-height: 140%; }} h1, h2, h3 {{ line-height: 120%; }}"
            f" td, th {{ padding: 3px 14px 3px 0; }} {heads}"
            f" mark {{ background-color: {c.found}; }} th {{ text-align: left; }}"
        )
        super().setHtml(self._html)

    def _pressed(self, url: QUrl) -> None:
        if links.host(_address(url)):
            beneath = self.viewport().mapToGlobal(self.cursorRect().bottomLeft())
            open_menu(
                links.menu(_address(url), self), QCursor.pos() if self.underMouse() else beneath, self.viewport()
            )


def _address(url: QUrl) -> str:
    return url.toString(QUrl.ComponentFormattingOption.FullyEncoded)
