"""The makers' packages among colleagues: told of, fetched if the person wants, checked, kept, handed on.

Lives on the engine's loop; docs/protocol.md, section 14. Nothing is installed here, and without a pinned key of the
makers nothing is fetched or kept.
"""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deskblog import __version__, events, frozen, limits, release_key
from deskblog.engine.options import ProgramRow
from deskblog.engine.program_words import cannot_keep, no_key, no_room, not_theirs, older, unsigned
from deskblog.engine.shelf import Shelf
from deskblog.engine.vault import Vault
from deskblog.errors import Forged, PeerError, UserError
from deskblog.net import messages as m
from deskblog.net.exchange import Peer
from deskblog.net.gathering import Gathering
from deskblog.net.release import SUFFIX, Release, number, read_key, read_word
from deskblog.net.tempo import Tempo
from deskblog.values import BlobFate, DeviceKey

if TYPE_CHECKING:
    from deskblog.engine.network import Network

KEY = "program-fetch"
ON, OFF = "on", "off"
FOLDER = "programs"


class Programs:
    """`own`: the version that runs, `kind`: of which package it is."""

    def __init__(self, vault: Vault, folder: Path, tell: Callable[[events.Event], None]) -> None:
        self._vault = vault
        self._tell = tell
        self.own, self.kind = __version__, _own_kind()
        self.keys = tuple(read_key(line) for line in release_key.KEYS)
        self._folder = folder / FOLDER
        self._shelf: Shelf
        self.on = False
        self._network: Network | None = None
        self._offers: dict[DeviceKey, Release] = {}  # by link, the newest of this PC's kind
        self._tempo: dict[DeviceKey, Tempo] = {}  # of links: one may be level there, and tell, before it is here
        self._serving: Counter[DeviceKey] = Counter()
        self._gathering = Gathering(lambda: asyncio.get_running_loop().time())
        self._coming: Release | None = None
        self._come = 0  # bytes of it that are here
        self._joined: set[DeviceKey] = set()  # whom it may be asked of
        self._full = False  # the disk was, which is said once
        self._disk = asyncio.Lock()  # parts in their order
        self._reading = asyncio.Lock()
        self._looking = asyncio.Lock()  # two who begin to fetch at once would begin twice
        self._tasks: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None

    # --- beginning and ending -----------------------------------------------------------------------------
    async def begin(self, network: Network | None) -> None:
        self._shelf = Shelf(self._folder, self.keys)
        if self.keys:
            await asyncio.to_thread(self._shelf.open)
            self.on = await self._vault.call(self._vault.store.get, KEY) == ON
        self._network = network
        if network is not None and self.keys:
            network.programs = self
            for peer in network.level_peers():
                self.level(peer)

    async def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # --- what the person does -----------------------------------------------------------------------------
    @property
    def row(self) -> ProgramRow:
        """How it stands: what runs, whether newer ones are fetched and can be, and what lies here."""
        held = self._shelf.held
        files = tuple(str(self._shelf.path(held[kind])) for kind in sorted(held))
        new = held.get(self.kind)
        ready = new if new is not None and new.number > number(self.own) else None
        return ProgramRow(
            self.own, self.kind, bool(self.keys), self.on, ready.version if ready else "",
            str(self._shelf.path(ready)) if ready else "", files, self._coming.version if self._coming else "",
            self._come, self._coming.name.size if self._coming else 0,
        )  # fmt: skip

    async def choose(self, *, on: bool) -> None:
        """Fetches newer ones from colleagues from now on, or no more; Refused without a key of the makers."""
        if on and not self.keys:
            raise no_key()
        self.on = on
        await self._vault.call(self._vault.store.put, KEY, ON if on else OFF)
        if on:
            await self._look()
        else:
            async with self._looking:
                await self._give_up()

    async def add(self, path: Path) -> str:
        """Keeps a package, with its signature beside it, for colleagues; its version. Refused, Unusable."""
        if not self.keys:
            raise no_key()
        signature = path.with_name(path.name + SUFFIX)
        try:
            word = await asyncio.to_thread(lambda: signature.read_bytes()[: limits.PROGRAM_WORD + 1])
        except OSError:
            raise unsigned(path.name, signature.name) from None
        try:
            release = read_word(word, self.keys)
        except PeerError:
            raise not_theirs(path.name) from None
        held = self._shelf.held.get(release.kind)
        if held is not None and held.number > release.number:
            raise older(path.name, held.version)
        async with self._disk:
            try:
                await asyncio.to_thread(self._shelf.add, release, path)
            except Forged:
                raise not_theirs(path.name) from None
            except OSError as fault:
                raise cannot_keep(fault) from None
        await self._here(release)
        return release.version

    # --- what colleagues say ------------------------------------------------------------------------------
    def level(self, peer: Peer) -> None:
        for release in self._shelf.held.values():
            self._say(peer.device, m.ProgramTold(release.word))

    def gone(self, peer: Peer) -> None:
        self._offers.pop(peer.device, None)
        self._tempo.pop(peer.device, None)
        self._joined.discard(peer.device)
        self._gathering.left(peer.device)
        self._ask()

    def heard(self, peer: Peer, message: m.ProgramMessage) -> None:
        match message:
            case m.ProgramTold():
                tempo = self._tempo.setdefault(peer.device, Tempo(limits.PROGRAM_WORDS_MINUTE))
                if tempo.allows(asyncio.get_running_loop().time()):
                    self._told(peer, message.word)
            case m.ProgramPartAsked():
                self._later(self._serve(peer.device, message))
            case m.ProgramPart():
                self._came(peer.device, message)

    def _told(self, peer: Peer, word: bytes) -> None:
        try:
            release = read_word(word, self.keys)
        except PeerError as fault:  # other makers', perhaps, or later ones: nobody is blamed
            peer.link.faulted(fault)
            return
        known = self._offers.get(peer.device)
        if release.kind == self.kind and (known is None or release.number > known.number):
            self._offers[peer.device] = release
            self._later(self._look())

    # --- fetching -----------------------------------------------------------------------------------------
    async def _look(self) -> None:
        """Fetches the newest that is told of, if it is newer than all there is."""
        async with self._looking:
            await self._fetch_best()

    async def _fetch_best(self) -> None:
        best = max((one for one in self._offers.values() if self._wants(one)), key=_rank, default=None)
        if best is None:
            return
        if self._coming != best:
            if self._coming is not None:
                await self._give_up()
            if not await self._begin(best):
                return
        for device, release in self._offers.items():
            if release.name == best.name and device not in self._joined:
                self._joined.add(device)
                self._gathering.joined(device)
        self._ask()

    def _wants(self, release: Release) -> bool:
        held = self._shelf.held.get(self.kind)
        than = max(number(self.own), held.number if held is not None else ())
        return self.on and release.number > than

    async def _begin(self, release: Release) -> bool:
        async with self._disk:
            try:
                room, come = await asyncio.to_thread(
                    lambda: (self._shelf.has_room(release), self._shelf.come(release))
                )
            except OSError as fault:
                self._cannot(cannot_keep(fault))
                return False
        if not room:
            self._cannot(no_room(release.version))
            return False
        self._coming, self._come = release, come
        self._gathering.want(release.name, come)
        return True

    async def _give_up(self) -> None:
        release, self._coming, self._come = self._coming, None, 0
        if release is not None:
            self._gathering.forget(release.name)
            async with self._disk:
                await asyncio.to_thread(self._shelf.drop, release)

    def _ask(self) -> None:
        for ask in self._gathering.next():
            self._say(ask.device, m.ProgramPartAsked(ask.name.hash, ask.offset))
        if self._coming is not None and self._offers and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(limits.PING_SECONDS, self._beat)

    def _beat(self) -> None:
        """Leaves who is silent for another who told of it."""
        self._timer = None
        self._gathering.again()
        self._gathering.give_up_late()
        self._ask()

    def _came(self, device: DeviceKey, part: m.ProgramPart) -> None:
        release = self._coming
        if release is None or part.hash != release.name.hash:
            return
        if part.data is None:
            self._gathering.lacks(device, release.name)
            self._ask()
        elif self._gathering.part(device, release.name, part.offset, len(part.data)):
            self._later(self._keep(device, release, part.offset, part.data))
        else:
            self._ask()

    async def _keep(self, device: DeviceKey, release: Release, offset: int, data: bytes) -> None:
        async with self._disk:
            if self._coming != release:
                return
            try:
                fate = await asyncio.to_thread(self._shelf.take, release, offset, data)
            except OSError as fault:
                self._coming, self._come = None, 0
                self._gathering.forget(release.name)
                raise cannot_keep(fault) from None
        self._come = offset + len(data) if fate is BlobFate.MORE else 0
        if fate is BlobFate.WHOLE:
            self._gathering.forget(release.name)
            self._coming = None
            await self._here(release)
        elif fate is BlobFate.WRONG:
            self._gathering.wrong(release.name)
            if self._network is not None:
                self._network.count_fault(device, Forged("a package that is not what its word says"))
        self._ask()

    async def _here(self, release: Release) -> None:
        """It is whole and the makers': colleagues are told, and the person, if it is newer than what runs."""
        if self._network is not None:
            for peer in self._network.level_peers():
                self._say(peer.device, m.ProgramTold(release.word))
        if release.kind == self.kind and release.number > number(self.own):
            self._tell(events.ProgramCame(release.version, str(self._shelf.path(release))))

    # --- handing on ---------------------------------------------------------------------------------------
    async def _serve(self, device: DeviceKey, asked: m.ProgramPartAsked) -> None:
        data = None
        if self._serving[device] < limits.BLOBS_FLYING:
            self._serving[device] += 1
            try:
                async with self._reading:  # in the order in which they were asked for
                    data = await asyncio.to_thread(self._shelf.read, asked.hash, asked.offset)
            finally:
                self._serving[device] -= 1
                if not self._serving[device]:
                    del self._serving[device]
        self._say(device, m.ProgramPart(asked.hash, asked.offset, data))

    # --- small things -------------------------------------------------------------------------------------
    def _say(self, device: DeviceKey, message: m.Message) -> None:
        if self._network is not None:
            self._network.say_to(device, message)

    def _cannot(self, fault: UserError) -> None:
        if not self._full:
            self._full = True
            self._tell(events.Trouble("programs", fault.what, fault.kept, fault.next_step))

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except UserError as fault:
            self._cannot(fault)


def _own_kind() -> str:
    import platform

    return frozen.package_kind(sys.platform, platform.machine(), sys.executable, alone=frozen.packaged())


def _rank(release: Release) -> tuple[tuple[int, ...], bytes]:
    return release.number, release.name.hash
