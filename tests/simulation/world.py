"""The simulated office: PCs with real engines on real stores, and all that can happen to them.

Real: engine, network, hub, doors, handshakes, sessions, vault, store, SQLite on files. Simulated: TCP and TLS between
them (wire.py), threads and time (loop.py), dice, clocks.
"""

from __future__ import annotations

import asyncio
import contextvars
import shutil
from collections import Counter
from collections.abc import Callable, Coroutine
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from deskblog.engine import Engine, Options
from deskblog.errors import PeerError, UserError
from deskblog.net.hub import Hub
from deskblog.net.link import Link
from tests.simulation.life import LIFE, Life
from tests.simulation.watcher import Watcher
from tests.simulation.wire import Wire

T = TypeVar("T")
BEGIN = 1_750_000_000_000  # what right clocks show when it all begins, UTC ms


class Pc:
    """One PC: its disk, and its engine while it runs."""

    def __init__(self, world: World, name: str) -> None:
        self.world = world
        self.name = name
        self.disk = world.folder / name
        self.place = 0  # two PCs of different places do not hear each other
        self.skew = 0
        self.life = Life(name)
        self.context = contextvars.copy_context()
        self.engine: Engine | None = None
        self.wires: list[Wire] = []
        self.watcher = Watcher()
        self.image_restored = False  # its disk was once put back or copied with the mark's double
        self.device = b""
        self.person = b""  # as it joined
        self.copies = 0

    @property
    def address(self) -> str:
        return f"{self.name}:1"

    @property
    def running(self) -> bool:
        return self.engine is not None

    async def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Runs something as this PC: its clock, its life."""
        return await asyncio.get_running_loop().create_task(work, context=self.context)

    # --- on and off ---------------------------------------------------------------------------------------
    async def start(self) -> None:
        self.life = Life(self.name, self.skew)
        self.context = contextvars.copy_context()
        self.context.run(LIFE.set, self.life)
        engine = self.context.run(self._made)
        self.engine = engine
        await self.do(engine.start())
        await self.do(self.watcher.begin(engine))
        for other in self.world.neighbours(self):
            self.context.run(engine.reach, other.address) if engine.in_office else None

    def _made(self) -> Engine:
        options = Options(discovery=False, watch=False, port=1, state=self.disk / "state")
        self.watcher = Watcher()
        engine = Engine(self.disk / "data", self.watcher.hear, options=options)
        engine._vault.dice = self.world.token_bytes
        return engine

    async def stop(self) -> None:
        if self.engine is not None:
            engine, self.engine = self.engine, None
            await self.do(engine.stop())
            self.life.over = True

    def kill(self) -> None:
        """The process is gone: what it had not written is lost, its colleagues are not told."""
        if self.engine is None:
            return
        self.life.over = True
        for wire in self.wires:
            wire.vanish()
        self.wires.clear()
        engine, self.engine = self.engine, None
        old = self.disk
        self.copies += 1
        self.disk = self.world.folder / f"{self.name}-{self.copies}"
        shutil.copytree(old, self.disk)
        engine._vault.store.database.close()
        engine._lock.release()
        self.world.bury(self.life)

    # --- its disk -----------------------------------------------------------------------------------------
    def image(self, *, whole: bool) -> Path:
        """A copy of the data folder as it lies there; `whole`: with what the system keeps elsewhere."""
        self.world.images += 1
        to = self.world.folder / f"image-{self.world.images}"
        shutil.copytree(self.disk / "data", to / "data")
        if whole and (self.disk / "state").exists():
            shutil.copytree(self.disk / "state", to / "state")
        return to

    def put_back(self, image: Path) -> None:
        """The disk is as it was when the image was made; the state folder too, if that was in it."""
        self.copies += 1
        state = self.disk / "state"
        to = self.world.folder / f"{self.name}-{self.copies}"
        shutil.copytree(image, to)
        if not (to / "state").exists() and state.exists():
            shutil.copytree(state, to / "state")
        self.disk = to
        self.image_restored |= (image / "state").exists()
        self.world.rolled_back = True


class World:
    """All PCs, and the network between them."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.seed = seed
        self.dice = Random(seed)
        self.folder = folder
        self.pcs: list[Pc] = []
        self.images = 0
        self.trace: list[str] = []
        self.tasks: dict[Life, list[asyncio.Task[Any]]] = {}
        self.loop: Any = None
        self.crowd = 6  # PCs each reaches for
        self.rolled_back = False  # a disk was put back or copied
        self.damaged = False  # a disk lost something without anybody's doing
        self.filled = False  # a disk was full
        self.later = 0  # ms that passed at one go, for everybody
        self.keeps = 0  # the least days that posts were ever to be kept; 0: always
        self.skewed = False  # a clock was wrong
        self.thirsty = self.dice.random() < 0.3  # there is a coffee machine: what is said there is let go of
        self.coffee = False  # … and something was
        self.blames: list[str] = []
        self.talk: Counter[str] = Counter()  # frames sent, by name

    def note(self, text: str) -> None:
        self.trace.append(f"{self.loop.now:9.3f}  {text}")

    def token_bytes(self, count: int = 32) -> bytes:
        return self.dice.randbytes(count)

    def time_ns(self) -> int:
        """What the clock of whoever asks shows."""
        return (self.now() + LIFE.get().skew) * 1_000_000

    def now(self) -> int:
        """What a right clock shows, UTC ms."""
        return BEGIN + self.later + int(self.loop.now * 1000)

    def add(self, name: str) -> Pc:
        pc = Pc(self, name)
        self.pcs.append(pc)
        return pc

    def neighbours(self, pc: Pc) -> list[Pc]:
        """Whom a PC reaches for: everyone in a small office, a ring and some more in a large one."""
        others = [other for other in self.pcs if other is not pc]
        if len(self.pcs) <= self.crowd + 1:
            return others
        place = self.pcs.index(pc)
        ring = [self.pcs[(place + step) % len(self.pcs)] for step in (1, 2)]
        more = Random(f"{self.seed} {pc.name}").sample(others, min(4, len(others)))
        return list(dict.fromkeys([*ring, *more]))

    def passes(self, one: Pc, other: Pc) -> bool:
        return one.place == other.place

    # --- the network --------------------------------------------------------------------------------------
    def pc_of(self, hub: Hub) -> Pc:
        return next(
            pc for pc in self.pcs if pc.engine is not None and pc.engine._network and pc.engine._network._hub is hub
        )

    async def open(self, hub: Hub, address: tuple[str, int]) -> Link | None:
        """Instead of a TCP connection and TLS over it."""
        if LIFE.get().over:
            await asyncio.get_running_loop().create_future()
        dialling = self.pc_of(hub)
        answering = next((pc for pc in self.pcs if pc.name == address[0]), None)
        await asyncio.sleep(self.dice.uniform(0.0005, 0.01))
        if answering is None or answering.engine is None or answering is dialling:
            return None
        if not self.passes(dialling, answering):
            await asyncio.sleep(3.0)
            return None
        network = answering.engine._network
        if network is None or network._hub._stopped:
            return None
        return self._joined(dialling, hub, answering, network._hub)

    def _joined(self, dialling: Pc, hub: Hub, answering: Pc, door: Hub) -> Link:
        near = Link(lambda _link: None, hub._link_lost, dialled=True)
        near.faulted = self._blaming(dialling, answering, hub)
        far = answering.context.run(Link, door._came, door._link_lost, dialled=False)
        far.faulted = self._blaming(answering, dialling, door)

        def passes() -> bool:
            return self.passes(dialling, answering)

        certificate = door._certificate.der
        mine = Wire(near, answering.name, certificate, self.dice, passes, dialling.context, self.talk)
        theirs = Wire(far, dialling.name, b"", self.dice, passes, answering.context, self.talk)
        mine.other, theirs.other = theirs, mine
        dialling.wires.append(mine)
        answering.wires.append(theirs)
        far.address = dialling.name
        door._strangers.add(far, lambda: None)  # never so many that one is put out
        answering.context.run(far.connection_made, theirs)
        near.connection_made(mine)
        hub._links.add(near)
        return near

    def _blaming(self, one: Pc, other: Pc, hub: Hub) -> Callable[[PeerError], None]:
        def blamed(fault: PeerError) -> None:
            self.blames.append(f"{one.name} blames {other.name}: {type(fault).__name__}: {fault}")
            self.note(self.blames[-1])
            hub._count(fault)

        return blamed

    # --- lives --------------------------------------------------------------------------------------------
    def task(self, loop: asyncio.AbstractEventLoop, work: Any, context: Any = None) -> asyncio.Task[Any]:
        """Remembers whose task it is."""
        task = asyncio.Task(work, loop=loop, context=context)
        life = context.get(LIFE) if context is not None else LIFE.get()
        held = self.tasks.setdefault(life, [])
        held.append(task)
        if len(held) > 256:
            self.tasks[life] = [one for one in held if not one.done()]
        return task

    def bury(self, life: Life) -> None:
        for task in self.tasks.pop(life, []):
            task.cancel()


async def allowed(work: Coroutine[Any, Any, T]) -> T | None:
    """What a person asked for; None where it was refused in words."""
    try:
        return await work
    except UserError:
        return None
