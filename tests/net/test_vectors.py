"""The examples of the handshake and of joining are what this code makes; each is computed a second time from what
docs/protocol.md says, by nothing of ours."""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import Any

import msgspec
from mnemonic import Mnemonic
from nacl.signing import SigningKey, VerifyKey
from spake2 import SPAKE2_A

from deskblog.log.act import decode_act
from deskblog.log.office import fold
from deskblog.net import messages as m
from deskblog.net.certificate import device_of
from deskblog.net.code import read_code
from tests.net.vectors import FILE, vectors

KEPT: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
DER = bytes.fromhex(KEPT["certificate"]["der"])
S = bytes.fromhex(KEPT["certificate"]["key"])


def digest(data: bytes, key: bytes = b"") -> bytes:
    return blake2b(data, key=key, digest_size=32).digest()


def items(payload: str) -> list[Any]:
    """What a payload says, read by a decoder that knows no types."""
    read: list[Any] = msgspec.msgpack.decode(bytes.fromhex(payload))
    return read


def said(who: str) -> bytes:
    return bytes.fromhex(dict(KEPT["joining"]["payloads"])[who])


def test_the_kept_examples_are_what_is_made_today() -> None:
    assert vectors() == KEPT


def test_the_certificate_is_its_keys() -> None:
    assert device_of(DER) == SigningKey(bytes.fromhex(KEPT["certificate"]["seed"])).verify_key.encode() == S


def test_a_frame_is_a_length_and_its_payload() -> None:
    payload = bytes.fromhex(KEPT["frame"]["payload"])
    assert bytes.fromhex(KEPT["frame"]["bytes"]) == len(payload).to_bytes(4, "big") + payload
    assert msgspec.msgpack.decode(payload) == ["who"]


def test_the_proof_is_signed_over_the_parts_the_protocol_names() -> None:
    for state in ("member", "join"):
        kept = KEPT[state]
        offered, answer = items(kept["server_hello"]), items(kept["client_hello"])
        name, versions, s = offered
        assert (name, versions, len(s)) == ("hello", [1], 32)
        name, version, said_state, device, c, tag, run_number, signature = answer
        office = bytes.fromhex(kept["office"])
        assert tag == (digest(office, key=s + c) if office else bytes(32)) == bytes.fromhex(kept["office_tag"])
        text = digest(DER) + S + device + s + c + state.encode().ljust(6, b"\0") + b"\0\1" + run_number + tag
        assert text == bytes.fromhex(kept["signed"]) and len(text) == 208
        assert (name, version, said_state) == ("hello", 1, state)
        mine = SigningKey(bytes.fromhex(kept["seed"]))
        assert device == mine.verify_key.encode()
        assert signature == mine.sign(b"deskblog/1 client" + text).signature == bytes.fromhex(kept["signature"])
        VerifyKey(device).verify(b"deskblog/1 client" + text, signature)


def test_the_codes_are_read_as_the_password_that_is_kept() -> None:
    for kept, book in zip(KEPT["codes"], ("english", "french"), strict=True):
        number, digits = divmod(int(kept["random"], 16), 1000)
        code = read_code(kept["text"])
        assert code.digits == f"{digits:03}"
        words = [Mnemonic(book).wordlist[number >> shift & 2047] for shift in (0, 11, 22)]
        assert code.words == tuple(words)  # words without accents, these
        assert "-".join(words) == kept["password"] == code.password.decode()


def test_joining_binds_the_words_both_keys_the_certificate_and_all_that_was_said() -> None:
    kept = KEPT["joining"]
    device = items(KEPT["join"]["client_hello"])[3]
    joiner_id, inviter_id = b"deskblog/1 joiner" + device, b"deskblog/1 inviter" + S + digest(DER)
    assert (joiner_id.hex(), inviter_id.hex()) == (kept["joiner_id"], kept["inviter_id"])
    entropy = bytes.fromhex(kept["joiner_entropy"])
    joiner = SPAKE2_A(kept["password"].encode(), idA=joiner_id, idB=inviter_id, entropy_f=lambda n: entropy[:n])
    assert ["pake", joiner.start()] == msgspec.msgpack.decode(said("joiner pake"))
    key = joiner.finish(msgspec.msgpack.decode(said("inviter pake"))[1])
    assert key.hex() == kept["key"]
    hellos = bytes.fromhex(KEPT["join"]["server_hello"] + KEPT["join"]["client_hello"])
    transcript = digest(hellos + said("joiner pake") + said("inviter pake"))
    for side in ("joiner", "inviter"):
        proof = msgspec.msgpack.decode(said(f"{side} confirm"))
        assert proof == ["confirm", digest(side.encode() + transcript, key=key)]


def test_the_kept_welcome_makes_the_office_with_the_joiner_in_it() -> None:
    name, office, admission, acts, more = msgspec.msgpack.decode(said("inviter welcome"))
    folded = fold([decode_act(raw, signature) for raw, signature in acts])
    device = items(KEPT["join"]["client_hello"])[3]
    assert (name, more, folded.id) == ("welcome", False, office)
    assert folded.admission_of(device) == admission
    person = folded.person_of(device)
    assert person is not None
    assert m.decode(said("joiner me"), m.Joining) == m.Me(person.name, folded.seal_keys[device])
    assert msgspec.msgpack.decode(said("joiner bye")) == ["bye", "joined"]
