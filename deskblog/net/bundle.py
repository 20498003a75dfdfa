"""The bundle: what a link would carry, as a file; written and read in one pass, without a file, clock or database.

    bundle  heads … signed  acts …  (run  bodies …) …

The writer signs what it says of itself, for what it says it holds decides what is left out of an answer. All the rest
vouches for itself, as it does on a link, whoever put it there. Of what is read only one run is in memory at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Annotated, TypeVar

import msgspec

from deskblog import limits
from deskblog.errors import Forged, Malformed, Refused, TooLarge
from deskblog.i18n import _
from deskblog.log import codec
from deskblog.log.act import Act, decode_act
from deskblog.log.entry import Entry, body_fits, decode_entry, entry_id
from deskblog.log.keys import SIGN_BUNDLE, DeviceKeys, verify
from deskblog.log.office import Office
from deskblog.log.run import Run, check_run
from deskblog.net import messages as m
from deskblog.net.frames import FrameReader, frame
from deskblog.net.heads import Line, chunks
from deskblog.values import DeviceKey, EntryId, LogName, OfficeId, Point

VERSION = 1
M = TypeVar("M", bound=msgspec.Struct)


class Begun(msgspec.Struct, array_like=True, frozen=True, tag="bundle"):
    """Who wrote it and when; what is not in it because it is older, or because these bundles said it was there."""

    version: codec.Version
    office: codec.Bytes32
    device: codec.Bytes32
    time: codec.Time
    since: codec.Time = 0
    against: Annotated[
        tuple[tuple[codec.Bytes32, codec.Time], ...], msgspec.Meta(max_length=limits.BUNDLES_KNOWN)
    ] = ()


class Signed(msgspec.Struct, array_like=True, frozen=True, tag="signed"):
    """The writer's signature over all before it."""

    signature: codec.Bytes64


class Opening(msgspec.Struct, frozen=True):
    """What the writer says of itself, its signature checked: whether it is in is for the fold to say."""

    begun: Begun
    heads: tuple[Line, ...]

    @property
    def device(self) -> DeviceKey:
        return DeviceKey(self.begun.device)


class ActsRead(msgspec.Struct, frozen=True):
    """Each signature checked; parents may be missing. `last`: there are no more."""

    acts: tuple[Act, ...]
    last: bool


class RunRead(msgspec.Struct, frozen=True):
    """A checked run, with those of its bodies that came: each is what its header promised."""

    run: Run
    bodies: tuple[bytes | None, ...]


class Unvouched(msgspec.Struct, frozen=True):
    """A run that a border alone vouches for, which is not known here: nothing of it can be taken."""

    log: LogName


Piece = Opening | ActsRead | RunRead | Unvouched


# --- writing ----------------------------------------------------------------------------------------------
def opening_frames(keys: DeviceKeys, begun: Begun, lines: Iterable[Line]) -> Iterator[bytes]:
    """The frames that the writer signs, and the signature."""
    parts = chunks(lines)
    heads = [m.Heads(part, more=i < len(parts) - 1) for i, part in enumerate(parts)]
    payloads = [codec.encode(part) for part in (begun, *heads)]
    signature = keys.sign(SIGN_BUNDLE, codec.digest(*payloads))
    for payload in (*payloads, codec.encode(Signed(signature))):
        yield frame(payload)


def act_frames(acts: Iterable[Act]) -> Iterator[bytes]:
    parts = m.act_parts(acts)
    for i, part in enumerate(parts):
        yield frame(m.encode(m.Acts(part, more=i < len(parts) - 1)))


def run_frames(
    log: LogName,
    start: int,
    headers: Sequence[bytes],
    signature: bytes,
    bodies: Sequence[tuple[EntryId, bytes | int]],
) -> Iterator[bytes]:
    yield frame(m.encode(m.RunSent(log.device, log.number, start, tuple(headers), signature)))
    for message in m.body_messages(bodies):
        yield frame(m.encode(message))


