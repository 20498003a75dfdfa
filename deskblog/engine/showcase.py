"""Posts as they are published: what may leave the office, and what all of the office may read of it.

Sealed messages and the coffee corner are in neither. What lies beside a post is judged by its bytes.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Sequence

from deskblog import limits
from deskblog.engine.attaching import blob_name
from deskblog.engine.vault import Vault
from deskblog.log.publicity import KINDS
from deskblog.media.nature import HEAD, Nature, ending_of, judge
from deskblog.publish import names
from deskblog.publish.published import Beside, Published
from deskblog.publish.scope import Kind, Scope
from deskblog.records import replace
from deskblog.store.marks import tags
from deskblog.values import Attached, BlobState, PersonId, Row, Sort, View

PART = 200  # rows at a time
LOOKED = 1000  # newest posts that may be public, looked through for one feed
ROUNDS = 20  # pages looked through for one feed
CARRIERS = 50  # posts with one file that are looked at
SEEN = 4096  # files of which it is remembered what they are
_IDENT = re.compile(r"[0-9a-f]{64}\Z")
_PICTURES = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG", "image/png"),
    (b"GIF8", "image/gif"),
    (b"RIFF", "image/webp"),
)


class Showcase:
    """`counter`: the ids of the posts on the shop counter, in their order."""

    def __init__(self, vault: Vault, counter: Callable[[], Sequence[str]]) -> None:
        self._vault = vault
        self._counter = counter
        self._natures: OrderedDict[tuple[str, str], tuple[Nature, str]] = OrderedDict()

    # --- what may leave the office ------------------------------------------------------------------------
    async def public(self, *, person: str = "", tag: str = "", feed: bool = False) -> list[Published]:
        """All public posts, or those of a person (id, hex) or with a tag, newest first; `feed`: the newest alone."""
        keys = await self._vault.call(self._vault.store.archive.public_posts.keys)
        keys, most = (keys[:LOOKED], limits.FEED_POSTS) if feed else (keys, limits.SITE_POSTS + 1)
        found: list[Published] = []
        for start in range(0, len(keys), PART):
            rows = await self._rows(keys[start : start + PART])
            wanted = [
                row for row in rows if row.public and person in ("", row.person_id) and (not tag or tag in row.tags)
            ]
            found += await self._published(wanted[::-1])
            if len(found) >= most:
                break
        return _tied(found[:most])

    async def for_clients(self, scope: Scope) -> Sequence[Published]:
        """What is answered to whoever may see what is public, and no more."""
        match scope.kind:
            case Kind.COUNTER:
                return await self.on_counter()
            case Kind.FILE:
                return await self._published([row for row in await self._carriers(scope.of) if row.public])
            case Kind.PERSON:
                person = self.person_now(scope.of)
                return await self.public(person=person, feed=True) if person else ()
            case Kind.TAG:
                return await self.public(tag=scope.of, feed=True)
            case Kind.TEAM:
                return await self.public(feed=True)

    async def on_counter(self) -> list[Published]:
        """What was picked for the shop counter and is public still."""
        ids = [bytes.fromhex(ident) for ident in self._counter()]
        keys = await self._vault.call(self._vault.store.archive.timeline.keys, ids)
        rows = {row.id: row for row in await self._rows(keys) if row.public}
        return await self._published([rows[ident] for ident in self._counter() if ident in rows])

    # --- what the office sees -----------------------------------------------------------------------------
    async def for_office(self, scope: Scope) -> Sequence[Published]:
        """What is answered to whoever may see what all colleagues see."""
        store = self._vault.store
        match scope.kind:
            case Kind.TEAM:
                return await self._newest(lambda before: store.timeline(before=before, view=View.OFFICE).rows)
            case Kind.PERSON if person := self.person_now(scope.of):
                return await self._newest(lambda before: store.search("", before=before, person=person).rows, person)
            case Kind.TAG if tags(f"#{scope.of}") == (scope.of,):
                return await self._newest(lambda before: store.search(f"#{scope.of} ", before=before).rows)
            case Kind.COUNTER:
                return await self.on_counter()
            case Kind.FILE:
                return await self._published([row for row in await self._carriers(scope.of) if _open(row)])
        return ()

    def person_now(self, ident: str) -> str:
        """The id that a person has now, who had this one (hex), perhaps before a merge; "" if there is none."""
        if self._vault.office is None or not _IDENT.match(ident):
            return ""
        found = self._vault.office.person_now(PersonId(bytes.fromhex(ident)))
        return found.id.hex() if found is not None else ""

    async def _newest(self, page: Callable[[int | None], Sequence[Row]], person: str = "") -> list[Published]:
        """`person`: theirs alone; a search for an id finds whoever is called so, too."""
        found: list[Row] = []
        before: int | None = None
        for _round in range(ROUNDS):
            rows = await self._vault.call(page, before)
            found += [row for row in rows if _open(row) and person in ("", row.person_id)]
            if not rows or len(found) >= limits.FEED_POSTS:
                break
            before = rows[-1].key
        return _tied(await self._published(found[: limits.FEED_POSTS]))

    # --- how it is made -----------------------------------------------------------------------------------
    async def _rows(self, keys: Sequence[int]) -> tuple[Row, ...]:
        return await self._vault.call(self._vault.store.archive.timeline.rows, keys)

    async def _carriers(self, beginning: str) -> tuple[Row, ...]:
        store = self._vault.store
        ids = await self._vault.call(store.blobs.carriers, bytes.fromhex(beginning), CARRIERS)
        return await self._rows(await self._vault.call(store.archive.timeline.keys, ids))

    async def _published(self, rows: Sequence[Row]) -> list[Published]:
        return await self._vault.call(self._made, rows)

    def _made(self, rows: Sequence[Row]) -> list[Published]:
        corrected = self._vault.store.archive.public_posts.corrected(rows)
        return [
            Published(
                row.id, row.person_id, row.person, _text(row), row.at, corrected.get(row.id, 0), row.tags,
                row.answer_to, tuple(self._beside(one) for one in row.attached if one.sort is not Sort.LINK),
            )
            for row in rows
        ]  # fmt: skip

    def _beside(self, one: Attached) -> Beside:
        nature, media_type = self._judged(one)
        file = self._vault.store.blobs.folder.path(blob_name(one.blob)) if one.blob.state is BlobState.HERE else None
        return Beside(
            one.name, media_type, one.blob.size, nature, one.blob.hash, file, width=one.width, height=one.height
        )

    def _judged(self, one: Attached) -> tuple[Nature, str]:
        """What it is, and its media type; remembered of what is here."""
        key = one.blob.hash, ending_of(one.name)
        if key in self._natures:
            self._natures.move_to_end(key)
            return self._natures[key]
        head = b""
        if one.blob.state is BlobState.HERE:
            try:
                head = self._vault.store.blobs.folder.read(blob_name(one.blob), 0, HEAD) or b""
            except OSError:  # another time
                head = b""
        verdict = judge(one.name, head)
        kind = names.NO_TYPE if verdict.disguised else names.media_type(f"x.{ending_of(one.name)}")
        if verdict.nature is Nature.PICTURE:
            kind = next((name for beginning, name in _PICTURES if head.startswith(beginning)), names.NO_TYPE)
        if head:
            self._natures[key] = verdict.nature, kind
            while len(self._natures) > SEEN:
                self._natures.popitem(last=False)
        return verdict.nature, kind


def _open(row: Row) -> bool:
    """Whether all of the office may read it, and take it along."""
    return row.kind in KINDS and not row.sealed


def _text(row: Row) -> str:
    """Its words; of a poll its answers too, and nobody's choice."""
    return "\n".join([row.text, *(f"– {one.text}" for one in (row.poll.options if row.poll is not None else ()))])


def _tied(found: Sequence[Published]) -> list[Published]:
    """An answer names what it answers only where that is published too."""
    ids = {post.id for post in found}
    return [post if post.answer_to in ids else replace(post, answer_to="") for post in found]
