"""A folder in which files are kept as they should be: only what changed is written, only what is ours is touched.

What we wrote stands in a list in the folder, each file with its hash. A file is ours if the list has its name and its
bytes are those we wrote, or were about to write when a run was broken off: what was to come is put on the list first.
A file that is not ours and is in the way refuses the whole run before anything is done. An empty file, or one of
zeros, with a name of ours is what a power cut makes of a fresh one: nobody's work is in it, and it is written again.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path, PurePosixPath

from filelock import FileLock, Timeout
from msgspec import Struct

from deskblog import limits
from deskblog.errors import Refused, Unusable
from deskblog.i18n import _
from deskblog.publish.ours import Known, read_list, written_list

LIST = ".deskblog-site.json"
_LOCK = ".deskblog-site.lock"
_PART = ".deskblog-site.part"
_CHUNK = 1 << 20
_REPARSE = 0x400  # of Windows: a link to elsewhere


class Copied(Struct, frozen=True):
    """Bytes that lie in a file here; `hash`: BLAKE2b-256 of them, lower-case hex."""

    file: Path
    hash: str


Content = bytes | Copied


class Changed(Struct, frozen=True):
    """How many files were written, removed, and left as they were."""

    written: int
    removed: int
    left: int


def keep(place: Path, wanted: Mapping[str, Content]) -> Changed:
    """Makes the folder hold these files, by their names in it, beside what is not ours.

    Refused, and nothing is done, if a file that is not ours stands in the way. Unusable if the disk cannot: what was
    written is whole, and the next run goes on from there.
    """
    try:
        place.mkdir(parents=True, exist_ok=True)
        with _alone(place):
            return _Run(place.resolve(), wanted).go()
    except OSError as fault:
        raise _unwritten(place, fault) from None


class _Run:
    def __init__(self, place: Path, wanted: Mapping[str, Content]) -> None:
        self._place = place
        self._wanted = wanted
        self._hashes = {name: _hash(content) for name, content in wanted.items()}
        self._before = self._read_list()
        self._folders: set[Path] = {place}

    def go(self) -> Changed:
        here = {name: known for name in sorted({*self._before, *self._wanted}) if (known := self._look(name))}
        late = [name for name, whole in self._hashes.items() if name not in here or here[name].hash != whole]
        gone = [name for name in here if name not in self._wanted]
        if not late and not gone and here == self._before:
            return Changed(0, 0, len(here))
        self._write_list(here, {name: self._hashes[name] for name in late})
        for name in sorted(late, key=_last):
            self._write(name, self._wanted[name])
            here[name] = self._look_again(name)
        for name in gone:
            (self._place / name).unlink()
            del here[name]
        self._tidy(gone)
        self._write_list(here, {})
        return Changed(len(late), len(gone), len(here) - len(late))

    def _read_list(self) -> dict[str, Known]:
        path = self._place / LIST
        found = _status(path)
        if found is None:
            return {}
        if not stat.S_ISREG(found.st_mode) or found.st_size > limits.SITE_LIST:
            raise _in_the_way(path)
        return read_list(path.read_bytes())

    def _write_list(self, here: Mapping[str, Known], coming: Mapping[str, str]) -> None:
        self._put(LIST, [written_list(here, coming)], lasting=True)

    def _look(self, name: str) -> Known | None:
        """What of ours stands under that name; None: nothing, or what a power cut left of it."""
        path = self._place / name
        self._walk(path.parent)
        found = _status(path)
        if found is None:
            return None
        before = self._before.get(name)
        if not stat.S_ISREG(found.st_mode):
            raise _in_the_way(path)
        if before is not None and before.stands(found.st_size, found.st_mtime_ns):
            return before
        whole, blank = _read(path)
        if blank and before is not None:
            return None
        if whole != self._hashes.get(name) and (before is None or whole not in before.hashes):
            raise _in_the_way(path)
        return Known(whole, found.st_size, found.st_mtime_ns)

    def _look_again(self, name: str) -> Known:
        found = (self._place / name).lstat()
        return Known(self._hashes[name], found.st_size, found.st_mtime_ns)

    def _walk(self, folder: Path) -> None:
        """Refused if a link leads out of the folder on the way there."""
        for part in (*reversed(folder.parents), folder):
            if part in self._folders or not part.is_relative_to(self._place):
                continue
            found = _status(part)
            if found is None:
                return
            if not stat.S_ISDIR(found.st_mode) or getattr(found, "st_file_attributes", 0) & _REPARSE:
                raise _in_the_way(part)
            self._folders.add(part)

    def _write(self, name: str, content: Content) -> None:
        (self._place / name).parent.mkdir(parents=True, exist_ok=True)
        self._walk((self._place / name).parent)
        if isinstance(content, Copied):
            self._put(name, _pieces(content))
        else:
            self._put(name, [content])

    def _put(self, name: str, pieces: Iterable[bytes], *, lasting: bool = False) -> None:
        """Under another name first: under its own it is never half."""
        part = self._place / _PART
        part.unlink(missing_ok=True)
        only_new = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
        try:
            with os.fdopen(os.open(part, only_new, 0o644), "wb") as file:
                for piece in pieces:
                    file.write(piece)
                if lasting:
                    file.flush()
                    os.fsync(file.fileno())
            part.replace(self._place / name)
        except BaseException:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise

    def _tidy(self, gone: Iterable[str]) -> None:
        """Folders of ours that have become empty go too."""
        for folder in {parent for name in gone for parent in PurePosixPath(name).parents if parent.name}:
            with suppress(OSError):  # there is something in it
                (self._place / folder).rmdir()


def _last(name: str) -> tuple[bool, bool, str]:
    """What leads to others is written after them."""
    return name.endswith((".atom", ".rss", ".json")), "/" not in name, name


def _hash(content: Content) -> str:
    return content.hash if isinstance(content, Copied) else blake2b(content, digest_size=32).hexdigest()


def _pieces(copied: Copied) -> Iterator[bytes]:
    """OSError if the bytes are others than they are said to be."""
    sum_ = blake2b(digest_size=32)
    with copied.file.open("rb") as file:
        while piece := file.read(_CHUNK):
            sum_.update(piece)
            yield piece
    if sum_.hexdigest() != copied.hash:
        raise OSError(0, _("its bytes are not those that were published"))


def _read(path: Path) -> tuple[str, bool]:
    """Its hash, and whether nothing is in it."""
    sum_, blank = blake2b(digest_size=32), True
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            sum_.update(piece)
            blank = blank and not piece.strip(b"\0")
    return sum_.hexdigest(), blank


def _status(path: Path) -> os.stat_result | None:
    """Of the name itself, not of what it leads to."""
    try:
        return path.lstat()
    except FileNotFoundError:
        return None
    except NotADirectoryError:
        raise _in_the_way(path.parent) from None


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    """Two runs at a time would undo each other."""
    lock = place / _LOCK
    found = _status(lock)
    if found is not None and not stat.S_ISREG(found.st_mode):
        raise _in_the_way(lock)
    try:
        with FileLock(lock, timeout=0):
            yield
    except Timeout:
        raise Refused(
            _("The folder {folder} is being published into already.").format(folder=place),
            next_step=_("Try again in a minute."),
        ) from None


def _in_the_way(path: Path) -> Refused:
    return Refused(
        _("“{file}” was not written by deskblog, or was changed since.").format(file=path),
        kept=_("Nothing was published, and nothing was changed."),
        next_step=_("Move it elsewhere, or publish into a folder of its own."),
    )


def _unwritten(place: Path, fault: OSError) -> Unusable:
    return Unusable(
        _("The folder {folder} cannot be written: {why}.").format(folder=place, why=fault.strerror or fault),
        kept=_("Each page there is whole, the old one or the new one."),
        next_step=_("Publish again when this is mended; it goes on from there."),
    )
