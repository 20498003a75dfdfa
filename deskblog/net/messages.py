"""Every message of the wire, by name. One frame carries one MessagePack array `[name, fields…]`.

What may come when is not said here but by the state machines: handshake.py, invite.py and sync.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import Annotated, Any

import msgspec

from deskblog import limits
from deskblog.errors import Malformed
from deskblog.log import codec
from deskblog.log.act import Act
from deskblog.values import EntryId

SignedAct = tuple[bytes, codec.Bytes64]  # an act's bytes and its signature
Reason = Annotated[str, msgspec.Meta(max_length=64)]
SeqId = tuple[codec.Seq, codec.Bytes32]  # a point of a log
Digest16 = codec.Bytes16
BlobSize = Annotated[int, msgspec.Meta(ge=1, le=limits.BLOB)]
Number = Annotated[int, msgspec.Meta(ge=0, le=255)]
StatementBytes = Annotated[bytes, msgspec.Meta(max_length=limits.FEED_STATEMENT)]
ProgramOffset = Annotated[int, msgspec.Meta(ge=0, lt=limits.PROGRAM_PACKAGE)]
FeedTime = tuple[codec.Bytes16, codec.Time]  # a feed's tag, and when a copy was fetched


class Why(IntEnum):
    """Why a body is not sent."""

    UNKNOWN = 0  # the entry is not held here
    WANTED = 1  # held, its body not yet
    ERASED = 2  # withdrawn, for ever
    DROPPED = 3  # by the retention rule


class Message(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """Anything that travels in a frame."""


# --- before the proof (at most limits.HELLO bytes) --------------------------------------------------------
class ServerHello(Message, frozen=True, tag="hello"):
    versions: Annotated[tuple[codec.Version, ...], msgspec.Meta(min_length=1, max_length=16)]
    nonce: codec.Bytes32


class ClientHello(Message, frozen=True, tag="hello"):
    version: codec.Version
    state: Annotated[str, msgspec.Meta(pattern=r"\A(member|join)\Z")]
    device: codec.Bytes32
    nonce: codec.Bytes32
    office_tag: codec.Bytes32
    run_number: codec.Bytes8
    signature: codec.Bytes64


class ServerReady(Message, frozen=True, tag="ready"):
    """The client is proven (and, in state member, known): both may go on."""

    run_number: codec.Bytes8
    time: codec.Time
    tips: Annotated[tuple[codec.Bytes32, ...], msgspec.Meta(max_length=limits.ACT_AFTER)]


class No(Message, frozen=True, tag="no"):
    """The end of a handshake or a joining, for a reason that tells a stranger nothing."""

    reason: Reason


class Who(Message, frozen=True, tag="who"):
    """I do not know your device: show the acts that warrant it."""


class Warrants(Message, frozen=True, tag="warrants"):
    acts: Annotated[tuple[SignedAct, ...], msgspec.Meta(max_length=16)]


# --- joining ----------------------------------------------------------------------------------------------
class Pake(Message, frozen=True, tag="pake"):
    share: Annotated[bytes, msgspec.Meta(min_length=33, max_length=33)]


class Confirm(Message, frozen=True, tag="confirm"):
    proof: codec.Bytes32


class Me(Message, frozen=True, tag="me"):
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=limits.NAME)]
    seal_key: codec.Bytes32


class Welcome(Message, frozen=True, tag="welcome"):
    office: codec.Bytes32
    admission: codec.Bytes32
    acts: tuple[SignedAct, ...]
    more: bool


# --- among colleagues -------------------------------------------------------------------------------------
class ActsAsked(Message, frozen=True, tag="acts?"):
    """Send all that is not in the past of these tips, nor one of them."""

    tips: Annotated[tuple[codec.Bytes32, ...], msgspec.Meta(max_length=256)]


class Acts(Message, frozen=True, tag="acts"):
    """Parents before children; `more` until the answer is whole. Unasked: a new act, flooded."""

    acts: tuple[SignedAct, ...]
    more: bool


class HeadsAsked(Message, frozen=True, tag="heads?"):
    buckets: Annotated[tuple[Digest16, ...], msgspec.Meta(min_length=limits.BUCKETS, max_length=limits.BUCKETS)]


class Heads(Message, frozen=True, tag="heads"):
    heads: Annotated[tuple[codec.HeadLine, ...], msgspec.Meta(max_length=limits.HEADS)]
    more: bool


class Have(Message, frozen=True, tag="have"):
    """Unasked: these logs are held so far now, though they did not come as live entries."""

    heads: Annotated[tuple[codec.HeadLine, ...], msgspec.Meta(min_length=1, max_length=limits.HEADS)]


class Want(Message, frozen=True, tag="want"):
    """Send a run of the chain of this log that leads to `to`, after the highest of `points` that lies on it.

    No points: from the log's beginning.
    """

    device: codec.Bytes32
    number: codec.Bytes8
    points: Annotated[tuple[SeqId, ...], msgspec.Meta(max_length=limits.POINTS)]
    to: SeqId


class RunSent(Message, frozen=True, tag="run"):
    """Consecutive headers from `start`; empty when nothing follows, start 0 when no point named lies that way."""

    device: codec.Bytes32
    number: codec.Bytes8
    start: Annotated[int, msgspec.Meta(ge=0, le=limits.SEQ)]
    headers: Annotated[tuple[bytes, ...], msgspec.Meta(max_length=limits.RUN)]
    signature: Annotated[bytes, msgspec.Meta(max_length=64)]


class BodiesAsked(Message, frozen=True, tag="bodies?"):
    ids: Annotated[tuple[codec.Bytes32, ...], msgspec.Meta(min_length=1, max_length=limits.BODIES)]


class Bodies(Message, frozen=True, tag="bodies"):
    """Bodies in the order asked for (or of the run just sent); a `Why` instead of bytes says why it is missing."""

    bodies: Annotated[tuple[tuple[codec.Bytes32, bytes | Number], ...], msgspec.Meta(max_length=limits.BODIES)]
    more: bool


class BlobAsked(Message, frozen=True, tag="blob?"):
    """Send a part of a blob: what lies at that offset, limits.BLOB_PART of it or to its end."""

    hash: codec.Bytes32
    size: BlobSize
    offset: Annotated[int, msgspec.Meta(ge=0, lt=limits.BLOB)]


class BlobSent(Message, frozen=True, tag="blob"):
    """The part; None: it is not held here. Empty: it is held now, and was not when it was asked for."""

    hash: codec.Bytes32
    size: BlobSize
    offset: Annotated[int, msgspec.Meta(ge=0, lt=limits.BLOB)]
    data: Annotated[bytes, msgspec.Meta(max_length=limits.BLOB_PART)] | None


class LiveEntry(Message, frozen=True, tag="entry"):
    """A new entry with its own signature; bodies past limits.LIVE_BODY are asked for."""

    header: bytes
    signature: codec.Bytes64
    body: Annotated[bytes, msgspec.Meta(max_length=limits.LIVE_BODY)] | None


class Presence(Message, frozen=True, tag="presence"):
    """Who says to be here, and by which links: records and their signatures (presence.py)."""

    records: Annotated[tuple[tuple[bytes, codec.Bytes64], ...], msgspec.Meta(min_length=1, max_length=512)]


class FeedAsked(Message, frozen=True, tag="feed?"):
    """Have you a copy of this feed, fetched later than that? 0: any."""

    tag: codec.Bytes16
    time: codec.Time


class FeedSaid(Message, frozen=True, tag="feed"):
    """The copy: its statements and their signatures (feedcopy.py). None: nothing later is here."""

    tag: codec.Bytes16
    signed: Annotated[tuple[tuple[StatementBytes, codec.Bytes64], ...], msgspec.Meta(max_length=2)]


class FeedHave(Message, frozen=True, tag="feed-have"):
    """Unasked: copies held here now, and when they were fetched."""

    copies: Annotated[tuple[FeedTime, ...], msgspec.Meta(min_length=1, max_length=limits.FEED_HAVES)]


class FeedPartAsked(Message, frozen=True, tag="feed-part?"):
    """Send limits.BLOB_PART of what the site answered, or to its end."""

    tag: codec.Bytes16
    hash: codec.Bytes32
    offset: Annotated[int, msgspec.Meta(ge=0, lt=limits.FEED_BODY)]


class FeedPart(Message, frozen=True, tag="feed-part"):
    """The part; None: these bytes are not held here any more."""

    tag: codec.Bytes16
    hash: codec.Bytes32
    offset: Annotated[int, msgspec.Meta(ge=0, lt=limits.FEED_BODY)]
    data: Annotated[bytes, msgspec.Meta(max_length=limits.BLOB_PART)] | None


FeedMessage = FeedAsked | FeedSaid | FeedHave | FeedPartAsked | FeedPart


class ProgramTold(Message, frozen=True, tag="program"):
    """Unasked: the makers' package of that word is held here (release.py)."""

    word: Annotated[bytes, msgspec.Meta(min_length=1, max_length=limits.PROGRAM_WORD)]


