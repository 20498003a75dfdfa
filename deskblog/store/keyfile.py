"""The device's secrets, in a file only its owner may read; made once, never written over."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

import msgspec

from deskblog.errors import Malformed, TooLarge, Unusable
from deskblog.i18n import _
from deskblog.log import codec
from deskblog.log.keys import DeviceKeys
from deskblog.whole import write_whole

FILE = "device.key"


class _KeyFile(msgspec.Struct, array_like=True, frozen=True):
    version: codec.Version
    seed: codec.Bytes32
    seal_secret: codec.Bytes32


def load_or_make_keys(folder: Path) -> DeviceKeys:
    """The keys of this folder; new ones if there are none. Unusable if the file is damaged or cannot be read."""
    path = folder / FILE
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return _make(path)
    except OSError as fault:
        raise _unreadable(path, fault) from None
    try:
        held = codec.decode(raw, _KeyFile, 256)
    except (Malformed, TooLarge):
        raise Unusable(
            _("The key of this PC, {path}, is damaged.").format(path=path),
            kept=_("It was not touched."),
            next_step=_("Bring it back from a backup, or move the data folder away and join the office again."),
        ) from None
    if os.name == "posix" and path.stat().st_mode & 0o077:
        with suppress(OSError):  # a file system that knows no owners
            path.chmod(0o600)
    return DeviceKeys(held.seed, held.seal_secret)


def _make(path: Path) -> DeviceKeys:
    keys = DeviceKeys(secrets.token_bytes(32), secrets.token_bytes(32))
    try:
        write_keys(path.parent, keys)
    except OSError as fault:
        raise _unreadable(path, fault) from None
    return keys


def write_keys(folder: Path, keys: DeviceKeys) -> None:
    """Writes the key file of a folder that has none."""
    write_whole(folder / FILE, codec.encode(_KeyFile(1, keys.seed, keys.seal_secret)))


def _unreadable(path: Path, fault: OSError) -> Unusable:
    return Unusable(
        _("The data folder {folder} cannot be used: {why}.").format(folder=path.parent, why=fault.strerror),
        next_step=_("Make it writable for you, or name another folder with --data."),
    )
