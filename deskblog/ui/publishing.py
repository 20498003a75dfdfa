"""What is shown outside of the office: what is public, the folder of a site, who reads along, the shop counter."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from deskblog import events
from deskblog.engine.publishing import Outcome, feeds_text, outcome_text
from deskblog.errors import UserError
from deskblog.i18n import _, alphabetical
from deskblog.ui import theme
from deskblog.ui.aloud import say
from deskblog.ui.bridge import Bridge
from deskblog.ui.dialog import Dialog
from deskblog.ui.elided import Elided
from deskblog.ui.page import Entry
from deskblog.ui.sheets import Sheet, beside, button, clear, label, line, scrolled
from deskblog.ui.subscribers import Subscribers
from deskblog.ui.ticks import Tick
from deskblog.values import Row

WIDE, HIGH = 640, 680


class PublishingDialog(Dialog):
    """`keyholder`: whether oneself may say which tags make public."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None, *, keyholder: bool = False) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Publishing"))
        theme.room(self, WIDE, HIGH)
        self.law = PublicTags(bridge, keyholder=keyholder)
        self.site = SiteFolder(bridge)
        self.readers = Subscribers(bridge)
        self.counter = ShopCounter(bridge)
        scrolled(self, _("Publishing"), (self.law, self.site, self.counter, self.readers))
        bridge.events.connect(self._hear)

    def _hear(self, news: tuple[events.Event, ...]) -> None:
        for event in news:
            match event:
                case events.SiteWritten():
                    self.site.written(event)
                case events.RowsChanged() | events.TimelineChanged():
                    self.counter.look()


class PublicTags(Sheet):
    """What is public, and by which tags."""

    def __init__(self, bridge: Bridge, *, keyholder: bool) -> None:
        super().__init__(
            _("What is public"),
            _(
                "A post that its author made public in its menu, and what is written with one of these tags,"
                " unless its author takes it back. Never what is sealed or said over coffee."
            ),
        )
        self._bridge = bridge
        self.tags = Entry(_("Tags that make public"), "#shop #menu" if keyholder else _("No tag does."))
        self.tags.line.setText(self._said())
        self.tags.line.setReadOnly(not keyholder)
        self.set = button(_("Set"), self._set)
        self.set.setVisible(keyholder)
        self.tags.line.returnPressed.connect(self._set)
        self.box.addLayout(beside(self.tags, self.set))
        if not keyholder:
            self.box.addWidget(label(_("A keyholder can change them."), theme.SMALL, tone="soft"))

    def _said(self) -> str:
        return " ".join(f"#{tag}" for tag in sorted(self._bridge.engine.publishing.public_tags, key=alphabetical))

    def _set(self) -> None:
        if self.tags.line.isReadOnly():
            return
        work = self._bridge.engine.publishing.set_tags(self.tags.line.text())
        self._bridge.ask(work, self._done, self._refuse)

    def _done(self, _none: None) -> None:
        self.tags.line.setText(self._said())

    def _refuse(self, fault: UserError) -> None:
        self.tags.refuse(" ".join(part for part in (fault.what, fault.next_step) if part))


