"""Repair: every raw entry is read again; what does not hold is put aside, what others can give is wanted again."""

from __future__ import annotations

import json
from pathlib import Path

from msgspec import Struct

from deskblog.errors import PeerError
from deskblog.log.entry import Entry, body_fits, decode_entry
from deskblog.log.keys import SIGN_ENTRY, verify
from deskblog.log.office import Office
from deskblog.store.entries import BodyState
from deskblog.store.logs import HeldLog
from deskblog.store.store import Store
from deskblog.values import EntryId, Point
from deskblog.whole import write_whole


class Repaired(Struct, frozen=True):
    """`dropped`: entries put aside, into the file `aside`; `wanted`: bodies that are asked of colleagues."""

    acts: int
    entries: int
    dropped: int
    wanted: int
    aside: Path | None


def repair(store: Store, office: Office, folder: Path, now: int) -> Repaired:
    """Checks every entry, puts aside what does not hold, makes every view anew."""
    checker = _Checker(store, office)
    for chain in store.archive.logs.all():
        checker.check(chain)
    aside = None
    if checker.aside:
        aside = folder / f"posts.unsound-{now}.jsonl"
        write_whole(aside, "".join(f"{json.dumps(line)}\n" for line in checker.aside).encode())
    checker.write()
    store.rebuild(office)
    total = store.database.row("SELECT count(*) FROM entry")[0]
    return Repaired(len(office.acts), total, len(checker.aside), checker.wanted, aside)


class _Checker:
    """Walks chains, parents first; remembers where each must end and which bodies do not fit."""

    def __init__(self, store: Store, office: Office) -> None:
        self._store = store
        self._office = office
        self._ends: dict[int, Point] = {}
        self._cut: dict[int, int] = {}  # chain -> last sound seq
        self._unsigned: list[tuple[int, int]] = []  # (chain, seq) of signatures that do not hold; a later one does
        self._unfit: list[EntryId] = []
        self._healed: dict[EntryId, bytes] = {}  # openings of own logs, from their second copy
        self.aside: list[dict[str, object]] = []
        self.wanted = 0

    def check(self, chain: HeldLog) -> None:
        rows = self._store.archive.entries.rows(chain)
        sound, signed = chain.start - 1, chain.start - 1
        after = self._before(chain)
        for seq, ident, raw, signature, _body in rows:
            entry = self._sound(chain, after, seq, ident, raw) if after or chain.start == 1 else None
            if entry is None or sound != seq - 1:
                break
            after, sound = entry.point, seq
            vouched = signature is not None and _vouches(entry, signature)
            if vouched or self._is_border(chain, entry):
                signed = seq
            if signature is not None and not vouched:
                self._unsigned.append((chain.n, seq))
        if signed < chain.head.seq:
            self._cut[chain.n] = signed
            self.aside += [_line(chain, row) for row in rows if row[0] > signed]
        self._check_bodies([row for row in rows if row[0] <= signed])
        self._ends[chain.n] = chain.head

    def _before(self, chain: HeldLog) -> Point | None:
        if chain.parent is None:
            return None
        parent = self._store.archive.logs.numbered(chain.parent)
        if chain.start - 1 > self._cut.get(parent.n, parent.head.seq):
            return None
        return self._store.archive.entries.point(parent, chain.start - 1)

    def _sound(self, chain: HeldLog, after: Point | None, seq: int, ident: bytes, raw: bytes) -> Entry | None:
        try:
            entry = decode_entry(raw)
            header = entry.header
            follows = (header.seq - 1, header.previous) == ((after.seq, after.id) if after else (0, bytes(32)))
            if (entry.id, header.seq, entry.log, header.office) != (ident, seq, chain.name, self._office.id):
                return None
        except PeerError:
            return None
        return entry if follows else None

    def _is_border(self, chain: HeldLog, entry: Entry) -> bool:
        reach = self._office.reach(chain.name)
        return reach is not None and reach.id == entry.id

    def _check_bodies(self, rows: list[tuple[int, bytes, bytes, bytes | None, bytes | None]]) -> None:
        for seq, ident, raw, _signature, body in rows:
            entry = decode_entry(raw)
            fits = body is not None and body_fits(entry, body)
            spare = self._store.spare_opening(entry.id) if seq == 1 and not fits else None
            if spare is not None and body_fits(entry, spare):
                self._healed[EntryId(ident)] = spare
            elif body is not None and not fits:
                self._unfit.append(EntryId(ident))

    def write(self) -> None:
        """Makes it so."""
        archive = self._store.archive
        with self._store.database.transaction(durable=True):
            archive.entries.let_go(self._unfit, BodyState.WANTED)
            for ident, body in self._healed.items():
                archive.entries.fill(ident, body)
            archive.entries.unsign(self._unsigned)
            archive.cut_back(self._cut)
            if self._cut or self._unfit:
                self._store.leave_own_log()  # if cut, colleagues hold more of it; unopened it is nobody's
        archive.reload()
        self.wanted = self._store.database.row(f"SELECT count(*) FROM entry WHERE state = {int(BodyState.WANTED)}")[0]


def _vouches(entry: Entry, signature: bytes) -> bool:
    try:
        verify(entry.header.device, SIGN_ENTRY, entry.id, signature)
    except PeerError:
        return False
    return True


def _line(chain: HeldLog, row: tuple[int, bytes, bytes, bytes | None, bytes | None]) -> dict[str, object]:
    seq, _ident, raw, signature, body = row
    return {
        "device": chain.name.device.hex(),
        "log": chain.name.number.hex(),
        "seq": seq,
        "header": raw.hex(),
        "signature": signature.hex() if signature else None,
        "body": body.hex() if body else None,
    }
