"""The colleagues of the node that is looked at: three real programs with real links, through which the entries of all
others come to it, and short visits of the others' PCs."""

from __future__ import annotations

import asyncio
import io
import random
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from PIL import Image

from bench.history import held
from bench.measure import until
from bench.stores import keys_of
from bench.turned import Clocks
from bench.week_plan import STAFF, WRITERS, Deed
from bench.week_writers import Bundle, Writers
from deskblog import events
from deskblog.engine import Engine, Options
from deskblog.engine.vault import Vault
from deskblog.log.act import Act
from deskblog.log.office import Office
from deskblog.store.keyfile import write_keys
from deskblog.values import EntryId
from tests.engine.raw import RawLink

WIDE, HIGH = 1600, 1200


async def settle(folder: Path, state: Path, who: int, acts: tuple[Act, ...]) -> None:
    """The folder of one of the office, with no post yet."""
    await asyncio.to_thread(folder.mkdir, parents=True)
    await asyncio.to_thread(write_keys, folder, keys_of(who))
    vault = Vault(folder, state)
    await vault.open()
    await vault.settle(acts)
    await vault.close()


def photo(seed: int) -> bytes:
    """A JPEG of some 300 KB."""
    dice = random.Random(seed)
    small = Image.frombytes("RGB", (WIDE // 8, HIGH // 8), dice.randbytes(WIDE // 8 * (HIGH // 8) * 3))
    out = io.BytesIO()
    small.resize((WIDE, HIGH), Image.Resampling.BICUBIC).save(out, "JPEG", quality=40)
    return out.getvalue()


class Staff:
    def __init__(self, folder: Path, office: Office, clocks: Clocks, at: int, seed: int) -> None:
        self._folder, self._office, self._clocks = folder, office, clocks
        self._dice = random.Random(seed)
        self._engines: list[Engine] = []
        self._linked: set[int] = set()
        self._visits: list[RawLink] = []
        self.photos = 0
        self.visits = 0
        self.writers = Writers(office, WRITERS, at)
        self.me = ""  # the key of the node that is looked at, hex
        self.port = 0

    # --- coming and going ---------------------------------------------------------------------------------
    async def come(self) -> None:
        """Their PCs are switched on, and linked with one another."""
        for who in STAFF:
            state = self._folder / f"state{who}"
            engine = Engine(
                self._folder / f"data{who}",
                self._hear(who),
                options=Options(discovery=False, port=0, web_port=0, state=state),
            )
            await engine.start()
            self._engines.append(engine)
        for one in self._engines[1:]:
            one.reach(f"127.0.0.1:{self._engines[0].port}")

    def _hear(self, who: int) -> Callable[[events.Event], None]:
        def hear(event: events.Event) -> None:
            if isinstance(event, events.Linked) and event.device == self.me:
                self._linked.add(who)
            elif isinstance(event, events.Lost) and event.device == self.me:
                self._linked.discard(who)

        return hear

    async def reach(self, port: int) -> None:
        """All are linked with the node."""
        self.port = port
        for engine in self._engines:
            engine.reach(f"127.0.0.1:{port}")
        await until(lambda: len(self._linked) == len(STAFF))

    def forget(self) -> None:
        """The node has ended; when it is there again, they link anew."""
        self._linked.clear()

    async def go(self) -> None:
        """Their PCs are switched off."""
        await self.leave()
        for engine in self._engines:
            await engine.stop()
        self._engines.clear()
        self._linked.clear()

    @property
    def held(self) -> int:
        return max(held(engine) for engine in self._engines)

    # --- visits -------------------------------------------------------------------------------------------
    async def visit(self, count: int) -> None:
        """So many PCs of others link with the node for a while."""
        tips = tuple(sorted(self._office.tips))
        for who in self._dice.sample(WRITERS, count):
            link = await RawLink.member(self.port, keys_of(who), self._office.id)
            await link.level(tips)
            self._visits.append(link)
            self.visits += 1

    async def leave(self) -> None:
        """The visitors go, every other one as if its cable were out."""
        for n, link in enumerate(self._visits):
            if n % 2:
                link._writer.transport.abort()
            with suppress(ConnectionError):
                await link.close()
        self._visits.clear()

    # --- deeds --------------------------------------------------------------------------------------------
    async def open_logs(self) -> None:
        for bundle in self.writers.openings():
            await self._bring(0, bundle)

    async def do(self, deed: Deed, at: int) -> None:
        """It is done at that time, and on its way to all who are linked."""
        engine = self._engines[STAFF.index(deed.writer)] if deed.writer in STAFF else None
        if engine is None:
            bundle = self.writers.do(deed, at)
            if bundle is not None:
                await self._bring(deed.writer % len(self._engines), bundle)
            return
        if deed.what == "photo":
            self.photos += 1
            shot = await asyncio.to_thread(photo, self.photos)
            attached, _notice = await engine.attaching.choose(f"photo {self.photos}.jpg", shot)
            row = await engine.post(f"This is photo {self.photos}", attached=[attached])
            self.writers.said(EntryId(bytes.fromhex(row.id)))
        elif deed.what == "announce":
            row = await engine.announcing.announce(f"The lift rests on day {self.photos}: take the stairs.")
            self.writers.announced = EntryId(bytes.fromhex(row.id))

    async def _bring(self, place: int, bundle: Bundle) -> None:
        run, bodies, held_ = bundle
        engine = self._engines[place]
        await engine._vault.take_run(run, bodies)
        for one in held_:
            engine._vault.leaves(one)
