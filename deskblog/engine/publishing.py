"""What of the office is shown outside of it: what is public, the folder of a site, the shop counter, readers' feeds.

A folder gets public posts and no others. What is chosen stays on this PC; of it the shop counter alone is in backups,
as the folder is one of this PC.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from deskblog import events, limits
from deskblog.engine.serving import Serving
from deskblog.engine.showcase import Showcase
from deskblog.engine.talk import Talk
from deskblog.engine.vault import Vault
from deskblog.engine.whom import whose
from deskblog.errors import Refused, UserError
from deskblog.i18n import _, plural
from deskblog.log import kinds
from deskblog.log.office import Office
from deskblog.log.publicity import KINDS, SETTING, public_tags, written_tags
from deskblog.store.marks import tags
from deskblog.values import Row

if TYPE_CHECKING:
    from deskblog.publish.folder import Changed
    from deskblog.publish.published import Published

FOLDER, COUNTER = "publishing", "ui-counter"  # the second is part of a backup
_IDENT = re.compile(r"[0-9a-f]{64}")
SETTLE = 60.0  # seconds from a change to the folder: more may come


class Chosen(msgspec.Struct, frozen=True):
    """How the folder was published last. `person`: id, hex; `auto`: anew by itself when public posts change."""

    folder: str = ""
    address: str = ""
    person: str = ""
    tag: str = ""
    counter: bool = False
    auto: bool = False


class Outcome(msgspec.Struct, frozen=True):
    """What came of publishing. `feeds`: whether there are any; they need the site's address."""

    folder: str
    posts: int
    written: int
    removed: int
    left: int
    feeds: bool


def _written(
    title: str, key: str, now: int, address: str, counter: tuple[str, ...], posts: Sequence[Published], folder: Path
) -> Changed:
    """On a thread, where what makes pages is loaded too."""
    from deskblog.publish.site import Site, publish

    return publish(Site(title, key, now, address=address, counter=counter), posts, folder)


