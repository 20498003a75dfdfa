"""Small files that must be whole or not there."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def write_whole(path: Path, data: bytes) -> None:
    """Replaces a file by `data`, for its owner only; after a power cut it is the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


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
