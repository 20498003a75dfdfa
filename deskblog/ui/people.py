"""Who is of the office and who is here now: a dot and a word, never a colour alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPoint,
    QRect,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QCursor, QMoveEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from deskblog.i18n import _, alphabetical, plural
from deskblog.ui import icons, theme
from deskblog.ui.note import Shelf
from deskblog.ui.over import Over, go_where_chosen
from deskblog.ui.person import (
    Index,
    PersonDelegate,
    PersonRole,
    StateRole,
    dots,
    own_height,
    own_top,
    several_sites,
    state_text,
    text_left,
    tip,
)
from deskblog.ui.status import StatusLine
from deskblog.ui.viewport import own_viewport
from deskblog.values import PersonRow

ROOT = QModelIndex()
OWN_PAD = 8  # of the line of one's own status, so that its words stand beneath the name


def here_text(people: Sequence[PersonRow]) -> str:
    """One line on who is here, for header and tray."""
    others = [person for person in people if person.here and not person.away and not person.me]
    if not others:
        return _("Nobody else is here")
    return plural("{n} colleague is here", "{n} colleagues are here", len(others))


class PeopleModel(QAbstractListModel):
    """Those who are here first, oneself at the top."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.people: tuple[PersonRow, ...] = ()
        self._sites = False
        self.away_known = True

    def set(self, people: Sequence[PersonRow], *, former: bool = False) -> None:
        """Shows those who are in; those who were, behind them, if `former`."""
        shown = sorted(
            (p for p in people if former or not p.gone),
            key=lambda p: (p.gone, not p.me, not p.here, alphabetical(p.name), p.id),
        )
        sites = several_sites(people)
        if [p.id for p in shown] != [p.id for p in self.people]:
            self.beginResetModel()
            self.people, self._sites = tuple(shown), sites
            self.endResetModel()
        elif (tuple(shown), sites) != (self.people, self._sites):
            self.people, self._sites = tuple(shown), sites
            self.dataChanged.emit(self.index(0), self.index(len(shown) - 1))

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.people)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.people):
            return None
        person = self.people[index.row()]
        state = state_text(person, sites=self._sites)
        match role:
            case _ if role == PersonRole:
                return person
            case _ if role == StateRole:
                return state
            case Qt.ItemDataRole.DisplayRole:
                return person.name
            case Qt.ItemDataRole.ToolTipRole:
                return tip(person.name, state, person.status, self._note(person))
            case Qt.ItemDataRole.AccessibleTextRole:
                return ", ".join(part for part in (person.name, state, person.status, self._note(person)) if part)
        return None

    def _note(self, person: PersonRow) -> str:
        if self.away_known or not person.me:
            return ""
        return _("deskblog cannot tell on this PC when you are away: you are shown as here.")


class PeopleList(QListView):
    """The rows; over one's own stands the line that says what one is doing."""

    def __init__(self, own: StatusLine) -> None:
        super().__init__()
        own_viewport(self)
        self.over = Over(self, own)

    def updateGeometries(self) -> None:
        super().updateGeometries()
        self.place_own()

    def place_own(self) -> None:
        """Puts the line where the own row is now."""
        index = self.model().index(0, 0) if self.model() is not None else QModelIndex()
        person: PersonRow | None = index.data(PersonRole)
        rect = self.visualRect(index)
        left = round(text_left(QRectF(rect))) - OWN_PAD
        self.over.place(QRect(left, rect.top() + own_top(), rect.right() - 6 - left, own_height()))
        self.over.setVisible(person is not None and person.me and not person.gone)

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        self.place_own()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        self.place_own()


