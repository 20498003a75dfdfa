"""What a person keeps for themselves, on this PC alone: posts, searches, words to watch. Never told to anybody."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TypeVar

import msgspec

from deskblog.engine.talk import Talk
from deskblog.engine.vault import Vault
from deskblog.errors import Refused
from deskblog.i18n import _
from deskblog.store.watch import watched
from deskblog.values import Row, Search

KEPT, SEARCHES, WORDS = "ui-kept", "ui-searches", "ui-words"  # such settings are part of a backup
MOST_KEPT, MOST_SEARCHES, MOST_WORDS = 5000, 100, 100
T = TypeVar("T")
_IDENT = re.compile(r"[0-9a-f]{64}")
LENGTH = 60  # characters of a word, or of a search's name


class Keepsakes:
    """Reads once, at the start; writes at each change."""

    def __init__(self, vault: Vault, talk: Talk) -> None:
        self._vault = vault
        self._talk = talk
        self._kept: dict[str, None] = {}
        self.searches: tuple[Search, ...] = ()
        self.words: tuple[str, ...] = ()
        self.watching: Callable[[], None] = lambda: None  # called when other words are watched

    async def begin(self) -> None:
        self._kept = dict.fromkeys(await self._read(KEPT, tuple[str, ...], ()))
        self.searches = await self._read(SEARCHES, tuple[Search, ...], ())
        self.words = await self._read(WORDS, tuple[str, ...], ())
        await self._show()

    async def _read(self, key: str, shape: type[T], otherwise: T) -> T:
        """What was kept; nothing where it makes no sense, as in a backup that somebody wrote by hand."""
        try:
            return msgspec.json.decode(await self._vault.call(self._vault.store.get, key) or "[]", type=shape)
        except msgspec.MsgspecError:
            return otherwise

    # --- posts --------------------------------------------------------------------------------------------
    async def keep(self, id_prefix: str, *, on: bool = True) -> Row:
        """Keeps a post at hand, or not any more; the post as it is then."""
        row = await self._talk.find(id_prefix)
        if on and row.id not in self._kept:
            if len(self._kept) >= MOST_KEPT:
                raise _too_many(_("posts"), MOST_KEPT)
            self._kept[row.id] = None
        elif not on:
            self._kept.pop(row.id, None)
        await self._write(KEPT, tuple(self._kept))
        await self._show()
        row = await self._talk.find(row.id)
        self._vault.changed((row,))
        return row

    async def _show(self) -> None:
        kept = frozenset(bytes.fromhex(ident) for ident in self._kept if _IDENT.fullmatch(ident))
        self._vault.store.archive.items.kept = kept
        await self._vault.call(self._vault.store.archive.timeline.keep, kept)

    # --- searches -----------------------------------------------------------------------------------------
    async def keep_search(self, name: str, words: str) -> None:
        """Keeps a search under a name, in place of one so called; empty words: not any more."""
        name, words = " ".join(name.split())[:LENGTH], words.strip()
        if not name:
            raise Refused(_("A name is needed."))
        left = tuple(one for one in self.searches if one.name != name)
        if words and len(left) >= MOST_SEARCHES:
            raise _too_many(_("searches"), MOST_SEARCHES)
        self.searches = (*left, Search(name, words)) if words else left
        await self._write(SEARCHES, self.searches)

    # --- words --------------------------------------------------------------------------------------------
    async def watch(self, words: Iterable[str]) -> tuple[str, ...]:
        """From now on a new post with one of these is told of as one that names the person; what is watched then."""
        clean = tuple(dict.fromkeys(word for one in words if (word := " ".join(one.split()))))
        if len(clean) > MOST_WORDS:
            raise _too_many(_("words"), MOST_WORDS)
        if long := next((word for word in clean if len(word) > LENGTH), None):
            raise Refused(_("“{word}” is too long to watch.").format(word=long), next_step=_("Shorten it."))
        self.words = clean
        await self._write(WORDS, clean)
        self.watching()
        return clean

    def watches(self, row: Row) -> bool:
        """Whether a post has a word that is watched."""
        return watched(self.words, row.text)

    async def _write(self, key: str, value: object) -> None:
        await self._vault.call(self._vault.store.put, key, msgspec.json.encode(value).decode())


def _too_many(what: str, most: int) -> Refused:
    return Refused(
        _("{n} {things} are the most that can be kept.").format(n=most, things=what),
        kept=_("Those kept before stay."),
        next_step=_("Let some of them go."),
    )
