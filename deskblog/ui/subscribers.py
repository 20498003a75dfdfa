"""Who reads along by RSS from this PC: each with a secret address, to be copied and revoked."""

from __future__ import annotations

from functools import partial

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from deskblog.engine.serving import Reader, Served
from deskblog.errors import UserError
from deskblog.i18n import _
from deskblog.ui import moments, theme
from deskblog.ui.aloud import say
from deskblog.ui.bridge import Bridge
from deskblog.ui.elided import Elided
from deskblog.ui.page import Entry
from deskblog.ui.sheets import Sheet, beside, button, clear, label, line
from deskblog.ui.sure import sure
from deskblog.ui.ticks import Tick


class Subscribers(Sheet):
    """What is chosen holds at once."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__(
            _("Read along by RSS"),
            _(
                "A secret address for each reader’s program: feeds of the team, of a person, of a tag. It answers as"
                " long as deskblog runs on this PC. Whoever knows it can read along, until it is revoked."
            ),
        )
        self._bridge = bridge
        self.lines = QVBoxLayout()
        self.lines.setSpacing(8)
        self.name = Entry(_("An address for"), _("My phone, the clients …"))
        self.public = Tick(_("Public posts alone, as for clients"))
        self.public.setChecked(True)
        self.open = Tick(_("Open to the network, not to this PC alone"))
        self.open.toggled.connect(self._set_open)
        self.said = label("", theme.SMALL)
        self.said.hide()
        self.name.line.returnPressed.connect(self._add)
        self.box.addLayout(self.lines)
        self.box.addLayout(beside(self.name, button(_("Add"), self._add)))
        self.box.addWidget(self.public)
        self.box.addSpacing(6)
        self.box.addWidget(self.open)
        self.box.addWidget(self.said)
        self.look()

    def look(self) -> None:
        """Asks anew."""
        self._bridge.ask(self._bridge.engine.publishing.serving.served(), self._show)

    def _show(self, served: Served) -> None:
        clear(self.lines)
        for reader, address in served.readers:
            self.lines.addWidget(self._line(reader, address))
        self.open.blockSignals(True)
        self.open.setChecked(served.opened)
        self.open.blockSignals(False)
        self._say(served.trouble, wrong=True)

    def _line(self, reader: Reader, address: str) -> QWidget:
        name = Elided()
        name.setText(reader.name)
        what = _("public posts alone") if reader.public else _("what colleagues see")
        since = _("{what}, since {day}").format(what=what, day=moments.date(reader.since))
        about = label(since, theme.SMALL, tone="soft")
        words = QWidget()
        column = QVBoxLayout(words)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(name)
        column.addWidget(about)
        copied = partial(self._copy, address)
        spoken = _("Copy the address for {name}").format(name=reader.name)
        buttons = [button(_("Copy address"), copied, kind="quiet", spoken=spoken)]
        if reader.public:
            page = partial(self._copy, f"{address}counter.html")
            spoken = _("Copy the shop counter’s address for {name}").format(name=reader.name)
            buttons.append(button(_("Counter"), page, kind="quiet", spoken=spoken))
        spoken = _("Revoke the address for {name}").format(name=reader.name)
        buttons.append(button(_("Revoke"), partial(self._revoke, reader.name), kind="quiet", spoken=spoken))
        return line(words, *buttons)

    # --- what is done -------------------------------------------------------------------------------------
    def _copy(self, address: str) -> None:
        QGuiApplication.clipboard().setText(address)
        self._say(_("Copied. It opens for whoever has it: give it to one reader."))

    def _add(self) -> None:
        serving = self._bridge.engine.publishing.serving
        work = serving.add(self.name.line.text(), public=self.public.isChecked())
        self._bridge.ask(work, self._added, self._refuse)

    def _added(self, _reader: Reader) -> None:
        self.name.line.clear()
        self.look()

    def _revoke(self, name: str) -> None:
        self._bridge.ask(
            self._bridge.engine.publishing.serving.revoke(name), lambda _reader: self.look(), self._refuse
        )

    def _set_open(self, on: bool) -> None:
        more = _(
            "Then the addresses lead here from every PC and telephone on this network. They and all posts cross it"
            " unhidden: whoever listens on the network can read along, and go on with the same address."
        )
        if on and not sure(self.window(), _("Open feeds to the network?"), more, _("Open")):
            self.look()
            return
        self._bridge.ask(self._bridge.engine.publishing.serving.open(on=on), lambda _none: self.look(), self._refuse)

    def _refuse(self, fault: UserError) -> None:
        self.look()
        self.name.refuse(" ".join(part for part in (fault.what, fault.next_step) if part))

    def _say(self, text: str, *, wrong: bool = False) -> None:
        self.said.setText(text)
        say(self, text, urgent=wrong)
        self.said.setProperty("tone", "error" if wrong else "soft")
        theme.polish(self.said)
        self.said.setVisible(bool(text))
