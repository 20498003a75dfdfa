"""Tells a store that was copied or restored: a random mark, new at each start, with its double outside the folder.

A backup, a cloned disk or a snapshot brings the store's mark of its own day; the double in the machine's local state
has moved on since, or is not there. A wrong alarm costs nothing but a new log.
"""

from __future__ import annotations

import secrets
from pathlib import Path

from deskblog.whole import write_whole


class Marker:
    """The double of one device's mark."""

    def __init__(self, folder: Path, device: bytes) -> None:
        self._path = folder / f"{device[:8].hex()}.mark"

    def renew(self, kept: str) -> tuple[str, bool]:
        """(the mark to keep from now on, True if the store is not the one that was last here).

        Where the double cannot be written no mark is kept, and nothing is ever suspected.
        """
        try:
            double = self._path.read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError):
            double = ""
        mark = secrets.token_hex(16)
        try:
            write_whole(self._path, mark.encode())
        except OSError:
            return "", False
        return mark, bool(kept) and kept != double
