"""Reads a certificate of another make than ours, as another program that speaks the protocol may show.

`cryptography` is 48 modules and 12 MiB, which a PC among its like never needs: it is loaded when the first such
certificate comes, once, in 50 ms in which the loop waits.
"""

from __future__ import annotations

from deskblog.errors import Forged, Malformed


def key_of(der: bytes) -> bytes:
    """The Ed25519 key it is for. Malformed if it can be read in two ways, Forged if key or signature is not right."""
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.x509.base import InvalidVersion

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
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
