"""The floor of a window in Python: PySide6, one list, one field, no deskblog."""

from __future__ import annotations

import sys

from PySide6.QtCore import QStringListModel
from PySide6.QtWidgets import QApplication, QLineEdit, QListView, QVBoxLayout, QWidget


def main() -> int:
    app = QApplication(["skeleton"])
    window = QWidget()
    view, model = QListView(), QStringListModel([f"post {n}" for n in range(50)])
    view.setModel(model)
    column = QVBoxLayout(window)
    column.addWidget(QLineEdit())
    column.addWidget(view)
    window.resize(420, 600)
    window.show()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
