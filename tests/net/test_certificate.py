"""Certificates: one for a device, the same bytes each time; of a foreign one, only what can be read in one way."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa, x25519
from cryptography.hazmat.primitives.asymmetric.types import (
    CertificateIssuerPrivateKeyTypes,
    CertificatePublicKeyTypes,
)
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from deskblog import limits
from deskblog.errors import Forged, Malformed, PeerError
from deskblog.net.certificate import device_of, make_certificate
from deskblog.net.other_make import key_of

SEED = bytes(range(32))
DER = make_certificate(SEED).der
SIGNED, KEY_AT, SIGNATURE_AT = slice(3, 141), 109, 151  # of a certificate as we make it
SMALL_ORDER = [
    bytes([1]) + bytes(31),
    bytes.fromhex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    bytes(32),
    bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
    bytes.fromhex("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),  # 1, not in its shortest form
]

# A serial number that is zero or negative is refused by us; the library says a word on it besides.
odd_serials = pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")


def issue(
    public: CertificatePublicKeyTypes,
    signer: CertificateIssuerPrivateKeyTypes,
    *,
    name: str = "deskblog",
    until: datetime = datetime(2099, 12, 31, tzinfo=UTC),
) -> bytes:
    """A certificate of any make."""
    named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = x509.CertificateBuilder().subject_name(named).issuer_name(named).public_key(public).serial_number(7)
    made = made.not_valid_before(datetime(2001, 1, 1, tzinfo=UTC)).not_valid_after(until)
    return made.sign(signer, None).public_bytes(serialization.Encoding.DER)


def test_the_key_in_it_is_the_device_key() -> None:
    mine = ed25519.Ed25519PrivateKey.from_private_bytes(SEED)
    device = mine.public_key().public_bytes_raw()
    assert device_of(DER) == DER[KEY_AT : KEY_AT + 32] == device
    assert mine.sign(DER[SIGNED]) == DER[SIGNATURE_AT:]


def test_its_file_is_what_openssl_takes() -> None:
    made = make_certificate(SEED)
    lines = made.pem.decode().split("-----")[2].split()
    assert base64.b64decode("".join(lines)) == made.der
    key = serialization.load_pem_private_key(made.key_pem, None)
    assert isinstance(key, ed25519.Ed25519PrivateKey) and key.private_bytes_raw() == SEED


@given(st.binary(min_size=32, max_size=32))
def test_a_library_makes_the_same_bytes(seed: bytes) -> None:
    """Ours are put together by hand, so that none is loaded for them; and read by hand too."""
    key, made = ed25519.Ed25519PrivateKey.from_private_bytes(seed), make_certificate(seed)
    encoding = serialization.Encoding
    whose = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "deskblog")])
    theirs = x509.CertificateBuilder().subject_name(whose).issuer_name(whose).public_key(key.public_key())
    theirs = theirs.not_valid_before(datetime(2020, 1, 1, tzinfo=UTC)).not_valid_after(
        datetime(2099, 12, 31, tzinfo=UTC)
    )
    held = theirs.serial_number(1).sign(key, None)
    assert (made.der, made.pem) == (held.public_bytes(encoding.DER), held.public_bytes(encoding.PEM))
    secret = key.private_bytes(encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    assert made.key_pem == secret
    assert device_of(made.der) == key_of(made.der) == key.public_key().public_bytes_raw()


def test_it_is_the_same_each_time_and_keeps_its_secret() -> None:
    made = make_certificate(SEED)
    assert made == make_certificate(SEED) != make_certificate(bytes(32))
    assert SEED not in made.der and "PRIVATE" not in repr(made)


def test_it_says_who_and_never_when_or_by_what_name() -> None:
    key = ed25519.Ed25519PrivateKey.from_private_bytes(SEED)
    old = issue(key.public_key(), key, name="A. Nother", until=datetime(2002, 1, 1, tzinfo=UTC))
    assert device_of(old) == device_of(DER)


def test_signed_by_another_key_it_proves_nothing() -> None:
    mallory = ed25519.Ed25519PrivateKey.generate()
    with pytest.raises(Forged):
        device_of(issue(ed25519.Ed25519PrivateKey.from_private_bytes(SEED).public_key(), mallory))


@pytest.mark.parametrize(
    "public",
    [
        lambda: ed448.Ed448PrivateKey.generate().public_key(),
        lambda: x25519.X25519PrivateKey.generate().public_key(),
        lambda: ec.generate_private_key(ec.SECP256R1()).public_key(),
        lambda: rsa.generate_private_key(65537, 2048).public_key(),
    ],
    ids=["ed448", "x25519", "p256", "rsa"],
)
def test_a_key_of_another_algorithm_is_none(public: Callable[[], CertificatePublicKeyTypes]) -> None:
    with pytest.raises(PeerError):
        device_of(issue(public(), ed25519.Ed25519PrivateKey.generate()))


def _with_key(key: bytes) -> bytes:
    """Our certificate with another key, and a signature nobody made that OpenSSL finds good for keys of order one."""
    return DER[:KEY_AT] + key + DER[KEY_AT + 32 : SIGNATURE_AT] + bytes([1]) + bytes(63)


@pytest.mark.parametrize("key", SMALL_ORDER, ids=["1", "2", "4", "8", "1 long"])
def test_a_key_of_small_order_is_refused(key: bytes) -> None:
    with pytest.raises(PeerError):
        device_of(_with_key(key))


def test_openssl_alone_would_take_a_key_of_small_order() -> None:
    """Why the key is checked apart: the signature nobody made holds."""
    held = x509.load_der_x509_certificate(_with_key(SMALL_ORDER[0]))
    held.verify_directly_issued_by(held)
    with pytest.raises(Forged, match="usable"):
        device_of(_with_key(SMALL_ORDER[0]))


@odd_serials
@pytest.mark.parametrize("place", range(0, len(DER), 5))
def test_no_bit_of_it_can_be_flipped(place: int) -> None:
    for at in range(place, min(place + 5, len(DER))):
        for bit in range(8):
            changed = bytearray(DER)
            changed[at] ^= 1 << bit
            with pytest.raises(PeerError):
                device_of(bytes(changed))


@pytest.mark.parametrize(
    "bad",
    [
        make_certificate(SEED).pem,
        DER + DER,
        b"\x30\x80" + DER[3:] + b"\0\0",  # a length without end: BER, not DER
        b"\x30\x82\x00" + DER[2:],  # a length longer than it need be
        DER.ljust(4 * limits.KIB, b"\0"),
        DER.ljust(4 * limits.KIB + 1, b"\0"),
        b"",
    ],
    ids=["pem", "two", "ber", "long", "padded", "large", "empty"],
)
def test_another_encoding_is_malformed(bad: bytes) -> None:
    with pytest.raises(Malformed):
        device_of(bad)


def test_a_key_with_parameters_is_malformed() -> None:
    """The algorithm named with a NULL behind it, as RSA has: another encoding of the same key."""
    algorithm = bytes.fromhex("300506032b6570")
    place = DER.index(algorithm, 90)
    longer = DER[:place] + bytes.fromhex("300706032b65700500") + DER[place + 7 :]
    for at, more in ((place - 1, 2), (5, 2), (2, 2)):  # the lengths around it
        longer = longer[:at] + bytes([longer[at] + more]) + longer[at + 1 :]
    with pytest.raises(PeerError):
        device_of(longer)


@odd_serials
@given(st.integers(0, len(DER)), st.integers(0, len(DER)), st.binary(max_size=40))
def test_whatever_is_put_in_its_place_is_the_peers_fault(start: int, end: int, put: bytes) -> None:
    changed = DER[:start] + put + DER[max(start, end) :]
    if changed != DER:
        with pytest.raises(PeerError):
            device_of(changed)


@given(st.binary(max_size=300))
def test_garbage_is_no_certificate(raw: bytes) -> None:
    with pytest.raises(PeerError):
        device_of(raw)