# --- reading ----------------------------------------------------------------------------------------------
def read_bundle(stream: Iterable[bytes], office: Callable[[], Office]) -> Iterator[Piece]:
    """The pieces of an opened envelope, each checked, in the one order there is; a PeerError ends it.

    `office`: as it is when a run is checked; acts that were given out before may have changed it.
    """
    frames = _frames(stream)
    ident = OfficeId(office().id)
    yield _opening(frames, ident)
    more = True
    while more:
        message = _next(frames, m.Acts)
        more = message.more
        yield ActsRead(tuple(_act(ident, signed) for signed in message.acts), last=not more)
    for payload in frames:
        yield _run(m.decode(payload, m.RunSent), frames, office())


def _frames(stream: Iterable[bytes]) -> Iterator[bytes]:
    reader = FrameReader(limits.FRAME)
    for data in stream:
        reader.feed(data)
        while (payload := reader.next()) is not None:
            yield payload
    if reader.waiting:
        raise Malformed("bundle: ends within a frame")


def _next(frames: Iterator[bytes], shape: type[M]) -> M:
    payload = next(frames, None)
    if payload is None:
        raise Malformed("bundle: ends too early")
    message: M = m.decode(payload, shape)
    return message


def _opening(frames: Iterator[bytes], office: OfficeId) -> Opening:
    first = next(frames, b"")
    begun = _begun(first)
    if begun.office != office:
        raise Forged("bundle: of another office")
    said, lines, more = [first], list[Line](), True
    while more:
        payload = next(frames, b"")
        heads: m.Heads = m.decode(payload, m.Heads)
        said.append(payload)
        lines += heads.heads
        more = heads.more
        if len(lines) > limits.BUNDLE_HEADS or len(said) > limits.BUNDLE_HEADS:
            raise TooLarge("bundle: too many heads")
    verify(begun.device, SIGN_BUNDLE, codec.digest(*said), _next(frames, Signed).signature)
    return Opening(begun, tuple(lines))


def _begun(payload: bytes) -> Begun:
    begun = codec.decode_prefix(payload, Begun, limits.FRAME)
    if begun.version != VERSION:
        raise newer()
    if codec.encode(begun) != payload:
        raise Malformed("bundle: not the canonical encoding")
    return begun


def newer() -> Refused:
    """It has a form that a later version gave it."""
    return Refused(
        _("This bundle was written by a newer deskblog."),
        kept=_("Nothing was taken from it."),
        next_step=_("Install the newer version on this PC."),
    )


def _act(office: OfficeId, signed: m.SignedAct) -> Act:
    act = decode_act(*signed)
    if act.office != office:
        raise Forged("bundle: an act of another office")
    return act


def _run(sent: m.RunSent, frames: Iterator[bytes], office: Office) -> RunRead | Unvouched:
    log = LogName(DeviceKey(sent.device), sent.number)
    border = office.reach(log)
    vouched = border.id if border is not None else None
    if sent.headers and not sent.signature and entry_id(sent.headers[-1]) != vouched:
        for _body in _bodies(frames):
            pass
        return Unvouched(log)
    after = _after(sent)
    run = check_run(OfficeId(office.id), log, after, sent.headers, sent.signature, vouched)
    if run.first != sent.start:
        raise Malformed("bundle: a run that begins elsewhere than it says")
    return RunRead(run, _bodies_of(run, frames))


def _after(sent: m.RunSent) -> Point | None:
    """The point that the first header names; whether that is held is for the store to say."""
    if not sent.headers:
        raise Malformed("bundle: an empty run")
    first = decode_entry(sent.headers[0]).header
    return Point(first.seq - 1, EntryId(first.previous)) if first.seq > 1 else None


def _bodies(frames: Iterator[bytes]) -> Iterator[tuple[bytes, bytes | int]]:
    more = True
    while more:
        message = _next(frames, m.Bodies)
        yield from message.bodies
        more = message.more


def _bodies_of(run: Run, frames: Iterator[bytes]) -> tuple[bytes | None, ...]:
    """Each once and as promised, so that no more is held than the headers allow."""
    waiting: dict[bytes, Entry] = {entry.id: entry for entry in run.entries}
    found: dict[bytes, bytes] = {}
    for ident, body in _bodies(frames):
        entry = waiting.pop(ident, None)
        if entry is None:
            raise Malformed("bundle: a body of no entry of its run")
        if isinstance(body, bytes):
            if not body_fits(entry, body):
                raise Forged("a body that is not its header's")
            found[ident] = body
    return tuple(found.get(entry.id) for entry in run.entries)
