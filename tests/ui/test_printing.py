"""A report on paper: Qt's own printer writes it into a PDF, through the dialog that a person sees."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog

from deskblog.ui.announce import Report
from deskblog.ui.printing import document
from deskblog.values import Urgency
from tests.ui.desk import Colleague, Desk


def test_a_report_is_printed_with_everybody_on_it(
    anne: Desk, paul: Colleague, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = anne.ask(anne.bridge.engine.announcing.announce("Fire <b>drill</b> at four", urgency=Urgency.MILD))
    _row, table = anne.ask(anne.bridge.engine.announcing.report(row.id))
    words = document(row, table).toPlainText()
    assert "Fire <b>drill</b> at four" in words and "0 of 1 have it" in words and "Paul Bernard" in words
    file = tmp_path / "report.pdf"
    asked: list[QPrinter] = []

    def choose(dialog: QPrintDialog) -> int:
        """A person presses Print, for a file."""
        dialog.printer().setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        dialog.printer().setOutputFileName(str(file))
        asked.append(dialog.printer())
        return int(QDialog.DialogCode.Accepted)

    monkeypatch.setattr(QPrintDialog, "exec", choose)
    window = anne.window()
    report = Report(anne.bridge, window, anne.ask(anne.bridge.engine.talk.find(row.id)))
    report.paper.click()
    anne.until(lambda: bool(asked) and file.exists() and file.stat().st_size > 1000)
    assert file.read_bytes().startswith(b"%PDF-")
    report.deleteLater()
