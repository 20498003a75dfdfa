"""Opens a file of somebody's history, whatever it is: an archive (zip, tar.gz), one of its parts, a feed, a text.

Nothing is unpacked to the disk: of an archive the one part that matters is read, up to a ceiling.
"""

from __future__ import annotations

import tarfile
import zipfile
import zlib
from pathlib import Path

from deskblog.errors import Refused, Unusable
from deskblog.history.feed import is_feed, read_feed
from deskblog.history.found import Found
from deskblog.history.lines import read_lines
from deskblog.history.mastodon import decode, is_outbox, read_outbox
from deskblog.history.twitter import is_tweets, read_tweets
from deskblog.i18n import _
from deskblog.limits import MIB

PART = 256 * MIB  # of one part, unpacked
_NAMES = ("outbox.json", "tweets.js", "tweet.js")


def read_history(path: Path) -> Found:
    """Refused if it is nothing of the kind; Unusable if it cannot be read."""
    try:
        data = _part_of(path)
    except OSError as fault:
        raise Unusable(
            _("“{name}” cannot be read: {why}.").format(name=path.name, why=fault.strerror or fault)
        ) from None
    except (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, RuntimeError, NotImplementedError):
        raise Refused(_("The archive “{name}” is damaged, or locked.").format(name=path.name)) from None
    if is_tweets(data):
        return read_tweets(data)
    if data.lstrip()[:1] in (b"{", b"["):
        value = decode(data)
        if not is_outbox(value):
            raise _unknown(path)
        return read_outbox(value)
    if is_feed(data):
        return read_feed(data)
    if b"\0" in data[:4096]:
        raise _unknown(path)
    return read_lines(data)


def _part_of(path: Path) -> bytes:
    if zipfile.is_zipfile(path):
        return _from_zip(path)
    if path.is_file() and tarfile.is_tarfile(path):
        return _from_tar(path)
    if path.stat().st_size > PART:
        raise _too_large(path)
    return path.read_bytes()


def _from_zip(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            if info.filename.rsplit("/", 1)[-1] in _NAMES:
                with archive.open(info) as part:
                    return _within(part.read(PART + 1), path)
    raise _unknown(path)


def _from_tar(path: Path) -> bytes:
    with tarfile.open(path) as archive:
        for info in archive:
            if info.isfile() and info.name.rsplit("/", 1)[-1] in _NAMES:
                part = archive.extractfile(info)
                if part is not None:
                    return _within(part.read(PART + 1), path)
    raise _unknown(path)


def _within(data: bytes, path: Path) -> bytes:
    if len(data) > PART:
        raise _too_large(path)
    return data


def _too_large(path: Path) -> Refused:
    return Refused(_("“{name}” is larger than can be read at one go.").format(name=path.name))


def _unknown(path: Path) -> Refused:
    return Refused(
        _("“{name}” is no history that is known here.").format(name=path.name),
        next_step=_("Choose an archive of Mastodon or Twitter, a feed, or a text of lines."),
    )