class SiteFolder(Sheet):
    """The folder that holds the public posts as a site."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__(
            _("A site in a folder"),
            _(
                "Pages of the public posts that any browser shows and any web space takes. Nothing else gets there;"
                " files in the folder that deskblog did not write stay as they are."
            ),
        )
        self._bridge = bridge
        chosen = bridge.engine.publishing.chosen
        self._folder = chosen.folder
        self.place = Elided()
        self.choose = button(_("Choose a folder…"), self._choose)
        self.address = Entry(_("Its address on the web, for feeds"), "https://www.example.org/")
        self.address.line.setText(chosen.address)
        self.counter = Tick(_("With the page for the shop counter"))
        self.counter.setChecked(chosen.counter)
        self.auto = Tick(_("Publish anew by itself when public posts change"))
        self.auto.setChecked(chosen.auto)
        self.auto.toggled.connect(self._set_auto)
        self.now = button(_("Publish now"), self.publish, kind="primary")
        self.said = label("", theme.SMALL, tone="soft")
        self.said.hide()
        self._show_place()
        part = " · ".join(one for one in (_("one person’s posts") if chosen.person else "",
                                          f"#{chosen.tag}" if chosen.tag else "") if one)  # fmt: skip
        self.box.addWidget(line(self.place, self.choose))
        if part:
            self.box.addWidget(label(_("Published last: {part}").format(part=part), theme.SMALL, tone="soft"))
        for widget in (self.address, self.counter, self.auto):
            self.box.addWidget(widget)
        foot = QHBoxLayout()
        foot.setSpacing(theme.PAD)
        foot.addWidget(self.now)
        foot.addWidget(self.said, 1)
        foot.addStretch(0)
        self.box.addLayout(foot)

    def _show_place(self) -> None:
        self.place.setText(self._folder or _("No folder is chosen yet."))
        self.place.setToolTip(self._folder)
        self.now.setEnabled(bool(self._folder))
        self.auto.setEnabled(bool(self._folder))

    def _choose(self) -> None:
        proposed = self._folder or str(Path.home())
        self.take(QFileDialog.getExistingDirectory(self, _("A folder for the site"), proposed))

    def take(self, folder: str) -> None:
        """That folder is meant from now on; empty: none was chosen."""
        if folder:
            self._folder = folder
            self._show_place()

    def publish(self) -> None:
        publishing = self._bridge.engine.publishing
        chosen = publishing.chosen
        self.now.setEnabled(False)
        self._say(_("Writing …"))
        work = publishing.publish(
            Path(self._folder),
            person=chosen.person,
            tag=chosen.tag,
            address=self.address.line.text(),
            counter=self.counter.isChecked(),
        )
        self._bridge.ask(work, self._done, self._refuse)

    def _done(self, done: Outcome) -> None:
        self._show_place()
        self._say(" ".join(text for text in (outcome_text(done), feeds_text(done)) if text))

    def written(self, event: events.SiteWritten) -> None:
        """It was brought up to date, here or by itself."""
        if event.folder == self._folder:
            self._done(Outcome(event.folder, event.posts, event.written, event.removed, 0, event.feeds))

    def _refuse(self, fault: UserError) -> None:
        self._show_place()
        self._say(str(fault), tone="error")

    def _say(self, text: str, *, tone: str = "soft") -> None:
        self.said.setText(text)
        self.said.setVisible(bool(text))
        say(self, text, urgent=tone == "error")
        self.said.setProperty("tone", tone)
        theme.polish(self.said)

    def _set_auto(self, on: bool) -> None:
        self._bridge.ask(self._bridge.engine.publishing.by_itself(on=on))


class ShopCounter(Sheet):
    """The posts that were picked for it, each to be taken off."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__(
            _("Shop counter"),
            _(
                "One page of posts picked by hand, in large type, for clients who wait. A public post’s menu picks"
                " it."
            ),
        )
        self._bridge = bridge
        self.lines = QVBoxLayout()
        self.lines.setSpacing(4)
        self.box.addLayout(self.lines)
        self.look()

    def look(self) -> None:
        """Asks anew."""
        self._bridge.ask(self._bridge.engine.publishing.counter(), self._show)

    def _show(self, rows: Sequence[Row]) -> None:
        clear(self.lines)
        for row in rows:
            words = Elided()
            said = " ".join(row.text.split())
            words.setText(_("{name}: {words}").format(name=row.person, words=said))
            spoken = _("Take “{words}” off the counter").format(words=row.text[:40])
            off = button(_("Take off"), partial(self._take_off, row.id), kind="quiet", spoken=spoken)
            self.lines.addWidget(line(words, off))
        if not rows:
            self.lines.addWidget(label(_("Nothing is picked."), theme.SMALL))

    def _take_off(self, ident: str) -> None:
        self._bridge.ask(self._bridge.engine.publishing.pick(ident, on=False), lambda _row: self.look())
