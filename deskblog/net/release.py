"""The makers' word for a package: a minisign signature, and what its trusted comment says (docs/protocol.md, 14).

The format is that of minisign's manual: https://jedisct1.github.io/minisign/. Pure.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Sequence

from msgspec import Struct

from deskblog import limits
from deskblog.errors import Forged, Malformed, TooLarge
from deskblog.log.attachment import BlobName
from deskblog.log.keys import verify

KEY, PREHASHED = b"Ed", b"ED"
NUMBER = 8  # bytes that tell keys apart, and no more
SIGNATURE = 64
SUFFIX = ".minisig"
_TRUSTED = "trusted comment: "
_VERSION = re.compile(r"(0|[1-9]\d{0,5})(\.(0|[1-9]\d{0,5})){0,3}", re.ASCII)
_SAID = re.compile(
    r"deskblog (?P<version>\d[\d.]{0,30}) (?P<kind>[a-z0-9][a-z0-9_-]{0,31}(\.[a-z0-9]{1,5}){1,2})"
    r" (?P<size>[1-9]\d{0,9}) (?P<hash>[0-9a-f]{64})",
    re.ASCII,
)


def number(version: str) -> tuple[int, ...]:
    """0.2.1 as (0, 2, 1); () of what is none: one in the making, or whatever else a peer writes there."""
    return tuple(int(part) for part in version.split(".")) if _VERSION.fullmatch(version) else ()


class Key(Struct, frozen=True):
    number: bytes
    public: bytes


class Release(Struct, frozen=True):
    """A package the makers stand for. `name`: its bytes, larger than a blob's may be; `word`: as it travels."""

    version: str
    kind: str
    name: BlobName
    word: bytes
    _key: bytes
    _signature: bytes

    @property
    def number(self) -> tuple[int, ...]:
        """The higher, the newer."""
        return number(self.version)

    @property
    def file(self) -> str:
        """What it is called on a disk: nothing in it leads anywhere else."""
        return f"deskblog-{self.version}-{self.kind}"

    def check(self, digest: bytes) -> None:
        """Forged unless the makers signed bytes of this BLAKE2b-512."""
        verify(self._key, b"", digest, self._signature)


def read_key(line: str) -> Key:
    """Malformed for what is no public key of minisign."""
    raw = _base64(line, len(KEY) + NUMBER + 32)
    if not raw.startswith(KEY):
        raise Malformed("not a public key of minisign")
    return Key(raw[2:10], raw[10:])


def read_word(word: bytes, keys: Sequence[Key]) -> Release:
    """Malformed, TooLarge or Forged, unless one of the keys says what it says."""
    if len(word) > limits.PROGRAM_WORD:
        raise TooLarge("a word for a package")
    try:
        lines = word.decode().rstrip("\n").split("\n")
    except UnicodeDecodeError:
        raise Malformed("a word for a package: not UTF-8") from None
    if len(lines) != 4 or not lines[2].startswith(_TRUSTED):
        raise Malformed("a word for a package: lines")
    said = lines[2].removeprefix(_TRUSTED)
    first, second = _base64(lines[1], len(PREHASHED) + NUMBER + SIGNATURE), _base64(lines[3], SIGNATURE)
    if not first.startswith(PREHASHED):
        raise Malformed("a word for a package: not prehashed")
    key = next((key.public for key in keys if key.number == first[2:10]), None)
    if key is None:
        raise Forged("a word for a package: nobody's key")
    verify(key, b"", first[10:] + said.encode(), second)
    return _release(said, word, key, first[10:])


def _release(said: str, word: bytes, key: bytes, signature: bytes) -> Release:
    found = _SAID.fullmatch(said)
    if found is None or not number(found["version"]):
        raise Malformed("a word for a package: what it says")
    if int(found["size"]) > limits.PROGRAM_PACKAGE:
        raise TooLarge("a package")
    name = BlobName(bytes.fromhex(found["hash"]), int(found["size"]))
    return Release(found["version"], found["kind"], name, word, key, signature)


def _base64(line: str, size: int) -> bytes:
    try:
        raw = b64decode(line.encode("ascii"), validate=True)
    except ValueError:
        raise Malformed("not base64") from None
    if len(raw) != size:
        raise Malformed("base64 of another length")
    return raw
