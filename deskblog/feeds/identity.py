"""Which item is which. Pure.

A guid is meant to tell items apart and often does not: one in six items has none, some feeds give two items one,
some give an item another at each fetch. So an item has a key, the first of guid, link and hash that no other item of
the same file has, and the others besides: what is known by any of them is known.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum

from msgspec import Struct

from deskblog.feeds.feed import Item
from deskblog.records import replace

AHEAD = timedelta(minutes=10)  # a clock of a server's may be ahead of ours


class Named(Struct, frozen=True):
    """An item before its key is known: what it says it is called."""

    guid: str
    item: Item


class Verdict(Enum):
    """What an item that came is to those that are kept."""

    NEW = "new"
    SAME = "same"
    EDITED = "edited"


class Known(Struct, frozen=True):
    """Of an item that is kept: its key, what else it was told by, and the digest of what is kept."""

    key: str
    also: tuple[str, ...]
    digest: str


def keyed(found: Sequence[Named]) -> tuple[Item, ...]:
    """Each item with its key; what is there twice in all that it says is there once."""
    guids = Counter(one.guid for one in found)
    links = Counter(one.item.url for one in found)
    taken: dict[str, Item] = {}
    for one in found:
        told = _hash(one.item.title, str(one.item.published or one.item.updated or ""), one.item.text)
        digest = _hash(one.item.url, one.item.title, one.item.text, *(file.url for file in one.item.enclosures))
        names = [name for name, counts in ((one.guid, guids), (one.item.url, links)) if name and counts[name] == 1]
        key = next((name for name in names if name not in taken), told)
        twin = taken.get(key)
        if twin is not None and twin.digest == digest and (one.guid or one.item.url):
            continue
        also = tuple(name for name in dict.fromkeys((*names, told)) if name != key)
        taken[_free(key, taken)] = replace(one.item, key=_free(key, taken), also=also, digest=digest)
    return tuple(taken.values())


def _free(key: str, taken: Mapping[str, Item]) -> str:
    number = 2
    free = key
    while free in taken:
        free, number = f"{key}#{number}", number + 1
    return free


def _hash(*parts: str) -> str:
    return "hash:" + hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()


def compared(items: Iterable[Item], known: Iterable[Known]) -> list[tuple[Item, Verdict, str]]:
    """Each item, what it is, and the key under which it is kept or is to be.

    Who changes an item's guid does not make it new; two items of one fetch are never the same one.
    """
    kept = {one.key: one for one in known}
    by_other: dict[str, Known] = {}
    for held in kept.values():
        for name in (held.key, *held.also):
            by_other.setdefault(name, held)
    listed = list(items)
    answered = {item.key for item in listed if item.key in kept}
    found: list[tuple[Item, Verdict, str]] = []
    for item in listed:
        was = kept.get(item.key)
        if was is None:
            others = (by_other[name] for name in (item.key, *item.also) if name in by_other)
            was = next((one for one in others if one.key not in answered), None)
            answered |= {was.key} if was else set()
        if was is None:
            found.append((item, Verdict.NEW, item.key))
        else:
            found.append((item, Verdict.SAME if was.digest == item.digest else Verdict.EDITED, was.key))
    return found


def settled(item: Item, first_seen: datetime) -> datetime:
    """The time under which an item stands: the feed's, if there is one that had come when it was first seen."""
    said = item.published or item.updated
    return first_seen if said is None or said > first_seen + AHEAD else min(said, first_seen)
