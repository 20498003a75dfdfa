"""What can be done about a person: the menu of a row of the people panel. Keyholders see more of it than others."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from deskblog import events
from deskblog.errors import UserError
from deskblog.i18n import _, plural
from deskblog.ui import moments, theme
from deskblog.ui.bridge import Bridge
from deskblog.ui.menus import open_menu
from deskblog.ui.pause import HOUR
from deskblog.ui.receipts import namesakes
from deskblog.ui.rows import now_ms
from deskblog.ui.sure import ask_name, choose, sure, tell
from deskblog.values import PersonRow, Role, Row, Status

SHORT = 8  # digits of a device's id that tell it from others
HISTORY = 12  # statuses that are shown of a person
NAME = 30  # letters of a name in a menu or on a button
ROLES = (Role.KEYHOLDER, Role.ANNOUNCER, Role.MEMBER)


def role_name(role: Role) -> str:
    return {Role.KEYHOLDER: _("keyholder"), Role.ANNOUNCER: _("announcer"), Role.MEMBER: _("member")}[role]


def label(name: str) -> str:
    """A name for a menu or a button: not too long, and an ampersand is only that."""
    short = name if len(name) <= NAME else name[: NAME - 1].rstrip() + "…"
    return short.replace("&", "&&")


class Members(QObject):
    """Makes menus and carries out what is chosen. `invited`: a code for another PC of that person (their name)."""

    invited = Signal(str)
    posts_wanted = Signal(object)  # PersonRow: whoever wrote them
    written_to = Signal(str)  # a person's id

    def __init__(self, bridge: Bridge, window: QWidget) -> None:
        super().__init__(window)
        self._bridge = bridge
        self._window = window
        self.people: tuple[PersonRow, ...] = ()

    @property
    def me(self) -> PersonRow | None:
        return next((person for person in self.people if person.me), None)

    @property
    def may_all(self) -> bool:
        """True if oneself is a keyholder."""
        return self.me is not None and not self.me.gone and self.me.role is Role.KEYHOLDER

    def can(self, person: PersonRow) -> bool:
        """True if there is something to do about them, beside reading what they wrote."""
        return self.may_all or not person.gone

    def open_menu(self, person: PersonRow, place: QPoint, opener: QWidget) -> None:
        """At that place, but not beyond the window. `opener`: where it was asked for."""
        menu = self.menu(person)
        edge = self._window.mapToGlobal(self._window.rect().topRight()).x() - theme.GAP - menu.sizeHint().width()
        open_menu(menu, QPoint(min(place.x(), edge), place.y()), opener)

    def warn_of_namesakes(self, event: events.InvitationChanged, say: Callable[[events.Trouble], None]) -> None:
        """Whoever came has a name that another has too."""
        if self._bridge.engine.membership.namesakes(event.person_id):
            say(namesakes(event.person))

    def menu(self, person: PersonRow) -> QMenu:
        """The menu of a person: what they wrote, and what may be done."""
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(_("Profile and posts"), lambda: self.posts_wanted.emit(person))
        menu.addAction(_("What they were doing…"), lambda: self._was_doing(person))
        if person.gone:
            if self.may_all:
                menu.addAction(_("Take back…"), lambda: self._take_back(person))
            return menu
        if person.me:
            menu.addAction(_("Your profile…"), self.edit_profile)
        else:
            writing = _("Write sealed to {name}").format(name=label(person.name))
            menu.addAction(writing, lambda: self.written_to.emit(person.id))
            self._add_popups(menu, person)
        if self.may_all or person.me:
            menu.addAction(_("Rename…"), lambda: self._rename(person))
        if self.may_all:
            another = _("Another PC of {name}…").format(name=label(person.name))
            menu.addAction(another, lambda: self.invited.emit(person.name))
            self._add_roles(menu, person)
            self._add_merging(menu, person)
            menu.addSeparator()
            self._add_removing(menu, person)
        return menu

    def _add_popups(self, menu: QMenu, person: PersonRow) -> None:
        """Whether what a colleague writes pops up; all of it stays to be read and searched."""
        attention, part = self._bridge.engine.attention, menu.addMenu(_("Popups"))
        followed, muted = person.id in attention.chosen.followed, person.id in attention.chosen.muted
        always = part.addAction(_("Always"), lambda: self._bridge.ask(attention.follow(person.id, on=not followed)))
        always.setCheckable(True)
        always.setChecked(followed)
        for label, hours in ((_("Not for a day"), 24), (_("Not for a week"), 168), (_("Never"), 0)):
            until = now_ms() + hours * HOUR if hours else 0
            part.addAction(label, partial(self._mute, person.id, until)).setEnabled(not muted)
        part.addAction(_("As with others"), partial(self._mute, person.id, None)).setEnabled(muted)

    def _mute(self, person: str, until: int | None) -> None:
        self._bridge.ask(self._bridge.engine.attention.mute(person, until=until))

    def edit_profile(self) -> None:
        """What one says of oneself."""
        from deskblog.ui.profile import ProfileDialog

        if self.me is not None:
            dialog = ProfileDialog(self._bridge, self._window, self.me)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.open()

    def _was_doing(self, person: PersonRow) -> None:
        said = self._bridge.engine.talk.was_doing(person.id, HISTORY)
        self._bridge.ask(said, lambda found: self._show_history(*found))

    def _show_history(self, name: str, said: tuple[Status, ...]) -> None:
        lines = [f"{moments.full(one.at)}\n{one.text or '–'}" for one in said]
        more = "\n\n".join(lines) or _("Nothing was said, or it is too long ago.")
        tell(self._window, _("What {name} was doing").format(name=name), more)

    def _add_roles(self, menu: QMenu, person: PersonRow) -> None:
        roles = menu.addMenu(_("Role"))
        for role in ROLES:
            action = roles.addAction(role_name(role).capitalize(), partial(self.give, person, role))
            action.setCheckable(True)
            action.setChecked(person.role is role)
            action.setEnabled(person.role is not role)

    def _add_merging(self, menu: QMenu, person: PersonRow) -> None:
        others = [other for other in self.people if not other.gone and other.id != person.id]
        if others:
            same = menu.addMenu(_("The same person as"))
            for other in others:
                same.addAction(label(other.name), partial(self._merge, person, other))

    def _add_removing(self, menu: QMenu, person: PersonRow) -> None:
        if len(person.devices) > 1:
            pcs = menu.addMenu(_("Remove one PC"))
            for device in person.devices:
                short = device[:SHORT]
                said = _("{id} (this PC)").format(id=short) if device == self._here() else short
                pcs.addAction(said, partial(self._remove_pc, person, device))
        if not person.me:
            menu.addAction(_("Remove from the office…"), lambda: self._remove(person))

    def _here(self) -> str:
        return self._bridge.engine.device

    # --- doing it -----------------------------------------------------------------------------------------
    def give(self, person: PersonRow, role: Role) -> None:
        question = {
            Role.KEYHOLDER: _("Make {name} a keyholder?"),
            Role.ANNOUNCER: _("Make {name} an announcer?"),
            Role.MEMBER: _("Make {name} a member?"),
        }[role].format(name=person.name)
        more = {
            Role.KEYHOLDER: _("A keyholder may invite, remove and give roles, like you."),
            Role.ANNOUNCER: _("An announcer may write announcements that everyone is asked to read."),
            Role.MEMBER: _("A member reads and writes; what is the keyholders' is no longer theirs."),
        }[role]
        if sure(self._window, question, more, _("Do it")):
            self._even_if(lambda last: self._bridge.engine.membership.role(person.id, role, sure=last))

    def _remove(self, person: PersonRow) -> None:
        question = _("Remove {name} from the office?").format(name=person.name)
        more = _(
            "From now on each PC that hears of it refuses theirs. What they wrote up to now stays with everybody, and"
            " their PCs keep what they hold. Everybody sees that it was you."
        )
        if sure(self._window, question, more, _("Remove")):
            self._even_if(lambda last: self._bridge.engine.membership.remove(person.id, sure=last))

    def _remove_pc(self, person: PersonRow, device: str) -> None:
        question = _("Remove the PC {id} of {name}?").format(id=device[:SHORT], name=person.name)
        more = _("Their other PCs go on. What was written on it up to now stays.")
        if sure(self._window, question, more, _("Remove")):
            self._even_if(lambda last: self._bridge.engine.membership.remove(device, sure=last))

    def _take_back(self, person: PersonRow) -> None:
        question = _("Take {name} back into the office?").format(name=person.name)
        more = _("Their PCs link again without a code. A role they had must be given anew.")
        if sure(self._window, question, more, _("Take back")):
            self._bridge.ask(self._bridge.engine.membership.readmit(person.id))

    def _merge(self, person: PersonRow, other: PersonRow) -> None:
        question = _("Are {name} and {other} one person?").format(name=person.name, other=other.name)
        more = _("Their posts and PCs become one person's. It cannot be undone.")
        if sure(self._window, question, more, _("One person")):
            self._bridge.ask(self._bridge.engine.membership.merge((person.id, other.id)))

    def _rename(self, person: PersonRow) -> None:
        name = ask_name(self._window, _("A new name for {name}").format(name=person.name), person.name)
        if name:
            self._bridge.ask(self._bridge.engine.membership.rename(person.id, name))

    def leave(self) -> None:
        """Out of the office, with all one's PCs; what one has asked in vain goes to a colleague first."""
        more = _("All your PCs leave. Your posts up to now stay with everybody; this PC keeps what it holds.")
        if sure(self._window, _("Leave the office?"), more, _("Leave")):
            self._bridge.ask(self._bridge.engine.leaving.open_questions(), self._hand_on)

    def _hand_on(self, questions: Sequence[Row]) -> None:
        heirs = [person for person in self.people if not person.me and not person.gone]
        heir = self._heir(len(questions), heirs) if questions and heirs else ""
        if heir:
            self._bridge.ask(self._bridge.engine.leaving.hand_on(heir), lambda _answers: self._go())
        elif heir is not None:
            self._go()

    def _heir(self, count: int, heirs: Sequence[PersonRow]) -> str | None:
        """Who takes open questions on: a person's id, empty for nobody; None to stay after all."""
        what = plural("{n} question of yours is open.", "{n} questions of yours are open.", count)
        lines = [*(label(person.name) for person in heirs), _("Nobody")]
        place = choose(self._window, what, _("Who takes over when you are gone?"), lines, _("Leave"))
        return None if place is None else [*(person.id for person in heirs), ""][place]

    def _go(self) -> None:
        self._even_if(lambda last: self._bridge.engine.membership.leave(sure=last))

    def _even_if(self, work: Callable[[bool], Coroutine[Any, Any, object]]) -> None:
        """Does it; where the engine wants to be sure, its words are shown and asked about."""

        def refused(fault: UserError) -> None:
            if "--sure" not in fault.next_step:
                self._bridge.tell_fault(fault)
            elif sure(self._window, fault.what, _("Do it all the same?"), _("I am sure")):
                self._bridge.ask(work(True))

        self._bridge.ask(work(False), None, refused)


def proposal(people: Sequence[PersonRow], names: Sequence[str]) -> PersonRow | None:
    """The first of those proposed who is there."""
    return next((person for name in names for person in people if person.name == name and not person.gone), None)
