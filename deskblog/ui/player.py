"""Plays one sound at a time, from a file of this PC, and says how far it is."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtMultimedia import QAudioOutput, QMediaPlayer

from deskblog.ui.sound_line import Playing

_State = QMediaPlayer.PlaybackState
_Status = QMediaPlayer.MediaStatus


class Player(QObject):
    """`changed`: `playing` is another now; `broken`: what was to be played cannot be."""

    changed = Signal()
    broken = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.playing: Playing | None = None
        self._hash = ""
        self._length = 0
        self.engine = QMediaPlayer(self)
        self.engine.setAudioOutput(QAudioOutput(self))
        self.engine.positionChanged.connect(self._tell)
        self.engine.durationChanged.connect(self._tell)
        self.engine.playbackStateChanged.connect(self._tell)
        self.engine.mediaStatusChanged.connect(self._status)

    def play(self, digest: str, file: Path, seconds: int) -> None:
        """From its beginning, instead of what was played before; `seconds`: how long it is said to last."""
        self._hash, self._length = digest, seconds * 1000
        self.engine.setSource(QUrl.fromLocalFile(str(file)))
        self.engine.play()

    def toggle(self) -> None:
        """Pauses, or goes on."""
        if self.engine.playbackState() == _State.PlayingState:
            self.engine.pause()
        else:
            self.engine.play()

    def seek(self, part: float) -> None:
        """To a part of it: 0 … 1."""
        if self.playing is not None:
            self.engine.setPosition(round(self.playing.length * part))

    def stop(self) -> None:
        """Nothing is played then, and the file is free."""
        self._hash = ""
        self.engine.stop()
        self.engine.setSource(QUrl())
        self._tell()

    def _tell(self, _what: object = None) -> None:
        runs = self.engine.playbackState() == _State.PlayingState
        length = self.engine.duration() or self._length
        now = Playing(self._hash, self.engine.position(), length, runs) if self._hash else None
        if now != self.playing:
            self.playing = now
            self.changed.emit()

    def _status(self, status: _Status) -> None:
        if status == _Status.EndOfMedia:
            self.stop()
        elif status == _Status.InvalidMedia and self._hash:
            self.stop()
            self.broken.emit()
