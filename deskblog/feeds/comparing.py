"""What a colleague handed on, beside what the site says: an honest copy is a little older, and nothing else. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from deskblog.feeds.feed import Item

MARGIN = timedelta(minutes=10)  # of clocks, and of sites that show things late


class Difference(Struct, frozen=True):
    """`changed`: it says what the site does not, or otherwise. `left_out`: what was there already is not in it."""

    changed: bool = False
    left_out: bool = False

    def __bool__(self) -> bool:
        return self.changed or self.left_out


def compared(handed: Sequence[Item], said: Sequence[Item], at: datetime) -> Difference:
    """`handed`: as of `at`; `said`: by the site, just now. What fell off either end for its age is no difference."""
    theirs, ours = {one.digest for one in handed}, {one.digest for one in said}
    changed = _within(handed, ours)
    old = [one for one in _within(said, theirs) if (told := one.updated or one.published) and told < at - MARGIN]
    return Difference(bool(changed), bool(old))


def _within(items: Sequence[Item], known: Collection[str]) -> Sequence[Item]:
    """Those not known that stand before one that is; all, if none is."""
    last = max((n for n, one in enumerate(items) if one.digest in known), default=len(items))
    return [one for one in items[:last] if one.digest not in known]
