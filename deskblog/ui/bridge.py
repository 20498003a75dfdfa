"""Between the window's thread and the engine's: events come in by one signal, questions go out, answers come back.

The first event of a quiet time is delivered at once, for typing a post must feel instant. Those that follow within
PAUSE are delivered together at its end, so that ten thousand posts of a history are a few dozen signals. Answers to
questions are not held back.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, wait
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, Signal

from deskblog.control import Bell, ControlServer
from deskblog.engine import Engine, EngineThread, Options
from deskblog.errors import Unusable, UserError
from deskblog.events import Event, Trouble
from deskblog.i18n import _

PAUSE = 50  # ms
STOP_SECONDS = 5.0
SETTLE_SECONDS = 2.0  # systems end a program that holds up the end of a session for longer
T = TypeVar("T")
log = logging.getLogger(__name__)


class Bridge(QObject):
    """One engine in its thread, seen from the window. `events` carries tuples of events, oldest first."""

    events = Signal(object)
    _rung = Signal()
    _answered = Signal(object)

    def __init__(self, folder: Path, options: Options, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bell = Bell()
        self._bell.hear(self._hear)
        self._thread = EngineThread(folder, self._bell.ring, options)
        self._control = ControlServer(self._thread.engine, self._bell, folder)
        self._opening: Future[None] | None = None
        self._starting: Future[None] | None = None
        self._stopped = False
        self._lock = Lock()
        self._waiting: deque[Event] = deque()
        self._armed = False
        self._pause = QTimer(self, interval=PAUSE, singleShot=True)
        self._pause.timeout.connect(self._deliver)
        self._rung.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._answered.connect(self._run, Qt.ConnectionType.QueuedConnection)

    @property
    def engine(self) -> Engine:
        """To make the coroutines of: `bridge.ask(bridge.engine.post("…"), done)`."""
        return self._thread.engine

    # --- starting and stopping ----------------------------------------------------------------------------
    def begin(self) -> None:
        """Starts the engine; whatever it says waits for the loop of the window. So that both begin at once."""
        self._starting = self._thread.start()

    def start(self, done: Callable[[], None], failed: Callable[[UserError], None]) -> None:
        """Starts the engine, if it was not, and opens the local door for the command line; answers on the window's
        thread."""
        if self._starting is None:
            self.begin()
        assert self._starting is not None
        self._watch(self._starting, lambda _none: self._open_door(done), failed)

    def go_out(self) -> None:
        """An engine started `hushed` looks for colleagues."""
        self.call(self.engine.go_out)

    def _open_door(self, done: Callable[[], None]) -> None:
        """The window is of use without it, and does not wait; that it cannot open is trouble."""
        self._opening = self._thread.submit(self._control.start())
        self._watch(self._opening, lambda _none: None, self.tell_fault)
        done()

    def stop(self, *last: Coroutine[Any, Any, None]) -> None:
        """Ends the engine, after what is last to be done on its loop; blocks until its thread is gone."""
        if self._stopped:
            return
        self._stopped = True
        if self._starting is None:
            self._thread.loop.close()
            return
        if self._opening is not None:
            wait([self._opening], STOP_SECONDS)
        wait([self._thread.submit(coro) for coro in (*last, self._control.stop())], STOP_SECONDS)
        self._thread.stop()
        self._pause.stop()

    def settle(self) -> None:
        """Waits until all that was asked to be kept so far is written: the process may be ended when this returns."""
        if self._starting is not None and not self._stopped:
            wait([self._thread.submit(self.engine.remembered("draft"))], SETTLE_SECONDS)

    # --- events -------------------------------------------------------------------------------------------
    def _hear(self, event: Event) -> None:
        """On the engine's thread."""
        with self._lock:
            self._waiting.append(event)
            ring, self._armed = not self._armed, True
        if ring:
            self._rung.emit()

    def _deliver(self) -> None:
        with self._lock:
            news = tuple(self._waiting)
            self._waiting.clear()
            self._armed = bool(news)
        if news:
            self._pause.start()
            self.events.emit(news)

    def tell(self, trouble: Trouble) -> None:
        """Shows a trouble that came up on the window's side."""
        self.events.emit((trouble,))

    def tell_fault(self, fault: UserError) -> None:
        self.tell(Trouble("window", fault.what, fault.kept, fault.next_step))

    # --- questions ----------------------------------------------------------------------------------------
    def ask(
        self,
        coro: Coroutine[Any, Any, T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[UserError], None] | None = None,
    ) -> None:
        """Runs a coroutine of the engine; `done` or `failed` is called on the window's thread, if still wanted there.

        A failure nobody handles is shown as trouble.
        """
        if self._stopped:
            coro.close()
            return
        self._watch(self._thread.submit(coro), done, failed)

    def call(self, deed: Callable[[], None]) -> None:
        """Something short, done on the engine's loop."""

        async def do() -> None:
            deed()

        self.ask(do())

    def _watch(
        self,
        future: Future[T],
        done: Callable[[T], None] | None,
        failed: Callable[[UserError], None] | None,
    ) -> None:
        future.add_done_callback(lambda ended: self._answered.emit(partial(self._settle, ended, done, failed)))

    def _run(self, answer: Callable[[], None]) -> None:
        if not self._stopped:
            answer()

    def _settle(
        self,
        future: Future[T],
        done: Callable[[T], None] | None,
        failed: Callable[[UserError], None] | None,
    ) -> None:
        if future.cancelled():
            return
        fault = future.exception()
        if fault is None:
            if done is not None and _wanted(done):
                done(future.result())
            return
        if not isinstance(fault, UserError):
            log.error("a command of the window failed", exc_info=fault)
            fault = Unusable(
                _("deskblog made a mistake and could not do this."),
                kept=_("Your posts are kept."),
                next_step=_("Try again; if it stays so, quit deskblog and start it anew."),
            )
        if failed is not None and _wanted(failed):
            failed(fault)
        else:
            self.tell_fault(fault)


def _wanted(answer: Callable[..., None]) -> bool:
    """False when the widget that asked is gone."""
    while isinstance(answer, partial):
        answer = answer.func
    owner = getattr(answer, "__self__", None)
    return not isinstance(owner, QObject) or shiboken6.isValid(owner)
