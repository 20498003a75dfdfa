"""Reads one bundle: each piece is checked where nobody waits, then stored as if a link had brought it.

What was stored stays, whatever comes behind it. What cannot be taken is passed over and counted, never an error: who
wrote the bundle may have known less, or more, than this PC does.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from deskblog import events
from deskblog.engine.alarms import copied
from deskblog.engine.network import Network
from deskblog.engine.people import Around, people_rows
from deskblog.engine.standing import Standing
from deskblog.engine.vault import Vault
from deskblog.errors import Forged, PeerError, Refused, Unusable, UserError
from deskblog.i18n import _, plural
from deskblog.limits import CHUNK
from deskblog.log.envelope import FAMILY, MAGIC, open_stream
from deskblog.net import bundle as b
from deskblog.net.sync import Replica
from deskblog.store.entries import BodyState
from deskblog.store.store import Ingested
from deskblog.values import EntryId, LogName, OfficeId


class Unpacking:
    """`new`, `known`: posts; `people`: whose the new ones are."""

    def __init__(
        self, vault: Vault, standing: Standing, network: Network | None, tell: Callable[[events.Event], None]
    ) -> None:
        self.opening: b.Opening | None = None
        self.new = self.known = self.acts = 0
        self.people: Counter[str] = Counter()
        self.refused: set[LogName] = set()
        self._vault = vault
        self._standing = standing
        self._network = network
        self._tell = tell
        self._grown: dict[LogName, None] = {}
        self._own = False

    @property
    def _replica(self) -> Replica:
        assert self._vault.replica is not None
        return self._vault.replica

    async def run(self, file: Path) -> b.Opening:
        """Takes all there is; what the writer says of itself. UserError says in words why not, or why not all."""
        office = self._replica.office
        pieces = b.read_bundle(
            open_stream(OfficeId(office.id), self._vault.keys, _bytes(file)), lambda: self._replica.office
        )
        try:
            while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
                await self._take(piece)
        except OSError as fault:
            raise self._unread(file, fault) from None
        except PeerError as fault:
            raise self._broken(fault) from None
        except Unusable as fault:
            raise Unusable(fault.what, kept=self._kept(), next_step=fault.next_step) from None
        finally:
            await self._pass_on()
        assert self.opening is not None
        return self.opening

    async def _take(self, piece: b.Piece) -> None:
        match piece:
            case b.Opening():
                self.opening = piece
            case b.ActsRead():
                await self._take_acts(piece)
            case b.RunRead():
                await self._take_run(piece)
            case b.Unvouched():
                pass

    async def _take_acts(self, piece: b.ActsRead) -> None:
        new = await self._vault.take_acts(piece.acts)
        self.acts += len(new)
        if new and self._network is not None:
            self._network.announce_acts(new)
        elif new:
            self._standing.office_changed()
            office, me = self._replica.office, self._vault.keys.device
            self._tell(events.PeopleChanged(people_rows(office, me, Around())))
        if piece.last:
            await self._standing.check()  # whoever is out learns of acts, for one may take it back, and of no more

    # --- entries ------------------------------------------------------------------------------------------
    async def _take_run(self, piece: b.RunRead) -> None:
        run, replica = piece.run, self._replica
        if replica.office.person_of(run.log.device) is None or run.log in self.refused:
            return
        store = self._vault.store
        states = await self._vault.call(store.archive.entries.states, [entry.id for entry in run.entries])
        self.known += sum(key is not None for _id, _n, _seq, _state, key in states)
        held = {ident: state for ident, _n, _seq, state, _key in states}
        if len(held) < len(run.entries) and await self._hangs(piece, held):
            await self._store_run(piece)
        wanted = [
            (entry.id, body)
            for entry, body in zip(run.entries, piece.bodies, strict=True)
            if body is not None and held.get(entry.id) is BodyState.WANTED
        ]
        if wanted:
            self._took(await self._vault.take_bodies(wanted))

    async def _hangs(self, piece: b.RunRead, held: dict[EntryId, BodyState]) -> bool:
        """True if something of a run that is not held may be taken, and what it follows is held."""
        run, replica = piece.run, self._replica
        first, limit = run.entries[0], replica.limit(run.log)
        new = next(entry for entry in run.entries if entry.id not in held)
        if limit is not None and new.header.seq > limit and not replica.gets_all(replica.me, run.log):
            return False
        if run.first == 1 or first.id in held:
            return True
        previous = EntryId(first.header.previous)
        place = (await self._vault.call(self._vault.store.places, [previous])).get(previous)
        if place is not None and place != (run.log, run.first - 1):
            raise Forged("bundle: a run that follows an entry of another log")
        return place is not None

    async def _store_run(self, piece: b.RunRead) -> None:
        run = piece.run
        if run.log.device == self._vault.keys.device:
            self._own = True
            if await self._vault.own_ahead(run.log):
                self._tell(copied())
        taken = await self._vault.take_run(run, piece.bodies)
        if not taken.kept:
            self.refused.add(run.log)
            self._replica.refuse(run.log, run.end)
        elif not taken.spread and run.log.device != self._vault.keys.device:
            self._tell(events.LateCame())
        self._took(taken)

    def _took(self, taken: Ingested) -> None:
        self.new += len(taken.rows)
        self.people.update(row.person for row in taken.rows)
        self._grown |= dict.fromkeys(taken.ends)
        if taken.reshown:
            self._tell(events.TimelineChanged())
        if taken.rows:
            self._tell(events.Posted(taken.rows, live=False))

    async def _pass_on(self) -> None:
        """Tells every colleague what grew; what this PC finds of its own and does not count yet, it claims."""
        if self._network is not None and self._grown:
            self._network.brought(list(self._grown))
        if self._own:
            await self._vault.claim()

    # --- what went wrong, in words ------------------------------------------------------------------------
    def _kept(self) -> str:
        if not (self.new or self.acts):
            return _("Nothing was taken from it.")
        return _("What came before that is kept: {posts}.").format(
            posts=plural("{n} new post", "{n} new posts", self.new)
        )

    def _broken(self, fault: PeerError) -> UserError:
        if self.opening is None and isinstance(fault, Forged):
            return Refused(
                _("This bundle is of another office, or it was changed on its way."),
                kept=self._kept(),
                next_step=_("Have it sent or copied again."),
            )
        return Refused(
            _("This bundle is damaged, or it was cut short."),
            kept=self._kept(),
            next_step=_("Have it sent or copied again: to read it twice does no harm."),
        )

    def _unread(self, file: Path, fault: OSError) -> UserError:
        return Unusable(
            _("The file {file} cannot be read: {why}.").format(file=file, why=fault.strerror or fault),
            kept=self._kept(),
            next_step=_("Copy it to this PC and try again: to read it twice does no harm."),
        )


def _bytes(file: Path) -> Iterator[bytes]:
    """Refused for what is no bundle at all."""
    with file.open("rb") as opened:
        first = opened.read(CHUNK)
        if not first.startswith(MAGIC):
            raise b.newer() if first.startswith(FAMILY) else _none()
        yield first
        while data := opened.read(CHUNK):
            yield data


def _none() -> Refused:
    return Refused(_("This file is no bundle of deskblog."), kept=_("Nothing was taken from it."))
