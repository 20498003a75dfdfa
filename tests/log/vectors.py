"""Makes tests/vectors.json, which docs/protocol.md quotes: `python -m tests.log.vectors` writes it anew."""

from __future__ import annotations

import json
from pathlib import Path

from deskblog.log import act as a
from deskblog.log.act import Act, write_act
from deskblog.log.boxes import make_box
from deskblog.log.entry import Entry, write_entry
from deskblog.log.keys import DeviceKeys, recovery_seed, recovery_words
from deskblog.log.kinds import Answer, Claim, Content, Open, Post, Question, Withdraw, encode_body
from deskblog.log.letter import Opened, open_sealed, write_letter
from deskblog.log.office import fold
from deskblog.log.sealed import read, unseal
from deskblog.values import PersonId, Point

FILE = Path(__file__).parent.parent / "vectors.json"
ENTROPY = bytes(range(16))
TIME = 1_800_000_000_000
NUMBER = bytes.fromhex("0102030405060708")

ANNE = DeviceKeys(b"\x01" * 32, b"\x02" * 32)
BRUNO = DeviceKeys(b"\x03" * 32, b"\x04" * 32)
RECOVERY = DeviceKeys(b"\x0a" * 32, bytes(32))

# Made once: libsodium draws the beginning of a stream itself. Of the office of the sealed text, for both devices.
ENVELOPE = {
    "office": "b13f09c7901eb5c5a8c0132b69c92a5703332713aefa1997f5dc6ff91420ab40",
    "text": "Ce que porte un pli",
    "bytes": (
        "6465736b626c6f6720656e76656c6f706520310a000000e39401c4204e0ddb0087e257a8b156720e5c5508ebd06c877ff4a7"
        "9f4493b6ea840170ce8dc418dd1b14bf53e8cac05411937dca6e3f7fe368bcaa016ff2e192c4506739ba05ba1bba51c99b35"
        "997b7036ad268c7fc1e658ad10087ab419b77aa63857523dc06a924876f7791790bd6d12622f4ba9cc477e2563da2b13df34"
        "5be111fdee0b849379895ef742022f86b7d6f9c450cf35439eead6500024c8fb6f3d5dfeed0e00649199b984a7f921814dad"
        "b4c2686fa4e56645f82658dd23b59057f6c70185973974158b259c6ed9d56a6f37eb700f1b653008deecdf6bf7d4a5e5deca"
        "6900000024515497cd64a23d2cae8ef9801847dc5f4669a60007ee7c04806b4781091f094bcabed944"
    ),
}


def vectors() -> dict[str, object]:
    """Everything from fixed seeds, bytes as lower-case hex."""
    words = {language: " ".join(recovery_words(ENTROPY, language)) for language in ("en", "fr")}
    seed = recovery_seed(words["en"])
    recovery = DeviceKeys(seed, bytes(32))
    acts = _acts(recovery)
    office = fold(acts)
    return {
        "devices": {"anne": _device(ANNE), "bruno": _device(BRUNO)},
        "recovery": {
            "entropy": ENTROPY.hex(), "words": words, "seed": seed.hex(), "key": recovery.device.hex(),
        },
        "acts": [_act(act) for act in acts],
        "office": {
            "id": office.id.hex(),
            "name": office.name,
            "digest": office.digest.hex(),
            "tips": [tip.hex() for tip in office.tips],
            "devices": {key.hex(): person.hex() for key, person in sorted(office.devices.items())},
        },
        "entries": _entries(acts),
        "sealed": _sealed(),
        "envelope": ENVELOPE,
    }  # fmt: skip


def _device(keys: DeviceKeys) -> dict[str, str]:
    return {
        "seed": keys.seed.hex(),
        "key": keys.device.hex(),
        "seal_secret": keys.seal_secret.hex(),
        "seal_key": keys.seal_key.hex(),
    }


