"""The key box: a secret key, shut away so that one device alone can take it out, and nobody can tell which.

A box has the form of libsodium's sealed box and is opened as one, but its ephemeral key is drawn from the secret
itself. So whoever has the secret can make every box again, and see whether the readers a text names do hold one;
who has not learns nothing, not even for how many people the boxes are. They stand in the order of their bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b

from nacl import bindings
from nacl.exceptions import CryptoError

from deskblog.log import codec
from deskblog.log.keys import DeviceKeys

SIZE = 80  # ephemeral key, tag, the secret
_EPHEMERAL, _COMMITMENT = b"deskblog/1 box", b"deskblog/1 commit"


def commitment(secret: bytes) -> bytes:
    """Stands beside what the secret encrypts: XChaCha20-Poly1305 alone lets one text open as two under two keys."""
    return codec.digest(_COMMITMENT, secret)


@lru_cache(maxsize=4096)
def usable(seal_key: bytes) -> bool:
    """False for the few X25519 keys with which any secret would be everybody's: no box can be made for them."""
    try:
        bindings.crypto_scalarmult(b"\x01" * 32, seal_key)
    except CryptoError:
        return False
    return True


def make_box(secret: bytes, seal_key: bytes) -> bytes:
    """The one box of this 32-byte secret for this usable seal key: 80 bytes."""
    own = blake2b(_EPHEMERAL + seal_key, key=secret, digest_size=32).digest()
    public = bindings.crypto_scalarmult_base(own)
    nonce = blake2b(public + seal_key, digest_size=24).digest()
    return public + bindings.crypto_box(secret, nonce, seal_key, own)


def make_boxes(secret: bytes, seal_keys: Iterable[bytes]) -> tuple[bytes, ...]:
    """A box for each, in an order that tells nothing."""
    return tuple(sorted(make_box(secret, seal_key) for seal_key in seal_keys))


def open_boxes(boxes: Sequence[bytes], committed: bytes, keys: DeviceKeys) -> tuple[bytes | None, bool]:
    """(the secret committed to, or None; whether any box was for these keys): a box may hold another secret."""
    mine = False
    for box in boxes:
        try:
            secret = bindings.crypto_box_seal_open(box, keys.seal_key, keys.seal_secret)
        except CryptoError:
            continue
        mine = True
        if commitment(secret) == committed:
            return secret, True
    return None, mine
