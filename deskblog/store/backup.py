"""Everything of a data folder in one file, and back: keys, acts, every chain with its bodies, blobs, small settings.

The file is a first line that says what it is, then records as on the wire: 4 bytes of length, one MessagePack array.
The last record is the hash of all before it, so that a file cut short is known. It is read through the same checks as
a link: signatures, chains, hashes; nothing that does not hold reaches the store by this door. With a passphrase the
records lie in a sealed stream (Argon2id, XChaCha20-Poly1305); without one the file holds this PC's key in the open.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Annotated, BinaryIO

import msgspec
from nacl import bindings, pwhash
from nacl.exceptions import CryptoError

from deskblog import limits
from deskblog.errors import Malformed, PeerError, Refused, Unusable
from deskblog.i18n import _
from deskblog.log import codec
from deskblog.log.act import Act, decode_act
from deskblog.log.entry import body_fits
from deskblog.log.keys import DeviceKeys
from deskblog.log.run import Run, check_run
from deskblog.store.entries import Held
from deskblog.values import DeviceKey, LogName, OfficeId, Point

MAGIC = b"deskblog backup 1\n"
FAMILY = b"deskblog backup "
OPEN, SEALED = b"\x00", b"\x01"
RECORD = 16 * limits.MIB  # a run of 256 entries with bodies of 16 KiB fits
CHUNK = limits.MIB  # plain bytes in one chunk of the sealed stream


class _Record(msgspec.Struct, array_like=True, frozen=True):
    pass


class Keys(_Record, frozen=True, tag="keys"):
    seed: codec.Bytes32
    seal_secret: codec.Bytes32


class Acts(_Record, frozen=True, tag="acts"):
    acts: tuple[tuple[bytes, codec.Bytes64], ...]


class Stored(_Record, frozen=True, tag="run"):
    """Consecutive entries of a log with their bodies (None: not held); no signature where a border names the end."""

    device: codec.Bytes32
    number: codec.Bytes8
    after: tuple[Annotated[int, msgspec.Meta(ge=0, le=limits.SEQ)], codec.Bytes32]
    headers: Annotated[tuple[bytes, ...], msgspec.Meta(min_length=1, max_length=limits.RUN)]
    signature: Annotated[bytes, msgspec.Meta(max_length=64)]
    bodies: tuple[bytes | None, ...]


class Bytes(_Record, frozen=True, tag="blob"):
    """Some bytes of a photo or file that a post names; `own`: it was posted from this PC."""

    hash: codec.Bytes32
    size: Annotated[int, msgspec.Meta(ge=1, le=limits.BLOB)]
    own: bool
    offset: Annotated[int, msgspec.Meta(ge=0, lt=limits.BLOB)]
    data: Annotated[bytes, msgspec.Meta(min_length=1, max_length=CHUNK)]


class Setting(_Record, frozen=True, tag="setting"):
    key: Annotated[str, msgspec.Meta(max_length=256)]
    value: Annotated[str, msgspec.Meta(max_length=limits.MIB)]


class End(_Record, frozen=True, tag="end"):
    """The hash of all records before it."""

    digest: codec.Bytes32


Record = Keys | Acts | Stored | Bytes | Setting | End


class Written(msgspec.Struct, frozen=True):
    """What went into a backup."""

    posts: int
    acts: int
    size: int


# --- writing ----------------------------------------------------------------------------------------------
class _Plain:
    """Bytes as they are."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        file.write(OPEN)

    def write(self, data: bytes) -> None:
        self._file.write(data)

    def close(self) -> None:
        pass


class _Sealed:
    """Bytes in chunks that only the passphrase opens; the last chunk says that it is the last."""

    def __init__(self, file: BinaryIO, passphrase: str, salt: bytes) -> None:
        self._file = file
        self._state = bindings.crypto_secretstream_xchacha20poly1305_state()
        key = _stretched(passphrase, salt)
        head = bindings.crypto_secretstream_xchacha20poly1305_init_push(self._state, key)
        file.write(SEALED + salt + head)
        self._held = bytearray()

    def write(self, data: bytes) -> None:
        self._held += data
        while len(self._held) > CHUNK:
            self._push(bytes(self._held[:CHUNK]), bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE)
            del self._held[:CHUNK]

    def _push(self, data: bytes, tag: int) -> None:
        sealed = bindings.crypto_secretstream_xchacha20poly1305_push(self._state, data, None, tag)
        self._file.write(len(sealed).to_bytes(4, "big") + sealed)

    def close(self) -> None:
        self._push(bytes(self._held), bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL)


def _stretched(passphrase: str, salt: bytes) -> bytes:
    """Argon2id (RFC 9106): about a tenth of a second, 64 MiB."""
    return pwhash.argon2id.kdf(
        32, passphrase.encode(), salt, pwhash.argon2id.OPSLIMIT_INTERACTIVE, pwhash.argon2id.MEMLIMIT_INTERACTIVE
    )


class Writer:
    """One backup being written beside its place; `close` puts it there, whole."""

    def __init__(self, path: Path, passphrase: str, salt: bytes) -> None:
        self._path = path
        self._part = path.with_name(path.name + ".part")
        descriptor = os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._file = os.fdopen(descriptor, "wb")
        self._file.write(MAGIC)
        self._stream = _Sealed(self._file, passphrase, salt) if passphrase else _Plain(self._file)
        self._hash = blake2b(digest_size=32)

    def add(self, record: _Record) -> None:
        data = codec.encode(record)
        framed = len(data).to_bytes(4, "big") + data
        self._hash.update(framed)
        self._stream.write(framed)

    def close(self) -> int:
        """The size of the file, which now stands in its place."""
        self.add(End(self._hash.digest()))
        self._stream.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._part.replace(self._path)
        return self._path.stat().st_size

    def drop(self) -> None:
        """Leaves nothing behind."""
        self._file.close()
        self._part.unlink(missing_ok=True)


