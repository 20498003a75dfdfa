"""The page of keys, written from the table they are bound by."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from deskblog.i18n import _
from deskblog.ui import keys, theme
from deskblog.ui.dialog import Dialog
from deskblog.ui.sheets import Sheet, label, scrolled

WIDE, HIGH = 560, 640
USUAL = re.compile(r"(^|\+)(.|F\d|F1[0-2]|Esc|Return|Enter|Tab|Space|Del|Ins|Left|Right)$")  # the end of their names


class KeyboardPage(Dialog):
    """`lines`: what stands there, by place and name."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Keyboard"))
        theme.room(self, WIDE, HIGH)
        self.lines: dict[tuple[str, str], KeyLine] = {}
        said = keys.says()
        sheets = []
        for place, title in keys.places().items():
            sheet = Sheet(title)
            for name in keys.KEYS[place]:
                found = keys.sequences(place, name)
                if found:
                    self.lines[place, name] = line = KeyLine(said[place, name], found)
                    sheet.box.addWidget(line)
            sheets.append(sheet)
        scrolled(self, _("Keyboard"), sheets)


class KeyLine(QWidget):
    """What is done, and the keys that do it."""

    def __init__(self, does: str, found: list[QKeySequence]) -> None:
        super().__init__()
        self.keys = shown(found)
        self.setAccessibleName(f"{does}: {', '.join(self.keys)}")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        row.addWidget(label(does), 1)
        for key in self.keys:
            cap = QLabel(key, textFormat=Qt.TextFormat.PlainText)
            cap.setProperty("kind", "key")
            cap.setFont(theme.font(theme.SMALL))
            row.addWidget(cap, 0, Qt.AlignmentFlag.AlignVCenter)


def shown(found: list[QKeySequence]) -> list[str]:
    """As they stand on the keys, two at most: none that few keyboards have, and one Enter for both there are."""
    named = {one.toString(QKeySequence.SequenceFormat.PortableText): one for one in found}
    twice = {name.replace("Enter", "Return") for name in named if name.endswith("Enter")}
    kept = [one for name, one in named.items() if USUAL.search(name) and name not in twice]
    return [one.toString(QKeySequence.SequenceFormat.NativeText) for one in kept or found][:2]
