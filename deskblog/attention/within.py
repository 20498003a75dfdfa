"""Runs what a library does with another program, which may raise anything, hang, or never end.

It runs in a task of its own: what it raises is how that task ended, and not ours; what takes too long is cancelled.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from msgspec import Struct

T = TypeVar("T")
UNWIND_SECONDS = 1.0


class Fault(Struct, frozen=True):
    """It came to no answer. `late`: because its time was over."""

    why: str
    late: bool = False


async def within(
    seconds: float, coro: Coroutine[Any, Any, T], unless: asyncio.Future[None] | None = None
) -> T | Fault:
    """The coroutine's answer, or why there is none. Its time is over, too, once `unless` is done."""
    task = asyncio.get_running_loop().create_task(coro)
    ends: set[asyncio.Future[Any]] = {task} if unless is None else {task, unless}
    try:
        await asyncio.wait(ends, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        task.cancel()
    if not task.done():
        await asyncio.wait({task}, timeout=UNWIND_SECONDS)
    if not task.done() or task.cancelled():
        return Fault(f"no answer within {seconds:g} s", late=True)
    fault = task.exception()
    return task.result() if fault is None else Fault(f"{type(fault).__name__}: {fault}")
