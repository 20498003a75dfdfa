"""What a person chose for this PC before any engine runs: how deskblog looks, and in which language.

One small file of JSON in the data folder. Names that this version does not know stay in it as they are, and so do
values it cannot use; a file that is no JSON at all is set aside, and the usual holds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from deskblog.errors import Unusable
from deskblog.i18n import _
from deskblog.records import replace
from deskblog.whole import write_whole

FILE: Final = "settings.json"
SYSTEM: Final = "system"
LOOKS: Final = (SYSTEM, "light", "dark", "contrast-light", "contrast-dark")
SIZES: Final = (90, 100, 110, 125, 150, 175, 200)  # per cent of the system's text


class Settings(Struct, frozen=True):
    """`look`: one of LOOKS; `text`: in per cent; `moves`: what moves by itself may; `language`: two letters, ""
    for the system's."""

    look: str = SYSTEM
    text: int = 100
    moves: bool = True
    language: str = ""


_USABLE: Final[dict[str, Callable[[Any], bool]]] = {
    "look": lambda value: value in LOOKS,
    "text": lambda value: type(value) is int and SIZES[0] <= value <= SIZES[-1],
    "moves": lambda value: type(value) is bool,
    "language": lambda value: isinstance(value, str) and bool(re.fullmatch(r"([a-z]{2})?", value)),
}


class Keeper:
    """`now`: what holds. `trouble`: what was wrong with the file. Without a folder it holds until the end."""

    def __init__(self, folder: Path | None) -> None:
        self._path = folder / FILE if folder is not None else None
        self._said: dict[str, Any] = {}
        self.trouble: Unusable | None = None
        self._read()
        self.now = Settings(**{name: value for name, value in self._said.items() if _usable(name, value)})

    def _read(self) -> None:
        if self._path is None:
            return
        try:
            said = json.loads(self._path.read_bytes())
        except FileNotFoundError:
            return
        except OSError as fault:
            self.trouble = Unusable(
                _("Your preferences cannot be read: {why}.").format(why=fault.strerror),
                kept=_("The usual ones hold."),
            )
            return
        except (ValueError, RecursionError):
            said = None
        if isinstance(said, dict):
            self._said = said
        else:
            self._set_aside(self._path)

    def _set_aside(self, path: Path) -> None:
        aside = path.with_name(f"{path.stem}-damaged{path.suffix}")
        with suppress(OSError):  # of a folder that cannot be written: it is read as damaged again
            path.replace(aside)
        self.trouble = Unusable(
            _("The file with your preferences was damaged."),
            kept=_("It was set aside as {name}; the usual ones hold.").format(name=aside.name),
            next_step=_("Choose them anew in Preferences."),
        )

    def choose(self, **changes: Any) -> Settings:
        """They hold from now on, and are kept. Unusable if they cannot be kept: then they hold until the end."""
        self.now = replace(self.now, **changes)
        usual = Settings()
        self._said |= changes
        for name in [name for name in Settings.__struct_fields__ if self._said.get(name) == getattr(usual, name)]:
            del self._said[name]  # what is usual may become another thing one day
        if self._path is not None:
            try:
                write_whole(self._path, json.dumps(self._said, ensure_ascii=False, indent=1).encode())
            except OSError as fault:
                raise Unusable(
                    _("Your preferences cannot be kept: {why}.").format(why=fault.strerror),
                    kept=_("They hold until deskblog ends."),
                    next_step=_("Make room on the disk, or the data folder writable for you."),
                ) from None
        return self.now


def _usable(name: str, value: Any) -> bool:
    return name in _USABLE and _USABLE[name](value)
