"""The app as its entry point starts it, which says on its output when posts were painted first"""

from __future__ import annotations

import sys
import time

from deskblog.unswept import load


def main() -> int:
    app = load("deskblog.app")
    from deskblog.ui.timeline import TimelineView

    told: list[float] = []

    def paint(view: TimelineView, event: QPaintEvent) -> None:
        QListView.paintEvent(view, event)
        if not told and view.model().rowCount():
            told.append(time.perf_counter())
            sys.stdout.write(f'{{"painted": {told[0]}}}\n')
            sys.stdout.flush()

    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QListView

    TimelineView.paintEvent = paint  # type: ignore[method-assign, assignment]
    return int(app.main(sys.argv[1:]))


if __name__ == "__main__":
    sys.exit(main())
