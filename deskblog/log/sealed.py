"""The body of an entry of kind `sealed`: one ciphertext, and a box with its key for each device that may read it.

Anyone carries it. An outsider learns who wrote it, when, for how many devices, and its length to 128 bytes; neither
for whom, nor of what kind it is. The text is bound to office and device, so that it cannot be lifted into another
log, and commits to its key, so that it says the same to all who can open it. What is inside: letter.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hashlib import blake2b
from typing import Annotated

import msgspec
from nacl import bindings
from nacl.exceptions import CryptoError

from deskblog import limits
from deskblog.errors import Malformed, TooLarge
from deskblog.log import boxes, codec
from deskblog.values import DeviceKey, OfficeId

KIND = "sealed"
SALT = 16
PAD = 128
_BOUND = b"deskblog/1 sealed"

Dice = Callable[[int], bytes]  # so many random bytes
Box = Annotated[bytes, msgspec.Meta(min_length=boxes.SIZE, max_length=boxes.SIZE)]


class Sealed(msgspec.Struct, array_like=True, frozen=True):
    """The array of the kind `sealed`; `boxes` ascend."""

    commitment: codec.Bytes32
    nonce: codec.Bytes24
    text: Annotated[bytes, msgspec.Meta(min_length=PAD + 16)]  # PyNaCl chokes on one that is shorter than its tag
    boxes: Annotated[tuple[Box, ...], msgspec.Meta(min_length=1, max_length=limits.BOXES)]


def seal(office: OfficeId, author: DeviceKey, seal_keys: Iterable[bytes], plain: bytes, dice: Dice) -> bytes:
    """A whole body, salt and all.

    The key is drawn from the text too: should the dice ever repeat, two texts still have two keys.
    """
    salt, nonce = dice(SALT), dice(24)
    secret = blake2b(plain, key=dice(32), digest_size=32).digest()
    padded = bindings.sodium_pad(plain, PAD)
    text = bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(padded, _bound(office, author), nonce, secret)
    sealed = Sealed(boxes.commitment(secret), nonce, text, boxes.make_boxes(secret, seal_keys))
    return salt + codec.encode(sealed)


def read(body: bytes) -> Sealed | None:
    """The sealed parts of a body; None if it is none, which every PC decides alike."""
    try:
        sealed = codec.decode_prefix(body[SALT:], Sealed, limits.BODY)
    except (Malformed, TooLarge):
        return None
    return sealed if len(body) <= limits.BODY and codec.strictly_sorted(sealed.boxes) else None


def unseal(office: OfficeId, author: DeviceKey, sealed: Sealed, secret: bytes) -> bytes | None:
    """The plaintext; None if the key is not the one committed to, or the text is damaged or from elsewhere."""
    if boxes.commitment(secret) != sealed.commitment:
        return None
    try:
        padded = bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
            sealed.text, _bound(office, author), sealed.nonce, secret
        )
        return None if len(padded) % PAD else bindings.sodium_unpad(padded, PAD)
    except CryptoError:
        return None


def _bound(office: OfficeId, author: DeviceKey) -> bytes:
    return _BOUND + office + author
