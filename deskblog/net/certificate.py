"""The certificate of a device: self-signed, for and by its own Ed25519 key, so that TLS itself proves that key.

Only the key is read from a foreign one, but the whole must be well formed: what parses two ways is refused. Ours are
all alike but for key and signature, so they are made and known byte for byte; `other_make` reads any others.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Final

from deskblog import limits
from deskblog.errors import Malformed
from deskblog.log.keys import check_key, public_of, sign_with, verify
from deskblog.net import other_make
from deskblog.values import DeviceKey

_NAME: Final = bytes.fromhex("3013 3111 300f 0603550403 0c08") + b"deskblog"  # commonName
_ED25519: Final = bytes.fromhex("3005 06032b6570")
# Far apart, so that no clock is wrong enough: the certificate says who, never when.
_WHEN: Final = bytes.fromhex("3020 170d") + b"200101000000Z" + bytes.fromhex("180f") + b"20991231000000Z"
_SIGNED: Final = (  # up to the key, which ends what is signed: X.509 v3, serial number 1
    bytes.fromhex("308187 a003020102 020101") + _ED25519 + _NAME + _WHEN + _NAME + bytes.fromhex("302a") + _ED25519
) + bytes.fromhex("032100")
_BEGINS: Final = bytes.fromhex("3081d4") + _SIGNED
_SIGNATURE: Final = _ED25519 + bytes.fromhex("034100")
_KEY_AT: Final = len(_BEGINS)
_SIGNATURE_AT: Final = _KEY_AT + 32 + len(_SIGNATURE)
_SECRET: Final = bytes.fromhex("302e 020100") + _ED25519 + bytes.fromhex("0422 0420")  # PKCS 8, up to the seed


@dataclass(frozen=True, slots=True)
class Certificate:
    der: bytes
    pem: bytes
    key_pem: bytes = field(repr=False)


def make_certificate(seed: bytes) -> Certificate:
    """The certificate of the device with this seed; the same bytes each time."""
    key = public_of(seed)
    der = _BEGINS + key + _SIGNATURE + sign_with(seed, _SIGNED + key)
    return Certificate(der, _pem("CERTIFICATE", der), _pem("PRIVATE KEY", _SECRET + seed))


def _pem(what: str, der: bytes) -> bytes:
    text = base64.b64encode(der).decode()
    lines = [text[at : at + 64] for at in range(0, len(text), 64)]
    return "\n".join((f"-----BEGIN {what}-----", *lines, f"-----END {what}-----", "")).encode()


def device_of(der: bytes) -> DeviceKey:
    """The device key of a certificate. Malformed if it is none, Forged if its key or signature is not right."""
    if not 0 < len(der) <= 4 * limits.KIB:
        raise Malformed("certificate: size")
    device = der[_KEY_AT : _KEY_AT + 32]
    if len(der) == _SIGNATURE_AT + 64 and der[:_SIGNATURE_AT] == _BEGINS + device + _SIGNATURE:
        verify(device, b"", _SIGNED + device, der[_SIGNATURE_AT:])
    else:
        device = other_make.key_of(der)
        check_key(device)
    return DeviceKey(device)
