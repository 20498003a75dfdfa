"""Where things are kept: one data folder a person and PC, its double mark elsewhere; or both beside the program."""

from __future__ import annotations

import os
import sys
from collections.abc import MutableMapping
from hashlib import blake2b
from pathlib import Path

import platformdirs

from deskblog import frozen

PORTABLE = "portable"  # a file of this name beside a packaged program has it keep everything there


def data_folder(chosen: str | None = None) -> Path:
    """The folder named on the command line, else DESKBLOG_DATA, else the program's own if it is carried about, else
    the system's place for a user's data."""
    return Path(chosen or os.environ.get("DESKBLOG_DATA") or _usual()).expanduser().absolute()


def unusual(folder: Path) -> str:
    """The data folder as it must be named to be found again; "" for the one that is taken without a name."""
    return "" if folder == _usual().expanduser().absolute() else str(folder)


def _usual() -> Path:
    own = carried(Path(sys.executable), packaged=frozen.packaged())
    return own / "data" if own else Path(platformdirs.user_data_dir("deskblog", appauthor=False))


def state_folder() -> Path:
    """Machine-local state, which a copied or restored data folder does not bring along."""
    own = carried(Path(sys.executable), packaged=frozen.packaged())
    return own / "state" if own else Path(platformdirs.user_state_dir("deskblog", appauthor=False))


def carried(program: Path, *, packaged: bool) -> Path | None:
    """The folder that the program is carried about in, on a stick for instance; None if it is installed."""
    folder = program.parent
    if folder.parent.name == "Contents":  # within a bundle of macOS, beside which the file lies
        folder = folder.parent.parent.parent
    return folder if packaged and (folder / PORTABLE).exists() else None


def take_along(names: MutableMapping[str, str]) -> None:
    """What libraries would write into the user's own folders goes with a program that is carried about, too."""
    own = carried(Path(sys.executable), packaged=frozen.packaged())
    if own:
        names.setdefault("ENCHANT_CONFIG_DIR", str(own / "state" / "enchant"))  # a person's own words


def runtime_name(folder: Path) -> str:
    """A short name of this data folder, the same for every program that uses it."""
    return blake2b(str(folder).encode(), digest_size=8).hexdigest()
