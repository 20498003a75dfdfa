"""What sites answered, as they answered it: packed, one file a feed, the newest. Knows no database."""

from __future__ import annotations

import os
import zlib
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from deskblog import limits

FOLDER = "feeds"
LEVEL = 6


class Copies:
    """OSError where the disk cannot write. What is lost or damaged is fetched again some time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / FOLDER
        self._last: tuple[bytes, bytes] | None = None  # the tag and the bytes read last: they are sent part by part

    def _path(self, tag: bytes) -> Path:
        return self._folder / tag.hex()

    def put(self, tag: bytes, body: bytes) -> list[bytes]:
        """Keeps it in place of the one before; the tags of those that had to make room."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._path(tag)
        part = path.with_suffix(".part")
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(zlib.compress(body, LEVEL))
        part.replace(path)
        self._last = None
        return self._thin(tag)

    def _thin(self, newest: bytes) -> list[bytes]:
        files = [(entry.stat().st_mtime_ns, entry.stat().st_size, entry.name) for entry in os.scandir(self._folder)]
        total, gone = sum(size for _time, size, _name in files), []
        for _time, size, name in sorted(files):
            if total <= limits.FEED_COPIES:
                break
            if name != newest.hex():
                self._unlink(self._folder / name)
                total -= size
                if len(name) == 2 * len(newest):
                    gone.append(bytes.fromhex(name))
        return gone

    def read(self, tag: bytes, digest: bytes) -> bytes | None:
        """The bytes of that hash; None if they are not here."""
        if self._last is not None and self._last[0] == tag:
            body = self._last[1]
        else:
            found = self._unpacked(tag)
            if found is None:
                return None
            body = found
        if blake2b(body, digest_size=32).digest() != digest:
            return None
        self._last = tag, body
        return body

    def _unpacked(self, tag: bytes) -> bytes | None:
        try:
            packed = self._path(tag).read_bytes()
            unpacking = zlib.decompressobj()
            return unpacking.decompress(packed, limits.FEED_BODY)
        except (OSError, zlib.error):
            return None

    def remove(self, tag: bytes) -> None:
        self._last = None
        self._unlink(self._path(tag))

    def clear(self) -> None:
        """All of them go."""
        self._last = None
        with suppress(OSError):
            for entry in os.scandir(self._folder):
                self._unlink(Path(entry.path))

    @staticmethod
    def _unlink(path: Path) -> None:
        with suppress(OSError):  # what somebody has open on Windows stays until the next time
            path.unlink(missing_ok=True)
