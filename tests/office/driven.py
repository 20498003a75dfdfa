"""The real app, with an eye and a pointer beside it: python -m tests.office.driven SOCKET [WORDS OF THE APP].

What it says is what a screen reader is told (Qt's accessible tree, of visible windows), and where it stands on the
screen. It changes nothing: keys and clicks come from the X server, as a person's do. One JSON object a line:
{"see": ""} → all names in sight; {"where": "Question", "and": "archive"} → [x, y] of what has that name, or begins
so, and has those words, too; or null.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QApplication

from deskblog import app
from deskblog.ui.session import Application

Name, Value = QAccessible.Text.Name, QAccessible.Text.Value


def in_sight() -> Iterator[QAccessibleInterface]:
    """Everything a screen reader finds in windows that are shown, the newest window first."""
    for widget in reversed(QApplication.topLevelWidgets()):
        if widget.isVisible():
            yield from _beneath(QAccessible.queryAccessibleInterface(widget))


def _beneath(thing: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    if thing is None or not thing.isValid() or thing.state().invisible:
        return
    yield thing
    for n in range(thing.childCount()):
        yield from _beneath(thing.child(n))


def see() -> list[str]:
    said = [thing.text(part) for thing in in_sight() for part in (Name, Value)]
    return [text for text in said if text]


def where(name: str, words: str) -> list[int] | None:
    """The middle of the first thing that has this name, else of the first whose name begins so, and these words."""
    named = [(thing.text(Name).split("\t")[0].replace("&", ""), thing.rect().center()) for thing in in_sight()]
    named = [(said, at) for said, at in named if words in said]
    middle = next((at for said, at in named if said == name), None)
    middle = middle or next((at for said, at in named if said.startswith(name)), None)
    return [middle.x(), middle.y()] if middle is not None else None


class Eye(QLocalServer):
    """Answers whoever asks on its socket."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.newConnection.connect(self._came)
        self.listen(path)

    def _came(self) -> None:
        caller = self.nextPendingConnection()
        caller.readyRead.connect(lambda: self._answer(caller))
        caller.disconnected.connect(caller.deleteLater)

    @staticmethod
    def _answer(caller: QLocalSocket) -> None:
        while caller.canReadLine():
            asked = json.loads(bytes(caller.readLine().data()))
            answer = see() if "see" in asked else where(asked["where"], asked["and"])
            caller.write(json.dumps(answer).encode() + b"\n")


def main() -> int:
    qt = Application(["deskblog"])
    QAccessible.setActive(True)  # else Qt keeps what it told once, and is told of no change
    eye = Eye(sys.argv[1])
    qt.aboutToQuit.connect(eye.close)
    return app.main(sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
