"""What is published of a post: the one thing all that publishes is given. Who gives it has judged what is public."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from deskblog.publish.dates import plausible

_SPACE = uuid.UUID("6b0b5f0c-1f5e-5f0e-9a53-0d1c6f7e4a21")  # of all ids that feeds of deskblog bear


class Beside(Struct, frozen=True):
    """One attachment. `hash`: BLAKE2b-256 of its bytes, lower-case hex. `nature`: what the bytes are, a word of
    media.nature.Nature. `file`: where they lie here, if they do; `url`: where else they are to be had."""

    name: str
    media_type: str
    size: int
    nature: str
    hash: str
    file: Path | None = None
    url: str = ""
    width: int = 0  # pixels, 0 where nothing is known
    height: int = 0


class Published(Struct, frozen=True):
    """One post. `id`, `person`: lower-case hex of the entry's and the author's id; `author`: the name they have now.

    `at`: UTC ms; `updated`: when it was last corrected, 0: never. `answer_to`: the id of what it answers, if that is
    published too. `answers`: how many published ones it has.
    """

    id: str
    person: str
    author: str
    text: str
    at: int
    updated: int = 0
    tags: tuple[str, ...] = ()
    answer_to: str = ""
    beside: tuple[Beside, ...] = ()
    answers: int = 0

    @property
    def changed(self) -> int:
        return max(self.at, self.updated)


def urn(key: str) -> str:
    """The id that a feed's reader knows a thing by: of the thing alone, wherever it is served from."""
    return uuid.uuid5(_SPACE, key).urn


def newest(posts: Iterable[Published], now: int) -> list[Published]:
    """Newest first; whose date cannot be stands at the end."""
    return sorted(posts, key=lambda post: (plausible(post.at, now), post.at, post.id), reverse=True)
