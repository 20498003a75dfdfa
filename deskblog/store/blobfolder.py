"""The files of blobs: each under its hash, the unfinished ones apart. Knows no database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from deskblog.log.attachment import BlobName

FOLDER = "blobs"
_CHUNK = 1 << 20


class BlobFolder:
    """OSError where the disk cannot."""

    def __init__(self, folder: Path) -> None:
        self._whole = folder / FOLDER
        self._parts = self._whole / "parts"

    def path(self, name: BlobName) -> Path:
        """Where the whole bytes are, or would be. The size is in the name: of one hash a liar may name two."""
        return self._whole / name.hash[:1].hex() / f"{name.hash.hex()}-{name.size}"

    def _part(self, name: BlobName) -> Path:
        return self._parts / f"{name.hash.hex()}-{name.size}"

    def come(self, name: BlobName) -> int:
        """How much of an unfinished one is here."""
        try:
            return min(self._part(name).stat().st_size, name.size)
        except FileNotFoundError:
            return 0

    def append(self, name: BlobName, offset: int, data: bytes) -> int:
        """Writes a part at its place, and cuts off what lay behind it; how much is here now."""
        self._parts.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._part(name), os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(descriptor, "r+b") as file:
            file.truncate(min(offset, file.seek(0, os.SEEK_END)))
            file.seek(0, os.SEEK_END)
            if file.tell() == offset:
                file.write(data)
            return file.tell()

    def finish(self, name: BlobName) -> bool:
        """Puts a part that is long enough among the whole ones if its hash is right, else throws it away."""
        part = self._part(name)
        if not self._is(part, name):
            part.unlink(missing_ok=True)
            return False
        with part.open("r+b") as file:
            os.fsync(file.fileno())
        self._settle(part, name)
        return True

    def _settle(self, part: Path, name: BlobName) -> None:
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        part.replace(path)

    def put(self, data: bytes) -> BlobName:
        """Keeps bytes of this PC, on the disk for good when this returns."""
        name = BlobName(blake2b(data, digest_size=32).digest(), len(data))
        if not self.path(name).exists():
            self.append(name, 0, data)
            self.finish(name)
        return name

    def read(self, name: BlobName, offset: int, count: int) -> bytes | None:
        """Some bytes of a whole one; None if it is not here."""
        try:
            with self.path(name).open("rb") as file:
                file.seek(offset)
                return file.read(count)
        except FileNotFoundError:
            return None

    def right(self, name: BlobName) -> bool:
        """Whether the bytes here are what the name says."""
        return self._is(self.path(name), name)

    @staticmethod
    def _is(path: Path, name: BlobName) -> bool:
        digest, size = blake2b(digest_size=32), 0
        with suppress(FileNotFoundError), path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
        return size == name.size and digest.digest() == name.hash

    def remove(self, name: BlobName) -> None:
        """Both the whole and the unfinished one. What somebody has open on Windows stays until the next time."""
        for path in (self.path(name), self._part(name)):
            with suppress(OSError):
                path.unlink(missing_ok=True)

    def all(self) -> Iterator[BlobName]:
        """What lies there, whole or not."""
        for path in self._whole.rglob("*-*"):
            digits, _dash, size = path.name.partition("-")
            if len(digits) == 64 and size.isdigit() and path.is_file():
                yield BlobName(bytes.fromhex(digits), int(size))
