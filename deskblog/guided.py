"""The demo's window: two minutes of trying things out, with colleagues who answer what the person does."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QVBoxLayout

from deskblog import events
from deskblog.demo import Demo
from deskblog.ui.bridge import Bridge
from deskblog.ui.tour import Step, Tour
from deskblog.ui.window import Window
from deskblog.values import Row

BELOW_HEADER = 1
CHAT_PAUSE = 2.5  # seconds between two posts of the colleagues


class Guided(QObject):
    """`left`: the person has seen it all."""

    left = Signal()

    def __init__(self, bridge: Bridge, window: Window, demo: Demo) -> None:
        super().__init__(window)
        self._bridge, self._window, self._colleagues = bridge, window, demo.colleagues
        self._cheered = False
        self.tour = Tour()
        whole = window.centralWidget()
        page = whole.layout() if whole is not None else None
        assert isinstance(page, QVBoxLayout)
        page.insertWidget(BELOW_HEADER, self.tour)
        self.tour.at.connect(self._step)
        self.tour.done.connect(self.left)
        window.rows.began.connect(self._found)
        bridge.ask(self._colleagues.chat(CHAT_PAUSE))

    def heard(self, event: events.Event) -> None:
        """What the engine tells everybody."""
        if isinstance(event, events.Posted) and event.live:
            for row in event.rows:
                self._answer(row)
        self.tour.heard(event)

    def restyle(self) -> None:
        """After a change of theme."""
        self.tour.restyle()

    def _answer(self, row: Row) -> None:
        if row.mine and row.kind == "question":
            self._bridge.ask(self._colleagues.answer(row))
        elif row.mine and row.kind == "post" and not self._cheered:
            self._cheered = True
            self._bridge.ask(self._colleagues.cheer(row))

    def _step(self, step: Step) -> None:
        if step is Step.GOT_IT:
            self._bridge.ask(self._colleagues.announce())

    def _found(self) -> None:
        if self._window.rows.query.words:
            self.tour.searched(self._window.rows.rowCount())
