"""Where things are kept: one data folder a person and PC, its double mark elsewhere."""

from __future__ import annotations

import os
from hashlib import blake2b
from pathlib import Path

import platformdirs


def data_folder(chosen: str | None = None) -> Path:
    """The folder named on the command line, else DESKBLOG_DATA, else the system's place for a user's data."""
    name = chosen or os.environ.get("DESKBLOG_DATA") or platformdirs.user_data_dir("deskblog", appauthor=False)
    return Path(name).expanduser().absolute()


def unusual(folder: Path) -> str:
    """The data folder as it must be named to be found again; "" for the one that is taken without a name."""
    usual = Path(platformdirs.user_data_dir("deskblog", appauthor=False)).expanduser().absolute()
    return "" if folder == usual else str(folder)


def state_folder() -> Path:
    """Machine-local state, which a copied or restored data folder does not bring along."""
    return Path(platformdirs.user_state_dir("deskblog", appauthor=False))


def runtime_name(folder: Path) -> str:
    """A short name of this data folder, the same for every program that uses it."""
    return blake2b(str(folder).encode(), digest_size=8).hexdigest()