class ProgramPartAsked(Message, frozen=True, tag="program-part?"):
    """Send limits.BLOB_PART of that package, or to its end."""

    hash: codec.Bytes32
    offset: ProgramOffset


class ProgramPart(Message, frozen=True, tag="program-part"):
    """The part; None: it is not held here, or too much is being asked for at once."""

    hash: codec.Bytes32
    offset: ProgramOffset
    data: Annotated[bytes, msgspec.Meta(min_length=1, max_length=limits.BLOB_PART)] | None


ProgramMessage = ProgramTold | ProgramPartAsked | ProgramPart
Aside = FeedMessage | ProgramMessage  # what has nothing to do with logs


class TryAsked(Message, frozen=True, tag="try?"):
    """Look whether the door of this device can be reached from where you are."""

    device: codec.Bytes32


class Tried(Message, frozen=True, tag="tried"):
    """What became of it, and what time it is there."""

    device: codec.Bytes32
    answer: Number
    time: codec.Time


class Ping(Message, frozen=True, tag="ping"):
    """I am alive; these are the digests of my acts and of my heads."""

    office: codec.Bytes32
    heads: codec.Bytes32


class There(Message, frozen=True, tag="there?"):
    """Say at once that you are: a ping answers it."""


class Twin(Message, frozen=True, tag="twin"):
    """Two PCs use your key, both alive."""


