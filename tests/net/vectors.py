"""Makes tests/net/vectors.json, which docs/protocol.md quotes: `python -m tests.net.vectors` writes it anew."""

from __future__ import annotations

import json
from pathlib import Path

from spake2 import SPAKE2_B

from deskblog.log import charter, codec
from deskblog.log.keys import DeviceKeys
from deskblog.log.office import Office, fold
from deskblog.net import handshake as h
from deskblog.net import messages as m
from deskblog.net.certificate import make_certificate
from deskblog.net.code import make_code
from deskblog.net.feedcopy import tag_of, write_statement
from deskblog.net.frames import frame
from deskblog.net.invite import Ends, Inviter, Joiner, Tries, welcome_messages

FILE = Path(__file__).parent / "vectors.json"
TIME = 1_800_000_000_000
SERVER_NONCE, CLIENT_NONCE = b"\xa1" * 32, b"\xa2" * 32
RUN_NUMBER = bytes.fromhex("1112131415161718")
RANDOM = bytes.fromhex("0123456789abcdef")

ANNE = DeviceKeys(b"\x01" * 32, b"\x02" * 32)  # listens, invites
BRUNO = DeviceKeys(b"\x03" * 32, b"\x04" * 32)  # dials, joins
RECOVERY = DeviceKeys(b"\x05" * 32, b"\x06" * 32)
FOUNDING = charter.founding(ANNE, RECOVERY.device, "Le Bureau", "Anne", TIME)


def vectors() -> dict[str, object]:
    """Everything from fixed seeds, nonces and scalars, bytes as lower-case hex."""
    office = fold(FOUNDING)
    return {
        "certificate": {"seed": ANNE.seed.hex(), "der": certificate().hex(), "key": ANNE.device.hex()},
        "frame": {"payload": m.encode(m.Who()).hex(), "bytes": frame(m.encode(m.Who())).hex()},
        "member": _hello(office),
        "join": _hello(None),
        "codes": [_code(language) for language in ("en", "fr")],
        "joining": _joining(office),
        "feed": _feed(office),
    }


def _feed(office: Office) -> dict[str, str]:
    """What a site answered Anne, and an hour later that it was the same."""
    url, body = "https://brew.example/feed.xml", b"<rss/>"
    tag = tag_of(office.id, url)
    named = len(body), codec.digest(body)
    whole = write_statement(ANNE, office.id, tag, TIME, 200, {"etag": '"1"', "content-type": "text/xml"}, named)
    still = write_statement(ANNE, office.id, tag, TIME + 3_600_000, 304, {}, named)
    said = {"office": office.id.hex(), "url": url, "tag": tag.hex(), "body": body.hex()}
    for name, (raw, signature) in (("whole", whole), ("still", still)):
        said |= {name: raw.hex(), f"{name}_signature": signature.hex()}
    return said


def certificate() -> bytes:
    return make_certificate(ANNE.seed).der


def _hellos(office: Office | None) -> tuple[m.ServerHello, m.ClientHello]:
    listening = h.ServerHandshake(ANNE.device, certificate(), SERVER_NONCE, office.id if office else None)
    dialling = h.ClientHandshake(BRUNO, ANNE.device, certificate(), office.id if office else None)
    offered = listening.hello()
    answer = dialling.receive(offered, CLIENT_NONCE, RUN_NUMBER)
    listening.receive(answer)
    return offered, answer


def _hello(office: Office | None) -> dict[str, str]:
    offered, answer = _hellos(office)
    return {
        "office": office.id.hex() if office else "",
        "seed": BRUNO.seed.hex(),
        "server_hello": m.encode(offered).hex(),
        "office_tag": answer.office_tag.hex(),
        "signed": h.signed_text(certificate(), ANNE.device, answer, SERVER_NONCE).hex(),
        "signature": answer.signature.hex(),
        "client_hello": m.encode(answer).hex(),
    }


def _code(language: str) -> dict[str, str]:
    code = make_code(RANDOM, language)
    return {
        "random": RANDOM.hex(), "language": language, "text": code.text, "password": code.password.decode(),
    }  # fmt: skip


def _joining(office: Office) -> dict[str, object]:
    """A whole run; the scalars of both sides are drawn from 64 bytes each."""
    offered, answer = _hellos(None)
    code = make_code(RANDOM, "en")
    ends = Ends(BRUNO.device, ANNE.device, certificate(), m.encode(offered) + m.encode(answer))
    me = m.Me("Bruno", BRUNO.seal_key)
    tries = Tries(600.0)
    tries.begin(BRUNO.device, 0.0)
    joiner = Joiner(code, me, ends, lambda n: b"\xb1" * n)
    inviter = Inviter(tries, code, ends, lambda n: b"\xb2" * n)
    pake = joiner.start()
    (pake_back,) = inviter.receive(pake, m.encode(pake))
    (confirm,) = joiner.receive(pake_back, m.encode(pake_back))
    (confirm_back,) = inviter.receive(confirm, m.encode(confirm))
    (said,) = joiner.receive(confirm_back, m.encode(confirm_back))
    name, seal_key = inviter.joiner(said)
    new = charter.admitting(ANNE, office, (BRUNO.device, seal_key), name, None, TIME + 1)
    welcome = welcome_messages(fold([*FOUNDING, *new]), new[0].id)
    for one in welcome:
        joiner.receive(one, m.encode(one))
    said_by = {
        "joiner pake": pake, "inviter pake": pake_back, "joiner confirm": confirm, "inviter confirm": confirm_back,
        "joiner me": said, "inviter welcome": welcome[0], "joiner bye": m.Bye("joined"),
    }  # fmt: skip
    return {
        "password": code.password.decode(),
        "joiner_entropy": (b"\xb1" * 64).hex(),
        "inviter_entropy": (b"\xb2" * 64).hex(),
        "joiner_id": ends.joiner_id.hex(),
        "inviter_id": ends.inviter_id.hex(),
        "key": _shared_key(code.password, ends, pake).hex(),
        "payloads": [[who, m.encode(message).hex()] for who, message in said_by.items()],
    }


def _shared_key(password: bytes, ends: Ends, pake: m.Message) -> bytes:
    """K, which the two machines keep to themselves."""
    assert isinstance(pake, m.Pake)
    inviter = SPAKE2_B(password, idA=ends.joiner_id, idB=ends.inviter_id, entropy_f=lambda n: b"\xb2" * n)
    inviter.start()
    key: bytes = inviter.finish(pake.share)
    return key


if __name__ == "__main__":
    FILE.write_text(json.dumps(vectors(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
