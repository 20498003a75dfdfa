"""The report of an announcement on paper: what it says, who has it and when they said so, who has not."""

from __future__ import annotations

import csv
import io

from PySide6.QtGui import QFont, QTextCharFormat, QTextCursor, QTextDocument, QTextTableFormat
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QWidget

from deskblog.i18n import _
from deskblog.ui import moments
from deskblog.values import Row

SIZE = 10  # points


def document(row: Row, table: str) -> QTextDocument:
    """Plain text and a table: nothing a colleague wrote is read as markup. `table`: as the report's file."""
    made = QTextDocument()
    made.setDefaultFont(QFont(made.defaultFont().family(), SIZE))
    cursor = QTextCursor(made)
    plain, strong = QTextCharFormat(), QTextCharFormat()
    strong.setFontWeight(QFont.Weight.Bold)
    cursor.insertText(f"{row.person}, {moments.full(row.at)}\n", plain)
    cursor.insertText(f"{row.text}\n", strong)
    said = row.announced
    if said is not None:
        counted = _("{n} of {all} have it").format(n=len(said.got), all=len(said.got) + len(said.waiting))
        cursor.insertText(f"{counted}\n", plain)
    lines = list(csv.reader(io.StringIO(table)))
    shape = QTextTableFormat()
    shape.setHeaderRowCount(1)
    shape.setCellPadding(4)
    shape.setCellSpacing(0)
    shape.setBorder(0.5)
    grid = cursor.insertTable(len(lines), len(lines[0]), shape)
    for n, line in enumerate(lines):
        for m, text in enumerate(line):
            grid.cellAt(n, m).firstCursorPosition().insertText(text, strong if n == 0 else plain)
    return made


def print_report(parent: QWidget, row: Row, table: str) -> bool:
    """Asks for a printer, or a PDF where the system offers one, and prints; whether it did."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(_("Who has it"))
    dialog = QPrintDialog(printer, parent)
    if dialog.exec() != QDialog.DialogCode.Accepted:
        return False
    document(row, table).print_(printer)
    return True