class Publishing:
    """Lives on the engine's loop. `rule(settings)`: sets them for the whole office; `now`: UTC ms; `port`: of the
    feeds this PC serves; `on`: False for an engine of a moment, which does nothing by itself."""

    def __init__(
        self,
        vault: Vault,
        talk: Talk,
        rule: Callable[[Mapping[str, str | int]], Awaitable[None]],
        tell: Callable[[events.Event], None],
        now: Callable[[], int],
        *,
        port: int,
        on: bool,
    ) -> None:
        self._vault = vault
        self._talk = talk
        self._rule = rule
        self._tell = tell
        self._now = now
        self._on = on
        self.chosen = Chosen()
        self.settle = SETTLE
        self._counter: tuple[str, ...] = ()
        self._showcase = Showcase(vault, lambda: self._counter)
        self.serving = Serving(vault, self._showcase, tell, now, port=port, on=on)
        self._published: frozenset[str] = frozenset()
        self._due = asyncio.Event()
        self._busy = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        self.chosen = await self._read(FOLDER, Chosen, Chosen())
        picked = await self._read(COUNTER, tuple[str, ...], ())
        self._counter = tuple(filter(_IDENT.fullmatch, picked[: limits.COUNTER_POSTS]))
        if self._on:
            self._change()  # while nothing ran
            self._task = asyncio.get_running_loop().create_task(self._live())
        await self.serving.begin()

    async def stop(self) -> None:
        await self.serving.stop()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _read(self, key: str, shape: Any, otherwise: Any) -> Any:
        """What was kept; nothing where it makes no sense, as in a backup that somebody wrote by hand."""
        try:
            kept = await self._vault.call(self._vault.store.get, key)
            return msgspec.json.decode(kept, type=shape) if kept else otherwise
        except msgspec.MsgspecError:
            return otherwise

    async def _write(self, key: str, value: object) -> None:
        await self._vault.call(self._vault.store.put, key, msgspec.json.encode(value).decode())

    def _office(self) -> Office:
        if self._vault.office is None:
            raise Refused(_("This PC is in no office yet."), next_step=_("Found one or join one first."))
        return self._vault.office

    # --- what is public -----------------------------------------------------------------------------------
    async def mark(self, id_prefix: str, *, on: bool) -> Row:
        """Makes an own post public, or not any more, whatever its tags; the post as it is."""
        row = await self._talk.find(id_prefix)
        if row.sealed or row.kind not in KINDS:
            sealed, apart = _("A sealed message is never public."), _("What is said over coffee is never public.")
            raise Refused(
                sealed if row.sealed else apart,
                kept=_("Nothing was changed."),
                next_step=_("Post it anew, for everybody."),
            )
        if not row.mine:
            raise Refused(
                _("Only {person} can make this post public, or take that back.").format(person=row.person),
                kept=_("Nothing was changed."),
            )
        if row.public is on:
            return row
        await self._talk.write(kinds.Public(bytes.fromhex(row.id), on))
        return await self._talk.find(row.id)

    @property
    def public_tags(self) -> Mapping[str, int]:
        """The tags that make public what is written with them, and since when (UTC ms)."""
        return public_tags(self._vault.office.settings) if self._vault.office is not None else {}

    def tags_of(self, text: str, at: int | None = None) -> tuple[str, ...]:
        """Those of them that make a text public that is being written, or was written then (UTC ms)."""
        known = self.public_tags
        return tuple(tag for tag in tags(text) if tag in known and (at is None or at > known[tag]))

    async def set_tags(self, words: str) -> None:
        """What is written with one of these tags from now on is public; empty: nothing is. For keyholders."""
        before = self.public_tags
        wanted: dict[str, int] = {}
        for word in words.replace(",", " ").split():
            tag = word.removeprefix("#").lower()
            if tags(f"#{tag}") != (tag,):
                raise Refused(_("“{word}” is no tag.").format(word=word), kept=_("Nothing was changed."))
            wanted[tag] = before.get(tag, self._now())
        if len(wanted) > limits.PUBLIC_TAGS:
            raise Refused(
                _("{n} tags are the most that can make public.").format(n=limits.PUBLIC_TAGS),
                kept=_("Nothing was changed."),
            )
        if wanted != before:
            await self._rule({SETTING: written_tags(wanted)})

    # --- the shop counter ---------------------------------------------------------------------------------
    @property
    def picked(self) -> tuple[str, ...]:
        """The ids of what was picked, newest first."""
        return self._counter

    async def counter(self) -> tuple[Row, ...]:
        """What was picked and is public still, what was picked last first."""
        store = self._vault.store
        keys = await self._vault.call(store.archive.timeline.keys, [bytes.fromhex(ident) for ident in self._counter])
        rows = {row.id: row for row in await self._vault.call(store.archive.timeline.rows, keys) if row.public}
        return tuple(rows[ident] for ident in self._counter if ident in rows)

    async def pick(self, id_prefix: str, *, on: bool = True) -> Row:
        """Puts a public post on the shop counter, before the others, or takes it off; the post."""
        row = await self._talk.find(id_prefix)
        left = tuple(ident for ident in self._counter if ident != row.id)
        if not on:
            await self._set_counter(left)
            return row
        if not row.public:
            raise Refused(
                _("Only what is public can stand on the shop counter."),
                kept=_("Nothing was changed."),
                next_step=_("Its author can make it public first."),
            )
        if len(left) >= limits.COUNTER_POSTS:  # what was withdrawn meanwhile takes no room
            left = tuple(one.id for one in await self.counter() if one.id != row.id)
        if len(left) >= limits.COUNTER_POSTS:
            raise Refused(
                _("{n} posts are the most on the shop counter.").format(n=limits.COUNTER_POSTS),
                kept=_("Those picked before stay."),
                next_step=_("Take one off first."),
            )
        await self._set_counter((row.id, *left))
        return row

    async def _set_counter(self, ids: tuple[str, ...]) -> None:
        self._counter = ids
        await self._write(COUNTER, ids)
        self._change()

    # --- a folder -----------------------------------------------------------------------------------------
    async def publish(
        self, folder: Path, *, person: str = "", tag: str = "", address: str = "", counter: bool = False
    ) -> Outcome:
        """Makes a folder the site of the public posts, of a person or with a tag; it is remembered."""
        office = self._office()
        who = whose(office, person).id.hex() if person else ""
        word = tag.strip().removeprefix("#").lower()
        if word and tags(f"#{word}") != (word,):
            raise Refused(_("“{word}” is no tag.").format(word=tag))
        chosen = Chosen(str(folder), address.strip(), who, word, counter, self.chosen.auto)
        outcome = await self._publish(chosen)
        await self._choose(msgspec.structs.replace(chosen, auto=self.chosen.auto))  # as it was chosen meanwhile
        return outcome

    async def again(self) -> Outcome:
        """Brings the folder that was published last up to date."""
        if not self.chosen.folder:
            raise Refused(_("No folder was published yet."), next_step=_("Choose one."))
        return await self._publish(self.chosen)

    async def by_itself(self, *, on: bool) -> None:
        """Whether the folder follows when public posts change."""
        await self._choose(msgspec.structs.replace(self.chosen, auto=on))
        self._change()

    async def _choose(self, chosen: Chosen) -> None:
        self.chosen = chosen
        await self._write(FOLDER, chosen)

    async def _publish(self, chosen: Chosen) -> Outcome:
        async with self._busy:
            office = self._office()
            person = self._showcase.person_now(chosen.person) or chosen.person
            posts = await self._showcase.public(person=person, tag=chosen.tag)
            picked = await self._showcase.on_counter() if chosen.counter else []
            named = _title(office, person, chosen.tag), office.id.hex(), self._now(), chosen.address
            counter = tuple(post.id for post in picked) if picked else ()
            changed = await asyncio.to_thread(_written, *named, counter, posts, Path(chosen.folder))
            self._published = frozenset(post.id for post in posts)
            numbers = changed.written, changed.removed, changed.left
            done = Outcome(chosen.folder, len(posts), *numbers, feeds=bool(chosen.address))
            self._tell(events.SiteWritten(done.folder, done.posts, done.written, done.removed, done.feeds))
            return done

    # --- by itself ----------------------------------------------------------------------------------------
    def heard(self, event: events.Event) -> None:
        """Notices what may change the site."""
        match event:
            case events.Posted() | events.RowsChanged():
                if any(row.public or row.id in self._published for row in event.rows):
                    self._change()
            case events.TimelineChanged():
                self._change()

    def _change(self) -> None:
        if self.chosen.auto and self.chosen.folder:
            self._due.set()

    async def _live(self) -> None:
        while True:
            await self._due.wait()
            await asyncio.sleep(self.settle)
            self._due.clear()
            try:
                await self._publish(self.chosen)
            except UserError as fault:
                self._tell(events.Trouble("publishing", fault.what, fault.kept, fault.next_step))


def _title(office: Office, person: str, tag: str) -> str:
    who = next((one.name for one in office.persons.values() if one.id.hex() == person), "")
    return " – ".join(part for part in (who, f"#{tag}" if tag else "", office.name) if part)


def outcome_text(done: Outcome) -> str:
    """“14 files written, 3 removed; 12 posts are public there.”"""
    written = plural("{n} file written", "{n} files written", done.written)
    removed = plural("{n} removed", "{n} removed", done.removed)
    posts = plural("{n} public post is there.", "{n} public posts are there.", done.posts)
    if not done.written and not done.removed:
        return _("All is as it was. {posts}").format(posts=posts)
    said = f"{written}, {removed}" if done.removed else written
    return f"{said}. {posts}"


def feeds_text(done: Outcome) -> str:
    """What is to be known where there are no feeds; empty where there are."""
    if done.feeds:
        return ""
    return _("No feeds were written: they need the address the site will have on the web.")
