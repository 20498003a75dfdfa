"""What one should know, beside the people: one calm line each, with the one thing to do about it.

Above them why nobody is here; at their foot what a keyholder should know.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from deskblog.engine.handing import OwnPc
from deskblog.engine.options import Keyholders, Late
from deskblog.engine.quiet import hours_text
from deskblog.i18n import _, plural
from deskblog.ui import moments
from deskblog.ui.bridge import Bridge
from deskblog.ui.doctor import Missing
from deskblog.ui.members import Members, label, proposal
from deskblog.ui.note import Note
from deskblog.ui.people import PeoplePanel
from deskblog.ui.sure import Box, sure
from deskblog.values import USUAL_HOURS, Role

SHOWN = 6  # late posts quoted before they are counted
QUOTED = 160  # letters of each
QUIET_SAID = "quiet-said"


def shortened(text: str) -> str:
    """One line's worth of a post: a question that quotes several must fit on a screen."""
    line = " ".join(text.split())
    return line if len(line) <= QUOTED else line[: QUOTED - 1].rstrip() + "…"


class Notes(QObject):
    """Asks the engine what there is to know, whenever something changed."""

    def __init__(self, bridge: Bridge, members: Members, side: PeoplePanel, window: QWidget) -> None:
        super().__init__(window)
        self._bridge = bridge
        self._members = members
        self._window = window
        self.keys, self.late, self.own_pc, self.calm = Note(), Note(), Note(), Note()
        self.missing = Missing(bridge, members.invited.emit, window)
        side.above.addWidget(self.missing.note)
        for note in (self.own_pc, self.late, self.keys, self.calm):
            side.notes.addWidget(note)

    def begin(self) -> None:
        """Says once, at the start, when it is quiet; it stays until it was looked at."""
        self._bridge.ask(self._bridge.engine.remembered(QUIET_SAID), self._say_quiet)

    def _say_quiet(self, said: str) -> None:
        attention = self._bridge.engine.attention
        if not said and attention.hours.on and not attention.own:
            line = _("Popups come from 8 to 19, Monday to Friday. At other times all is quiet.")
            if attention.hours != USUAL_HOURS:
                offices = _("The office has set when popups come: {hours}. At other times all is quiet.")
                line = offices.format(hours=hours_text(attention.hours))
            self.calm.say(line, _("Change it…"), self._quiet_hours)

    def _quiet_hours(self) -> None:
        self.calm.say("")
        self._bridge.ask(self._bridge.engine.remember(QUIET_SAID, "1"))
        from deskblog.ui.quiet import QuietHours

        dialog = QuietHours(self._bridge, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def ask(self) -> None:
        self._bridge.ask(self._bridge.engine.handing.waiting(), self._new_pcs)
        self.missing.know(self._members.people)
        if not self._members.may_all:
            self.keys.hide()
            self.late.hide()
            return
        self._bridge.ask(self._bridge.engine.care.keyholders(), self._gauged)
        self._bridge.ask(self._bridge.engine.care.late(), self._late)

    def _new_pcs(self, waiting: Sequence[OwnPc]) -> None:
        """Another PC was let in as one's own: is it, and may it read what was sealed before?"""
        if not waiting:
            self.own_pc.say("")
            return
        first = waiting[0]
        line = _("{name} let another PC of yours in.").format(name=first.let_in_by)
        self.own_pc.say(line, _("Is it yours?…"), lambda: self._decide(first))

    def _decide(self, pc: OwnPc) -> None:
        box = Box(
            self._window,
            _("May this PC of yours read your earlier sealed messages?"),
            _("{name} let the PC {id} in as yours on {day}. If it is not yours, say no and have it removed.").format(
                name=pc.let_in_by, id=pc.device[:8], day=moments.full(pc.at)
            ),
        )
        yes, no = _("It is mine, and may"), _("No")
        box.offer(_("Later"), default=True)
        box.offer(no)
        box.offer(yes)
        chosen = box.ask()
        if chosen in (yes, no):
            work = self._bridge.engine.handing.decide(pc.device, give=chosen == yes)
            self._bridge.ask(work, lambda _none: self.ask())

    def _gauged(self, gauge: Keyholders) -> None:
        person = proposal(self._members.people, gauge.proposed)
        if person is None:
            self.keys.say(gauge.advice if len(self._members.people) > 1 else "")
            return
        give = _("Give it to {name}…").format(name=label(person.name.split()[0]))
        self.keys.say(gauge.advice, give, lambda: self._members.give(person, Role.KEYHOLDER))

    def _late(self, waiting: Sequence[Late]) -> None:
        if not waiting:
            self.late.say("")
            return
        first = waiting[0]
        line = _("{name}: {posts}").format(
            name=first.name,
            posts=plural("{n} post came too late to count.", "{n} posts came too late to count.", len(first.posts)),
        )
        self.late.say(line, _("Look…"), lambda: self._look(first))

    def _look(self, late: Late) -> None:
        texts = [f"– {shortened(text)}" for _at, text in late.posts[:SHOWN]]
        if len(late.posts) > SHOWN:
            texts.append(plural("and {n} more", "and {n} more", len(late.posts) - SHOWN))
        question = _("Count these posts of {name} after all?").format(name=late.name)
        if sure(self._window, question, "\n".join(texts), _("Count them")):
            self._bridge.ask(self._bridge.engine.care.keep_late(late.person))
