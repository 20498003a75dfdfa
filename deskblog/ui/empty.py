"""What stands where nothing stands."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from deskblog.ui import icons, theme
from deskblog.ui.cup import cup_picture

WIDE = 380


class Empty(QWidget):
    """A picture, what this is, what to do."""

    def __init__(self) -> None:
        super().__init__()
        self._picture = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._title = QLabel(
            alignment=Qt.AlignmentFlag.AlignCenter, textFormat=Qt.TextFormat.PlainText, wordWrap=True
        )
        self._title.setFont(theme.font(theme.TITLE, strong=True))
        self._text = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self._text.setProperty("tone", "soft")
        self._box = box = QVBoxLayout(self)
        box.setSpacing(theme.GAP)
        for label in (self._picture, self._title, self._text):
            box.addWidget(label)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.words = ""

    def fit(self, room: int) -> None:
        """As wide as it reads well, in no more than `room`, and as high as that takes."""
        wide = min(theme.scaled(WIDE), room)
        wraps = self._box.hasHeightForWidth()  # not before it has words
        high = self._box.totalHeightForWidth(wide) if wraps else self._box.totalSizeHint().height()
        self.setFixedSize(wide, high)

    def say(self, picture: str, title: str, text: str) -> None:
        colour, side, ratio = theme.now().soft, theme.scaled(48), self.devicePixelRatioF()
        if picture == "cup":
            self._picture.setPixmap(cup_picture(side, colour, ratio))
        else:
            self._picture.setPixmap(icons.icon(picture, colour).pixmap(QSize(side, side), ratio))
        self._title.setText(title)
        self._text.setText(text)
        self.words = f"{title}. {text}"
