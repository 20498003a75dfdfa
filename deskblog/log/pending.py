"""Acts that wait: for their parents, or, of an author who wrote too many, for somebody else's act that follows them.

Nothing is refused for ever: what is dropped here is asked for again, and what everybody rests on comes in with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from deskblog import limits
from deskblog.log.act import Act
from deskblog.values import ActId, DeviceKey

Author = DeviceKey | None  # None: all who were never let in, together


def _no_ceiling(author: DeviceKey) -> tuple[Author, int]:
    return author, limits.ACTS


class Pending:
    """`ceiling` of an author: as whom its acts are counted, and how many are taken."""

    def __init__(
        self,
        known: Iterable[Act] = (),
        ceiling: Callable[[DeviceKey], tuple[Author, int]] = _no_ceiling,
    ) -> None:
        self._known: set[ActId] = set()
        self._waiting: dict[ActId, Act] = {}
        self._counts: Counter[Author] = Counter()
        self._ceiling = ceiling
        for act in known:
            self._take(act)

    def add(self, act: Act) -> list[Act]:
        """The acts that can be folded now, parents first: none, or this one with those that waited for it."""
        if act.id in self._known:
            return []
        if act.id not in self._waiting and not self._make_room(act):
            return []
        self._waiting[act.id] = act
        return self.ready()

    def ready(self) -> list[Act]:
        """Those of the waiting that can be folded now; asked again once the office is another."""
        out: list[Act] = []
        while (found := self._next()) is not None:
            for act in found:
                self._take(act)
                del self._waiting[act.id]
            out += found
        return out

    def forget(self, acts: Iterable[Act]) -> None:
        """These could not be kept after all, nor what rests on them: they may come again."""
        for act in acts:
            self._known.discard(act.id)
            self._counts[self._ceiling(act.author)[0]] -= 1

    def _take(self, act: Act) -> None:
        self._known.add(act.id)
        self._counts[self._ceiling(act.author)[0]] += 1

    def _has_room(self, author: DeviceKey) -> bool:
        counted_as, ceiling = self._ceiling(author)
        return self._counts[counted_as] < ceiling

    def _make_room(self, act: Act) -> bool:
        """True if it may wait; one of an author past the ceiling makes way for it, the oldest first."""
        if len(self._waiting) < limits.ACTS_WAITING:
            return True
        over = next((ident for ident, one in self._waiting.items() if not self._has_room(one.author)), None)
        if over is not None:
            del self._waiting[over]
        return over is not None or (self._known.issuperset(act.after) and self._has_room(act.author))

    def _next(self) -> list[Act] | None:
        """An act that can be folded now, after those it rests on that waited."""
        for act in self._waiting.values():
            if self._has_room(act.author):
                found = self._with_parents(act)
                if found is not None:
                    return found
        return None

    def _with_parents(self, act: Act) -> list[Act] | None:
        """The act, and before it all waiting acts in its past; None if one is not here."""
        out: dict[ActId, Act] = {}
        open_ends = [act]
        while open_ends:
            one = open_ends[-1]
            if one.id in out:
                open_ends.pop()
                continue
            missing = [parent for parent in one.after if parent not in self._known and parent not in out]
            if not missing:
                out[open_ends.pop().id] = one
            elif all(parent in self._waiting for parent in missing):
                open_ends += [self._waiting[parent] for parent in missing]
            else:
                return None
        return list(out.values())
