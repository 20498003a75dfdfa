"""Bundles: what another site lacks, as a file; what such a file brings; and what its writer was seen to have."""

from __future__ import annotations

import asyncio
import base64
import json
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct

from deskblog import events, limits
from deskblog.engine.network import Network
from deskblog.engine.options import BundleRead, BundleWritten
from deskblog.engine.packing import Held, Packing, by_log
from deskblog.engine.standing import Standing
from deskblog.engine.unpacking import Unpacking
from deskblog.engine.vault import Vault, now_ms
from deskblog.errors import Refused
from deskblog.i18n import _, alphabetical
from deskblog.log import codec
from deskblog.log.office import Office
from deskblog.net import bundle as b
from deskblog.net.heads import Line
from deskblog.net.sync import Replica
from deskblog.store.lacking import lacking_after, shown_between
from deskblog.values import DeviceKey, EntryId, LogName, Point

_KEY = "bundle-"  # and a device's key in hex: what is remembered of its last bundle
_LOGS = 64  # logs looked at in one go
_MANY = 500  # ids looked up in one go


class Known(Struct, frozen=True):
    """What a device said in its last bundle that was read here. Times are UTC ms."""

    device: DeviceKey
    time: int  # when it was written, by its clock
    read: int  # by ours
    held: Held


