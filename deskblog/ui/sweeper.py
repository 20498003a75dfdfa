"""Python's garbage collector, kept on the window's thread.

Left to itself it runs on whatever thread allocates next, mostly the engine's, and would there delete widgets that
lie in a circle of references; Qt then crashes. So it is turned off and run from a timer here.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY = 2000  # ms


class Sweeper(QObject):
    """Made once, before any other thread begins."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=EVERY)
        self._timer.timeout.connect(self.sweep)
        self._timer.start()

    def sweep(self) -> int:
        """Collects what Python would have by now; the oldest generation that was swept, -1 for none."""
        counts, limits = gc.get_count(), gc.get_threshold()
        for generation in (2, 1, 0):
            if counts[generation] > limits[generation]:
                gc.collect(generation)
                return generation
        return -1
