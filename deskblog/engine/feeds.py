"""Follows outside feeds: adds and removes them, asks each when it is due, keeps what came. On the engine's loop.

While no feed is followed nothing runs here. Fetching and reading happen in a process of their own (deskblog.feeds).
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from deskblog import events, limits
from deskblog.engine.feed_copies import is_private, when
from deskblog.engine.feed_items import YEAR_MS, sorted_in, wanted
from deskblog.engine.feed_lists import check_room, named, read_feeds, written
from deskblog.engine.feed_row import Added, FeedRow, kept_state, read_state, shown
from deskblog.engine.feed_sharing import FeedSharing
from deskblog.engine.network import Network
from deskblog.engine.office_feeds import OfficeFeeds
from deskblog.engine.vault import Vault
from deskblog.errors import Refused, UserError
from deskblog.feeds import schedule as s
from deskblog.feeds.addresses import feed_address
from deskblog.feeds.fetching import Fetched, Outcome, Request, came, fetch
from deskblog.feeds.privacy import is_secret
from deskblog.feeds.words import first_step
from deskblog.i18n import _, alphabetical
from deskblog.net.interfaces import own_addresses
from deskblog.records import replace
from deskblog.store.feeds import KeptFeed
from deskblog.store.items import Article, Source

__all__ = ["Added", "FeedRow", "Feeds"]

LOOK_SECONDS = 600.0  # a PC that slept notices then


class Feeds:
    """`now`: UTC ms."""

    def __init__(self, vault: Vault, tell: Callable[[events.Event], None], now: Callable[[], int]) -> None:
        self._vault = vault
        self._tell = tell
        self._now_ms = now
        self.kept: dict[int, KeptFeed] = {}
        self._following: dict[int, s.Following] = {}
        self._asking: dict[int, asyncio.Task[None]] = {}
        self._asked: dict[str, datetime] = {}  # when each host was asked last
        self._waits: dict[str, s.HostWait] = {}
        self._late: set[int] = set()  # missed by a sleep, and to be asked soon
        self._wake = asyncio.Event()
        self._life: asyncio.Task[None] | None = None
        self.sharing = FeedSharing(vault, self, tell)
        self.office = OfficeFeeds(vault, self, tell)

    def now_ms(self) -> int:
        return self._now_ms()

    def _now(self) -> datetime:
        return when(self._now_ms())

    # --- beginning and ending -----------------------------------------------------------------------------
    async def begin(self, network: Network | None) -> None:
        now = self._now()
        for kept in await self._vault.call(self._vault.store.feeds.all):
            self.kept[kept.n] = kept
            self._following[kept.n] = read_state(kept, now)
            self._make_up(kept.n, now)
        await self.sharing.begin(network)
        await self.office.begin()
        if network is not None:
            self._life = asyncio.create_task(self._live())

    async def stop(self) -> None:
        await self.office.stop()
        tasks = [*self._asking.values(), *([self._life] if self._life is not None else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.sharing.stop()

    # --- when ---------------------------------------------------------------------------------------------
    async def _live(self) -> None:
        last = self._now()
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._patience()):
                    await self._wake.wait()
            self._wake.clear()
            now = self._now()
            if now - last > timedelta(seconds=2 * LOOK_SECONDS):  # it slept: what was missed is made up for slowly
                for n in self._following:
                    self._make_up(n, now)
            last = now
            self._ask_due(now)

    def _make_up(self, n: int, now: datetime) -> None:
        """What was missed is asked in a while; once, or a PC that sleeps often would never come to it."""
        spread = s.spread(self._following[n], now, self._vault.keys.device)
        if n not in self._late and spread is not self._following[n]:
            self._late.add(n)
            self._following[n] = spread

    def _patience(self) -> float | None:
        """Seconds until there may be something to do; None: nothing is followed."""
        idle = [one for n, one in self._following.items() if n not in self._asking]
        due = s.wake(idle, self._now(), asked=self._asked, waits=self._waits)
        if due is None:
            return None
        busy = 1.0 if len(self._asking) >= s.HOSTS else 0.0
        return max(busy, min((due - self._now()).total_seconds(), LOOK_SECONDS))

    def _ask_due(self, now: datetime) -> None:
        by_url = {one.url: n for n, one in self._following.items()}
        asking = Counter(s.host_of(self._following[n].url) for n in self._asking if n in self._following)
        idle = [one for n, one in self._following.items() if n not in self._asking]
        for one in s.pick(idle, now, asking=asking, asked=self._asked, waits=self._waits):
            self._start(by_url[one.url], now)

    def _start(self, n: int, now: datetime) -> asyncio.Task[None]:
        self._asked[s.host_of(self._following[n].url)] = now
        if len(self._asked) > limits.FEED_HOSTS:
            del self._asked[min(self._asked, key=lambda host: self._asked[host])]
        self._late.discard(n)
        task = self._asking[n] = asyncio.ensure_future(self._ask(n))
        task.add_done_callback(lambda _done: self._done(n))
        return task

    def _done(self, n: int) -> None:
        self._asking.pop(n, None)
        self._wake.set()

    # --- asking -------------------------------------------------------------------------------------------
    async def _ask(self, n: int) -> None:
        try:
            if await self.sharing.first(n) or n not in self.kept:
                return
            following, kept, at = self._following[n], self.kept[n], self.now_ms()
            etag, modified = s.validators(following, self._now())
            keep = self.sharing.may_share(n)
            fetched = await fetch(Request(following.url, etag, modified, typed=kept.typed, keep=keep))
            await self.take(n, fetched, Source(at=at))
            await self.sharing.answered(n, fetched, at)
            if fetched.feed is None and n in self.kept and not self.was_read(n):
                await self._rescue(n, fetched)
        except UserError as fault:
            self._tell(events.Trouble("feeds", fault.what, fault.kept, fault.next_step))

    async def _rescue(self, n: int, fetched: Fetched) -> None:
        """Never read here, and its site does not answer: a colleague may have a copy."""
        found = await self.sharing.rescue(self.kept[n].url, fetched.fault)
        if found is not None and n in self.kept:
            await self.take(n, found.fetched, found.source)
            await self.sharing.rescued(n, found)

    # --- for those who share ------------------------------------------------------------------------------
    def was_read(self, n: int) -> bool:
        return n in self._following and self._following[n].read is not None

    def is_due(self, n: int) -> bool:
        return n in self._following and self._following[n].due <= self._now()

    def put_off(self, n: int, seconds: float) -> None:
        self._following[n] = replace(self._following[n], due=self._now() + timedelta(seconds=seconds))

    def ask_whole(self, n: int) -> None:
        """What the site answers is wanted, changed or not; once a day at most."""
        following = self._following[n]
        if following.whole is None or self._now() - following.whole >= s.DAY:
            self._following[n] = replace(following, etag="", modified="")

    # --- what came ----------------------------------------------------------------------------------------
    async def take(self, n: int, fetched: Fetched, source: Source) -> None:
        """Keeps what came of a fetch, here or by a colleague; nothing if the feed was removed meanwhile."""
        if n not in self.kept:
            return
        new = await self._keep(n, fetched, source) if fetched.outcome is Outcome.READ else 0
        following, now, key = self._following[n], self._now(), self._vault.keys.device
        what = came(fetched, new)
        if fetched.fault in ("name", "connection", "time") and not await asyncio.to_thread(own_addresses):
            what = replace(what, what=s.What.OFFLINE)
        if fetched.outcome is Outcome.WAIT:
            host = s.host_of(following.url)
            self._waits[host] = s.host_wait(self._waits.get(host), timedelta(seconds=fetched.retry), now)
        elif fetched.outcome is Outcome.READ and not source.person:
            self._waits.pop(s.host_of(following.url), None)
        after = s.after(following, what, now, key, fetched=self._shared_at(n, fetched, source))
        if any(one.url == after.url for m, one in self._following.items() if m != n):
            after = replace(after, url=following.url)  # it has moved to where another one stands already
        await self._write(n, after, fetched)

    def _shared_at(self, n: int, fetched: Fetched, source: Source) -> datetime | None:
        """When its site was asked, if others go by that too."""
        return when(source.at) if self.sharing.may_share(n) and not is_private(fetched) else None

    async def _write(self, n: int, after: s.Following, fetched: Fetched) -> None:
        said = "\n".join((fetched.said, fetched.kept, fetched.next_step)) if fetched.said else ""
        if after.ended is s.End.FAILING:
            said = "\n".join((fetched.said, fetched.kept, _("For ten days it did not come: it is asked no more.")))
        kept = self.kept[n]
        self._following[n] = after
        changes: dict[str, object] = {"state": kept_state(after), "said": said, "url": after.url}
        changes["private"] = kept.private or is_private(fetched)
        await self.note(n, **changes)
        if fetched.outcome is Outcome.GONE:
            what = _("The feed “{title}” is gone for ever, says its site.").format(title=kept.title or kept.url)
            self._tell(events.Trouble("feeds", what, _("What came of it is kept."), _("It is asked for no more.")))

    async def _keep(self, n: int, fetched: Fetched, source: Source, *, first: bool = False) -> int:
        """How many items are new."""
        feed, kept = fetched.feed, self.kept[n]
        assert feed is not None
        held = await self._vault.call(self._vault.store.feeds.held, n)
        new, edited = sorted_in(feed, held, self._now(), kept.words, first=first or not held)
        before = self.now_ms() - YEAR_MS
        rows, changed = await self._vault.call(self._vault.store.feeds.take, kept, new, edited, before, source)
        if not kept.title or not kept.link:
            await self.note(n, title=kept.title or feed.title, link=kept.link or feed.link)
        if rows and not kept.muted:
            self._tell(events.Posted(rows, live=False))
        if changed:
            self._tell(events.RowsChanged(changed))
        return len(new)

    async def note(self, n: int, **fields: object) -> None:
        await self._vault.call(lambda: self._vault.store.feeds.change(n, **fields))
        if n in self.kept:
            self.kept[n] = replace(self.kept[n], **fields)  # type: ignore[arg-type]
        self.sharing.changed(n)
        self._tell(events.FeedsChanged())

    # --- what the person does -----------------------------------------------------------------------------
    async def rows(self) -> tuple[FeedRow, ...]:
        """By folder and title."""
        unread = await self._vault.call(self._vault.store.feeds.unread)
        rows = [self._row(kept, unread.get(kept.n, 0)) for kept in self.kept.values()]
        return tuple(sorted(rows, key=lambda row: (alphabetical(row.folder), alphabetical(row.title), row.url)))

    def _row(self, kept: KeptFeed, unread: int) -> FeedRow:
        doubt, fetched = self.sharing.said(kept.n), self.sharing.fetched_by(kept.n)
        return shown(kept, self._following[kept.n], unread, doubt, fetched, self.office.whose(kept))

    async def add(self, address: str, *, folder: str = "") -> Added:
        """Follows the feed at an address, or of the page there. Refused, with what to do, if there is none."""
        url = feed_address(address)
        if not url:
            raise Refused(_("This is no address of a feed."), next_step=_("Check the address."))
        return await self._add(url, folder, typed=True)

    async def _add(self, url: str, folder: str, *, typed: bool) -> Added:
        if (known := self._with_url(url)) is not None:
            await self.office.keep(known)
            return Added(await self.row_of(known))
        check_room(len(self.kept) + 1)
        source = Source(at=self.now_ms())
        fetched = await fetch(Request(url, typed=typed, keep=self.sharing.on))
        if fetched.outcome is Outcome.OFFERS:
            sure = [one for one in fetched.offers if not one.guessed]
            if len(fetched.offers) == 1 and sure:
                return await self._add(sure[0].url, folder, typed=typed and fetched.inside)
            return Added(None, fetched.offers, fetched.title)
        found = await self.sharing.rescue(url, fetched.fault) if fetched.feed is None else None
        if found is not None:
            fetched, source = found.fetched, found.source
        if fetched.feed is None:
            raise Refused(fetched.said, next_step=first_step(fetched.fault))
        url = fetched.moved or url
        if (known := self._with_url(url)) is not None:
            return Added(await self.row_of(known))
        now = self._now()
        n = await self._new(
            url, fetched.feed.title, fetched.feed.link, folder, s.Following(url, now, now), typed=typed
        )
        await self._keep(n, fetched, source, first=True)
        shared = self._shared_at(n, fetched, source)
        await self._write(
            n, s.after(self._following[n], came(fetched, 0), now, self._vault.keys.device, fetched=shared), fetched
        )
        await (self.sharing.rescued(n, found) if found is not None else self.sharing.answered(n, fetched, source.at))
        self._wake.set()
        return Added(await self.row_of(n))

    async def _new(self, url: str, title: str, link: str, folder: str, following: s.Following, *, typed: bool) -> int:
        store, private = self._vault.store.feeds, is_secret(url)
        n = await self._vault.call(
            lambda: store.add(url, title, link, folder, typed=typed, private=private, state=kept_state(following))
        )
        self.kept[n] = KeptFeed(n, url, title, link, folder, "", 0, False, private, typed, "", b"")
        self._following[n] = following
        return n

    def _with_url(self, url: str) -> int | None:
        return next((n for n, one in self._following.items() if one.url == url), None)

    async def row_of(self, n: int) -> FeedRow:
        return next(row for row in await self.rows() if row.id == f"feed-{n}")

    def find(self, which: str) -> int:
        return named(self.kept.values(), which)

    async def remove(self, which: str) -> FeedRow:
        """Follows it no more; its items go, but for those kept at hand."""
        n = self.find(which)
        row = await self.row_of(n)
        await self.office.leave(n)
        await self.drop(n)
        return row

    async def drop(self, n: int) -> None:
        if (task := self._asking.get(n)) is not None:
            task.cancel()
        del self.kept[n], self._following[n]
        self.sharing.changed(n)
        await self._vault.call(self._vault.store.feeds.remove, n)
        self._tell(events.FeedsChanged())
        self._tell(events.TimelineChanged())

    async def change(
        self,
        which: str,
        *,
        title: str | None = None,
        folder: str | None = None,
        words: str | None = None,
        every: int | None = None,
        muted: bool | None = None,
    ) -> FeedRow:
        """`every`: seconds, 0: what suits the feed; `words`: an item needs one of them, and none with a minus."""
        n = self.find(which)
        given = {"title": title, "folder": folder, "words": words, "every": every, "muted": muted}
        changes: dict[str, object] = {name: value for name, value in given.items() if value is not None}
        if every is not None:
            self._following[n] = replace(self._following[n], every=timedelta(seconds=every), due=self._now())
            changes["state"] = kept_state(self._following[n])
            self._wake.set()
        if changes:
            await self.note(n, **changes)
        if changes.keys() - {"muted"}:
            await self.office.keep(n)
        if words is not None:
            await self._hide(n, words)
        if words is not None or muted is not None:
            self._tell(events.TimelineChanged())
        return await self.row_of(n)

    async def _hide(self, n: int, words: str) -> None:
        texts = await self._vault.call(self._vault.store.archive.items.texts, n)
        hidden = frozenset(key for key, text in texts if not wanted(words, text))
        await self._vault.call(self._vault.store.feeds.hide, n, hidden)

    async def refresh(self, which: str = "") -> tuple[FeedRow, ...]:
        """Asks now, one feed or all; waits until all have answered. A site that asked to be left alone is."""
        left = {self.find(which)} if which else set(self.kept)
        for n in left:
            following = self._following[n]
            self._following[n] = replace(following, due=self._now(), ended=None, failing=None)
        while left := {n for n in left if self._still_to_ask(n)}:
            self._ask_due(self._now())
            running = [self._asking[n] for n in left if n in self._asking]
            if running:
                await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            else:
                await asyncio.sleep(s.APART.total_seconds())  # one host is asked no sooner
        return await self.rows()

    def _still_to_ask(self, n: int) -> bool:
        if n in self._asking or n not in self._following:
            return n in self._asking
        following, now = self._following[n], self._now()
        wait = self._waits.get(s.host_of(following.url))
        return following.ended is None and following.due <= now and not (wait and now < wait.until)

    # --- lists --------------------------------------------------------------------------------------------
    async def take_list(self, body: bytes) -> tuple[int, int, int]:
        """(feeds followed from now on, those followed before, what was no feed) of an OPML file; each is asked in
        its turn. Refused if it is none."""
        found = await read_feeds(body, lambda url: self._with_url(url) is not None)
        check_room(len(self.kept) + len(found.fresh))
        for url, title, folder in found.fresh:
            await self.follow(url, title, folder, typed=True)
        self._tell(events.FeedsChanged())
        return len(found.fresh), found.total - len(found.fresh), found.left_out

    async def follow(self, url: str, title: str, folder: str, *, typed: bool) -> int:
        """Without asking now: among many who begin at one moment each has its own. Its number."""
        now = self._now()
        following = s.spread(s.Following(url, now - timedelta(hours=1), now), now, self._vault.keys.device)
        n = await self._new(url, title, "", folder, following, typed=typed)
        self._wake.set()
        return n

    async def give_list(self) -> bytes:
        """All feeds as OPML, for another reader."""
        return written(self.kept.values(), self._now())

    async def article(self, ident: str) -> Article | None:
        """All of an item."""
        return await self._vault.call(self._vault.store.archive.items.article, bytes.fromhex(ident))
