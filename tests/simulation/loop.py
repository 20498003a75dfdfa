"""A loop whose time jumps to the next timer: no sockets, threads or waiting, and the same again for the same seed.

Work for a thread is run here, a moment of seeded disk time later, in the order it was asked for. Whoever was killed
in between does not get it done: that is what a kill is.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable, Iterable
from random import Random
from typing import Any

from tests.simulation.life import LIFE

MOMENT = 1e-6


class Stuck(Exception):
    """Nothing is left to happen."""


class _Jump:
    """Stands where a selector would: waiting is moving the clock."""

    def __init__(self, loop: VirtualLoop) -> None:
        self._loop = loop

    def select(self, timeout: float | None) -> list[Any]:
        if timeout is None:
            raise Stuck
        self._loop.now += max(timeout, 0.0)
        return []

    def close(self) -> None:
        pass


class VirtualLoop(asyncio.BaseEventLoop):
    """`now`: seconds since the beginning."""

    def __init__(self, dice: Random) -> None:
        super().__init__()
        self.now = 0.0
        self._dice = dice
        self._selector = _Jump(self)
        self._clock_resolution = MOMENT
        self._busy: dict[int, float] = {}

    def time(self) -> float:
        return self.now

    def _process_events(self, event_list: Iterable[Any]) -> None:
        pass

    def _write_to_self(self) -> None:
        pass

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> Any:  # type: ignore[override]
        future = self.create_future()
        begins = max(self.now, self._busy.get(id(executor), 0.0) if executor is not None else 0.0)
        ends = begins + self._dice.uniform(0.0001, 0.004)
        if executor is not None:
            self._busy[id(executor)] = ends
        self.call_at(ends, _work, future, func, args, context=contextvars.copy_context())
        return future


def _work(future: asyncio.Future[Any], func: Callable[..., Any], args: tuple[Any, ...]) -> None:
    if LIFE.get().over or future.cancelled():
        return
    try:
        result = func(*args)
    except BaseException as fault:  # handed on to whoever awaits it, as a thread pool does
        future.set_exception(fault)
    else:
        future.set_result(result)
