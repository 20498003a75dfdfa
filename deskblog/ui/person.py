"""A row of the people panel: picture, name, a dot with its word, and beneath it what that person is doing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from deskblog.escaped import escaped
from deskblog.i18n import _
from deskblog.ui import faces, icons, theme
from deskblog.ui.members import role_name
from deskblog.values import PersonRow, Role

PersonRole = int(Qt.ItemDataRole.UserRole) + 1
StateRole = PersonRole + 1
HEIGHT = 46  # of name and state, at the usual size of text
DOT = 7.0
Index = QModelIndex | QPersistentModelIndex


def state_text(person: PersonRow, *, sites: bool = False) -> str:
    """Here, away or off, the role and, if `sites`, where; of those who were, who removed them."""
    if person.gone:
        if not person.removed_by:
            return _("gone")
        return (
            _("has left")
            if person.removed_by == person.name
            else _("removed by {name}").format(name=person.removed_by)
        )
    seen = (_("away") if person.away else _("here")) if person.here else _("off")
    words = [_("you") if person.me else seen]
    words += [role_name(person.role)] if person.role is not Role.MEMBER else []
    return " · ".join([*words, *([person.site] if sites and person.site else [])])


def several_sites(people: Sequence[PersonRow]) -> bool:
    """True where people are, or were last, at more than one place."""
    return len({person.site for person in people if not person.gone and (person.here or person.site)}) > 1


def tip(*lines: str) -> str:
    """A tool tip of plain text."""
    text = "\n".join(line for line in lines if line)
    return f"<qt>{escaped(text).replace(chr(10), '<br>')}</qt>"


class PersonDelegate(QStyledItemDelegate):
    """`can`: whether there is a menu. Of oneself the status is written by a field above the row."""

    def __init__(self, parent: QObject, can: Callable[[PersonRow], bool]) -> None:
        super().__init__(parent)
        self._can = can

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        person: PersonRow = index.data(PersonRole)
        two = person.status or (person.me and not person.gone)
        return QSize(1, row_height() + (round(_small().height()) if two else 0))

    def paint(self, p: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        person: PersonRow = index.data(PersonRole)
        rect = QRectF(option.rect)
        c = theme.now()
        p.save()
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_HasFocus:
            p.setPen(QPen(QColor(c.accent), 2))
            p.drawRoundedRect(rect.adjusted(5, 1, -5, -1), theme.RADIUS_SMALL, theme.RADIUS_SMALL)
        top = QRectF(rect.left(), rect.top(), rect.width(), row_height())
        p.setOpacity(1.0 if person.here or c.contrast else 0.55)
        faces.avatar(p, _picture(top), person.name, person.id)
        p.setOpacity(1.0)
        touched = option.state & (QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_HasFocus)
        menu = bool(touched) and self._can(person)
        name = QFontMetricsF(theme.font()).height()
        above = top.center().y() - (name + _small().height()) / 2
        text = QRectF(text_left(rect), above, rect.right() - 10 - text_left(rect), name)
        p.setFont(theme.font())
        _line(p, text.adjusted(0, 0, -26 if menu else 0, 0), person.name, c.text if person.here else c.soft)
        p.setFont(theme.font(theme.SMALL))
        text = QRectF(text.left(), text.bottom(), text.width(), _small().height())
        _state(p, text.adjusted(0, 0, -26 if menu else 0, 0), person, index.data(StateRole))
        if person.status and not person.me:
            _line(p, text.translated(0, text.height() + 1), person.status, c.text if person.here else c.soft)
        if menu:
            icons.paint(p, "more", dots(rect), c.soft)
        p.restore()


def _small() -> QFontMetricsF:
    return QFontMetricsF(theme.font(theme.SMALL))


def row_height() -> int:
    """Of name and state."""
    return theme.scaled(HEIGHT)


def own_top() -> int:
    """Where that field stands, so that its words are where those of others are."""
    name, small = QFontMetricsF(theme.font()).height(), _small().height()
    return round((row_height() - name - small) / 2 + name + small + 1) - (own_height() - round(small)) // 2


def own_height() -> int:
    """Of the field for one's own status: a line, and its frame, which must not touch the state above it."""
    return round(_small().height()) + 4


def _picture(row: QRectF) -> QRectF:
    size = theme.scaled(theme.AVATAR_SMALL)
    return QRectF(row.left() + theme.PAD, row.center().y() - size / 2, size, size)


def text_left(row: QRectF) -> float:
    """Where a row's words begin."""
    return _picture(row).right() + 10


def _line(p: QPainter, place: QRectF, text: str, colour: str) -> None:
    p.setPen(QColor(colour))
    text = QFontMetricsF(p.font()).elidedText(text, Qt.TextElideMode.ElideRight, place.width())
    p.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)


def _state(p: QPainter, place: QRectF, person: PersonRow, words: str) -> None:
    """The dot is full for here, half for away, hollow for off; who is gone has none."""
    c = theme.now()
    present = person.here and (person.me or not person.away)
    if not person.gone:
        colour = QColor(c.here if person.here else c.soft)
        dot = QRectF(place.left() + 0.5, place.center().y() - DOT / 2, DOT, DOT)
        p.setPen(QPen(colour, 1.4))
        p.setBrush(colour if present else Qt.BrushStyle.NoBrush)
        p.drawEllipse(dot)
        if person.here and not present:
            p.setBrush(colour)
            p.drawPie(dot, 90 * 16, 180 * 16)
        place = place.adjusted(13, 0, 0, 0)
    _line(p, place, words, c.here if present else c.soft)


def dots(row: QRectF) -> QRectF:
    """Where a row's menu is opened."""
    return QRectF(row.right() - 32, row.top() + row_height() / 2 - 9, 18, 18)
