"""The run: consecutive headers of one log, vouched for by a single signature at their end.

One check for up to 256 headers is what makes a history of 100,000 posts a matter of seconds. Nothing of a run is
accepted before that check: each header names the one before it by hash, so the last signature covers them all.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from deskblog import limits
from deskblog.errors import Forged, Malformed, TooLarge
from deskblog.log.entry import Entry, decode_entry
from deskblog.log.keys import SIGN_ENTRY, verify
from deskblog.values import NO_ID, EntryId, LogName, OfficeId, Point


class Run(Struct, frozen=True):
    """Checked: the chain holds, the signature is the device's over the last entry (empty: a border names that)."""

    log: LogName
    entries: tuple[Entry, ...]
    signature: bytes

    @property
    def first(self) -> int:
        return self.entries[0].header.seq

    @property
    def end(self) -> Point:
        return self.entries[-1].point


def check_run(
    office: OfficeId,
    log: LogName,
    after: Point | None,
    headers: Sequence[bytes],
    signature: bytes,
    bordered: EntryId | None = None,
) -> Run:
    """The run that continues `log` after `after`. Malformed, TooLarge or Forged if it is not one.

    A run that ends in the entry `bordered` needs no signature (empty): the border that names it vouches for it.
    """
    if not headers:
        raise Malformed("run: empty")
    if len(headers) > limits.RUN:
        raise TooLarge(f"run: {len(headers)} headers")
    entries = tuple(decode_entry(raw) for raw in headers)
    _check_chain(office, log, after, entries)
    if signature or entries[-1].id != bordered:
        verify(log.device, SIGN_ENTRY, entries[-1].id, signature)
    return Run(log, entries, signature)


def _check_chain(office: OfficeId, log: LogName, after: Point | None, entries: tuple[Entry, ...]) -> None:
    seq, previous = (after.seq, after.id) if after else (0, NO_ID)
    for entry in entries:
        header = entry.header
        if header.office != office:
            raise Forged("run: an entry of another office")
        if header.device != log.device or header.number != log.number:
            raise Forged("run: an entry of another log")
        if header.seq != seq + 1 or header.previous != previous:
            raise Forged("run: the chain does not follow")
        seq, previous = header.seq, entry.id
