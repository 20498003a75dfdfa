"""Feeds fetched once for the office: what net/feeds.py decides is done here, on the engine's loop.

Off until the person says otherwise. A feed that is private is named to nobody; one that was never read here is not
either, unless its site is out of reach and its address can be nobody's secret.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from deskblog import events, limits
from deskblog.engine import feed_copies as fc
from deskblog.engine.feed_doubts import Doubts
from deskblog.engine.vault import Vault
from deskblog.errors import PeerError, UserError
from deskblog.feeds.addresses import normal_address
from deskblog.feeds.fetching import Fetched, Outcome, Request, fetch
from deskblog.inside import is_public
from deskblog.net import feeds as f
from deskblog.net import messages as m
from deskblog.net.exchange import Peer
from deskblog.net.feedcopy import Copy, tag_of
from deskblog.store.items import Source
from deskblog.values import DeviceKey

if TYPE_CHECKING:
    from deskblog.engine.feeds import Feeds
    from deskblog.engine.network import Network

KEY = "feed-share"
ON, OFF = "on", "off"
CHECKED = 1 / 50  # of the copies that come


class FeedSharing:
    """`dice`: a number from 0 to 1 for each copy that comes; `tick`: seconds on a clock that never goes back."""

    def __init__(self, vault: Vault, feeds: Feeds, tell: Callable[[events.Event], None]) -> None:
        self._vault = vault
        self._feeds = feeds
        self._tell = tell
        self.dice: Callable[[], float] = random.random
        self.tick: Callable[[], float] = lambda: asyncio.get_running_loop().time()
        self._doubts: Doubts
        self.choice = ""  # ON, OFF, or nothing: not asked yet
        self._network: Network | None = None
        self._shared: f.SharedFeeds | None = None
        self._tags: dict[int, bytes] = {}
        self._of: dict[bytes, int] = {}
        self._kept: dict[int, fc.Kept] = {}
        self._waiting: dict[bytes, asyncio.Future[bool]] = {}
        self._rescues: dict[bytes, asyncio.Future[f.Keep | None]] = {}
        self._serving: Counter[DeviceKey] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._full = False  # the disk was, which is said once

    # --- beginning and ending -----------------------------------------------------------------------------
    async def begin(self, network: Network | None) -> None:
        self._doubts = Doubts(self._vault.keys.device)
        self.choice = await self._vault.call(self._vault.store.get, KEY)
        self._network = network
        if network is not None:
            network.feeds = self
            self._ready()
            for peer in network.level_peers():
                self.level(peer)

    async def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def on(self) -> bool:
        return self.choice == ON

    @property
    def count(self) -> int:
        return len(self._tags)

    @property
    def question(self) -> str:
        """What the person is to be asked once there is a feed; empty once that is answered."""
        return fc.question() if not self.choice and self._feeds.kept else ""

    async def choose(self, *, on: bool) -> None:
        """Shares from now on, or no more: then what sites answered is not kept either."""
        self.choice = ON if on else OFF
        await self._vault.call(self._vault.store.put, KEY, self.choice)
        self._ready()
        for n in list(self._feeds.kept):
            self.changed(n)
            if not on and self._feeds.kept[n].shared:
                await self._feeds.note(n, shared=b"")
        if not on:
            await self._vault.call(self._vault.store.copies.clear)
        self._tell(events.FeedsChanged())

    def _ready(self) -> f.SharedFeeds | None:
        office = self._vault.office
        if self._shared is None and office is not None:
            self._shared = f.SharedFeeds(self._vault.keys.device, office.id, self._is_in)
            for n in self._feeds.kept:
                self.changed(n)
        return self._shared

    def _is_in(self, device: DeviceKey) -> bool:
        return self._vault.office is not None and self._vault.office.is_in(device)

    # --- which ones ---------------------------------------------------------------------------------------
    def may_share(self, n: int) -> bool:
        """Whether what its site answers may be handed on, by all that is known."""
        kept = self._feeds.kept.get(n)
        return self.on and kept is not None and not kept.private and fc.for_everybody(kept.url)

    def changed(self, n: int) -> None:
        """A feed came, went, moved, was read for the first time, or turned out to be private."""
        if self._ready() is None or self._shared is None:
            return
        wanted = self._tag(n) if self.may_share(n) and self._feeds.was_read(n) else None
        before = self._tags.get(n)
        if wanted == before:
            return
        if before is not None:
            del self._tags[n], self._of[before]
            self._shared.leave(before)
            self._resolve(before, enough=False)  # whoever waited for colleagues asks the site
            self._later(lambda: self._vault.call(self._vault.store.copies.remove, before))
        if wanted is not None:
            self._follow(n, wanted)

    def _follow(self, n: int, tag: bytes) -> None:
        assert self._shared is not None
        kept = fc.read_kept(self._feeds.kept[n].shared)
        copy = kept.copy
        if copy is not None and copy.tag != tag:
            kept, copy = fc.Kept(), None
        self._tags[n], self._of[tag], self._kept[n] = tag, n, kept
        self._shared.follow(tag, copy, [DeviceKey(one) for one in kept.refused])

    def _tag(self, n: int) -> bytes | None:
        return self._tag_of(self._feeds.kept[n].url)

    def _tag_of(self, url: str) -> bytes | None:
        office = self._vault.office
        return tag_of(office.id, normal_address(url)) if office is not None else None

    def copy(self, n: int) -> Copy | None:
        tag = self._tags.get(n)
        return self._shared.copy(tag) if self._shared is not None and tag is not None else None

    def said(self, n: int) -> tuple[str, str]:
        """(what is wrong with what colleagues handed on, what is done), for the feed's row; empty: nothing is."""
        refused = self._kept[n].refused if n in self._tags and n in self._kept else ()
        return fc.doubt({self._name(DeviceKey(device)) for device in refused})

    def _name(self, device: DeviceKey) -> str:
        person = self._vault.office.person_of(device) if self._vault.office else None
        return person.name if person else device.hex()[:8]

    def fetched_by(self, n: int) -> tuple[str, int]:
        """(whose PC asked the site last, empty: this one; when, UTC ms, 0: nothing is held to be shared)."""
        copy = self.copy(n)
        if copy is None:
            return "", 0
        return "" if copy.asker == self._vault.keys.device else self._name(copy.asker), copy.time

    # --- a feed is due ------------------------------------------------------------------------------------
    async def first(self, n: int) -> bool:
        """Asks colleagues; True if the site need not be asked now: a copy came, or somebody else is about to."""
        tag = self._tags.get(n)
        if tag is None or self._shared is None:
            return False
        future = self._waiting.setdefault(tag, asyncio.get_running_loop().create_future())
        self._do(self._shared.ask(tag, self.tick()))
        if await asyncio.shield(future):
            return True
        if self.copy(n) is None:
            self._feeds.ask_whole(n)
        return False

    async def answered(self, n: int, fetched: Fetched, at: int) -> None:
        """The site has answered this PC: that is kept, and said."""
        self.changed(n)
        office, tag = self._vault.office, self._tags.get(n)
        if office is None or tag is None or self._shared is None or n not in self._feeds.kept:
            return
        copy = fc.signed_answer(self._vault.keys, office.id, tag, fetched, at, self._shared.copy(tag))
        if copy is not None:
            await self._hold(n, copy, fetched.body or None)

    async def rescue(self, url: str, fault: str) -> fc.Rescue | None:
        """What a colleague holds of a feed that cannot be read here, and is not followed yet."""
        tag = self._tag_of(url)
        if not self.on or self._ready() is None or tag is None or fault in fc.NO_ONES or not fc.for_everybody(url):
            return None
        if tag in self._of or tag in self._rescues or not await self._is_public(url):
            return None
        assert self._shared is not None
        future = self._rescues[tag] = asyncio.get_running_loop().create_future()
        self._shared.follow(tag, None)
        try:
            self._do(self._shared.ask(tag, self.tick()))
            found = await future
        finally:
            del self._rescues[tag]
            self._shared.leave(tag)
        if found is None or found.body is None:
            return None
        fetched = await fc.read_body(url, found.copy, found.body)
        rescue = fc.Rescue(fetched, found.copy, found.body, self._source(found.copy))
        return rescue if fetched.feed is not None else None

    @staticmethod
    async def _is_public(url: str) -> bool:
        return await asyncio.to_thread(is_public, urlsplit(url).hostname or "")

    async def rescued(self, n: int, found: fc.Rescue) -> None:
        """It is followed now."""
        self.changed(n)
        if n in self._tags:
            await self._hold(n, found.copy, found.body)

    # --- copies -------------------------------------------------------------------------------------------
    async def _hold(self, n: int, copy: Copy, body: bytes | None, source: DeviceKey | None = None) -> None:
        """On the disk first, then said to the others."""
        assert self._shared is not None
        if body is not None:
            try:
                gone = await self._vault.call(self._vault.store.copies.put, copy.tag, body)
            except OSError as fault:
                self._cannot_keep(fault)
                return
            for tag in gone:
                self._shared.drop(tag)
        if self._tags.get(n) != copy.tag:
            return
        self._kept[n] = fc.replace_signed(self._kept[n], copy.signed)
        await self._feeds.note(n, shared=fc.packed(self._kept[n]))
        self._do(self._shared.hold(copy, source))

    def _cannot_keep(self, fault: OSError) -> None:
        if not self._full:
            self._full, said = True, fc.cannot_keep(fault)
            self._tell(events.Trouble("feeds", said.what, said.kept, said.next_step))

    async def _keep(self, came: f.Keep) -> None:
        tag = came.copy.tag
        if (rescue := self._rescues.get(tag)) is not None:
            if not rescue.done():
                rescue.set_result(came)
            return
        enough = False
        try:
            n = self._of.get(tag)
            enough = n is not None and await self._take(n, came)
        finally:
            self._resolve(tag, enough=enough)

    async def _take(self, n: int, came: f.Keep) -> bool:
        """Reads and keeps a colleague's copy; True if the site need not be asked for a while."""
        copy, url = came.copy, self._feeds.kept[n].url
        body = came.body
        fetched = fc.unchanged(url, copy) if body is None else await fc.read_body(url, copy, body)
        if body is not None and (fetched.outcome is not Outcome.READ or fetched.said):
            assert self._shared is not None
            self._shared.refuse(copy.tag, copy.devices)  # no feed, or one that is too much for this PC
            return False
        if self._tags.get(n) != copy.tag:
            return False
        await self._feeds.take(n, fetched, self._source(copy))
        await self._hold(n, copy, body, came.source)
        if copy.devices != {self._vault.keys.device} and (self._doubts.of(copy) or self.dice() < CHECKED):
            self._later(lambda: self.check(n))
        return not self._feeds.is_due(n)

    def _source(self, copy: Copy) -> Source:
        person = self._vault.office.person_of(copy.asker) if self._vault.office is not None else None
        mine = copy.asker == self._vault.keys.device
        return Source(b"" if mine or person is None else person.id, copy.time)

    # --- checking -----------------------------------------------------------------------------------------
    async def check(self, n: int) -> bool | None:
        """Asks the site, as if nothing were known: True if the copy held is what it says, None: who knows."""
        copy, url = self.copy(n), self._feeds.kept[n].url
        if copy is None:
            return None
        body = await self._vault.call(self._vault.store.copies.read, copy.tag, copy.first.hash)
        at = self._feeds.now_ms()
        fetched = await fetch(Request(url, keep=True))
        if body is None or fetched.feed is None or fetched.said:
            return None
        right, refused = await self._doubts.judge(copy, body, fetched)
        for device in refused:
            await self._refuse(n, copy.tag, device)
        if n in self._feeds.kept:
            await self._feeds.take(n, fetched, Source(at=at))
            await self.answered(n, fetched, at)
        return right

    async def _refuse(self, n: int, tag: bytes, device: DeviceKey) -> None:
        """From now on its word is not taken for this feed, over a restart either."""
        if self._shared is not None and self._tags.get(n) == tag:
            self._shared.refuse(tag, [device])
            self._kept[n] = fc.refusing(self._kept[n], device)
            await self._feeds.note(n, shared=fc.packed(self._kept[n]))

    # --- the network --------------------------------------------------------------------------------------
    def level(self, peer: Peer) -> None:
        if (shared := self._ready()) is not None:
            self._do(shared.joined(peer.device))

    def gone(self, peer: Peer) -> None:
        if self._shared is not None:
            self._do(self._shared.left(peer.device, self.tick()))

    def heard(self, peer: Peer, message: m.FeedMessage) -> None:
        if (shared := self._ready()) is None:
            return
        try:
            self._do(shared.receive(peer.device, message, self.tick(), self._feeds.now_ms()))
        except PeerError as fault:
            peer.link.blame(fault)

    def _do(self, actions: list[f.Action]) -> None:
        for action in actions:
            match action:
                case f.Tell():
                    self._say(action.device, action.message)
                case f.Ask():
                    self._resolve(action.tag, enough=False)
                case f.Later():
                    if (n := self._of.get(action.tag)) is not None:
                        self._feeds.put_off(n, action.seconds)
                    self._resolve(action.tag, enough=True)
                case f.Keep():
                    self._later(partial(self._keep, action))
                case f.Serve():
                    self._later(partial(self._serve, action.device, action.asked))
                case f.Blame():
                    if self._network is not None:
                        self._network.count_fault(action.device, action.fault)
        self._set_timer()

    def _say(self, device: DeviceKey, message: m.Message) -> None:
        if self._network is not None:
            self._network.say_to(device, message)

    def _resolve(self, tag: bytes, *, enough: bool) -> None:
        if (rescue := self._rescues.get(tag)) is not None and not rescue.done():
            rescue.set_result(None)
        waiting = self._waiting.pop(tag, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(enough)

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        wake = self._shared.wake() if self._shared is not None else None
        if wake is not None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(max(wake - self.tick(), 0.0), self._tick)

    def _tick(self) -> None:
        if self._shared is not None:
            self._do(self._shared.tick(self.tick()))

    async def _serve(self, device: DeviceKey, asked: m.FeedPartAsked) -> None:
        body: bytes | None = None
        if self._serving[device] < limits.BLOBS_FLYING:
            self._serving[device] += 1
            try:
                body = await self._vault.call(self._vault.store.copies.read, asked.tag, asked.hash)
            finally:
                self._serving[device] -= 1
            if body is None and self._shared is not None:
                self._shared.drop(asked.tag)
        part = body[asked.offset : asked.offset + limits.BLOB_PART] if body is not None else None
        self._say(device, m.FeedPart(asked.tag, asked.hash, asked.offset, part))

    def _later(self, work: Callable[[], Awaitable[object]]) -> None:
        task = asyncio.get_running_loop().create_task(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guarded(self, work: Callable[[], Awaitable[object]]) -> None:
        try:
            await work()
        except UserError as fault:
            self._tell(events.Trouble("feeds", fault.what, fault.kept, fault.next_step))
