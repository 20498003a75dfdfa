"""The act: what makes or changes the office. Acts form a small signed graph apart from the logs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import msgspec

from deskblog import limits
from deskblog.errors import Malformed
from deskblog.log import codec
from deskblog.log.keys import SIGN_ACT, DeviceKeys, check_key, verify
from deskblog.values import NO_ID, ActId, DeviceKey, OfficeId

_ID = b"deskblog/1 act"
VERSION = 1
NEW = b""  # in `admit`: a person who was not in the office before

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=limits.NAME)]
Setting = Annotated[int, msgspec.Meta(ge=0, le=limits.SEQ)]
Heads = tuple[codec.HeadLine, ...]
PersonOrNew = Annotated[bytes, msgspec.Meta(max_length=32)]


class Found(msgspec.Struct, array_like=True, frozen=True):
    """Makes the office; its id is the office's, and the founder's person id too."""

    recovery: codec.Bytes32
    device: codec.Bytes32
    seal_key: codec.Bytes32


class Admit(msgspec.Struct, array_like=True, frozen=True):
    """Lets devices in: of a new person (`person` empty, then this act's id names them) or of one known."""

    person: PersonOrNew
    devices: tuple[tuple[codec.Bytes32, codec.Bytes32], ...]  # (device key, seal key)


class Remove(msgspec.Struct, array_like=True, frozen=True):
    """Takes one person or one device out; `heads` is how far the remover holds the removed logs: their border."""

    person: PersonOrNew
    device: PersonOrNew
    heads: Heads = ()


class Grant(msgspec.Struct, array_like=True, frozen=True):
    """Gives a role; when it lowers one, `heads` says how far the person's earlier acts in it count."""

    person: codec.Bytes32
    role: Annotated[int, msgspec.Meta(ge=0, le=2)]
    heads: Heads = ()


class Border(msgspec.Struct, array_like=True, frozen=True):
    """Counts a removed log up to a further point."""

    heads: Heads


class Call(msgspec.Struct, array_like=True, frozen=True):
    """Names a person (act kind "name")."""

    person: codec.Bytes32
    name: Name


class Merge(msgspec.Struct, array_like=True, frozen=True):
    """Says that several persons are one; the lowest id names them."""

    persons: tuple[codec.Bytes32, ...]


class Rule(msgspec.Struct, array_like=True, frozen=True):
    """The office's name and its settings, each a (word, value) pair."""

    name: Name
    settings: tuple[tuple[str, str | Setting], ...] = ()


Fields = Found | Admit | Remove | Grant | Border | Call | Merge | Rule
KINDS: dict[str, type[Fields]] = {
    "found": Found,
    "admit": Admit,
    "remove": Remove,
    "role": Grant,
    "border": Border,
    "name": Call,
    "merge": Merge,
    "rule": Rule,
}
_NAMES = {shape: name for name, shape in KINDS.items()}


class _Outer(msgspec.Struct, array_like=True, frozen=True):
    version: codec.Version
    office: codec.Bytes32
    author: codec.Bytes32
    after: tuple[codec.Bytes32, ...]
    warrants: tuple[codec.Bytes32, ...]
    time: codec.Time
    kind: codec.KindName
    fields: msgspec.Raw


class Act(msgspec.Struct, frozen=True):
    """A decoded, verified act. `fields` is None for a kind this version does not know: kept, passed on, inert."""

    raw: bytes
    signature: bytes
    id: ActId
    office: OfficeId
    author: DeviceKey
    after: tuple[ActId, ...]
    warrants: tuple[ActId, ...]
    time: int
    kind: str
    fields: Fields | None


def write_act(
    keys: DeviceKeys,
    office: OfficeId | None,
    after: Iterable[ActId],
    warrants: Iterable[ActId],
    time: int,
    fields: Fields,
) -> Act:
    """A new act, signed. `office` is None for the founding act alone."""
    outer = _Outer(
        VERSION,
        office or NO_ID,
        keys.device,
        tuple(sorted(set(after))),
        tuple(sorted(set(warrants))),
        time,
        _NAMES[type(fields)],
        msgspec.Raw(codec.encode(fields)),
    )
    raw = codec.encode(outer)
    return decode_act(raw, keys.sign(SIGN_ACT, codec.digest(_ID, raw)))


def decode_act(raw: bytes, signature: bytes) -> Act:
    """Reads an act and checks its signature. Malformed, TooLarge or Forged if anything is wrong.

    Whether it is allowed is not asked here: that is the fold's business (office.py).
    """
    outer = codec.decode(raw, _Outer, limits.ACT)
    ident = ActId(codec.digest(_ID, raw))
    if not (codec.strictly_sorted(outer.after) and codec.strictly_sorted(outer.warrants)):
        raise Malformed("act: ids not sorted")
    if len(outer.after) > limits.ACT_AFTER or len(outer.warrants) > limits.ACT_WARRANTS:
        raise Malformed("act: too many ids")
    founding = outer.kind == "found"
    if founding != (outer.office == NO_ID) or founding != (not outer.after) or (founding and outer.warrants):
        raise Malformed("act: only the founding act comes after nothing")
    verify(outer.author, SIGN_ACT, ident, signature)
    return Act(
        raw,
        signature,
        ident,
        OfficeId(ident if founding else outer.office),
        DeviceKey(outer.author),
        tuple(ActId(a) for a in outer.after),
        tuple(ActId(w) for w in outer.warrants),
        outer.time,
        outer.kind,
        _fields(outer) if outer.version == VERSION else None,
    )


def _fields(outer: _Outer) -> Fields | None:
    shape = KINDS.get(outer.kind)
    if shape is None:
        return None
    fields = codec.decode(bytes(outer.fields), shape, limits.ACT)
    _check_fields(fields, outer.author)
    return fields


def _check_fields(fields: Fields, author: bytes) -> None:
    """What types cannot say: counts, order, and that keys are usable."""
    match fields:
        case Found():
            if fields.device != author or fields.recovery == author:
                raise Malformed("found: not by its own device")
            check_key(fields.recovery)
        case Admit():
            _check_admit(fields)
        case Remove():
            if sorted((len(fields.person), len(fields.device))) != [0, 32]:
                raise Malformed("remove: names one person or one device")
        case Merge():
            if not 2 <= len(fields.persons) <= 16 or not codec.strictly_sorted(fields.persons):
                raise Malformed("merge: persons")
        case Rule():
            words = tuple(word for word, _value in fields.settings)
            if len(words) > 64 or not codec.strictly_sorted(words):
                raise Malformed("rule: settings")
        case _:
            pass
    heads = getattr(fields, "heads", ())
    if len(heads) > limits.ACT_HEADS or not codec.strictly_sorted(tuple(h[:2] for h in heads)):
        raise Malformed("act: heads")


def _check_admit(fields: Admit) -> None:
    keys = tuple(device for device, _seal in fields.devices)
    if not 1 <= len(keys) <= limits.ACT_DEVICES or not codec.strictly_sorted(keys):
        raise Malformed("admit: devices")
    if len(fields.person) not in (0, 32):
        raise Malformed("admit: person")
    for key in keys:
        check_key(key)
