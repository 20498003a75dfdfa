"""What a list of feeds says, as readers exchange them."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

Path = tuple[str, ...]


class Listed(Struct, frozen=True):
    """A feed of a list. `folders`: where it lies, from the outermost; in several if it lies in several."""

    url: str
    title: str = ""
    folders: tuple[Path, ...] = ()


class FeedList(Struct, frozen=True):
    """`pages`: of sites whose feed is not named, to be looked for there. `lists`: other lists it names, not followed.
    `left_out`: what has no address on the web, or was past the ceiling."""

    title: str = ""
    owner: str = ""
    feeds: tuple[Listed, ...] = ()
    pages: tuple[Listed, ...] = ()
    lists: tuple[Listed, ...] = ()
    created: datetime | None = None
    modified: datetime | None = None
    left_out: int = 0
