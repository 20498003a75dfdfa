"""Keys, signatures and recovery words."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mnemonic import Mnemonic
from nacl import bindings

from deskblog.errors import Forged, Refused
from deskblog.log.keys import (
    SIGN_ACT,
    SIGN_CLIENT,
    SIGN_ENTRY,
    DeviceKeys,
    check_key,
    recovery_seed,
    recovery_words,
    verify,
)
from tests.log.chronicle import device, keys

# RFC 8032, section 7.1, test 2; then the points of small order, in canonical and other encodings.
RFC_SEED = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
RFC_PUBLIC = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
SMALL = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0100000000000000000000000000000000000000000000000000000000000080",
]
ORDER = 2**252 + 27742317777372353535851937790883648493


@pytest.mark.parametrize("key", SMALL)
def test_a_key_of_small_order_is_refused(key: str) -> None:
    with pytest.raises(Forged, match="usable"):
        check_key(bytes.fromhex(key))


def test_a_key_of_mixed_order_is_refused() -> None:
    mixed = bindings.crypto_core_ed25519_add(device("anne"), bytes.fromhex(SMALL[4]))
    assert mixed != device("anne")
    with pytest.raises(Forged):
        check_key(mixed)


@pytest.mark.parametrize("key", [b"", bytes(31), bytes(33), b"\x02" + bytes(31), b"\xff" * 32])
def test_what_is_no_point_is_no_key(key: bytes) -> None:
    with pytest.raises(Forged):
        check_key(key)


def test_a_device_key_is_that_of_rfc_8032() -> None:
    mine = DeviceKeys(RFC_SEED, bytes(range(32)))
    assert mine.device == RFC_PUBLIC
    assert mine.seal_key == bindings.crypto_scalarmult_base(bytes(range(32)))
    check_key(mine.device)


def test_secrets_are_not_shown() -> None:
    shown = repr(keys("anne"))
    assert keys("anne").seed.hex() not in shown and repr(keys("anne").seed) not in shown
    assert repr(keys("anne").seal_secret) not in shown and "_signing" not in shown


def test_a_signature_holds_for_its_key_label_and_message_alone() -> None:
    signature = keys("anne").sign(SIGN_ENTRY, b"message")
    verify(device("anne"), SIGN_ENTRY, b"message", signature)
    for key, label, message in (
        (device("bruno"), SIGN_ENTRY, b"message"),
        (device("anne"), SIGN_ACT, b"message"),
        (device("anne"), SIGN_CLIENT, b"message"),
        (device("anne"), SIGN_ENTRY, b"Message"),
    ):
        with pytest.raises(Forged, match="hold"):
            verify(key, label, message, signature)


@pytest.mark.parametrize("length", [0, 1, 63, 65, 128])
def test_a_signature_of_another_length_is_forged(length: int) -> None:
    signature = (keys("anne").sign(SIGN_ENTRY, b"m") + bytes(64))[:length]
    with pytest.raises(Forged):
        verify(device("anne"), SIGN_ENTRY, b"m", signature)


def test_the_same_signature_said_otherwise_is_forged() -> None:
    """S + L verifies wherever S is not checked to be below the order of the group."""
    signature = keys("anne").sign(SIGN_ENTRY, b"m")
    larger = int.from_bytes(signature[32:], "little") + ORDER
    with pytest.raises(Forged):
        verify(device("anne"), SIGN_ENTRY, b"m", signature[:32] + larger.to_bytes(32, "little"))


@settings(max_examples=12)
@given(st.binary(min_size=16, max_size=16), st.sampled_from(["fr", "en"]))
def test_recovery_words_lead_back_to_one_key_however_they_are_typed(entropy: bytes, language: str) -> None:
    words = recovery_words(entropy, language)
    assert len(words) == 12
    seed = recovery_seed(" ".join(words))
    assert len(seed) == 32
    bare = "".join(c for c in unicodedata.normalize("NFD", " ".join(words)) if not unicodedata.combining(c))
    assert recovery_seed(bare) == seed
    assert recovery_seed("\n " + "  ".join(words).upper() + " ") == seed
    assert recovery_seed(unicodedata.normalize("NFC", " ".join(words))) == seed


def test_the_same_entropy_is_the_same_key_in_both_languages() -> None:
    entropy = bytes(range(16))
    assert recovery_seed(" ".join(recovery_words(entropy, "fr"))) == recovery_seed(
        " ".join(recovery_words(entropy, "en"))
    )
    assert recovery_words(entropy, "de") == recovery_words(entropy, "en")


@pytest.mark.parametrize(
    "words",
    [
        "",
        "bonjour",
        "abandon " * 12,
        " ".join(recovery_words(bytes(16), "en")[:11]),
        " ".join((*recovery_words(bytes(16), "en")[:11], "café")),
        " ".join((*recovery_words(bytes(16), "en"), "abandon")),
        " ".join(reversed(recovery_words(bytes(range(16)), "fr"))),
    ],
)
def test_wrong_recovery_words_are_refused_with_a_next_step(words: str) -> None:
    with pytest.raises(Refused) as fault:
        recovery_seed(words)
    assert fault.value.next_step


def test_no_more_than_twelve_words_are_taken() -> None:
    with pytest.raises(Refused):
        recovery_seed(Mnemonic("english").to_mnemonic(bytes(32)))
