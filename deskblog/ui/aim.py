"""For whom one writes: everybody, the coffee corner, a few, or a closed group. Shown as long as it holds.

It stays as it was chosen until it is changed: whoever goes on writing goes on to the same few. What was begun for a
few becomes everybody's only when that is said once more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from deskblog.i18n import _
from deskblog.ui import icons, theme
from deskblog.ui.bridge import Bridge
from deskblog.ui.composer_foot import WORDS
from deskblog.ui.members import label
from deskblog.ui.menus import beneath, open_menu
from deskblog.ui.people_choice import choose_people
from deskblog.ui.sure import sure
from deskblog.values import EVERYBODY, Audience, GroupRow, Named, PersonRow, Row

MOST = 12  # colleagues named in the menu itself
COFFEE = Audience(coffee=True)


class Aim(QObject):
    """The audience of what is being written, and who could be of it."""

    changed = Signal()

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.to = EVERYBODY
        self.people: tuple[PersonRow, ...] = ()
        self.groups: tuple[GroupRow, ...] = ()

    def set(self, to: Audience) -> None:
        if to != self.to:
            self.to = to
            self.changed.emit()

    def know(self, people: Sequence[PersonRow]) -> None:
        self.people = tuple(people)
        self.changed.emit()

    def ask_groups(self) -> None:
        self._bridge.ask(self._bridge.engine.groups.all(), self.take_groups, lambda _fault: None)

    def take_groups(self, groups: tuple[GroupRow, ...]) -> None:
        self.groups = tuple(row for row in groups if row.closed)
        self.changed.emit()

    # --- in words -----------------------------------------------------------------------------------------
    def called(self, to: Audience) -> str:
        """“Paul, Zoé”, or what the group is called."""
        if to.group:
            found = next((row.name for row in self.groups if row.id == to.group), "")
            return found or _("a closed group")
        names = {person.id: person.name for person in self.people if not person.me}
        me = {person.id for person in self.people if person.me}
        return ", ".join(names.get(one, one[:8]) for one in to.people if one not in me)

    def merged(self, one: Audience, other: Audience) -> Audience:
        """For whom two texts may be in one: both for the same few, or only for oneself until it is said anew."""
        if one == other or not other.sealed:
            return one
        if not one.sealed:
            return other
        return Audience(people=tuple(person.id for person in self.people if person.me))


def answering(row: Row) -> Audience:
    """For whom an answer to a sealed row is."""
    return Audience(tuple(sorted(one.id for one in _others(row))), row.group)


def seal_text(row: Row) -> str:
    """Who can read a sealed row, and in what group it was written."""
    said = sealed_text(", ".join(one.name for one in _others(row)))
    return f"{row.group_name} · {said}" if row.group_name else said


def _others(row: Row) -> list[Named]:
    """All who can read it beside oneself, its author first."""
    author = Named(row.person_id, row.person, row.mine)
    return [one for one in (author, *row.readers) if not one.me]


def sealed_text(names: str) -> str:
    """What stands above a sealed text while it is written."""
    if not names:
        return _("Only you can read this")
    return _("Only you and {names} can read this").format(names=names)


class AimButton(QPushButton):
    """Says for whom it is, and offers others. `settled`: one was chosen, or not after all; now one writes."""

    settled = Signal()

    def __init__(self, bridge: Bridge, aim: Aim, parent: QWidget) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._aim = aim
        self.written: Callable[[], str] = str  # what would change hands
        self.setProperty("kind", "quiet")
        self.setToolTip(_("Who can read it"))
        self.clicked.connect(self.open)
        aim.changed.connect(self.restyle)
        self.restyle()

    def restyle(self) -> None:
        """After a change of theme, and of the audience."""
        to, c = self._aim.to, theme.now()
        said = _("Sealed") if to.sealed else _("Coffee corner") if to.coffee else _("Everybody")
        seen = bool(self.text()) or self.property(WORDS) is None
        self.setProperty(WORDS, said)
        if seen:
            self.setText(said)
        self.setAccessibleName(_("Who can read it: {who}").format(who=self._aim.called(to) if to.sealed else said))
        icons.dress(self, "lock" if to.sealed else "mug" if to.coffee else "people", c.soft)

    def open(self) -> None:
        """The menu, once it is known what groups there are now."""
        self._bridge.ask(self._bridge.engine.groups.all(), self._open)

    def _open(self, groups: tuple[GroupRow, ...]) -> None:
        self._aim.take_groups(groups)
        open_menu(self.menu_now(), beneath(self), self)

    def menu_now(self) -> QMenu:
        menu, aim = QMenu(self), self._aim
        self._offer(menu, _("Everybody"), EVERYBODY)
        self._offer(menu, _("Coffee corner"), COFFEE)
        others = [person for person in aim.people if not person.me and not person.gone]
        if others:
            menu.addSeparator()
        for person in others[:MOST]:
            self._offer(menu, _("Only {name}").format(name=label(person.name)), Audience(people=(person.id,)))
        if len(others) > 1:
            menu.addAction(_("Some colleagues…"), self._choose)
        if aim.groups or others:
            menu.addSeparator()
        for group in aim.groups:
            self._offer(menu, label(group.name), Audience(group=group.id))
        if others:
            menu.addAction(_("New closed group…"), self.begin_group)
        return menu

    def _offer(self, menu: QMenu, words: str, to: Audience) -> None:
        action = menu.addAction(words, partial(self.aim_at, to))
        action.setCheckable(True)
        action.setChecked(to == self._aim.to)

    def aim_at(self, to: Audience) -> None:
        """Asks once more before what was begun for a few is everybody's."""
        if not self._opens(to) or self._sure():
            self._aim.set(to)
        self.settled.emit()

    def _opens(self, to: Audience) -> bool:
        return self._aim.to.sealed and not to.sealed and bool(self.written().strip())

    def _sure(self) -> bool:
        question = _("Let everybody read what you have written?")
        more = _("You began it for a few. Whatever you send now goes to the whole office.")
        return sure(self.window(), question, more, _("For everybody"))

    def _choose(self) -> None:
        chosen = choose_people(self.window(), _("Who may read it?"), self._aim.people, self._aim.to.people)
        if chosen is not None:
            self.aim_at(Audience(people=chosen[1]))

    def begin_group(self) -> None:
        """A name and members; then one writes to it, and until it is there to its members: never to everybody."""
        chosen = choose_people(self.window(), _("A new closed group"), self._aim.people, (), name="")
        if chosen is not None:
            members = Audience(people=chosen[1])
            self._aim.set(members)
            work = self._bridge.engine.groups.begin(chosen[0], chosen[1])
            self._bridge.ask(work, partial(self._begun, members))

    def _begun(self, members: Audience, group: GroupRow) -> None:
        self._aim.groups = (*self._aim.groups, group)
        if self._aim.to == members:  # else another was chosen meanwhile
            self.aim_at(Audience(group=group.id))
