"""The feeds one follows, on a page: what is there, and all that can be done about it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from deskblog import limits
from deskblog.engine.feed_copies import question
from deskblog.engine.feeds import FeedRow
from deskblog.errors import Refused, UserError
from deskblog.i18n import _, plural
from deskblog.ui import icons, links, theme
from deskblog.ui.aloud import say
from deskblog.ui.bridge import Bridge
from deskblog.ui.dialog import Dialog
from deskblog.ui.feed_add import FeedAdd
from deskblog.ui.feed_edit import FeedEdit
from deskblog.ui.feed_list import FeedList, FeedsModel
from deskblog.ui.feed_once import sure_once
from deskblog.ui.menus import open_menu
from deskblog.ui.sure import sure, tell
from deskblog.ui.ticks import Tick
from deskblog.values import View

WIDE, HIGH = 640, 640


class FeedsDialog(Dialog):
    """`shown(feed, title)`: what a feed brought is to be shown."""

    shown = Signal(str, str)

    def __init__(self, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._asked = self._again = False
        self._wanted = ""
        self.rows: tuple[FeedRow, ...] = ()
        self.setWindowTitle(_("Feeds"))
        theme.room(self, WIDE, HIGH)
        self.add = FeedAdd(bridge)
        self.add.added.connect(self._added)
        self.list = FeedList(FeedsModel(self))
        self.list.shown.connect(self._show)
        self.list.edited.connect(self.edit)
        self.list.removed.connect(self.remove)
        self.list.menu_wanted.connect(lambda row, place: open_menu(self.menu(row), place, self.list.viewport()))
        self.pages = QStackedWidget()
        self.pages.addWidget(self.list)
        self.pages.addWidget(_empty())
        self.said = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self.said.setFont(theme.font(theme.SMALL))
        self.said.setProperty("tone", "soft")
        self.said.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 20, 24, 20)
        box.setSpacing(12)
        box.addLayout(self._make_head())
        box.addWidget(self.add)
        box.addWidget(self.said)
        box.addWidget(self.pages, 1)
        self.once = Tick(_("Fetch feeds once for the office"))
        self.once.setToolTip(question())
        self.once.setChecked(bridge.engine.feeds.sharing.on)
        self.once.toggled.connect(self._share)
        box.addWidget(self.once)
        box.addLayout(self._make_foot())
        self.look()

    def _share(self, on: bool) -> None:
        """What it means is said before: colleagues learn what one follows."""
        if on and not sure_once(self):
            self.once.blockSignals(True)
            self.once.setChecked(False)
            self.once.blockSignals(False)
            return
        self._do(self._bridge.engine.feeds.sharing.choose(on=on))

    def _make_head(self) -> QHBoxLayout:
        title = QLabel(_("Feeds"))
        title.setFont(theme.font(theme.TITLE, strong=True))
        self.refresh = self._button(_("Ask all now"), self._refresh)
        self.read = self._button(_("Mark everything as read"), self._read_all)
        row = QHBoxLayout()
        row.addWidget(title, 1)
        row.addWidget(self.read)
        row.addWidget(self.refresh)
        return row

    def _make_foot(self) -> QHBoxLayout:
        self.taking = self._button(_("Import a list…"), self._import)
        self.giving = self._button(_("Export the list…"), self._export)
        for button in (self.taking, self.giving):
            button.setToolTip(_("OPML, as all readers of feeds write and read it"))
        closer = self._button(_("Close"), self.accept, kind="primary")
        row = QHBoxLayout()
        row.addWidget(self.taking)
        row.addWidget(self.giving)
        row.addStretch(1)
        row.addWidget(closer)
        return row

    @staticmethod
    def _button(text: str, act: Callable[[], object], kind: str = "") -> QPushButton:
        button = QPushButton(text)
        if kind:
            button.setProperty("kind", kind)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: act())
        return button

    # --- what there is ------------------------------------------------------------------------------------
    def look(self) -> None:
        """Asks anew; what changes meanwhile is asked for once more, not once each."""
        if self._asked:
            self._again = True
            return
        self._asked = True
        self._bridge.ask(self._bridge.engine.feeds.rows(), self.show_feeds, self._fail)

    def show_feeds(self, rows: Sequence[FeedRow]) -> None:
        self._asked = False
        self.rows = tuple(rows)
        self.list.show_feeds(rows)
        self.add.know(rows)
        self.pages.setCurrentIndex(0 if rows else 1)
        for button in (self.refresh, self.read, self.giving):
            button.setVisible(bool(rows))
        self.read.setEnabled(any(row.unread for row in rows))
        if self._wanted and self.list.feeds.place(self._wanted) >= 0:
            self.list.point_at(self._wanted)
            self._wanted = ""
        if self._again:
            self._again = False
            self.look()

    def point_at(self, feed: str) -> None:
        """The feed (id) to look at, as soon as it is there; empty: where one adds one."""
        self._wanted = feed
        if feed:
            self.list.point_at(feed)
            self.list.setFocus()
        else:
            self.add.address.line.setFocus()

    def _say(self, text: str) -> None:
        self.said.setText(text)
        self.said.setVisible(bool(text))
        say(self, text)

    def _added(self, row: FeedRow, known: bool) -> None:
        said = _("“{feed}” is followed already.") if known else _("“{feed}” is followed from now on.")
        self._say(said.format(feed=row.title))
        self._wanted = row.id
        self.look()

    def _show(self, row: FeedRow) -> None:
        self.accept()
        self.shown.emit(row.id, row.title)

    # --- one feed -----------------------------------------------------------------------------------------
    def menu(self, row: FeedRow) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        feeds = self._bridge.engine.feeds
        menu.addAction(_("What it brought") + "\t" + _("Enter"), lambda: self._show(row))
        read = menu.addAction(_("Mark it as read"), lambda: self._do(self._bridge.engine.unread.read_feed(row.id)))
        read.setEnabled(row.unread > 0)
        menu.addAction(_("Ask it now"), lambda: self._ask_now(row))
        menu.addSeparator()
        menu.addAction(_("Name, folder, words…") + "\tF2", lambda: self.edit(row))
        said = _("Mute it no more") if row.muted else _("Mute it")
        menu.addAction(said, lambda: self._do(feeds.change(row.id, muted=not row.muted)))
        if row.whose.given:
            keeping = menu.addAction(_("Keep it for good"), lambda: self._do(feeds.office.keep_feed(row.id)))
            keeping.setToolTip(_("It stays, also when the office follows it no more."))
        gone = menu.addAction(_("Follow it no more…") + "\t" + _("Del"), lambda: self.remove(row))
        gone.setDisabled(row.whose.locked)
        if links.host(row.link):
            menu.addSeparator()
            links.fill(menu, row.link)
        return menu

    def edit(self, row: FeedRow) -> None:
        dialog = FeedEdit(self._bridge, row, [one.folder for one in self.rows if one.folder], self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def remove(self, row: FeedRow) -> None:
        if row.whose.locked:
            self._say(_("The office follows this feed on every PC. Mute it to have it out of the way."))
            return
        more = _("What came of it goes from this PC, but for what you keep at hand.")
        if sure(self, _("Follow “{feed}” no more?").format(feed=row.title), more, _("Follow it no more")):
            self._do(self._bridge.engine.feeds.remove(row.id))

    def _ask_now(self, row: FeedRow) -> None:
        self._say(_("“{feed}” is being asked…").format(feed=row.title))
        self._bridge.ask(self._bridge.engine.feeds.refresh(row.id), self._refreshed, self._fail)

    # --- all of them --------------------------------------------------------------------------------------
    def _refresh(self) -> None:
        self.refresh.setEnabled(False)
        self.refresh.setText(_("Asking…"))
        self._bridge.ask(self._bridge.engine.feeds.refresh(), self._refreshed, self._fail)

    def _refreshed(self, rows: Sequence[FeedRow]) -> None:
        self._rest()
        wrong = sum(1 for row in rows if row.said)
        fine = _("All have answered.")
        self._say(
            plural("{n} feed did not come: see there.", "{n} feeds did not come: see there.", wrong)
            if wrong
            else fine
        )
        self.look()

    def _rest(self) -> None:
        self.refresh.setEnabled(True)
        self.refresh.setText(_("Ask all now"))

    def _read_all(self) -> None:
        self._do(self._bridge.engine.unread.read_all(View.FEEDS))

    def _do(self, work: object) -> None:
        self._say("")
        self._bridge.ask(work, self._done, self._fail)  # type: ignore[arg-type]

    def _done(self, _result: object) -> None:
        self.look()

    def _fail(self, fault: UserError) -> None:
        self._asked = False
        self._rest()
        self._say(" ".join(part for part in (fault.what, fault.kept, fault.next_step) if part))

    # --- lists --------------------------------------------------------------------------------------------
    def _import(self) -> None:
        kinds = _("Lists of feeds") + " (*.opml *.xml);;* (*)"
        name, _kind = QFileDialog.getOpenFileName(self, _("Import a list"), str(Path.home()), kinds)
        if name:
            self.take_list(Path(name))

    def take_list(self, path: Path) -> None:
        """Follows what a list names."""
        self._say(_("Reading the list…"))
        self._bridge.ask(self._taken_from(path), self._taken, self._fail)

    async def _taken_from(self, path: Path) -> tuple[int, int, int]:
        return await self._bridge.engine.feeds.take_list(await asyncio.to_thread(_read, path))

    def _taken(self, found: tuple[int, int, int]) -> None:
        fresh, known, left = found
        parts = [plural("{n} feed is followed from now on; each is asked in its turn.",
                        "{n} feeds are followed from now on; each is asked in its turn.", fresh)]  # fmt: skip
        if known:
            parts.append(plural("{n} was followed already.", "{n} were followed already.", known))
        if left:
            parts.append(plural("{n} line was no feed.", "{n} lines were no feeds.", left))
        self._say(" ".join(parts))
        self.look()

    def _export(self) -> None:
        proposed = str(Path.home() / "deskblog-feeds.opml")
        name, _kind = QFileDialog.getSaveFileName(self, _("Export the list"), proposed, "OPML (*.opml)")
        if name:
            self._bridge.ask(self._given_to(Path(name)), partial(self._given, Path(name).name), self._fail)

    async def _given_to(self, path: Path) -> None:
        await asyncio.to_thread(_write, path, await self._bridge.engine.feeds.give_list())

    def _given(self, name: str, _none: None) -> None:
        secret = any(row.private for row in self.rows)
        more = _("Some of the addresses are secrets: keep the file as one keeps a key.") if secret else ""
        tell(self, _("The list is in “{file}”.").format(file=name), more)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(limits.FEED_BODY + 1)
    except OSError as fault:
        raise Refused(_("This file cannot be read."), next_step=_("Check whether it is there still.")) from fault


def _write(path: Path, body: bytes) -> None:
    try:
        path.write_bytes(body)
    except OSError as fault:
        raise Refused(_("The file cannot be written."), next_step=_("Choose another place.")) from fault


def _empty() -> QWidget:
    """What a feed is, and what to do."""
    c = theme.now()
    page = QWidget()
    page.setObjectName("page")
    picture = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
    picture.setPixmap(icons.icon("feed", c.soft).pixmap(48, 48))
    title = QLabel(_("What happens elsewhere, beside your colleagues' posts"), wordWrap=True)
    title.setFont(theme.font(theme.LEAD, strong=True))
    title.setAlignment(Qt.AlignmentFlag.AlignCenter)
    text = QLabel(
        _("A feed is how a site says what is new on it. Give its address above, or simply that of the page you would "
          "look at: deskblog finds the feed. For instance:"),
        wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter,
    )  # fmt: skip
    text.setProperty("tone", "soft")
    box = QVBoxLayout(page)
    box.setContentsMargins(48, 0, 48, 0)
    box.setSpacing(10)
    box.addStretch(2)
    for label in (picture, title, text):
        box.addWidget(label)
    for sign, said in (
        ("house", _("the news page of a supplier, of your town, of your trade")),
        ("read", _("somebody's blog")),
        ("sound", _("a podcast")),
    ):
        box.addLayout(_example(sign, said))
    box.addStretch(3)
    return page


def _example(sign: str, said: str) -> QHBoxLayout:
    picture = QLabel()
    picture.setPixmap(icons.icon(sign, theme.now().accent).pixmap(20, 20))
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(picture)
    row.addWidget(QLabel(said))
    row.addStretch(1)
    return row
