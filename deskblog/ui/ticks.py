"""Boxes that are ticked: alone with their words, and before the lines of a list. Ticked or not, they are as large."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QStyle, QStyledItemDelegate, QStyleOptionButton, QStyleOptionViewItem

from deskblog.ui import theme

STROKE = ((-3.5, 0.0), (-1.0, 2.8), (3.8, -2.8))  # from the middle of a square of 16 by 16


def tick(p: QPainter, box: QRectF, colour: str) -> None:
    """The stroke, in a box that is filled already."""
    scale = box.width() / 16
    p.save()
    p.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(QColor(colour), 2 * scale)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    p.setPen(pen)
    p.drawPolyline([box.center() + QPointF(x, y) * scale for x, y in STROKE])
    p.restore()


def _colour(*, enabled: bool) -> str:
    return theme.now().on_accent if enabled else theme.now().soft


class Tick(QCheckBox):
    """The sheet fills its box; the stroke is drawn."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.isChecked():
            option = QStyleOptionButton()
            self.initStyleOption(option)
            box = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
            painter = QPainter(self)
            tick(painter, QRectF(box), _colour(enabled=self.isEnabled()))
            painter.end()


class TickedLines(QStyledItemDelegate):
    """For a list whose lines have a box before them."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        if index.data(Qt.ItemDataRole.CheckStateRole) in (Qt.CheckState.Checked, Qt.CheckState.Checked.value):
            filled = QStyleOptionViewItem(option)
            self.initStyleOption(filled, index)
            style = filled.widget.style()
            box = style.subElementRect(QStyle.SubElement.SE_ItemViewItemCheckIndicator, filled, filled.widget)
            tick(painter, QRectF(box), _colour(enabled=bool(option.state & QStyle.StateFlag.State_Enabled)))
