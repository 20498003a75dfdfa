"""The order in which Tab goes through a window: the one in which one reads it.

Qt goes by when a widget was made, and lines that come and go are always the newest. So the order is put right at the
moment somebody presses Tab.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QTextEdit,
    QWidget,
)

WHOLE = (QAbstractItemView, QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit, QPushButton, QTextEdit)
OVER = "over"  # a property: the view something floats over, which is reached before it


def put_in_order(window: QWidget) -> None:
    """Layouts say in what order one reads."""
    stops = [one for one in _reading(window) if one.focusPolicy() & Qt.FocusPolicy.TabFocus and one is not window]
    for one, after in pairwise(stops):
        QWidget.setTabOrder(one, after)


def _reading(widget: QWidget) -> Iterator[QWidget]:
    yield widget
    if isinstance(widget, WHOLE):
        return
    if isinstance(widget, QScrollArea):
        inside = widget.widget()
        if inside is not None:
            yield from _reading(inside)
        return
    laid = list(_laid(widget.layout()))
    children = [one for one in widget.children() if isinstance(one, QWidget) and not one.isWindow()]
    floats = [one for one in children if one not in laid]
    for one in laid:
        for above in floats:
            if above.property(OVER) is one:
                yield from _reading(above)
        yield from _reading(one)
    for one in floats:
        if one.property(OVER) is None:
            yield from _reading(one)


def _laid(layout: QLayout | None) -> Iterator[QWidget]:
    for n in range(layout.count() if layout is not None else 0):
        item = layout.itemAt(n) if layout is not None else None
        widget = item.widget() if item is not None else None
        if widget is not None:
            yield widget
        elif item is not None:
            yield from _laid(item.layout())
