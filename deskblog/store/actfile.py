"""A second copy of the office's acts, beside the database: a damaged database must not cost the membership."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from deskblog.errors import PeerError
from deskblog.log import codec
from deskblog.log.act import Act, decode_act
from deskblog.whole import write_whole

FILE = "office.acts"
_CEILING = 256 * 1024 * 1024


def write_acts(folder: Path, acts: Iterable[Act]) -> None:
    write_whole(folder / FILE, codec.encode([(act.raw, act.signature) for act in acts]))


def read_acts(folder: Path) -> tuple[Act, ...]:
    """The acts of the copy; none if there is none or it is damaged too."""
    try:
        held = codec.decode((folder / FILE).read_bytes(), tuple[tuple[bytes, codec.Bytes64], ...], _CEILING)
        return tuple(decode_act(raw, signature) for raw, signature in held)
    except (OSError, PeerError):
        return ()
