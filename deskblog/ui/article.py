"""An item of a feed, read here: calm, in words and links alone, as large as one likes."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QPoint, QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from deskblog.i18n import _
from deskblog.store.items import Article
from deskblog.ui import feed_card, icons, keys, links, moments, theme
from deskblog.ui.dialog import Dialog
from deskblog.ui.elided import Elided
from deskblog.ui.feed_files import FeedFiles, More, read_more
from deskblog.ui.menus import open_menu
from deskblog.ui.reading_pane import SIZES, ReadingPane
from deskblog.values import Row

SIDE = 32
WIDE, HIGH = 760, 780


class Square(QWidget):
    """A feed's initials."""

    def __init__(self, row: Row) -> None:
        super().__init__()
        self._row = row
        theme.fix(self, wide=SIDE, high=SIDE)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        feed_card.square(painter, QRectF(self.rect()), self._row.person, self._row.person_id)
        painter.end()


class ArticlePage(Dialog):
    """`shared`, `kept`: the person wants to pass it on, to keep it (Row). `sized`: another size of text is chosen."""

    shared = Signal(object)
    kept = Signal(object)
    sized = Signal(int)

    def __init__(self, article: Article, size: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.row = article.row
        self._more: More = read_more(article.more)
        self.setObjectName("reading")
        self.setWindowTitle(f"{self.row.title or self.row.person} – deskblog")
        self.pane = ReadingPane()
        self.pane.step = size
        self.files = FeedFiles()
        self.files.show_files(self._more.files)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(self._make_head())
        column = QVBoxLayout()
        column.setContentsMargins(44, 8, 12, 8)
        column.setSpacing(10)
        column.addWidget(self.pane, 1)
        column.addWidget(self.files)
        box.addLayout(column, 1)
        box.addLayout(self._make_foot())
        acts = {
            "larger": self.larger.click,
            "smaller": self.smaller.click,
            "usual": lambda: self._resize(theme.READ_USUAL - self.pane.step),
            "share": self.share.click,
            "keep": self.keep.click,
            "open": self.site.click,
        }
        keys.bind(self, "article", acts)
        theme.room(self, WIDE, HIGH)
        self._fill(article)
        self.pane.setFocus()

    # --- building -----------------------------------------------------------------------------------------
    def _make_head(self) -> QHBoxLayout:
        named = Elided()
        named.setText(" · ".join(part for part in (self.row.person, feed_card.site(self.row)) if part))
        named.setProperty("tone", "soft")
        self.smaller = _quiet(_("Smaller text"), "A", theme.SMALL)
        self.larger = _quiet(_("Larger text"), "A", theme.TITLE)
        self.keep = _quiet("", "")
        self.smaller.clicked.connect(lambda: self._resize(-1))
        self.larger.clicked.connect(lambda: self._resize(1))
        self.keep.clicked.connect(lambda: self.kept.emit(self.row))
        self._show_kept()
        row = QHBoxLayout()
        row.setContentsMargins(44, 18, 20, 6)
        row.setSpacing(4)
        row.addWidget(Square(self.row))
        row.addSpacing(8)
        row.addWidget(named, 1)
        for button in (self.smaller, self.larger, self.keep):
            row.addWidget(button)
        return row

    def _make_foot(self) -> QHBoxLayout:
        c = theme.now()
        self.share = QPushButton(_("Share with my opinion"))
        self.share.setProperty("kind", "primary")
        icons.dress(self.share, "share", c.on_accent)
        self.share.clicked.connect(self._share)
        self.site = QPushButton(_("Open on the site"))
        self.talk = QPushButton(_("Comments"))
        for button, address in ((self.site, self.row.link), (self.talk, self._more.comments)):
            button.setVisible(bool(links.host(address)))
            button.setEnabled(bool(links.host(address)))
            button.setToolTip(links.host(address))
            button.clicked.connect(lambda _on=False, button=button, address=address: _offer(button, address))
        icons.dress(self.site, "open", c.text)
        closer = QPushButton(_("Close"))
        closer.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.setContentsMargins(44, 12, 20, 18)
        row.setSpacing(theme.GAP)
        for button in (self.share, self.site, self.talk):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(closer)
        for button in (self.share, self.site, self.talk, closer):
            button.setAutoDefault(False)
        return row

    # --- what stands there --------------------------------------------------------------------------------
    def _fill(self, article: Article) -> None:
        row = article.row
        who = feed_card.byline(row)
        about = " · ".join(part for part in (who[:1].upper() + who[1:], moments.full(row.at)) if part)
        html = article.html or "".join(f"<p>{escape(part)}</p>" for part in article.text.split("\n") if part.strip())
        if not html:
            nothing = _("The feed says no more than this. The site may.")
            html = f"<p>{escape(nothing)}</p>"
        self.pane.show_article(row.title, about, html, _("It goes on, on the site."))

    def revise(self, row: Row) -> None:
        """It is kept now, or no more."""
        if row.id == self.row.id:
            self.row = row
            self._show_kept()

    def _show_kept(self) -> None:
        c = theme.now()
        said = _("Keep it no more") if self.row.kept else _("Keep it at hand")
        self.keep.setIcon(icons.icon("keep", c.accent if self.row.kept else c.soft))
        self.keep.setAccessibleName(said)
        self.keep.setToolTip(said)

    def _resize(self, step: int) -> None:
        self.pane.resize_text(self.pane.step + step)
        self.smaller.setEnabled(self.pane.step > 0)
        self.larger.setEnabled(self.pane.step < len(SIZES) - 1)
        self.sized.emit(self.pane.step)

    def _share(self) -> None:
        self.accept()
        self.shared.emit(self.row)


def _quiet(said: str, text: str, scale: float = theme.BODY) -> QPushButton:
    button = QPushButton(text)
    button.setProperty("kind", "quiet")
    button.setFont(theme.font(scale))
    theme.fix(button, wide=36, high=32, picture=18)
    button.setAutoDefault(False)
    button.setAccessibleName(said)
    button.setToolTip(said)
    return button


def _offer(button: QPushButton, address: str) -> None:
    """Where it leads, before it leads there."""
    menu = links.menu(address, button)
    open_menu(menu, button.mapToGlobal(QPoint(0, -menu.sizeHint().height())), button)
