"""Who is of the office and who is here now: a dot and a word, never a colour alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QCursor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from deskblog.i18n import _, plural
from deskblog.ui import icons, theme
from deskblog.ui.members import role_name
from deskblog.values import PersonRow, Role

ROOT = QModelIndex()
PersonRole = int(Qt.ItemDataRole.UserRole) + 1
Index = QModelIndex | QPersistentModelIndex
HEIGHT = 46


def here_text(people: Sequence[PersonRow]) -> str:
    """One line on who is here, for header and tray."""
    others = [person for person in people if person.here and not person.me]
    if not others:
        return _("Nobody else is here")
    return plural("{n} colleague is here", "{n} colleagues are here", len(others))


class PeopleModel(QAbstractListModel):
    """Those who are here first, oneself at the top."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.people: tuple[PersonRow, ...] = ()

    def set(self, people: Sequence[PersonRow], *, former: bool = False) -> None:
        """Shows those who are in; those who were, behind them, if `former`."""
        shown = sorted(
            (p for p in people if former or not p.gone),
            key=lambda p: (p.gone, not p.me, not p.here, p.name.casefold(), p.id),
        )
        if tuple(shown) != self.people:
            self.beginResetModel()
            self.people = tuple(shown)
            self.endResetModel()

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.people)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.people):
            return None
        person = self.people[index.row()]
        match role:
            case _ if role == PersonRole:
                return person
            case Qt.ItemDataRole.DisplayRole:
                return person.name
            case Qt.ItemDataRole.ToolTipRole:
                return f"{person.name}\n{state_text(person)}" if "<" not in person.name else None
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{person.name}, {state_text(person)}"
        return None


def state_text(person: PersonRow) -> str:
    """Here or off, and the role; of those who were, who removed them."""
    if person.gone:
        if not person.removed_by:
            return _("gone")
        return (
            _("has left")
            if person.removed_by == person.name
            else _("removed by {name}").format(name=person.removed_by)
        )
    where = _("you") if person.me else _("here") if person.here else _("off")
    return f"{where} · {role_name(person.role)}" if person.role is not Role.MEMBER else where


class PersonDelegate(QStyledItemDelegate):
    """Picture, name, and a dot with its word; of who is gone the word alone. `can`: whether there is a menu."""

    def __init__(self, parent: QObject, can: Callable[[PersonRow], bool]) -> None:
        super().__init__(parent)
        self._can = can

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(1, HEIGHT)

    def paint(self, p: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        person: PersonRow = index.data(PersonRole)
        c = theme.now()
        rect = QRectF(option.rect)
        p.save()
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_HasFocus:
            p.setPen(QPen(QColor(c.accent), 2))
            p.drawRoundedRect(rect.adjusted(5, 1, -5, -1), theme.RADIUS_SMALL, theme.RADIUS_SMALL)
        size = theme.AVATAR_SMALL
        picture = QRectF(rect.left() + theme.PAD, rect.center().y() - size / 2, size, size)
        p.setOpacity(1.0 if person.here else 0.55)
        icons.avatar(p, picture, person.name, person.id)
        p.setOpacity(1.0)
        left = picture.right() + 10
        name, small = QFontMetricsF(theme.font()), QFontMetricsF(theme.font(theme.SMALL))
        top = rect.center().y() - (name.height() + small.height()) / 2
        p.setFont(theme.font())
        p.setPen(QColor(c.text if person.here else c.soft))
        touched = option.state & (QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_HasFocus)
        menu = bool(touched) and self._can(person)
        room = rect.right() - (36 if menu else 10) - left
        p.drawText(
            QRectF(left, top, room, name.height()),
            Qt.AlignmentFlag.AlignVCenter,
            name.elidedText(person.name, Qt.TextElideMode.ElideRight, room),
        )
        line = QRectF(left, top + name.height(), room, small.height())
        colour = QColor(c.here if person.here else c.soft)
        if not person.gone:
            p.setPen(QPen(colour, 1.4))
            p.setBrush(colour if person.here else Qt.BrushStyle.NoBrush)
            p.drawEllipse(QRectF(left + 0.5, line.center().y() - 3.5, 7, 7))
            line = line.adjusted(13, 0, 0, 0)
        p.setFont(theme.font(theme.SMALL))
        p.setPen(colour)
        state = small.elidedText(state_text(person), Qt.TextElideMode.ElideRight, line.width())
        p.drawText(line, Qt.AlignmentFlag.AlignVCenter, state)
        if menu:
            icons.paint(p, "more", dots(rect), c.soft)
        p.restore()


def dots(row: QRectF) -> QRectF:
    """Where a row's menu is opened."""
    return QRectF(row.right() - 32, row.center().y() - 9, 18, 18)


class PeoplePanel(QFrame):
    """The people at the side of the timeline, what can be done about them, and what a keyholder should know."""

    menu_wanted = Signal(object, QPoint)  # PersonRow, where
    office_wanted = Signal(QPoint)

    def __init__(self, can: Callable[[PersonRow], bool], parent: QWidget | None = None) -> None:
        """`can`: whether something can be done about a person."""
        super().__init__(parent)
        self._can = can
        self.setObjectName("people")
        self.setFixedWidth(theme.PEOPLE)
        self.model = PeopleModel(self)
        self._people: tuple[PersonRow, ...] = ()
        self._line = QLabel(textFormat=Qt.TextFormat.PlainText)
        self._line.setFont(theme.font(theme.SMALL))
        self._line.setProperty("tone", "soft")
        self._line.setContentsMargins(theme.PAD, 0, theme.PAD, theme.GAP)
        self.above = QVBoxLayout()
        self.above.setContentsMargins(theme.GAP, 0, theme.GAP, theme.GAP)
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
        box.addLayout(self.notes)

    def _make_title(self) -> QHBoxLayout:
        title = QLabel(_("People"))
        title.setFont(theme.font(strong=True))
        self.more = QPushButton()
        self.more.setProperty("kind", "quiet")
        self.more.setFixedSize(28, 28)
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

    def _make_list(self) -> QListView:
        made = QListView()
        made.setAccessibleName(_("People"))
        made.setModel(self.model)
        made.setItemDelegate(PersonDelegate(made, self._can))
        made.setUniformItemSizes(True)
        made.setMouseTracking(True)
        made.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        made.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        made.customContextMenuRequested.connect(self._menu_at)
        made.activated.connect(self._menu_of)
        made.clicked.connect(self._clicked)
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
        room = theme.PEOPLE - 2 * theme.GAP - 44
        self.former.setText(self.former.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room))
        self.former.setAccessibleName(text)
        self.model.set(people, former=self.former.isChecked() and gone > 0)
        self._line.setText(here_text(people))

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
