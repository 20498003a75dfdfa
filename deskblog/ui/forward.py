"""On the road: what is sent to one's phone while one's PC is off, by whose PCs, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from deskblog import events
from deskblog.attention.travel import Kind
from deskblog.engine.forwarding import USUAL, USUAL_CAP, Carrier, ForwardRule, SentList
from deskblog.errors import UserError
from deskblog.i18n import _, plural
from deskblog.ui import moments, theme
from deskblog.ui.bridge import Bridge
from deskblog.ui.choice import Choice
from deskblog.ui.dialog import Dialog
from deskblog.ui.forward_parts import Addresses, Carriers, For, SentView, button, label
from deskblog.ui.problem import Problem
from deskblog.ui.sheets import foot, scrolled
from deskblog.ui.sure import sure
from deskblog.ui.ticks import Tick
from deskblog.values import Named

WIDE, HIGH = 580, 700
CAPS = (5, 10, 20, 30, 50, 100, 200)
WEEKS = (1, 2, 4)
HOURS = (8, 19)


class ForwardDialog(Dialog):
    """Nothing of it holds before it is said; what came of it is told as it comes."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._rule: ForwardRule | None = None
        self._names: dict[str, str] = {}  # whose PCs send, by device
        self.setWindowTitle(_("On the road"))
        theme.room(self, WIDE, HIGH)
        self.state = label("", strong=True)
        self.addresses = Addresses(bridge)
        self.kinds = {kind: Tick(text) for kind, text in kind_texts().items()}
        self.cap = Choice()
        self.hours = Tick(_("Only from"))
        self.begins, self.until = _hours(_("From"), 0), _hours(_("To"), 1)
        self.ends = Choice()
        self.learned = label("", scale=theme.SMALL)
        self.carriers = Carriers()
        self.sent = SentView()
        self.carried = For(self._decline)
        self.problem = Problem()
        self.stop = button(_("Send nothing any more"), self._off)
        self.go = button(_("Have it sent"), self._set, "primary")
        self._lay_out()
        self._fill(None)
        self.addresses.changed.connect(self._learn)
        self.hours.toggled.connect(self._enable_hours)
        for changed in (
            self.addresses.changed,
            self.carriers.itemChanged,
            *(box.toggled for box in self.kinds.values()),
        ):
            changed.connect(self.problem.hide)
        bridge.events.connect(self._hear)
        forwarding = bridge.engine.forwarding
        bridge.ask(forwarding.rule(), self._know, self._refuse)
        bridge.ask(forwarding.carriers(), partial(self._show_carriers, keep=False), self._refuse)
        bridge.ask(forwarding.carried(), self._show_carried, self._refuse)

    # --- how it looks -------------------------------------------------------------------------------------
    def _lay_out(self) -> None:
        lead = label(
            _("While no PC of yours is on, a colleague's PC sends you word: to your phone, or by e-mail."),
            tone="soft",
        )
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self._put_what(column)
        self._put_who(column)
        below = foot(button(_("Close"), self.accept), self.go, left=(self.stop,))
        area = scrolled(self, _("On the road"), (inside,), (lead, self.state), (self.problem,), below)
        area.setMinimumWidth(inside.minimumSizeHint().width() + 8 + theme.SCROLL)  # beside the bar nothing is cut off
        self.state.hide()  # until it is known: an empty line is read aloud as one

    def _put_what(self, column: QVBoxLayout) -> None:
        self._sent_head = _heading(_("What was sent"))
        for part in (self._sent_head, self.sent):
            column.addWidget(part)
            part.hide()
        column.addWidget(_heading(_("Where to")))
        column.addWidget(self.addresses)
        column.addWidget(_heading(_("What deserves a message")))
        for box in self.kinds.values():
            column.addWidget(box)
        more = label(_("No word of it leaves, and only a PC that can read it sends."), tone="soft", scale=theme.SMALL)
        more.setIndent(theme.scaled(12) + 14)  # beneath the words beside its box
        column.addWidget(more)
        column.addSpacing(4)
        self.cap.setAccessibleName(_("Messages a month at most"))
        column.addLayout(_row(QLabel(_("At most")), self.cap, QLabel(_("messages a month"))))
        column.addLayout(_row(self.hours, self.begins, QLabel(_("to")), self.until))
        self.ends.setAccessibleName(_("How long it holds"))
        column.addLayout(_row(QLabel(_("It holds")), self.ends))

    def _put_who(self, column: QVBoxLayout) -> None:
        column.addWidget(_heading(_("Whose PCs send")))
        sheet = QFrame()
        sheet.setObjectName("sheet")
        inside = QVBoxLayout(sheet)
        inside.setContentsMargins(14, 10, 14, 10)
        inside.addWidget(self.learned)
        column.addWidget(sheet)
        column.addWidget(self.carriers)
        self._for_head = _heading(_("This PC sends for"))
        for part in (self._for_head, self.carried):
            column.addWidget(part)
            part.hide()

    # --- what holds ---------------------------------------------------------------------------------------
    def _know(self, rule: ForwardRule | None) -> None:
        self._rule = rule
        if rule is not None:
            self.addresses.show_urls(rule.urls)
        self._fill(rule)
        self._look()

    def _fill(self, rule: ForwardRule | None) -> None:
        """The form says what holds, or what is usual."""
        for kind, box in self.kinds.items():
            box.setChecked(kind in (rule.kinds if rule is not None else USUAL))
        cap = rule.cap if rule is not None else USUAL_CAP
        self.cap.clear()
        for n in sorted({*CAPS, cap}):
            self.cap.addItem(str(n), n)
        self.cap.setCurrentIndex(self.cap.findData(cap))
        hours = (rule.begins, rule.until) if rule is not None else (0, 24)
        limited = hours not in ((0, 24), (0, 0))
        self.hours.setChecked(limited)
        for choice, hour in zip((self.begins, self.until), hours if limited else HOURS, strict=True):
            choice.setCurrentIndex(choice.findData(hour))
        self._enable_hours(limited)
        self._fill_ends(rule.ends if rule is not None else 0)
        self.stop.setVisible(rule is not None)
        self.go.setText(_("Change it") if rule is not None else _("Have it sent"))
        self._learn()

    def _fill_ends(self, ends: int) -> None:
        self.ends.clear()
        self.ends.addItem(_("until I end it"), 0)
        if ends:
            self.ends.addItem(_("until {when}").format(when=moments.full(ends)), ends)
            self.ends.setCurrentIndex(1)
        for n in WEEKS:
            self.ends.addItem(plural("for {n} week", "for {n} weeks", n), _in_weeks(n))

    def _enable_hours(self, on: bool) -> None:
        self.begins.setEnabled(on)
        self.until.setEnabled(on)

    def _learn(self) -> None:
        """What is said before anybody is chosen follows the addresses."""
        self.learned.setText("\n\n".join(self._bridge.engine.forwarding.learned(self.addresses.urls)))

    # --- what comes of it ---------------------------------------------------------------------------------
    def _hear(self, news: tuple[events.Event, ...]) -> None:
        if any(isinstance(one, events.ForwardChanged | events.PeopleChanged) for one in news):
            self._look()

    def _look(self) -> None:
        """Asks anew for all but what is being filled in."""
        forwarding = self._bridge.engine.forwarding
        self._bridge.ask(forwarding.carriers(), partial(self._show_carriers, keep=True), self._refuse)
        self._bridge.ask(forwarding.carried(), self._show_carried, self._refuse)
        self._bridge.ask(forwarding.sent(), self._show_sent, self._refuse)

    def _show_carriers(self, carriers: Sequence[Carrier], *, keep: bool) -> None:
        self.carriers.show_carriers(carriers, keep=keep)
        self._names = {one.device: one.person for one in carriers if one.chosen}

    def _show_sent(self, sent: SentList) -> None:
        self.sent.show_sent(sent)
        for part in (self._sent_head, self.sent):
            part.setVisible(bool(sent.lines))
        names = ", ".join(dict.fromkeys(self._names.values())) or _("nobody")
        who, used = _("Sent by the PCs of: {names}").format(names=names), _("This month: {n} of {cap}")
        on = f"{who}. {used.format(n=sent.used, cap=sent.cap)}."
        self.state.setText(on if self._rule is not None else _("Nothing is sent now."))
        self.state.show()

    def _show_carried(self, people: Sequence[tuple[Named, bool]]) -> None:
        self.carried.show_people(people)
        for part in (self._for_head, self.carried):
            part.setVisible(bool(people))

    # --- what is done -------------------------------------------------------------------------------------
    def _set(self) -> None:
        self.problem.hide()
        self.go.setEnabled(False)
        limited = self.hours.isChecked()
        work = self._bridge.engine.forwarding.set(
            self.addresses.urls or ("",),
            kinds=[kind for kind, box in self.kinds.items() if box.isChecked()],
            cap=self.cap.currentData(),
            carriers=self.carriers.chosen,
            hours=(self.begins.currentData(), self.until.currentData()) if limited else (0, 24),
            ends=self.ends.currentData(),
        )
        self._bridge.ask(work, self._is_set, self._refuse)

    def _is_set(self, rule: ForwardRule) -> None:
        self.go.setEnabled(True)
        self._know(rule)

    def _off(self) -> None:
        more = _("Their PCs forget the address. Whoever copied it still has it: only the gateway can take it back.")
        if sure(self, _("Send nothing after you any more?"), more, _("Send nothing")):
            self._bridge.ask(self._bridge.engine.forwarding.off(), self._is_off, self._refuse)

    def _is_off(self, _done: None) -> None:
        self._know(None)

    def _decline(self, person: str, on: bool) -> None:
        self._bridge.ask(self._bridge.engine.forwarding.decline(person, on=on), None, self._refuse)

    def _refuse(self, fault: UserError) -> None:
        self.go.setEnabled(True)
        self.problem.tell(" ".join(part for part in (fault.what, fault.next_step) if part))


def kind_texts() -> dict[Kind, str]:
    """What each means, as it is chosen."""
    return {
        Kind.ANNOUNCEMENTS: _("Announcements that wait for my “Got it”"),
        Kind.MENTIONS: _("Posts that mention me"),
        Kind.SEALED: _("Sealed messages: that one came"),
    }


def _heading(text: str) -> QLabel:
    made = label(text, strong=True)
    made.setContentsMargins(0, 10, 0, 0)
    return made


def _hours(name: str, first: int) -> Choice:
    """Whole hours; a day ends at 24 and begins at 0."""
    made = Choice()
    made.setAccessibleName(name)
    for hour in range(first, 24 + first):
        made.addItem(f"{hour:02}:00", hour)
    return made


def _row(*parts: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    for part in parts:
        row.addWidget(part)
    row.addStretch(1)
    return row


def _in_weeks(weeks: int) -> int:
    """The end of that day here, UTC ms."""
    day = (datetime.now() + timedelta(weeks=weeks)).replace(hour=23, minute=59, second=59, microsecond=0)
    return round(day.astimezone().timestamp() * 1000)