class Bye(Message, frozen=True, tag="bye"):
    reason: Reason


AwaitReady = ServerReady | No | Who
Judging = Who | Warrants | No | ServerReady | Bye
Joining = Pake | Confirm | Me | Welcome | No | Bye
Linked = (
    Who
    | Warrants
    | ActsAsked
    | Acts
    | HeadsAsked
    | Heads
    | Have
    | Want
    | RunSent
    | BodiesAsked
    | Bodies
    | BlobAsked
    | BlobSent
    | LiveEntry
    | Presence
    | FeedAsked
    | FeedSaid
    | FeedHave
    | FeedPartAsked
    | FeedPart
    | ProgramTold
    | ProgramPartAsked
    | ProgramPart
    | TryAsked
    | Tried
    | Ping
    | There
    | Twin
    | Bye
)
_LINKED_NAMES = frozenset(shape.__struct_config__.tag for shape in Linked.__args__)


def act_parts(acts: Iterable[Act]) -> list[tuple[SignedAct, ...]]:
    """Acts cut to what one frame holds; at least one (empty) part, so that an answer always has an end."""
    parts: list[list[SignedAct]] = [[]]
    size = 0
    for act in acts:
        if parts[-1] and size + len(act.raw) > limits.FRAME // 2:
            parts.append([])
            size = 0
        parts[-1].append((act.raw, act.signature))
        size += len(act.raw) + 80
    return [tuple(part) for part in parts]


def body_messages(bodies: Sequence[tuple[EntryId, bytes | int]]) -> list[Bodies]:
    """Bodies cut to frames; at least one message."""
    parts: list[list[tuple[bytes, bytes | int]]] = [[]]
    size = 0
    for ident, body in bodies:
        weight = 48 + (len(body) if isinstance(body, bytes) else 0)
        if parts[-1] and size + weight > limits.FRAME - limits.KIB:
            parts.append([])
            size = 0
        parts[-1].append((ident, body))
        size += weight
    return [Bodies(tuple(part), more=i < len(parts) - 1) for i, part in enumerate(parts)]


def encode(message: Message) -> bytes:
    return codec.encode(message)


def decode(payload: bytes, shapes: Any, ceiling: int = limits.FRAME) -> Any:
    """The one message of `shapes` (a Message class or a union of them) that `payload` is; Malformed otherwise."""
    return codec.decode(payload, shapes, ceiling)


def decode_linked(payload: bytes) -> Message | None:
    """A message among colleagues; None for a name this version does not know, which is passed over."""
    try:
        message: Message = codec.decode(payload, Linked, limits.FRAME)  # type: ignore[arg-type]
    except Malformed:
        if _name(payload) in _LINKED_NAMES:
            raise
        return None
    return message


class _Named(msgspec.Struct, array_like=True):
    name: Annotated[str, msgspec.Meta(max_length=32)]


def _name(payload: bytes) -> str:
    return codec.decode_prefix(payload, _Named, limits.FRAME).name
