"""The list of the files we have in a folder, as it is kept there. Pure. A list that cannot be read lists nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

_NAME = re.compile(r"(?!.*(?:^|/)\.)[a-z0-9._-]+(?:/[a-z0-9._-]+){0,3}\Z")
_HASH = re.compile(r"[0-9a-f]{64}\Z")


@dataclass(frozen=True, slots=True)
class Known:
    """A file of ours: its hash, size and time of change (ns). `coming`: what else it may have become, in a run that
    was broken off."""

    hash: str
    size: int
    changed: int
    coming: str = field(default="", compare=False)

    @property
    def hashes(self) -> tuple[str, ...]:
        return (self.hash, self.coming)

    def stands(self, size: int, changed: int) -> bool:
        """Whether it need not be read to know that it is as it was."""
        return (self.size, self.changed) == (size, changed)


class _List(msgspec.Struct, forbid_unknown_fields=True):
    deskblog: int
    files: dict[str, tuple[str, int, int]]
    coming: dict[str, str]


def ours(name: str) -> bool:
    """Whether a file of ours may be called so: it stays in the folder, on any system."""
    return bool(_NAME.match(name))


def read_list(data: bytes) -> dict[str, Known]:
    """What is on it, and may be."""
    try:
        made = msgspec.json.decode(data, type=_List)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    found = {
        name: Known(whole, size, changed, made.coming.get(name, ""))
        for name, (whole, size, changed) in made.files.items()
    }
    fresh = {name: Known(whole, -1, -1, whole) for name, whole in made.coming.items() if name not in found}
    both = found | fresh
    return {name: known for name, known in both.items() if ours(name) and _HASH.match(known.hash)}


def written_list(here: Mapping[str, Known], coming: Mapping[str, str]) -> bytes:
    """`coming`: hashes of what is about to be written."""
    for name in (*here, *coming):
        if not ours(name):
            raise ValueError(name)
    files = {name: (known.hash, known.size, known.changed) for name, known in here.items()}
    return msgspec.json.encode(_List(1, files, dict(coming)))
