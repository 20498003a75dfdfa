"""What a session decides, as values: the doing is the exchange's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from deskblog.log.act import Act
from deskblog.log.attachment import BlobName
from deskblog.log.run import Run
from deskblog.net import messages as m
from deskblog.values import DeviceKey, EntryId, LogName, Point


@dataclass(frozen=True, slots=True)
class Send:
    message: m.Message


@dataclass(frozen=True, slots=True)
class TakeActs:
    """Checked one by one; parents may still be missing. `last` ends the answer to our question."""

    acts: tuple[Act, ...]
    last: bool
    asked: bool


@dataclass(frozen=True, slots=True)
class TakeRun:
    """A checked run with the bodies that came (None: wanted still). `to`: where the fetching of it is to end."""

    run: Run
    bodies: tuple[bytes | None, ...]
    live: bool
    to: Point


@dataclass(frozen=True, slots=True)
class TakeBodies:
    bodies: tuple[tuple[EntryId, bytes], ...]


@dataclass(frozen=True, slots=True)
class ServeRun:
    """Send what follows the highest of `points` towards `to`."""

    log: LogName
    points: tuple[Point, ...]
    to: Point


@dataclass(frozen=True, slots=True)
class Look:
    """Which of these points, offered by the peer, are not held here?"""

    points: tuple[tuple[LogName, Point], ...]


@dataclass(frozen=True, slots=True)
class Locate:
    """At which points of mine can the peer tell where its chain of this log parts from mine?"""

    log: LogName


@dataclass(frozen=True, slots=True)
class OwnAhead:
    """The peer holds of a log of mine what I do not: this store is not the last I had, or somebody has my key."""

    log: LogName


@dataclass(frozen=True, slots=True)
class ServeBodies:
    ids: tuple[EntryId, ...]


@dataclass(frozen=True, slots=True)
class Twinned:
    """The peer says that another PC with this one's key is alive."""


@dataclass(frozen=True, slots=True)
class PeerHolds:
    """The peer has logs of mine on its disk up to these points."""

    points: tuple[tuple[LogName, Point], ...]


@dataclass(frozen=True, slots=True)
class ServeBlob:
    """Send a part of a blob, or say that it is not here."""

    name: BlobName
    offset: int


@dataclass(frozen=True, slots=True)
class TakeBlob:
    """A part that came; None: the peer does not hold it; empty: it does now."""

    name: BlobName
    offset: int
    data: bytes | None


@dataclass(frozen=True, slots=True)
class TakePresence:
    """Records not looked at yet, with their signatures."""

    records: tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True)
class TakeAside:
    """What a colleague says or asks of a feed, or of a package; others decide what comes of it."""

    message: m.Aside


@dataclass(frozen=True, slots=True)
class Try:
    """The peer asks whether a device's door can be reached from here."""

    device: DeviceKey


@dataclass(frozen=True, slots=True)
class TakeTried:
    """What the peer found at a device's door, as it says it on the wire, and the time there (UTC ms)."""

    device: DeviceKey
    answer: int
    time: int


@dataclass(frozen=True, slots=True)
class Level:
    """All that the peer offered is here, or on its way from another link."""


@dataclass(frozen=True, slots=True)
class Close:
    reason: str


Action = (
    Send
    | TakeActs
    | TakeRun
    | TakeBodies
    | ServeRun
    | ServeBodies
    | Look
    | Locate
    | OwnAhead
    | Twinned
    | PeerHolds
    | ServeBlob
    | TakeBlob
    | TakePresence
    | TakeAside
    | Try
    | TakeTried
    | Level
    | Close
)


def send_acts(acts: Sequence[Act]) -> list[Send]:
    """Acts cut to frames; at least one (empty) message, so that the asker knows it is whole."""
    parts = m.act_parts(acts)
    return [Send(m.Acts(part, more=i < len(parts) - 1)) for i, part in enumerate(parts)]
