"""Makes one ciphertext that XChaCha20-Poly1305 accepts under two keys: what a text must commit to its key against.

Poly1305 is a polynomial in its one-time key r, so a single free block of ciphertext makes both tags one (Dodis,
Grubbs, Ristenpart, Woodage, "Fast message franking", 2018).
"""

from __future__ import annotations

from itertools import count
from typing import NamedTuple

from deskblog.log import codec

_P = 2**130 - 5
_R = 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF


class Both(NamedTuple):
    first: bytes
    second: bytes
    nonce: bytes
    text: bytes


def two_texts(bound: bytes, size: int) -> Both:
    """Two keys, a nonce, and a ciphertext of `size` bytes and its tag that opens under both."""
    nonce = bytes(24)
    for n in count():
        first, second = codec.digest(b"first", bytes([n])), codec.digest(b"second", bytes([n]))
        text = _collide(_one_time(first, nonce), _one_time(second, nonce), bound, size)
        if text is not None:
            return Both(first, second, nonce, text)
    raise AssertionError


def _one_time(key: bytes, nonce: bytes) -> tuple[int, int]:
    """Poly1305's r and s for this key and nonce."""
    subkey = _hchacha(key, nonce[:16])
    block = _chacha_block(subkey, nonce[16:])
    return int.from_bytes(block[:16], "little") & _R, int.from_bytes(block[16:32], "little")


def _collide(one: tuple[int, int], two: tuple[int, int], bound: bytes, size: int) -> bytes | None:
    """The last block of the text is the free one."""
    fixed = bytes(size - 16)
    data = bound + bytes(-len(bound) % 16)
    lengths = len(bound).to_bytes(8, "little") + size.to_bytes(8, "little")
    blocks = [data[i : i + 16] for i in range(0, len(data), 16)] + [
        fixed[i : i + 16] for i in range(0, len(fixed), 16)
    ]

    def known(r: int) -> int:
        """The polynomial without the free block."""
        value = 0
        for block in blocks:
            value = (value + int.from_bytes(block + b"\1", "little")) * r % _P
        return (value * r + int.from_bytes(lengths + b"\1", "little")) * r % _P

    (r1, s1), (r2, s2) = one, two
    free = (s2 - s1 + known(r2) - known(r1)) * pow(r1 * r1 - r2 * r2, -1, _P) % _P - 2**128
    if not 0 <= free < 2**128:
        return None
    tags = {(known(r) + (free + 2**128) * r * r) % _P + s & (2**128 - 1) for r, s in (one, two)}
    return fixed + free.to_bytes(16, "little") + tags.pop().to_bytes(16, "little") if len(tags) == 1 else None


# --- ChaCha20 (RFC 8439), for libsodium's bindings show no key stream --------------------------------------
def _rounds(state: list[int]) -> list[int]:
    x = list(state)

    def quarter(a: int, b: int, c: int, d: int) -> None:
        for i, j, k, turn in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            x[i] = (x[i] + x[j]) & 0xFFFFFFFF
            x[k] ^= x[i]
            x[k] = (x[k] << turn | x[k] >> 32 - turn) & 0xFFFFFFFF

    for _n in range(10):
        for i in range(4):
            quarter(i, 4 + i, 8 + i, 12 + i)
        for i in range(4):
            quarter(i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4)
    return x


def _words(data: bytes) -> list[int]:
    return [int.from_bytes(data[i : i + 4], "little") for i in range(0, len(data), 4)]


def _bytes(words: list[int]) -> bytes:
    return b"".join(word.to_bytes(4, "little") for word in words)


_SIGMA = _words(b"expand 32-byte k")


def _hchacha(key: bytes, nonce: bytes) -> bytes:
    x = _rounds([*_SIGMA, *_words(key), *_words(nonce)])
    return _bytes(x[:4] + x[12:])


def _chacha_block(key: bytes, nonce: bytes) -> bytes:
    """Block 0 of the key stream, whose first half is Poly1305's key."""
    state = [*_SIGMA, *_words(key), 0, 0, *_words(nonce)]
    return _bytes([(a + b) & 0xFFFFFFFF for a, b in zip(state, _rounds(state), strict=True)])
