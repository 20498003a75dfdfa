"""Runs on their way into the store: those that wait for its thread together are written in one transaction.

The posts of many people lie in the same pages, for these follow time: run by run each is written again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from deskblog.log.run import Run
from deskblog.store.store import Held, Ingested

TOGETHER = 1024  # entries of a transaction: whoever asks the store meanwhile waits for no more than that

Coming = tuple[Run, Sequence[Held]]


class Errand:
    """One run, and what became of it."""

    def __init__(self, run: Run, held: Sequence[Held], era: int) -> None:
        self.coming: Coming = run, held
        self.era = era
        self.done: Ingested | None = None
        self.fault: BaseException | None = None

    @property
    def tried(self) -> bool:
        return self.done is not None or self.fault is not None

    def outcome(self) -> Ingested:
        if self.fault is not None:
            raise self.fault
        assert self.done is not None
        return self.done


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
        """On the store's thread, once for each, in the order they came."""
        while not errand.tried:
            self._keep(self._next())
        return errand.outcome()

    def _next(self) -> list[Errand]:
        """Those that go together: the first that waits, and what follows of its era."""
        group = [self._waiting.popleft()]
        entries = len(group[0].coming[1])
        while self._waiting and self._waiting[0].era == group[0].era:
            entries += len(self._waiting[0].coming[1])
            if entries > TOGETHER:
                break
            group.append(self._waiting.popleft())
        return group

    def _keep(self, group: Sequence[Errand]) -> None:
        """Together if that can be; else each by itself, and each hears of its own fault alone."""
        if len(group) > 1:
            try:
                for errand, done in zip(group, self._together([one.coming for one in group]), strict=True):
                    errand.done = done
            except Exception:  # nothing of them is kept, and each is tried below
                pass
            else:
                return
        for errand in group:
            try:
                errand.done = self._one(*errand.coming)
            except BaseException as fault:  # handed to whoever waits for it
                errand.fault = fault
