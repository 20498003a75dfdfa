"""Feeds that the office's rule names: each PC follows those it lacks, and lets go of what the rule names no more.

What the person had before, or has kept, stays theirs: a feed given by the rule is kept by adding its address, by a
name, a folder or words of one's own, or by saying so. One that a person removed is not given again, unless the office
locks its feeds. No person here typed these addresses, so none of them leads into the own network.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from deskblog import events, limits
from deskblog.engine.feed_lists import check_room
from deskblog.engine.feed_row import Whose
from deskblog.engine.vault import Vault
from deskblog.errors import Refused, UserError
from deskblog.feeds.addresses import feed_address, normal_address
from deskblog.feeds.privacy import may_lead_inside
from deskblog.i18n import _
from deskblog.log.settings import FEEDS, OfficeFeed, Settings
from deskblog.store.feeds import KeptFeed

if TYPE_CHECKING:
    from deskblog.engine.feeds import Feeds

GIVEN = "feed-office"  # of this PC's feeds, as they are, and therefore in no backup
LEFT = "ui-office-feeds-left"  # such settings are part of a backup


def followed_address(said: object) -> str:
    """The one spelling of a feed's address, empty if it is none."""
    url = feed_address(said)
    return url if not url or urlsplit(url).username is not None else normal_address(url)


def why_not(url: str) -> str:
    """Why no rule may name this address (`{address}`); empty if one may."""
    if not url:
        return _("{address} is no address of a feed")
    if urlsplit(url).username is not None:
        return _("{address} holds a name or a password, which everybody in the office would see")
    if may_lead_inside(url):
        return _("{address} leads into your own network: whoever wants such a feed adds it on their own PC")
    return ""


def followed(says: Settings | None) -> dict[str, OfficeFeed]:
    """What a rule names and may, by address."""
    named = says.feeds if says is not None else ()
    found = {followed_address(one.url): one for one in reversed(named)}
    return {url: one for url, one in reversed(found.items()) if not why_not(url)}


class OfficeFeeds:
    """Lives on the engine's loop, beside the feeds of this PC."""

    def __init__(self, vault: Vault, feeds: Feeds, tell: Callable[[events.Event], None]) -> None:
        self._vault = vault
        self._feeds = feeds
        self._tell = tell
        self._given: dict[str, int] = {}  # by the address in the rule: the number of the feed it brought
        self._left: list[str] = []
        self._known: tuple[frozenset[OfficeFeed], bool] | None = None
        self._said: Settings | None = None
        self._wanted: Mapping[str, OfficeFeed] = {}
        self._begun = self._again = False
        self._work: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        given = await self._read(GIVEN, dict[str, int], {})
        self._given = {url: n for url, n in given.items() if n in self._feeds.kept}
        self._left = (await self._read(LEFT, list[str], []))[-limits.OFFICE_FEEDS_LEFT :]
        self._begun = True
        self.follow_soon()

    async def stop(self) -> None:
        """Before the store closes."""
        self._begun = False
        if self._work is not None:
            await self._work

    async def _read(self, key: str, shape: Any, otherwise: Any) -> Any:
        """What was kept; nothing where it makes no sense, as in a backup that somebody wrote by hand."""
        try:
            kept = await self._vault.call(self._vault.store.get, key)
            return msgspec.json.decode(kept, type=shape) if kept else otherwise
        except msgspec.MsgspecError:
            return otherwise

    async def _write(self, key: str, value: object) -> None:
        await self._vault.call(self._vault.store.put, key, msgspec.json.encode(value).decode())

    # --- what the rule names ------------------------------------------------------------------------------
    @property
    def wanted(self) -> Mapping[str, OfficeFeed]:
        office = self._vault.office
        says = office.says if office is not None else None
        if says is not self._said:
            self._said, self._wanted = says, followed(says)
        return self._wanted

    @property
    def _locked(self) -> bool:
        return bool(self.wanted) and self._said is not None and FEEDS in self._said.locked

    def whose(self, kept: KeptFeed) -> Whose:
        """What the rule has to do with a feed of this PC."""
        named = followed_address(kept.url) in self.wanted or any(
            n == kept.n and url in self.wanted for url, n in self._given.items()
        )
        return Whose(named, named and self._locked, kept.n in self._given.values())

    # --- following it -------------------------------------------------------------------------------------
    def follow_soon(self) -> None:
        """The rule may be another."""
        if not self._begun or self._vault.office is None:
            return
        says = (frozenset(self.wanted.values()), self._locked)
        if says == self._known:
            return
        self._known, self._again = says, True
        if self._work is None or self._work.done():
            self._work = asyncio.ensure_future(self._until_done())

    async def _until_done(self) -> None:
        while self._again:
            self._again = False
            try:
                await self._follow()
            except UserError as fault:
                if not isinstance(fault, Refused):
                    self._known = None  # a full disk: it is tried again with the next change
                self._tell(events.Trouble("feeds", fault.what, fault.kept, fault.next_step))

    async def _follow(self) -> None:
        wanted, locked = dict(self.wanted), self._locked
        for url in [url for url in self._given if url not in wanted]:
            n = self._given.pop(url)
            await self._write(GIVEN, self._given)  # first: a number is given again to whatever is followed next
            if n in self._feeds.kept:
                await self._feeds.drop(n)
        mine = {followed_address(kept.url): n for n, kept in self._feeds.kept.items()}
        for url, one in wanted.items():
            if url in self._given:
                await self._dress(self._given[url], one)
            elif url not in mine and (locked or url not in self._left):
                await self._give(url, one)
        self._tell(events.FeedsChanged())

    async def _give(self, url: str, one: OfficeFeed) -> None:
        check_room(len(self._feeds.kept) + 1)
        self._given[url] = await self._feeds.follow(url, one.title, one.folder, typed=False)
        await self._write(GIVEN, self._given)
        if url in self._left:
            self._left.remove(url)
            await self._write(LEFT, self._left)

    async def _dress(self, n: int, one: OfficeFeed) -> None:
        """The folder and the title that the rule says now; no title is the feed's own, which stays."""
        kept = self._feeds.kept.get(n)
        if kept is not None and (kept.folder, kept.title) != (one.folder, title := one.title or kept.title):
            await self._feeds.note(n, folder=one.folder, title=title)

    # --- what the person does -----------------------------------------------------------------------------
    async def keep(self, n: int) -> None:
        """It is the person's own from now on, whatever becomes of the rule."""
        if n in self._given.values():
            self._given = {url: other for url, other in self._given.items() if other != n}
            await self._write(GIVEN, self._given)
            self._tell(events.FeedsChanged())

    async def keep_feed(self, which: str) -> None:
        """The same of one that a person names."""
        await self.keep(self._feeds.find(which))

    async def leave(self, n: int) -> None:
        """Before a person removes a feed. Refused if the office has locked it."""
        kept = self._feeds.kept[n]
        whose = self.whose(kept)
        if whose.locked:
            raise Refused(
                _("The office follows this feed on every PC."),
                kept=_("It stays."),
                next_step=_("Mute it to have it out of the way, or ask a keyholder to take it off."),
            )
        if whose.office:
            urls = [url for url, other in self._given.items() if other == n] or [followed_address(kept.url)]
            self._left = [*(url for url in self._left if url not in urls), *urls][-limits.OFFICE_FEEDS_LEFT :]
            await self._write(LEFT, self._left)
        await self.keep(n)
