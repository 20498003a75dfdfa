"""Copies of attachments where a person wants them: under a name that is safe there, over nothing that is there."""

from __future__ import annotations

import shutil
import sys
from contextlib import suppress
from pathlib import Path

from deskblog.media.naming import safe_name

_FROM_ELSEWHERE = "[ZoneTransfer]\r\nZoneId=3\r\n"


def save(source: Path, folder: Path, name: str) -> Path:
    """Copies a file into a folder, under its name or one with a number; where to. OSError if it cannot be."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = folder / safe_name(name)
    number = 1
    while True:
        target = wanted if number == 1 else wanted.with_stem(f"{wanted.stem} ({number})")
        try:
            with target.open("xb") as file, source.open("rb") as bytes_of_it:
                shutil.copyfileobj(bytes_of_it, file)
        except FileExistsError:
            number += 1
            continue
        mark(target)
        return target


def mark(file: Path) -> None:
    """Tells Windows that it came from somebody else, as a browser does: it asks before it runs it."""
    if sys.platform == "win32":
        with suppress(OSError):
            Path(f"{file}:Zone.Identifier").write_text(_FROM_ELSEWHERE, encoding="ascii")
