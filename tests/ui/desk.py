"""A desk with a window's bridge to its own engine, and a colleague's engine to talk with."""

from __future__ import annotations

import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from deskblog import events
from deskblog.engine import EngineThread, Options
from deskblog.errors import UserError
from deskblog.ui.bridge import Bridge
from deskblog.ui.draft import Draft
from deskblog.ui.feed_desk import FeedDesk
from deskblog.ui.file_actions import FileActions
from deskblog.ui.post_actions import PostActions
from deskblog.ui.rows import Query, TimelineModel
from deskblog.ui.timeline import TimelineView
from deskblog.ui.window import Window
from deskblog.values import Row

T = TypeVar("T")
PATIENCE = 10_000  # ms, for a machine that is busy


def lines(menu: QMenu) -> list[QAction]:
    """All lines of a menu, those of the menus in it too."""
    found = []
    for one in menu.actions():
        inner = one.menu()
        found += lines(inner) if isinstance(inner, QMenu) else [one]
    return found


def options(folder: Path) -> Options:
    return Options(discovery=False, port=0, web_port=0, state=folder.with_name(folder.name + "-state"))


class Colleague:
    """Somebody else, without a window."""

    def __init__(self, folder: Path) -> None:
        self._thread = EngineThread(folder, lambda _event: None, options(folder))
        self._thread.start().result(10)
        self.engine = self._thread.engine

    def do(self, coro: Coroutine[Any, Any, T]) -> T:
        return self._thread.submit(coro).result(10)

    def post(self, text: str, *, kind: str = "post", answer_to: str = "") -> Row:
        return self.do(self.engine.post(text, kind=kind, answer_to=answer_to))

    def close(self) -> None:
        self._thread.stop()


class Desk:
    """A bridge that runs, and all it said."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.qtbot = qtbot
        self.folder = folder
        self.news: list[tuple[events.Event, ...]] = []
        self.widgets: list[Any] = []
        self.open()

    def open(self) -> None:
        self.bridge = Bridge(self.folder, options(self.folder))
        self.bridge.events.connect(self.news.append)
        started: list[bool] = []
        faults: list[UserError] = []
        self.bridge.start(lambda: started.append(True), faults.append)
        self.until(lambda: bool(started or faults))
        assert not faults, faults

    def close(self) -> None:
        self.bridge.stop()
        for widget in self.widgets:
            widget.hide()
            widget.deleteLater()
        self.widgets.clear()

    @contextmanager
    def slow_disk(self) -> Iterator[None]:
        """Nothing that the store is asked is answered until the end."""
        gate = threading.Event()
        self.bridge.ask(self.bridge.engine._vault.call(gate.wait), lambda _none: None)
        try:
            yield
        finally:
            gate.set()

    def until(self, true: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(true, timeout=PATIENCE)

    def ask(self, coro: Coroutine[Any, Any, T]) -> T:
        done: list[T] = []
        self.bridge.ask(coro, done.append)
        self.until(lambda: bool(done))
        return done[0]

    def post(self, text: str, *, kind: str = "post", answer_to: str = "") -> Row:
        return self.ask(self.bridge.engine.post(text, kind=kind, answer_to=answer_to))

    def heard(self) -> list[events.Event]:
        return [event for news in self.news for event in news]

    def until_held(self, text: str) -> None:
        self.until(lambda: any(row.text == text for row in self.ask(self.bridge.engine.timeline(limit=50)).rows))

    def until_here(self, name: str) -> None:
        def here() -> bool:
            told = [event for event in self.heard() if isinstance(event, events.PeopleChanged)]
            return bool(told) and any(person.name == name and person.here for person in told[-1].people)

        self.until(here)

    # --- widgets ------------------------------------------------------------------------------------------
    def timeline(self) -> TimelineView:
        """A timeline of its own, shown, with its first page and all news."""
        model = TimelineModel(self.bridge)
        view = TimelineView(model)
        view.post_actions = PostActions(
            self.bridge, view, answer=view.answer.emit, correct=view.correct.emit, unfold=view.unfolded.emit
        )
        view.feed_desk = FeedDesk(self.bridge, view, share=lambda _row: None, show=lambda _feed, _title: None)
        view.use_files(FileActions(self.bridge, view))
        view.resize(640, 480)
        self.widgets.append(view)

        def hear(news: tuple[events.Event, ...]) -> None:
            for event in news:
                view.heard(event)

        self.bridge.events.connect(hear)
        view.show()
        with self.qtbot.waitSignal(model.began, timeout=PATIENCE):
            model.show(Query())
        return view

    def window(self) -> Window:
        """The main window, shown and begun."""
        window = Window(self.bridge, Draft(self.bridge, self.bridge))
        self.widgets.append(window)

        def hear(news: tuple[events.Event, ...]) -> None:
            for event in news:
                window.heard(event)

        self.bridge.events.connect(hear)
        window.show()
        with self.qtbot.waitSignal(window.rows.began, timeout=PATIENCE):
            window.begin()
        self.until(lambda: bool(window.people))
        return window
