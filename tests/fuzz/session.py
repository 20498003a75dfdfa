"""A colleague without honour on a link: any message in any state, all it signs truly signed, against a real store.

What a device that is in may sign is signed here after every change, so that what lies behind a signature is reached.
"""

from __future__ import annotations

from contextlib import closing
from functools import cache

import msgspec

from deskblog.log import charter, codec, kinds
from deskblog.log.entry import Header, decode_entry, entry_id
from deskblog.log.keys import SIGN_ENTRY, DeviceKeys
from deskblog.net import messages as m
from deskblog.values import LogName
from tests.fuzz import world
from tests.log.chronicle import device, keys, log_of
from tests.net.sides import Side, heads_of, pair

MESSAGES = 40


def told(data: bytes) -> int:
    """Bytes that are an array of payloads, told to anne by bruno's laptop; how many entries of its she then holds.

    A PeerError ends the link.
    """
    payloads = codec.decode(data, tuple[bytes, ...], 1 << 18)[:MESSAGES]
    anne = Side(keys("anne"), tuple(world.acts()))
    with closing(anne.store):
        _begin(anne)
        for payload in payloads:
            message = m.decode_linked(payload)
            if anne.closed:
                break
            if message is not None:
                anne.carry_out(anne.session.receive(_signed(message)))
                anne.out.clear()
        anne.clock += 5
        anne.session.tick()
        heads_of(anne)  # what is compared on the wire is what the store has
        ends = [end for log, end in anne.store.heads(anne.office).items() if log.device == device("laptop")]
        return sum(point.seq for end in ends for point in end.leaves)


def _begin(anne: Side) -> None:
    """Anne has a post; the link to bruno is open, its office agreed on."""
    anne.write("before")
    laptop = Side(keys("laptop"), tuple(world.acts()))
    with closing(laptop.store):
        pair(anne, laptop)
    anne.out.clear()
    anne.carry_out(anne.session.receive(m.Acts((), more=False)))


def _signed(message: m.Message) -> m.Message:
    """Signed by the device the message names, if that is the laptop or bruno."""
    match message:
        case m.Acts():
            acts = tuple(_signed_act(raw, signature) for raw, signature in message.acts)
            return m.Acts(acts, message.more)
        case m.RunSent() if message.headers:
            return msgspec.structs.replace(
                message, signature=_signature(message.headers[-1], message.device, message.signature)
            )
        case m.LiveEntry():
            return msgspec.structs.replace(message, signature=_signature(message.header, None, message.signature))
        case _:
            return message


def _signature(header: bytes, named: bytes | None, given: bytes) -> bytes:
    mine = _of(header, 2) if named is None else _bad().get(named)
    return given if mine is None else mine.sign(SIGN_ENTRY, entry_id(header))


def _signed_act(raw: bytes, given: bytes) -> m.SignedAct:
    mine = _of(raw, 2)
    return world.signed_act(raw, mine) if mine is not None else (raw, given)


def _of(raw: bytes, place: int) -> DeviceKeys | None:
    """Whose it says it is, if that is one of the dishonest."""
    return _bad().get(world.item(raw, place))


@cache
def _bad() -> dict[bytes, DeviceKeys]:
    return {device(name): keys(name) for name in ("bruno", "laptop")}


# --- valid conversations ----------------------------------------------------------------------------------
def seeds() -> list[bytes]:
    """An honest laptop's log fetched run by run; one that forks and is claimed, live; acts by a keyholder."""
    return [codec.encode([m.encode(message) for message in said]) for said in (_fetched(), _forked(), _acts())]


def _fetched() -> list[m.Message]:
    log = log_of("laptop")
    raws, bodies = _log(log, 7)
    ids = [entry_id(raw) for raw in raws]
    pairs = tuple(zip(ids, bodies, strict=True))
    return [
        m.HeadsAsked((bytes(16),) * 64),
        m.Heads(((log.device, log.number, len(raws), ids[-1]),), more=False),
        m.RunSent(log.device, log.number, 1, tuple(raws[:4]), bytes(64)),
        m.Bodies(pairs[:4], more=False),
        m.RunSent(log.device, log.number, 5, tuple(raws[4:]), bytes(64)),
        m.Bodies(((ids[4], bodies[4]), (ids[5], 1), (ids[6], bodies[6])), more=False),
        m.Bodies(((ids[5], bodies[5]),), more=False),
        m.Want(log.device, log.number, ((1, ids[0]),), (7, ids[6])),
        m.BodiesAsked((bytes(32), ids[0])),
        m.Ping(bytes(32), bytes(32)),
        m.Ping(bytes(32), bytes(32)),
        m.ActsAsked((bytes(32),)),
    ]


def _forked() -> list[m.Message]:
    """Two entries with one number, live; a second log that claims one of them; the fork once more by `have`."""
    log, second = log_of("laptop"), log_of("laptop", 9)
    raws, bodies = _log(log, 3)
    fork = codec.encode(msgspec.structs.replace(decode_entry(raws[2]).header, time=5))
    point = (log.number, 3, entry_id(raws[2]))
    opening = kinds.Open(_admission(), ((log.number, 2, entry_id(raws[1])),), 2)
    first, first_body = _made(second, 1, bytes(32), opening)
    claim, claim_body = _made(second, 2, entry_id(first), kinds.Claim((point,)))
    live = [*zip(raws, bodies, strict=True), (fork, bodies[2]), (first, first_body), (claim, claim_body)]
    return [
        m.Heads((), more=False),
        *(m.LiveEntry(raw, bytes(64), body) for raw, body in live),
        m.Have(((log.device, log.number, 3, entry_id(fork)),)),
        m.RunSent(log.device, log.number, 3, (fork,), bytes(64)),
        m.Bodies(((entry_id(fork), bodies[2]),), more=False),
    ]


def _acts() -> list[m.Message]:
    new = charter.admitting(keys("bruno"), world.office(), (device("new"), keys("new").seal_key), "New", None, 9)
    each = [m.Acts(((act.raw, act.signature),), more=False) for act in new]
    return [*each, m.Heads((), more=False), m.Heads((), more=True)]


def _log(log: LogName, length: int) -> tuple[list[bytes], list[bytes]]:
    """(headers, bodies) of a log with an opening, posts, and a withdrawal of the first post at its end."""
    raws: list[bytes] = []
    bodies: list[bytes] = []
    for seq in range(1, length + 1):
        content: kinds.Content = kinds.Open(_admission()) if seq == 1 else kinds.Post(f"number {seq}")
        if seq == length:
            content = kinds.Withdraw(entry_id(raws[1]))
        raw, body = _made(log, seq, entry_id(raws[-1]) if raws else bytes(32), content)
        raws.append(raw)
        bodies.append(body)
    return raws, bodies


def _made(log: LogName, seq: int, previous: bytes, content: kinds.Content) -> tuple[bytes, bytes]:
    body = kinds.encode_body(content, bytes(16))
    header = Header(
        1, world.office().id, log.device, log.number, seq, previous, world.NOON + seq, kinds.kind_of(content),
        codec.digest(body), len(body),
    )  # fmt: skip
    return codec.encode(header), body


def _admission() -> bytes:
    held = world.office().admission_of(device("laptop"))
    assert held is not None
    return held
