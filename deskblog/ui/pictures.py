"""Pictures of others, decoded beside the window's thread, with care: only JPEG and PNG, only so many pixels.

What cannot be decoded is no error to the person: the place stays as it is while a picture is on its way.
"""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path

from PySide6.QtCore import QObject, QRunnable, QSize, Qt, QThreadPool, Signal
from PySide6.QtGui import QImage, QImageReader, QPixmap

KEPT = 120  # pixmaps of cards
PIXELS = 60_000_000
DECODERS = ((b"\xff\xd8\xff", b"jpeg"), (b"\x89PNG\r\n\x1a\n", b"png"))  # by a file's first bytes

Key = tuple[str, int, int]  # path, pixels wide and high at most


def read_image(path: Path, most: QSize) -> QImage | None:
    """The picture, at most that large; None if it is none, or promises too many pixels."""
    decoder = _decoder(path)
    if decoder is None:
        return None
    reader = QImageReader(str(path), decoder)
    reader.setAutoDetectImageFormat(False)
    reader.setAutoTransform(True)
    size = reader.size()
    if not size.isValid() or size.width() * size.height() > PIXELS:
        return None
    if size.width() > most.width() or size.height() > most.height():
        reader.setScaledSize(size.scaled(most, Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    return None if image.isNull() else image


def _decoder(path: Path) -> bytes | None:
    """Which decoder these bytes are for.

    Asked itself, Qt shows them to all it has, those of PDF, SVG and TIFF too: two MiB of code that a stranger's bytes
    need never meet.
    """
    try:
        with path.open("rb") as file:
            head = file.read(max(len(first) for first, _name in DECODERS))
    except OSError:
        return None
    return next((name for first, name in DECODERS if head.startswith(first)), None)


class _Said(QObject):
    come = Signal(object, object)  # Key, QImage or None


class _Reading(QRunnable):
    def __init__(self, key: Key, said: _Said) -> None:
        super().__init__()
        self._key = key
        self._said = said

    def run(self) -> None:
        path, wide, high = self._key
        self._said.come.emit(self._key, read_image(Path(path), QSize(wide, high)))


class Pictures(QObject):
    """Decoded pictures by path and size; `come`: one that was asked for is here."""

    come = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kept: OrderedDict[Key, QPixmap | None] = OrderedDict()
        self._asked: set[Key] = set()
        self._said = _Said(self)
        self._said.come.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)  # one after the other: two large ones at once are too much memory

    def get(self, path: Path, most: QSize) -> QPixmap | None:
        """The picture, at most that large; None while it is on its way, and where it cannot be shown."""
        key = (str(path), most.width(), most.height())
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        if key not in self._asked:
            self._asked.add(key)
            self._pool.start(_Reading(key, self._said))
        return None

    def _take(self, key: Key, image: QImage | None) -> None:
        self._asked.discard(key)
        self._kept[key] = QPixmap.fromImage(image) if image is not None else None
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        self.come.emit()
