"""What became of entries or bodies that were taken in."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from deskblog.log.attachment import BlobName
from deskblog.values import Address, Ends, EntryId, LogName, PersonId, Profile, Row, Status


class Ingested(Struct, frozen=True):
    """What became of entries or bodies taken in.

    `rows`: now on the timeline. `ends`: the logs whose ends changed. `kept`: False if a ceiling refused them.
    `spread`: True if they are part of the office, or it is not known yet. `forked`: their log was found forked.
    `reshown`: rows went from the timeline, or came back to it. `changed`: rows that say something else. `statuses`:
    what all are doing now, `profiles` who they say they are, `roads` which addresses lead to other sites; None: as
    before. `named`: blobs that are wanted now. `let_go`: bodies are gone, and what they named may be.
    `read`: what another PC of one's own has marked so.
    """

    rows: tuple[Row, ...]
    ends: Mapping[LogName, Ends]
    kept: bool = True
    spread: bool = True
    forked: bool = False
    reshown: bool = False
    changed: tuple[Row, ...] = ()
    statuses: Mapping[PersonId, Status] | None = None
    profiles: Mapping[PersonId, Profile] | None = None
    roads: tuple[Address, ...] | None = None
    named: tuple[BlobName, ...] = ()
    let_go: bool = False
    read: tuple[EntryId, ...] = ()
