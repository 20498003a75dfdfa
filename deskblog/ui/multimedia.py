"""Qt's multimedia, which may be installed or not: the one place that asks, and that loads it, no sooner than needed.

`player`, `recorder` and `film` are the modules that stand on it; nobody else imports them.
"""

from __future__ import annotations

import importlib.util
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget

from deskblog.i18n import _

if TYPE_CHECKING:
    from deskblog.ui.film import FilmViewer
    from deskblog.ui.player import Player
    from deskblog.ui.recorder import Recorder

_SCREENS = ("xcb", "wayland", "windows", "cocoa")  # platforms on which there is a screen to be filmed


class Source(StrEnum):
    """What can be recorded."""

    VOICE = "voice"
    CAMERA = "camera"
    SCREEN = "screen"


def installed() -> bool:
    """Looks for it, and loads nothing."""
    return importlib.util.find_spec("PySide6.QtMultimedia") is not None


def usable() -> bool:
    """Loads it. False too where a system library is missing that it is linked with."""
    if not installed():
        return False
    try:
        import PySide6.QtMultimedia  # noqa: F401
    except ImportError:
        return False
    return True


def sources() -> tuple[Source, ...]:
    """What this PC can record as it is now."""
    if not usable():
        return ()
    from PySide6.QtMultimedia import QMediaDevices

    screen = QGuiApplication.platformName().split("-")[0] in _SCREENS
    found = (
        (Source.VOICE, bool(QMediaDevices.audioInputs())),
        (Source.CAMERA, bool(QMediaDevices.videoInputs())),
        (Source.SCREEN, screen),
    )
    return tuple(source for source, there in found if there)


def offer_text(source: Source) -> str:
    """As a menu offers it."""
    return {
        Source.VOICE: _("Voice note…"),
        Source.CAMERA: _("Film clip…"),
        Source.SCREEN: _("Film clip of the screen…"),
    }[source]


def make_recorder(source: Source, screen: QScreen, parent: QWidget) -> Recorder:
    """For what `sources` names; a screen is the one that is filmed."""
    from deskblog.ui.recorder import Recorder

    return Recorder(source, screen, parent)


def make_player(parent: QObject) -> Player:
    """Where it is usable."""
    from deskblog.ui.player import Player

    return Player(parent)


def make_film_viewer(parent: QWidget) -> FilmViewer:
    """Where it is usable."""
    from deskblog.ui.film import FilmViewer

    return FilmViewer(parent)
