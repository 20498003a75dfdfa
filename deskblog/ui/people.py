"""Who is of the office and who is here now: a dot and a word, never a colour alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QLabel,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from deskblog.i18n import _, plural
from deskblog.ui import icons, theme
from deskblog.values import PersonRow

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

    def set(self, people: Sequence[PersonRow]) -> None:
        shown = sorted(
            (p for p in people if not p.gone), key=lambda p: (not p.me, not p.here, p.name.casefold(), p.id)
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
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{person.name}, {state_text(person)}"
        return None


def state_text(person: PersonRow) -> str:
    if person.me:
        return _("you")
    return _("here") if person.here else _("off")


class PersonDelegate(QStyledItemDelegate):
    """Picture, name, and a dot with its word."""

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
        room = rect.right() - 8 - left
        p.drawText(
            QRectF(left, top, room, name.height()),
            Qt.AlignmentFlag.AlignVCenter,
            name.elidedText(person.name, Qt.TextElideMode.ElideRight, room),
        )
        line = QRectF(left, top + name.height(), room, small.height())
        dot = QRectF(left + 0.5, line.center().y() - 3.5, 7, 7)
        p.setPen(QPen(QColor(c.here if person.here else c.soft), 1.4))
        p.setBrush(QColor(c.here) if person.here else Qt.BrushStyle.NoBrush)
        p.drawEllipse(dot)
        p.setFont(theme.font(theme.SMALL))
        p.setPen(QColor(c.here if person.here else c.soft))
        p.drawText(line.adjusted(13, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, state_text(person))
        p.restore()


class PeoplePanel(QFrame):
    """The people at the side of the timeline."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("people")
        self.setFixedWidth(theme.PEOPLE)
        self.model = PeopleModel(self)
        title = QLabel(_("People"))
        title.setFont(theme.font(strong=True))
        title.setContentsMargins(theme.PAD, theme.PAD, theme.PAD, 0)
        self._line = QLabel(textFormat=Qt.TextFormat.PlainText)
        self._line.setFont(theme.font(theme.SMALL))
        self._line.setProperty("tone", "soft")
        self._line.setContentsMargins(theme.PAD, 0, theme.PAD, theme.GAP)
        self.list = QListView()
        self.list.setAccessibleName(_("People"))
        self.list.setModel(self.model)
        self.list.setItemDelegate(PersonDelegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2)
        for widget in (title, self._line):
            box.addWidget(widget)
        box.addWidget(self.list, 1)

    def show_people(self, people: Sequence[PersonRow]) -> None:
        self.model.set(people)
        self._line.setText(here_text(people))
