"""The certificate of a device: self-signed, for and by its own Ed25519 key, so that TLS itself proves that key.

Only the key is read from a foreign one, but the whole must be well formed: what parses two ways is refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.x509.base import InvalidVersion
from cryptography.x509.oid import NameOID

from deskblog import limits
from deskblog.errors import Forged, Malformed
from deskblog.log.keys import check_key
from deskblog.values import DeviceKey

# Far apart, so that no clock is wrong enough: the certificate says who, never when.
_FROM = datetime(2020, 1, 1, tzinfo=UTC)
_UNTIL = datetime(2099, 12, 31, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Certificate:
    der: bytes
    pem: bytes
    key_pem: bytes = field(repr=False)


def make_certificate(seed: bytes) -> Certificate:
    """The certificate of the device with this seed; the same bytes each time."""
    key = Ed25519PrivateKey.from_private_bytes(seed)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "deskblog")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(_FROM)
        .not_valid_after(_UNTIL)
        .sign(key, None)
    )
    return Certificate(
        der=made.public_bytes(serialization.Encoding.DER),
        pem=made.public_bytes(serialization.Encoding.PEM),
        key_pem=key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
    )


def device_of(der: bytes) -> DeviceKey:
    """The device key of a certificate. Malformed if it is none, Forged if its key or signature is not right."""
    if not 0 < len(der) <= 4 * limits.KIB:
        raise Malformed("certificate: size")
    try:
        held = x509.load_der_x509_certificate(der)
        key = held.public_key()
        if held.public_bytes(serialization.Encoding.DER) != der or held.serial_number <= 0:
            raise Malformed("certificate: parses two ways")
        if not isinstance(key, Ed25519PublicKey):
            raise Forged("certificate: not an Ed25519 key")
        held.verify_directly_issued_by(held)  # compares the algorithm named inside with the one outside too
    except (ValueError, UnsupportedAlgorithm, InvalidVersion) as fault:
        raise Malformed(f"certificate: {fault}") from None
    except InvalidSignature:
        raise Forged("certificate: not signed by its own key") from None
    device = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    check_key(device)
    return DeviceKey(device)
