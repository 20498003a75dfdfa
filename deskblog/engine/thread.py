"""An engine with its loop in a thread of its own, for a window that must never wait.

The thread is not a daemon: one that still emits while the interpreter ends crashes it.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from deskblog.engine.core import Engine
from deskblog.engine.options import Options
from deskblog.events import Event

T = TypeVar("T")
STOP_SECONDS = 5.0


class EngineThread:
    """Owns the loop; everything of the engine runs there, everything else only submits."""

    def __init__(self, folder: Path, listener: Callable[[Event], None], options: Options) -> None:
        self.loop = asyncio.new_event_loop()
        self.engine = Engine(folder, listener, options=options)
        self._thread = threading.Thread(target=self._run, name="deskblog-engine", daemon=False)

    def start(self) -> Future[None]:
        """Starts thread and engine; the future fails with Unusable where the engine cannot start."""
        self._thread.start()
        return self.submit(self.engine.start())

    def submit(self, coro: Coroutine[Any, Any, T]) -> Future[T]:
        """Runs a coroutine of the engine there; never wait for the future on the window's thread."""
        return asyncio.run_coroutine_threadsafe(coro, self.loop)

    def stop(self) -> None:
        """Stops engine, loop and thread; blocks until joined."""
        if self._thread.is_alive():
            with suppress(FutureTimeout):
                self.submit(self.engine.stop()).result(STOP_SECONDS)
            self.loop.call_soon_threadsafe(self.loop.stop)
            self._thread.join(STOP_SECONDS)

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        try:
            self.loop.run_forever()
        finally:
            self._drain()
            self.loop.close()

    def _drain(self) -> None:
        """What is still under way is cancelled and waited for, so that nothing is left half done in silence."""
        tasks = asyncio.all_tasks(self.loop)
        for task in tasks:
            task.cancel()
        self.loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
