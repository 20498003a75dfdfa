"""Disks with faults, made without a mock: folders of others, files that may not grow, a disk that is full."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from deskblog.store.store import Store

NOBODY = 65534


@contextmanager
def read_only(make: Callable[[Path], object], *, others: bool = False) -> Iterator[Path]:
    """A folder filled by `make` and then not writable; `others`: and its files are another user's.

    Root may write everywhere, so as root this is somebody else meanwhile. Whoever is not root owns the files anyhow:
    their mode can then be changed, which is as good for what is tested.
    """
    folder = Path(tempfile.mkdtemp(prefix="deskblog-test-"))
    root = os.geteuid() == 0
    try:
        make(folder)
        for path in (folder, *folder.iterdir()):
            if root and not others:
                os.chown(path, NOBODY, NOBODY)
            path.chmod(0o555 if path.is_dir() else 0o444 | path.stat().st_mode & 0o055)
        if root:
            os.seteuid(NOBODY)
        yield folder
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o755)
        shutil.rmtree(folder)


@contextmanager
def files_that_may_not_grow(size: int) -> Iterator[None]:
    """Each write past `size` bytes of a file fails, as on a disk that gives up (EFBIG)."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


class SmallDisk:
    """A disk of a megabyte of its own; where none can be made, a database that may not grow."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        command = ["mount", "-t", "tmpfs", "-o", "size=1024k", "deskblog-test", str(folder)]
        self._own = os.geteuid() == 0 and subprocess.run(command, capture_output=True, check=False).returncode == 0

    def fill(self, store: Store) -> None:
        """From here on there is no room."""
        if not self._own:
            store.database.rows("PRAGMA max_page_count = 1")  # SQLite takes it as: not a page more than there are
            return
        with (self.folder / "ballast").open("wb", buffering=0) as ballast, suppress(OSError):
            while True:
                ballast.write(bytes(4096))

    def free(self, store: Store) -> None:
        """There is room again."""
        (self.folder / "ballast").unlink(missing_ok=True)
        store.database.rows("PRAGMA max_page_count = 1000000")

    def close(self) -> None:
        if self._own:
            subprocess.run(["umount", str(self.folder)], check=True)