# --- reading ----------------------------------------------------------------------------------------------
def is_sealed(path: Path) -> bool:
    """True if it takes a passphrase; Refused if it is no backup, or a newer deskblog's."""
    with path.open("rb") as file:
        return _kind(file) == SEALED


def _kind(file: BinaryIO) -> bytes:
    head = file.read(len(MAGIC))
    if head != MAGIC:
        if head.startswith(FAMILY):
            raise Refused(
                _("This backup was written by a newer deskblog."),
                kept=_("It was not touched."),
                next_step=_("Install the newer version on this PC."),
            )
        raise Refused(_("This file is no backup of deskblog."))
    kind = file.read(1)
    if kind not in (OPEN, SEALED):
        raise _damaged()
    return kind


def read_records(path: Path, passphrase: str) -> Iterator[Record]:
    """The records, each decoded strictly, the closing hash checked; Refused in words if anything is wrong."""
    with path.open("rb") as file:
        stream = _opened(file, passphrase) if _kind(file) == SEALED else _chunks(file)
        yield from _records(stream)


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    while data := file.read(CHUNK):
        yield data


def _opened(file: BinaryIO, passphrase: str) -> Iterator[bytes]:
    salt = file.read(pwhash.argon2id.SALTBYTES)
    head = file.read(bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES)
    if len(salt) + len(head) != (
        pwhash.argon2id.SALTBYTES + bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES
    ):
        raise _damaged()
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, head, _stretched(passphrase, salt))
    first, final = True, False
    while (size := file.read(4)) and not final:
        sealed = file.read(min(int.from_bytes(size, "big"), 2 * CHUNK))
        try:
            data, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(state, sealed)
        except (CryptoError, ValueError):
            raise (_not_opened() if first else _damaged()) from None
        first, final = False, tag == bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL
        yield data
    if not final or size:
        raise _damaged()


def _not_opened() -> Refused:
    return Refused(
        _("The passphrase is wrong, or the backup is damaged."),
        kept=_("Nothing was changed."),
        next_step=_("Check each letter of it and try again."),
    )


def _records(stream: Iterator[bytes]) -> Iterator[Record]:
    held = bytearray()
    seen = blake2b(digest_size=32)
    ended = False
    for data in stream:
        held += data
        while len(held) >= 4 and len(held) >= 4 + (size := int.from_bytes(held[:4], "big")):
            if size > RECORD or ended:
                raise _damaged()
            record = _decoded(bytes(held[4 : 4 + size]))
            if isinstance(record, End):
                ended = record.digest == seen.digest()
                if not ended:
                    raise _damaged()
            else:
                seen.update(held[: 4 + size])
                yield record
            del held[: 4 + size]
        if len(held) >= 4 and int.from_bytes(held[:4], "big") > RECORD:
            raise _damaged()
    if held or not ended:
        raise _damaged()


def _decoded(data: bytes) -> Record:
    try:
        return codec.decode(data, Record, RECORD)  # type: ignore[arg-type]
    except PeerError:
        raise _damaged() from None


def _damaged() -> Refused:
    return Refused(
        _("This backup is damaged or was cut short."),
        kept=_("Nothing was changed."),
        next_step=_("Use another backup; your colleagues hold all that counts too."),
    )


# --- what is in it ----------------------------------------------------------------------------------------
class Checked(msgspec.Struct, frozen=True):
    """A run of a backup whose signature and bodies hold."""

    run: Run
    held: tuple[Held, ...]


def keys_of(record: Keys) -> DeviceKeys:
    return DeviceKeys(record.seed, record.seal_secret)


def acts_of(record: Acts) -> Sequence[Act]:
    """Refused if a signature does not hold."""
    try:
        return [decode_act(raw, signature) for raw, signature in record.acts]
    except PeerError:
        raise _damaged() from None


def run_of(record: Stored, office: OfficeId, bordered: bytes | None) -> Checked:
    """The run as a link would have taken it; Refused if anything of it is wrong."""
    log = LogName(DeviceKey(record.device), record.number)
    after = Point(record.after[0], record.after[1]) if record.after[0] else None  # type: ignore[arg-type]
    try:
        run = check_run(office, log, after, record.headers, record.signature, bordered)  # type: ignore[arg-type]
        if len(record.bodies) != len(run.entries):
            raise Malformed("bodies")
        for entry, body in zip(run.entries, record.bodies, strict=True):
            if body is not None and not body_fits(entry, body):
                raise Malformed("a body that is not its header's")
    except PeerError:
        raise _damaged() from None
    last = len(run.entries) - 1
    held = tuple(
        Held(entry, run.signature or None if n == last else None, body)
        for n, (entry, body) in enumerate(zip(run.entries, record.bodies, strict=True))
    )
    return Checked(run, held)


def explained(fault: OSError, path: Path) -> Unusable:
    """The disk's fault in words."""
    return Unusable(
        _("The file {file} cannot be used: {why}.").format(file=path, why=fault.strerror or fault),
        kept=_("Nothing was changed."),
        next_step=_("Name another place."),
    )
