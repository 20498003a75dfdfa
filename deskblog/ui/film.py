"""A film of a post, in a window of its own: played, paused, moved about in, saved.

Its pictures are painted here and not by a widget of the video library: they need no graphics card so, and the window
has the colours of the others.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QRectF, QSizeF, Qt, QUrl, Signal
from PySide6.QtGui import QCloseEvent, QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtMultimedia import QAudioOutput, QMediaPlayer, QVideoFrame, QVideoSink
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSlider, QVBoxLayout, QWidget

from deskblog.i18n import _
from deskblog.ui import icons, keys, theme
from deskblog.ui.sizes import length_text
from deskblog.ui.viewer import ask_folder, tool_button
from deskblog.values import Attached, Row

STEP = 5000  # ms, by an arrow key
_State = QMediaPlayer.PlaybackState
_Status = QMediaPlayer.MediaStatus


class Picture(QWidget):
    """What is to be seen of the film now, as large as there is room for."""

    pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.image: QImage | None = None
        self.setMinimumSize(320, 180)

    def show_frame(self, frame: QVideoFrame) -> None:
        image = frame.toImage()
        if not image.isNull():
            self.image = image
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        c, p = theme.now(), QPainter(self)
        p.fillRect(self.rect(), QColor(c.window))
        if self.image is None:
            side = QRectF(0, 0, 64, 64)
            side.moveCenter(self.rect().toRectF().center())
            icons.paint(p, "film", side, c.soft)
            return
        p.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        size = QSizeF(self.image.size()).scaled(QSizeF(self.size()), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRectF(0, 0, size.width(), size.height())
        target.moveCenter(self.rect().toRectF().center())
        p.drawImage(target, self.image)


class FilmViewer(QWidget):
    """One film at a time. `broken`: it cannot be played; `save`: what the button asks."""

    broken = Signal()
    save: Callable[[Attached, Path], None]

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._one: Attached | None = None
        self.resize(960, 660)
        self.picture = Picture()
        self.picture.pressed.connect(self.toggle)
        self.engine = QMediaPlayer(self)
        self.engine.setAudioOutput(QAudioOutput(self))
        self._sink = QVideoSink(self)
        self.engine.setVideoSink(self._sink)
        self._sink.videoFrameChanged.connect(self.picture.show_frame)
        self.engine.positionChanged.connect(self._moved)
        self.engine.durationChanged.connect(self._measured)
        self.engine.playbackStateChanged.connect(self._show_state)
        self.engine.mediaStatusChanged.connect(self._status)
        self.play_button = tool_button("play", _("Play"))
        self.play_button.clicked.connect(self.toggle)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(_("Place in the film"))
        self.slider.setSingleStep(STEP)
        self.slider.setPageStep(STEP)
        self.slider.valueChanged.connect(self._slid)
        self.time = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.time.setProperty("tone", "soft")
        self.save_button = QPushButton(_("Save as…"))
        self.save_button.clicked.connect(self._ask_where)
        self._lay_out()

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setContentsMargins(theme.PAD, theme.GAP, theme.PAD, theme.PAD)
        foot.setSpacing(theme.GAP)
        foot.addWidget(self.play_button)
        foot.addWidget(self.slider, 1)
        foot.addWidget(self.time)
        foot.addWidget(self.save_button)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.picture, 1)
        box.addLayout(foot)

    # --- what the person does -----------------------------------------------------------------------------
    def open(self, row: Row, one: Attached, file: Path) -> None:
        """Plays it from its beginning."""
        self._one = one
        self.picture.image = None
        self.picture.setAccessibleName(_("Film by {name}: {words}").format(name=row.person, words=row.text))
        self.setWindowTitle(f"{one.name} – {row.person}")
        self._measured(one.seconds * 1000)
        self._moved(0)
        self.show()
        self.raise_()
        self.activateWindow()
        self.play_button.setFocus()
        self.engine.setSource(QUrl.fromLocalFile(str(file)))
        self.engine.play()

    def toggle(self) -> None:
        """Pauses, or goes on; at its end, from the beginning."""
        if self.engine.playbackState() == _State.PlayingState:
            self.engine.pause()
        else:
            self.engine.play()

    def step(self, ms: int) -> None:
        self.engine.setPosition(max(0, min(self.engine.position() + ms, self.engine.duration())))

    def _slid(self, ms: int) -> None:
        if ms != self.engine.position():
            self.engine.setPosition(ms)

    def _ask_where(self) -> None:
        where = ask_folder(self)
        if where is not None and self._one is not None:
            self.save(self._one, where)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match keys.name_of("film", event):
            case "close":
                self.close()
            case "play":
                self.toggle()
            case "back":
                self.step(-STEP)
            case "on":
                self.step(STEP)
            case _:
                super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.engine.stop()
        self.engine.setSource(QUrl())
        super().closeEvent(event)

    # --- what is told -------------------------------------------------------------------------------------
    def _measured(self, ms: int) -> None:
        if ms > 0:
            self.slider.setMaximum(ms)

    def _moved(self, ms: int) -> None:
        self.slider.blockSignals(True)
        self.slider.setValue(ms)
        self.slider.blockSignals(False)
        whole = self.slider.maximum() // 1000
        self.time.setText(f"{length_text(ms // 1000)} / {length_text(whole)}")

    def _show_state(self, state: _State) -> None:
        runs = state == _State.PlayingState
        icons.dress(self.play_button, "pause" if runs else "play", theme.now().soft)
        name = _("Pause") if runs else _("Play")
        self.play_button.setAccessibleName(name)
        self.play_button.setToolTip(name)

    def _status(self, status: _Status) -> None:
        if status == _Status.InvalidMedia and self.isVisible():
            self.close()
            self.broken.emit()
