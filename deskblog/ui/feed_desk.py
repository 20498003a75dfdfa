"""What one does with feeds and with what they bring: read, pass on, keep; and the pages where that is done."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from deskblog import events
from deskblog.i18n import _
from deskblog.store.items import Article
from deskblog.ui import links, theme
from deskblog.ui.bridge import Bridge
from deskblog.ui.members import label
from deskblog.ui.menus import open_menu
from deskblog.values import Row

if TYPE_CHECKING:
    from deskblog.ui.article import ArticlePage
    from deskblog.ui.feeds import FeedsDialog

SIZE = "reading-size"


class FeedDesk(QObject):
    """`share(row)`: one writes about it; `show(feed, title)`: what a feed brought is shown."""

    def __init__(
        self, bridge: Bridge, window: QWidget, *, share: Callable[[Row], None], show: Callable[[str, str], None]
    ) -> None:
        super().__init__(window)
        self._bridge = bridge
        self._window = window
        self.share = share
        self.show_feed = show
        self._step = theme.READ_USUAL
        self.page: ArticlePage | None = None
        self.dialog: FeedsDialog | None = None

    def load(self) -> None:
        """How large the person reads."""
        self._bridge.ask(self._bridge.engine.remembered(SIZE), self._take_size)

    def _take_size(self, kept: str) -> None:
        self._step = int(kept) if kept.isdecimal() else self._step

    def heard(self, event: events.Event) -> None:
        """What the engine tells everybody."""
        match event:
            case events.RowsChanged() if self.page is not None:
                for row in event.rows:
                    self.page.revise(row)
            case events.FeedsChanged() | events.Read() | events.UnreadChanged() if self.dialog is not None:
                self.dialog.look()
            case _:
                pass

    # --- an item ------------------------------------------------------------------------------------------
    def menu(self, row: Row, link: str) -> QMenu:
        """`link`: the one under the mouse."""
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(_("Read it here") + "\t" + _("Enter"), lambda: self.read(row))
        menu.addAction(_("Share with my opinion") + "\tS", lambda: self.share(row))
        kept = _("Keep it no more") if row.kept else _("Keep it at hand")
        menu.addAction(kept + "\tB", lambda: self.keep(row))
        menu.addAction(_("Copy text") + "\t" + _("Ctrl+C"), lambda: QGuiApplication.clipboard().setText(row.text))
        for address in dict.fromkeys([link or row.link, *([] if link else links.of(row.text))]):
            if links.host(address):
                menu.addSeparator()
                links.fill(menu, address, "O" if address == row.link else "")
        menu.addSeparator()
        feed = label(row.person)
        menu.addAction(_("All of “{feed}”").format(feed=feed), lambda: self.show_feed(row.person_id, row.person))
        menu.addAction(_("This feed…"), lambda: self.open(row.person_id))
        return menu

    def read(self, row: Row) -> None:
        """All of it, here; it is read then."""
        self._bridge.ask(self._bridge.engine.feeds.article(row.id), self._read)

    def _read(self, article: Article | None) -> None:
        from deskblog.ui.article import ArticlePage

        if article is None:
            self._bridge.tell(events.Trouble("feeds", _("This is here no more: its feed was removed.")))
            return
        if article.row.unread:
            self._bridge.ask(self._bridge.engine.unread.read([article.row.id]))
        if self.page is not None:
            return  # Enter was pressed twice
        page = self.page = ArticlePage(article, self._step, self._window)
        page.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        page.shared.connect(self.share)
        page.kept.connect(self.keep)
        page.sized.connect(self._sized)
        page.destroyed.connect(partial(self._page_gone, page))
        page.open()

    def _page_gone(self, page: ArticlePage) -> None:
        if self.page is page:
            self.page = None

    def _sized(self, step: int) -> None:
        self._step = step
        self._bridge.ask(self._bridge.engine.remember(SIZE, str(step)))

    def keep(self, row: Row) -> None:
        """Kept at hand, or not any more."""
        self._bridge.ask(self._bridge.engine.keepsakes.keep(row.id, on=not row.kept))

    def open_link(self, row: Row, place: QPoint) -> None:
        """Where it leads, and the offer to open it."""
        if links.host(row.link):
            open_menu(links.menu(row.link, self._window), place, None)

    # --- feeds --------------------------------------------------------------------------------------------
    def open(self, feed: str = "") -> None:
        """What is followed; `feed`: the one to look at."""
        from deskblog.ui.feeds import FeedsDialog

        if self.dialog is None:
            dialog = self.dialog = FeedsDialog(self._bridge, self._window)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.shown.connect(self.show_feed)
            dialog.destroyed.connect(self._dialog_gone)
            dialog.open()
        self.dialog.point_at(feed)

    def _dialog_gone(self) -> None:
        self.dialog = None
