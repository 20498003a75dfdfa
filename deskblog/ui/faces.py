"""The pictures people show of themselves, round, wherever a person stands; initials until they are here."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QPainter, QPixmap, QTransform

from deskblog import events
from deskblog.ui import theme
from deskblog.ui.bridge import Bridge
from deskblog.ui.marks import initials
from deskblog.ui.pictures import Pictures
from deskblog.values import PersonRow

SIDE = QSize(192, 192)
_shown: dict[str, QPixmap] = {}  # by person; the window's thread alone touches it


class Faces(QObject):
    """Keeps what is shown up to date; `changed`: somebody looks otherwise now."""

    changed = Signal()

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._people: tuple[PersonRow, ...] = ()
        self._pictures = Pictures(self)
        self._pictures.come.connect(self._look)

    def know(self, people: Sequence[PersonRow]) -> None:
        self._people = tuple(people)
        self._look()

    def heard(self, event: events.Coming) -> None:
        """A file is here now; it may be somebody's picture."""
        if event.come >= event.size and any(
            person.profile.picture is not None and person.profile.picture.hash == event.hash
            for person in self._people
        ):
            self._look()

    def _look(self) -> None:
        found: dict[str, QPixmap] = {}
        for person in self._people:
            picture = person.profile.picture
            path = self._bridge.engine.attaching.place(picture) if picture is not None else None
            face = self._pictures.get(path, SIDE) if path is not None and path.exists() else None
            if face is not None:
                found[person.id] = face
        if {who: face.cacheKey() for who, face in found.items()} != {w: f.cacheKey() for w, f in _shown.items()}:
            _shown.clear()
            _shown.update(found)
            self.changed.emit()


def avatar(p: QPainter, rect: QRectF, name: str, person_id: str) -> None:
    """A person's round picture: what they show of themselves, or initials on their own colour."""
    p.save()
    p.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    p.setPen(Qt.PenStyle.NoPen)
    face = _shown.get(person_id)
    if face is not None:
        _paint_face(p, rect, face)
    else:
        p.setBrush(theme.avatar_colour(person_id))
        p.drawEllipse(rect)
        font = theme.font(strong=True)
        font.setPixelSize(round(rect.height() * 0.38))
        p.setFont(font)
        p.setPen(QColor(theme.ON_AVATAR))
        p.drawText(rect, Qt.AlignmentFlag.AlignCenter, initials(name))
    p.restore()


def _paint_face(p: QPainter, rect: QRectF, face: QPixmap) -> None:
    """As a brush, whose edge is smooth where a clip's is not."""
    scale = rect.width() / min(face.width(), face.height())
    place = QTransform.fromTranslate(rect.left(), rect.top()).scale(scale, scale)
    brush = QBrush(face)
    brush.setTransform(place)
    p.setBrush(brush)
    p.drawEllipse(rect)
