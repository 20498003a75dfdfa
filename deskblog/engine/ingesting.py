"""Runs on their way into the store: those that wait for its thread together are written in one transaction.

The posts of many people lie in the same pages, for these follow time: run by run each is written again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress

from deskblog.errors import PeerError, UserError
from deskblog.log.run import Run
from deskblog.store.store import Held, Ingested
from deskblog.store.work import NotKept

TOGETHER = 1024  # entries of a transaction: whoever asks the store meanwhile waits for no more than that

Coming = tuple[Run, Sequence[Held]]


class Errand:
    """One run. `taken`: it was tried with others, or has nobody beside it; `done`: what became of it among them."""

    def __init__(self, run: Run, held: Sequence[Held], era: int) -> None:
        self.coming: Coming = run, held
        self.era = era
        self.taken = False
        self.done: Ingested | None = None


class Ingesting:
    """`one` keeps a run, or raises why not; `together` keeps all of several, or raises and keeps none."""

    def __init__(
        self, one: Callable[[Run, Sequence[Held]], Ingested], together: Callable[[Sequence[Coming]], list[Ingested]]
    ) -> None:
        self._one, self._together = one, together
        self._waiting: deque[Errand] = deque()
        self._era = 0

    def come(self, run: Run, held: Sequence[Held]) -> Errand:
        """On the loop: a run that is to be kept after all that came before it."""
        errand = Errand(run, held, self._era)
        self._waiting.append(errand)
        return errand

    def turn(self) -> None:
        """On the loop: what comes from now on is judged by another office, and by no earlier one."""
        self._era += 1

    def keep(self, errand: Errand) -> Ingested:
        """On the store's thread, once for each, in the order they came; raises what keeping this one raised."""
        while not errand.taken:
            group = self._next()
            if len(group) > 1:
                self._try(group)
        return errand.done if errand.done is not None else self._one(*errand.coming)

    def _next(self) -> list[Errand]:
        """Those that go together: the first that waits, and what follows of its era."""
        group: list[Errand] = []
        entries = 0
        while self._waiting and (not group or self._waiting[0].era == group[0].era):
            entries += len(self._waiting[0].coming[1])
            if group and entries > TOGETHER:
                break
            group.append(self._waiting.popleft())
            group[-1].taken = True
        return group

    def _try(self, group: Sequence[Errand]) -> None:
        """Where one cannot be kept, none is: each goes by itself when its turn comes, and hears of its own fault."""
        with suppress(NotKept, ValueError, UserError, PeerError):
            for errand, done in zip(group, self._together([one.coming for one in group]), strict=True):
                errand.done = done
