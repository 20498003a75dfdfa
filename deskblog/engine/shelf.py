"""Where the makers' packages lie: a folder with each package, the makers' word beside it, and what is still coming.

Everything here touches the disk, and is for a thread of its own.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from deskblog import limits
from deskblog.errors import Forged, PeerError
from deskblog.net.release import SUFFIX, Key, Release, read_word
from deskblog.values import BlobFate
from deskblog.whole import write_whole

COMING = ".part"
_STEP = 1 << 20


class Shelf:
    """One package of each kind, the newest."""

    def __init__(self, folder: Path, keys: Sequence[Key]) -> None:
        self._folder = folder
        self._keys = keys
        self.held: dict[str, Release] = {}  # by kind

    def open(self) -> None:
        """Reads what lies there; what nobody stands for, or is not whole, is none of ours to hand on."""
        self.held = {}
        for word in sorted(self._folder.glob("*" + SUFFIX)):
            try:
                release = read_word(word.read_bytes()[: limits.PROGRAM_WORD + 1], self._keys)
                whole = self.path(release).stat().st_size == release.name.size
            except (OSError, PeerError):
                continue
            known = self.held.get(release.kind)
            if whole and (known is None or release.number > known.number):
                self.held[release.kind] = release

    def path(self, release: Release) -> Path:
        return self._folder / release.file

    def _coming(self, release: Release) -> Path:
        return self._folder / f"{release.name.hash.hex()}{COMING}"

    def find(self, digest: bytes) -> Release | None:
        return next((one for one in self.held.values() if one.name.hash == digest), None)

    def has_room(self, release: Release) -> bool:
        """Whether the disk would not be full with it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        missing = release.name.size - self.come(release)
        return shutil.disk_usage(self._folder).free >= missing + limits.PROGRAM_ROOM

    # --- parts --------------------------------------------------------------------------------------------
    def come(self, release: Release) -> int:
        """How much of it is here; parts cut short by the end of a run count no more."""
        try:
            size = self._coming(release).stat().st_size
        except FileNotFoundError:
            return 0
        return size - size % limits.BLOB_PART if size < release.name.size else 0

    def read(self, digest: bytes, offset: int) -> bytes | None:
        """A part of what is held; None if there is none."""
        release = self.find(digest)
        if release is None:
            return None
        try:
            with self.path(release).open("rb") as file:
                file.seek(offset)
                return file.read(limits.BLOB_PART) or None
        except OSError:
            return None

    def take(self, release: Release, offset: int, data: bytes) -> BlobFate:
        """Writes a part; the last one makes it whole, or shows that it is not what its word says."""
        part = self._coming(release)
        with part.open("r+b" if offset else "wb") as file:
            file.seek(offset)
            file.write(data)
            file.truncate()
        if offset + len(data) < release.name.size:
            return BlobFate.MORE
        try:
            self._check(release, part)
        except Forged:
            part.unlink()
            return BlobFate.WRONG
        self._put(release, part)
        return BlobFate.WHOLE

    def drop(self, release: Release) -> None:
        """What has come of it is not wanted any more."""
        self._coming(release).unlink(missing_ok=True)

    # --- whole ones ---------------------------------------------------------------------------------------
    def add(self, release: Release, source: Path) -> None:
        """Keeps a copy of a file; Forged if it is not what the makers stand for, OSError."""
        self._folder.mkdir(parents=True, exist_ok=True)
        part = self._coming(release)
        try:
            shutil.copyfile(source, part)
            self._check(release, part)
            self._put(release, part)
        finally:
            part.unlink(missing_ok=True)

    @staticmethod
    def _check(release: Release, path: Path) -> None:
        name, signed, size = blake2b(digest_size=32), blake2b(), 0
        with path.open("r+b") as file:  # to write, or Windows would not let it be made sure of
            while step := file.read(_STEP):
                name.update(step)
                signed.update(step)
                size += len(step)
            os.fsync(file.fileno())
        if (name.digest(), size) != (release.name.hash, release.name.size):
            raise Forged("not the package its word is of")
        release.check(signed.digest())

    def _put(self, release: Release, part: Path) -> None:
        """The word last: a package without one is nothing."""
        part.replace(self.path(release))
        write_whole(self.path(release).with_name(release.file + SUFFIX), release.word)
        before = self.held.get(release.kind)
        self.held[release.kind] = release
        if before is not None and before.file != release.file:
            self._remove(before)
        while len(self.held) > limits.PROGRAM_KINDS:
            oldest = min(self.held.values(), key=lambda one: (one.number, one.kind))
            self._remove(self.held.pop(oldest.kind))

    def _remove(self, release: Release) -> None:
        for path in (self.path(release).with_name(release.file + SUFFIX), self.path(release)):
            with suppress(OSError):  # on Windows one that is being installed cannot be removed; it is no harm
                path.unlink()