class PeoplePanel(QFrame):
    """The people at the side of the timeline, what can be done about them, and what a keyholder should know."""

    menu_wanted = Signal(object, QPoint)  # PersonRow, where
    office_wanted = Signal(QPoint)

    def __init__(self, can: Callable[[PersonRow], bool], own: StatusLine, parent: QWidget | None = None) -> None:
        """`can`: whether something can be done about a person; `own`: says what oneself is doing."""
        super().__init__(parent)
        self._can = can
        self.own = own
        self.setObjectName("people")
        self.model = PeopleModel(self)
        self._people: tuple[PersonRow, ...] = ()
        self._line = QLabel(textFormat=Qt.TextFormat.PlainText)
        self._line.setFont(theme.font(theme.SMALL))
        self._line.setProperty("tone", "soft")
        self._line.setContentsMargins(theme.PAD, 0, theme.PAD, theme.GAP)
        self.above = QVBoxLayout()
        self.above.setContentsMargins(theme.GAP, 0, theme.GAP, 0)
        self.list = self._make_list()
        self.former = QPushButton(_("Former colleagues"))
        self.former.setProperty("kind", "fold")
        self.former.setCheckable(True)
        self.former.toggled.connect(self._fold)
        self.former.hide()
        self.notes = QVBoxLayout()
        self.notes.setSpacing(theme.GAP)
        self.notes.setContentsMargins(theme.GAP, 0, theme.GAP, theme.GAP)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2)
        box.addLayout(self._make_title())
        box.addWidget(self._line)
        box.addLayout(self.above)
        box.addWidget(self.list, 1)
        beneath = QHBoxLayout()
        beneath.setContentsMargins(theme.GAP, 0, theme.GAP, 4)
        beneath.addWidget(self.former)
        box.addLayout(beneath)
        box.addWidget(Shelf(self.notes))

    def _make_title(self) -> QHBoxLayout:
        title = QLabel(_("People"))
        title.setFont(theme.font(strong=True))
        self.more = QPushButton()
        self.more.setProperty("kind", "quiet")
        theme.fix(self.more, wide=28, high=28, picture=16)
        self.more.setAccessibleName(_("The office and this PC"))
        self.more.setToolTip(_("The office and this PC"))
        self.more.clicked.connect(
            lambda: self.office_wanted.emit(self.more.mapToGlobal(self.more.rect().bottomLeft()))
        )
        row = QHBoxLayout()
        row.setContentsMargins(theme.PAD, theme.GAP, theme.GAP, 0)
        row.addWidget(title, 1)
        row.addWidget(self.more)
        return row

    def _make_list(self) -> PeopleList:
        made = PeopleList(self.own)
        made.setAccessibleName(_("People"))
        made.setModel(self.model)
        go_where_chosen(made)
        made.setItemDelegate(PersonDelegate(made, self._can))
        made.setMouseTracking(True)
        made.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        made.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        made.customContextMenuRequested.connect(self._menu_at)
        made.activated.connect(self._menu_of)
        made.clicked.connect(self._clicked)
        self.own.left.connect(made.setFocus)
        return made

    def restyle(self) -> None:
        """After a change of theme."""
        self.more.setIcon(icons.icon("more", theme.now().soft))
        self.former.setIcon(icons.icon("down" if self.former.isChecked() else "right", theme.now().soft))

    def _fold(self, opened: bool) -> None:
        """Those who were stand at the end of the list: one sees them come."""
        self.show_people(self._people)
        self.restyle()
        if opened:
            self.list.scrollToBottom()

    def show_people(self, people: Sequence[PersonRow]) -> None:
        self._people = tuple(people)
        gone = sum(1 for person in people if person.gone)
        self.former.setVisible(gone > 0)
        text = plural("Former colleagues ({n})", "Former colleagues ({n})", gone)
        room = theme.scaled(theme.PEOPLE) - 2 * theme.GAP - 44
        self.former.setText(self.former.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room))
        self.former.setAccessibleName(text)
        self.model.set(people, former=self.former.isChecked() and gone > 0)
        self._line.setText(here_text(people))
        self.own.know(next((person.status for person in people if person.me), ""))
        self.list.place_own()

    def away_unknown(self) -> None:
        """This system does not say whether anybody sits here: that is said where one would look."""
        self.model.away_known = False

    def say_status(self) -> None:
        """The caret where one says what one is doing."""
        self.list.scrollToTop()
        self.own.setFocus()
        self.own.selectAll()

    # --- menus --------------------------------------------------------------------------------------------
    def _menu_at(self, place: QPoint) -> None:
        index = self.list.indexAt(place)
        if not index.isValid():
            self._menu_of(self.list.currentIndex())  # by the keyboard
        else:
            self.menu_wanted.emit(index.data(PersonRole), self.list.viewport().mapToGlobal(place))

    def _menu_of(self, index: QModelIndex) -> None:
        """Beneath the row: whom it is about stays in sight."""
        if index.isValid():
            place = self.list.visualRect(index).bottomLeft() + QPoint(theme.GAP, 0)
            self.menu_wanted.emit(index.data(PersonRole), self.list.viewport().mapToGlobal(place))

    def _clicked(self, index: QModelIndex) -> None:
        where = self.list.viewport().mapFromGlobal(QCursor.pos())
        if dots(QRectF(self.list.visualRect(index))).adjusted(-8, -8, 8, 8).contains(where):
            self._menu_of(index)
