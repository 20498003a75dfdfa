"""One data folder, one program: two would write two ends of one log."""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock, Timeout

from deskblog.errors import InUse, Unusable
from deskblog.i18n import _


def claim(folder: Path, lock: FileLock, patience: float = 0.0) -> None:
    """Makes the folder where it is missing, and takes it for this program; says why it cannot.

    On a thread: whoever holds it is waited for so many seconds.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock.acquire(timeout=patience)
    except Timeout:
        raise InUse(
            _("deskblog is already running on {folder}.").format(folder=folder),
            next_step=_("Use the one that is open, or name another folder with --data."),
        ) from None
    except OSError as fault:
        raise Unusable(
            _("The data folder {folder} cannot be used: {why}.").format(folder=folder, why=fault.strerror),
            next_step=_("Make it writable for you, or name another folder with --data."),
        ) from None
