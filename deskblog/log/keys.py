"""Device keys, the recovery key, and the only place a signature is checked.

PyNaCl (libsodium) alone verifies entries and acts: it and OpenSSL disagree on 4 of the 12 speccheck vectors, and
OpenSSL takes small-order keys. Every foreign key is checked to be a point of the prime-order group first.
Signed texts begin with a label; none is a prefix of another and none starts with a space (0x20, TLS's own label).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b

from nacl import bindings
from nacl.exceptions import BadSignatureError

from deskblog.errors import Forged, Refused
from deskblog.i18n import _
from deskblog.values import DeviceKey

SIGN_ENTRY = b"deskblog/1 sign"
SIGN_ACT = b"deskblog/1 vouch"
SIGN_CLIENT = b"deskblog/1 client"
SIGN_BUNDLE = b"deskblog/1 bundle"

_LANGUAGES = {"en": "english", "fr": "french"}


@dataclass(frozen=True, slots=True)
class DeviceKeys:
    """The secrets of one device: an Ed25519 seed to sign with and an X25519 secret to unseal with."""

    seed: bytes = field(repr=False)
    seal_secret: bytes = field(repr=False)
    device: DeviceKey = field(init=False)
    seal_key: bytes = field(init=False)
    _signing: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        public, secret = bindings.crypto_sign_seed_keypair(self.seed)
        object.__setattr__(self, "device", DeviceKey(public))
        object.__setattr__(self, "_signing", secret)
        object.__setattr__(self, "seal_key", bindings.crypto_scalarmult_base(self.seal_secret))

    def sign(self, label: bytes, message: bytes) -> bytes:
        """64 bytes: Ed25519 over label ‖ message (RFC 8032)."""
        return bindings.crypto_sign(label + message, self._signing)[:64]


def public_of(seed: bytes) -> DeviceKey:
    """The Ed25519 key of a seed."""
    return DeviceKey(bindings.crypto_sign_seed_keypair(seed)[0])


def sign_with(seed: bytes, text: bytes) -> bytes:
    """64 bytes: Ed25519 over a text that is not deskblog's own, which begins with no label: a certificate."""
    return bindings.crypto_sign(text, bindings.crypto_sign_seed_keypair(seed)[1])[:64]


@lru_cache(maxsize=4096)
def check_key(key: bytes) -> None:
    """Raises Forged unless `key` is a usable Ed25519 public key (small orders and non-points are not)."""
    if len(key) != 32 or not bindings.crypto_core_ed25519_is_valid_point(key):
        raise Forged("not a usable Ed25519 key")


def verify(key: bytes, label: bytes, message: bytes, signature: bytes) -> None:
    """Raises Forged unless `signature` is `key`'s over label ‖ message."""
    check_key(key)
    try:
        bindings.crypto_sign_open(signature + label + message, key)
    except (BadSignatureError, ValueError):
        raise Forged("the signature does not hold") from None


def recovery_words(entropy: bytes, language: str) -> tuple[str, ...]:
    """Twelve words for 16 bytes of entropy (BIP 39), in "fr" or "en"."""
    from mnemonic import Mnemonic

    words: str = Mnemonic(_LANGUAGES.get(language, "english")).to_mnemonic(entropy)
    return tuple(words.split())


def recovery_seed(words: str) -> bytes:
    """The Ed25519 seed behind twelve recovery words, in either language, accents and case not mattering."""
    from mnemonic import Mnemonic

    plain = [_bare(word) for word in words.split()]
    for name in _LANGUAGES.values() if len(plain) == 12 else ():
        book = Mnemonic(name)
        whole = {_bare(word): word for word in book.wordlist}
        if all(word in whole for word in plain):
            text = " ".join(whole[word] for word in plain)
            if book.check(text):
                bits = bytes(book.to_entropy(text))
                return blake2b(b"", key=bits, person=b"deskblogrecovery", digest_size=32).digest()
    raise Refused(
        _("These are not recovery words."),
        next_step=_("Check each of the twelve words and their order."),
    )


def _bare(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word.lower())
    return "".join(c for c in decomposed if not unicodedata.combining(c))
