"""Files that grow beside their place until they are whole."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


class WholeFile:
    """A file that grows beside its place under another name; `close` puts it there, whole. Raises OSError.

    It is for others to read too, as the system's own rule for new files has it.
    """

    def __init__(self, path: Path) -> None:
        self.size = 0
        self._path = path
        self._part = path.with_name(path.name + ".part")
        self._file = self._part.open("wb")

    def write(self, data: bytes) -> None:
        self._file.write(data)
        self.size += len(data)

    def close(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._part.replace(self._path)

    def drop(self) -> None:
        """Leaves nothing behind."""
        with suppress(OSError):  # a full disk, a stick that was pulled out: it is said by whoever wrote
            self._file.close()
        with suppress(OSError):
            self._part.unlink(missing_ok=True)
