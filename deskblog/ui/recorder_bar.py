"""While something is recorded: how loud it is, how long it has been, how long it may be, Stop and Cancel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTime, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from deskblog.errors import UserError
from deskblog.i18n import _
from deskblog.ui import icons, multimedia, theme
from deskblog.ui.enclosing import Chosen
from deskblog.ui.multimedia import Source
from deskblog.ui.sizes import length_text

if TYPE_CHECKING:
    from deskblog.ui.recorder import Recorder, Recording

STEP = 5  # pixels from bar to bar
SEEN = QSize(112, 63)


class Strip(QWidget):
    """All the time there is, from left to right; what went by stands up as high as it was loud."""

    def __init__(self) -> None:
        super().__init__()
        theme.fix(self, high=30)
        self._loud: dict[int, float] = {}
        self._part = 0.0
        self._now = 0.0

    def begin(self) -> None:
        self._loud.clear()
        self._part = self._now = 0.0
        self.update()

    def hear(self, loud: float) -> None:
        self._now = loud**0.5  # as ears hear it, more or less
        self._mark()

    def move_to(self, part: float) -> None:
        """So much of the time went by: 0 … 1."""
        self._part = part
        self._mark()

    def _mark(self) -> None:
        at = int(self._part * self._count)
        self._loud[at] = max(self._loud.get(at, 0.0), self._now)
        self.update()

    @property
    def _count(self) -> int:
        return max(1, self.width() // STEP)

    def paintEvent(self, event: QPaintEvent) -> None:
        c, p = theme.now(), QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.setPen(Qt.PenStyle.NoPen)
        gone = int(self._part * self._count)
        for n in range(self._count):
            high = 3 + (self.height() - 3) * self._loud.get(n, 0.0) if n <= gone else 3
            p.setBrush(QColor(c.accent if n <= gone else c.scroll))
            p.drawRoundedRect(QRectF(n * STEP, (self.height() - high) / 2, 3, high), 1.5, 1.5)


class RecorderBar(QFrame):
    """Hidden while nothing is recorded. What was recorded goes along with what is written. `left_keys`: they go
    elsewhere than to its buttons again."""

    left_keys = Signal()

    def __init__(self, chosen: Chosen, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("recorder")
        self._chosen = chosen
        self._recorder: Recorder | None = None
        self.hide()

    def _make(self) -> None:
        """What is on it: most windows never record anything."""
        self.picture = QLabel()
        self.strip = Strip()
        self.says = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.says.setFont(theme.font(theme.SMALL, strong=True))
        self.left = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.left.setFont(theme.font(theme.SMALL))
        self.left.setProperty("tone", "soft")
        self.cancel_button = QPushButton(_("Cancel"))
        self.cancel_button.setProperty("kind", "quiet")
        self.cancel_button.setAccessibleName(_("Cancel the recording"))
        self.cancel_button.clicked.connect(self.cancel)
        self.stop_button = QPushButton(_("Stop"))
        self.stop_button.setAccessibleName(_("Stop recording and keep it"))
        self.stop_button.setToolTip(_("Stop recording and keep it"))
        self.stop_button.clicked.connect(self.stop)
        self._lay_out()

    def _lay_out(self) -> None:
        words = QHBoxLayout()
        words.addWidget(self.says)
        words.addStretch(1)
        words.addWidget(self.left)
        middle = QVBoxLayout()
        middle.setSpacing(2)
        middle.addLayout(words)
        middle.addWidget(self.strip)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 8, 8)
        row.setSpacing(10)
        row.addWidget(self.picture)
        row.addLayout(middle, 1)
        row.addWidget(self.cancel_button)
        row.addWidget(self.stop_button)

    # --- what the person does -----------------------------------------------------------------------------
    @property
    def runs(self) -> bool:
        return self._recorder is not None

    def begin(self, source: Source) -> None:
        if self._recorder is not None:
            return
        if self.layout() is None:
            self._make()
        made = self._recorder = multimedia.make_recorder(source, self.screen(), self)
        made.moved.connect(self._moved)
        made.heard.connect(self.strip.hear)
        made.seen.connect(self._show_picture)
        made.ended.connect(self._ended)
        made.failed.connect(self._failed)
        self.strip.begin()
        picture = "sound" if source is Source.VOICE else "film"
        side = theme.scaled(24)
        shown = icons.icon(picture, theme.now().error).pixmap(QSize(side, side), self.devicePixelRatioF())
        self.picture.setPixmap(shown)
        self._moved(0)
        self.show()
        self.stop_button.setFocus()
        made.begin()

    def stop(self) -> None:
        """Keeps what was recorded."""
        if self._recorder is not None:
            self._recorder.stop()

    def cancel(self) -> None:
        """Keeps nothing."""
        if self._recorder is not None:
            self._recorder.cancel()
            self._over()

    def event(self, event: QEvent) -> bool:
        """Escape is Cancel, whatever the window does with it."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            if event.type() == QEvent.Type.KeyPress:
                self.cancel()
            return True
        return super().event(event)

    # --- what is told -------------------------------------------------------------------------------------
    def _moved(self, ms: int) -> None:
        assert self._recorder is not None
        gone, most = ms // 1000, self._recorder.limit
        what = {
            Source.VOICE: _("Recording {time}"),
            Source.CAMERA: _("Filming {time}"),
            Source.SCREEN: _("Filming the screen {time}"),
        }[self._recorder.source].format(time=length_text(gone))
        mute = self._recorder.source is not Source.VOICE and not self._recorder.sounds
        self.says.setText(what + " · " + _("without sound") if mute else what)
        self.left.setText(_("{time} left").format(time=length_text(most - gone)))
        self.strip.setAccessibleName(f"{self.says.text()}, {self.left.text()}")
        self.strip.move_to(ms / 1000 / most)

    def _show_picture(self, image: QImage) -> None:
        ratio = self.devicePixelRatioF()
        small = image.scaled(
            SEEN * ratio, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        small.setDevicePixelRatio(ratio)
        self.picture.setPixmap(QPixmap.fromImage(small))

    def _ended(self, made: Recording) -> None:
        voice = self._recorder is not None and self._recorder.source is Source.VOICE
        name = _("voice note {time}") if voice else _("film {time}")
        now = QTime.currentTime().toString("HH.mm")
        self._over()
        self._chosen.add_recording(f"{name.format(time=now)}.{made.ending}", made.data, made.still, made.notice)

    def _failed(self, fault: UserError) -> None:
        self._over()
        self._chosen.failed.emit(fault)

    def _over(self) -> None:
        had_keys = self.stop_button.hasFocus() or self.cancel_button.hasFocus()
        self._recorder = None
        self.hide()
        if had_keys:
            self.left_keys.emit()