def _acts(recovery: DeviceKeys) -> list[Act]:
    """One act of each kind: an office, two people, one of them removed at last."""
    found = write_act(ANNE, None, (), (), TIME, a.Found(recovery.device, ANNE.device, ANNE.seal_key))
    acts = [found]

    def write(fields: a.Fields) -> Act:
        acts.append(write_act(ANNE, found.office, [acts[-1].id], [found.id], TIME + len(acts), fields))
        return acts[-1]

    write(a.Rule("Le Bureau", (("retention-days", 365),)))
    write(a.Call(found.id, "Anne"))
    bruno = write(a.Admit(a.NEW, ((BRUNO.device, BRUNO.seal_key),)))
    write(a.Call(bruno.id, "Zoé"))
    write(a.Grant(bruno.id, 1))
    second = write(a.Admit(a.NEW, ((DeviceKeys(b"\x05" * 32, b"\x06" * 32).device, b"\x07" * 32),)))
    write(a.Merge(tuple(sorted((bruno.id, second.id)))))
    write(a.Remove(bruno.id, b"", ((BRUNO.device, NUMBER, 3, b"\x08" * 32),)))
    write(a.Border(((BRUNO.device, NUMBER, 4, b"\x09" * 32),)))
    return acts


def _act(act: Act) -> dict[str, str]:
    return {"kind": act.kind, "bytes": act.raw.hex(), "id": act.id.hex(), "signature": act.signature.hex()}


def _entries(acts: list[Act]) -> list[dict[str, object]]:
    """The first entries of a log of anne's; the answer is to the question before it."""
    out: list[dict[str, object]] = []
    after: Point | None = None
    for word in ("open", "post", "question", "answer", "claim", "withdraw"):
        body = encode_body(_content(word, acts[0].id, after.id if after else b""), bytes([len(out)]) * 16)
        entry, signature = write_entry(ANNE, acts[0].office, NUMBER, after, TIME + len(out), word, body)
        out.append(_entry(entry, signature, body))
        after = entry.point
    return out


def _content(kind: str, admission: bytes, before: bytes) -> Content:
    match kind:
        case "open":
            return Open(admission, ((bytes(8), 2, bytes(32)),), 2)
        case "claim":
            return Claim(((bytes(8), 3, bytes(32)),))
        case "withdraw":
            return Withdraw(before)
        case "post":
            return Post("Bonjour à tous")
        case "question":
            return Question("Qui a la clé ?")
        case _:
            return Answer("Moi.", before)


def _entry(entry: Entry, signature: bytes, body: bytes) -> dict[str, object]:
    return {
        "kind": entry.header.kind,
        "seq": entry.header.seq,
        "body": body.hex(),
        "body_hash": entry.header.body_hash.hex(),
        "header": entry.raw.hex(),
        "id": entry.id.hex(),
        "signature": signature.hex(),
    }


def _sealed() -> dict[str, object]:
    """A text of anne's to bruno, in an office of the two; the dice give 00, 01, 02 … anew each time."""
    found = write_act(ANNE, None, (), (), TIME, a.Found(RECOVERY.device, ANNE.device, ANNE.seal_key))
    admit = write_act(
        ANNE, found.office, [found.id], [found.id], TIME + 1, a.Admit(a.NEW, ((BRUNO.device, BRUNO.seal_key),))
    )
    office = fold([found, admit])
    content = Post("Pas un mot à Zoé")
    body = write_letter(office, ANNE.device, [PersonId(admit.id)], content, lambda n: bytes(range(n)))
    held = open_sealed(office.id, ANNE.device, body, BRUNO)
    sealed = read(body)
    assert isinstance(held, Opened) and sealed is not None
    return {
        "office": office.id.hex(),
        "author": ANNE.device.hex(),
        "text": content.text,
        "readers": [mark.hex() for mark in held.readers],
        "plain": (unseal(office.id, ANNE.device, sealed, held.secret) or b"").hex(),
        "key": held.secret.hex(),
        "reader_seal_secret": BRUNO.seal_secret.hex(),
        "reader_box": make_box(held.secret, BRUNO.seal_key).hex(),
        "body": body.hex(),
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(vectors(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