class Bundles:
    """Writes and reads them, one at a time."""

    def __init__(
        self,
        vault: Vault,
        standing: Standing,
        network: Callable[[], Network | None],
        tell: Callable[[events.Event], None],
        now: Callable[[], int] = now_ms,
    ) -> None:
        self._vault = vault
        self._standing = standing
        self._network = network
        self._tell = tell
        self._now = now
        self._busy = asyncio.Lock()

    def _replica(self) -> Replica:
        if self._vault.replica is None:
            raise Refused(
                _("This PC is in no office yet."),
                next_step=_("Found one, or join one with a code that a colleague gives you."),
            )
        return self._vault.replica

    # --- writing ------------------------------------------------------------------------------------------
    async def write(self, file: Path, *, since: int = 0, whole: bool = False) -> BundleWritten:
        """Writes what those lack whose bundles were read here; of nobody known, or `whole`: everything.

        `since`: UTC ms; what is older is left out.
        """
        replica = self._replica()
        await self._standing.check()
        office, me = replica.office, self._vault.keys.device
        if set(office.devices) == {me}:
            raise Refused(_("There is no other PC in this office yet: nobody could read it."))
        async with self._busy:
            known = [] if whole else await self._known(office)
            against = tuple((one.device, one.time) for one in known)
            begun = b.Begun(b.VERSION, office.id, me, self._now(), since, against)
            lines = [line for log, _ends in list(replica.heads.logs()) for line in replica.heads.lines(log)]
            held = [one.held for one in known]
            packing = Packing(self._vault.store, self._vault.keys, office, begun, lines, held)
            await self._pack(packing, file)
        names = tuple(sorted({_name(office, one.device) for one in known}, key=alphabetical))
        acts = len(office.acts)
        return BundleWritten(str(file), packing.posts, packing.entries, acts, packing.size, since, names)

    async def _pack(self, packing: Packing, file: Path) -> None:
        try:
            await self._vault.call(packing.begin, file, secrets.token_bytes)
            while await self._vault.call(packing.step, file):
                pass
        except BaseException:
            await self._vault.call(packing.drop)
            raise

    # --- reading ------------------------------------------------------------------------------------------
    async def read(self, file: Path) -> BundleRead:
        """Takes what is new; Refused or Unusable say in words why not, or why not all of it."""
        self._replica()
        if not await asyncio.to_thread(file.is_file):
            raise Refused(_("There is no file {file}.").format(file=file))
        async with self._busy:
            unpacking = Unpacking(self._vault, self._standing, self._network(), self._tell)
            opening = await unpacking.run(file)
            office, held = self._replica().office, by_log(opening.heads)
            believed = office.is_in(opening.device) and opening.device != self._vault.keys.device
            if believed:
                await self._remember(opening)
                await self._hear(opening.device, held)
            return BundleRead(
                writer=_name(office, opening.device),
                at=opening.begun.time,
                new=unpacking.new,
                known=unpacking.known,
                acts=unpacking.acts,
                people=tuple(unpacking.people.most_common()),
                lacking=await self._lacking(held, unpacking.refused) if believed else 0,
                answer=await self._answer(held) if believed else -1,
            )

    async def _hear(self, device: DeviceKey, held: Held) -> None:
        """What it holds of this PC's own posts is as good as if it had said so on a link."""
        points = [(log, point) for log, ends in held.items() for point in ends]
        if self._vault.safety.holds(device, points):
            await self._vault.keep_sightings()
            self._tell(events.Copied(await self._vault.only_here()))

    async def _lacking(self, held: Held, refused: set[LogName]) -> int:
        """How many entries the writer had that are not here, though they would be taken."""
        replica = self._replica()
        past: dict[EntryId, int] = {}
        for log, ends in held.items():
            if replica.office.person_of(log.device) is None or log in refused:
                continue
            frontier = replica.heads.frontier(log)
            for point in ends:
                lacking = replica.lacks(log, point)
                if lacking is not None:
                    past[lacking.id] = max(1, lacking.seq - (frontier.seq if frontier else 0))
        total, ids = 0, list(past)
        for start in range(0, len(ids), _MANY):
            total += sum(past[ident] for ident in await self._vault.missing(ids[start : start + _MANY]))
        return total

    async def _answer(self, held: Held) -> int:
        """How many posts of here the writer did not have."""
        heads = self._replica().heads
        logs = [(log, ends) for log, ends in list(heads.logs()) if ends.counted]
        total = 0
        for start in range(0, len(logs), _LOGS):
            part = [(log, ends.counted[-1], held.get(log, [])) for log, ends in logs[start : start + _LOGS]]
            total += await self._vault.call(self._count, part)
        return total

    def _count(self, part: Sequence[tuple[LogName, Point, Sequence[Point]]]) -> int:
        """On the store's thread."""
        archive = self._vault.store.archive
        return sum(
            shown_between(archive, log, lacking_after(archive, log, to, [points]), to) for log, to, points in part
        )

    # --- what others were seen to have --------------------------------------------------------------------
    async def _remember(self, opening: b.Opening) -> None:
        """Of a device its latest bundle, whichever was read last."""
        before = await self._all_known()
        mine = next((one for one in before if one.device == opening.device), None)
        if mine is not None and mine.time >= opening.begun.time:
            return
        text = {"time": opening.begun.time, "read": self._now(), "heads": _packed(opening.heads)}
        put = self._vault.store.put
        await self._vault.call(put, _KEY + opening.device.hex(), json.dumps(text))
        others = sorted((one for one in before if one is not mine), key=lambda one: -one.read)
        for one in others[limits.BUNDLES_KNOWN - 1 :]:
            await self._vault.call(put, _KEY + one.device.hex(), "")

    async def _known(self, office: Office) -> list[Known]:
        """Those in the office that no link has reached since: they are told of by bundles alone."""
        return [
            one
            for one in await self._all_known()
            if office.is_in(one.device) and self._vault.safety.last_seen(one.device) < one.read
        ][: limits.BUNDLES_KNOWN]

    async def _all_known(self) -> list[Known]:
        kept = await self._vault.call(self._vault.store.settings, (_KEY,))
        found = []
        for key, text in kept:
            if text:
                device, said = DeviceKey(bytes.fromhex(key.removeprefix(_KEY))), json.loads(text)
                found.append(Known(device, said["time"], said["read"], by_log(_unpacked(said["heads"]))))
        return found


def _packed(lines: Sequence[Line]) -> str:
    return base64.b64encode(codec.encode(tuple(lines))).decode()


def _unpacked(text: str) -> tuple[Line, ...]:
    return codec.decode(base64.b64decode(text), tuple[codec.HeadLine, ...], limits.BUNDLE_HEADS * 128)


def _name(office: Office, device: DeviceKey) -> str:
    person = office.person_of(device)
    return person.name if person is not None else device.hex()[:8]
