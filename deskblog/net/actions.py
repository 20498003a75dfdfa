"""What a session decides, as values: the doing is the exchange's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from deskblog.log.act import Act
from deskblog.log.run import Run
from deskblog.net import messages as m
from deskblog.values import EntryId, LogName


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
    """A checked run with the bodies that came (None: wanted still)."""

    run: Run
    bodies: tuple[bytes | None, ...]
    live: bool


@dataclass(frozen=True, slots=True)
class TakeBodies:
    bodies: tuple[tuple[EntryId, bytes], ...]


@dataclass(frozen=True, slots=True)
class ServeRun:
    log: LogName
    after: int
    after_id: bytes
    to: int


@dataclass(frozen=True, slots=True)
class ServeBodies:
    ids: tuple[EntryId, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """All that the peer offered is here, or on its way from another link."""


@dataclass(frozen=True, slots=True)
class Close:
    reason: str


Action = Send | TakeActs | TakeRun | TakeBodies | ServeRun | ServeBodies | Level | Close


def send_acts(acts: Sequence[Act]) -> list[Send]:
    """Acts cut to frames; at least one (empty) message, so that the asker knows it is whole."""
    parts = m.act_parts(acts)
    return [Send(m.Acts(part, more=i < len(parts) - 1)) for i, part in enumerate(parts)]
