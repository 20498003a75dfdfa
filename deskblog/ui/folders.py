"""In what folder of one's own a dialog begins to look: never the one the program happens to run in."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths

Location = QStandardPaths.StandardLocation


def pictures() -> str:
    return _standing(Location.PicturesLocation)


def downloads() -> str:
    return _standing(Location.DownloadLocation)


def _standing(location: Location) -> str:
    """That folder as the system names it; one's home, where it is not there."""
    named = QStandardPaths.writableLocation(location)
    return named if named and Path(named).is_dir() else str(Path.home())
