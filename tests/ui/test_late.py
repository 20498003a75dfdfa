"""PySide's maker of stubs comes when it is asked for, and all else that PySide says of itself is as ever."""

from __future__ import annotations

import os
import subprocess
import sys

from deskblog.ui.late import LATE

ASKED = """
from PySide6.support.signature import get_signature
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget
import pydoc
for wrong in (lambda: QPoint("x"), lambda: QPoint(1, 2).setX("a"), lambda: QPoint(nonsense=1)):
    try:
        wrong()
    except (TypeError, AttributeError) as fault:
        print(type(fault).__name__, fault)
print(get_signature(QWidget.resize), get_signature(QWidget), QWidget.resize.__doc__)
print(pydoc.render_doc(QPoint))
"""
HELD = """
import sys
from deskblog.ui.late import LATE
print(*[name for name in LATE if "__getattr__" in vars(sys.modules[name])])
print(*[finder for finder in sys.meta_path if type(finder).__module__.startswith(("deskblog", "signature_boot"))])
print(type(sys.meta_path).__name__)
"""


def said(words: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-c", words],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    return ran.stdout


def test_what_is_asked_of_signatures_is_answered_alike() -> None:
    eager = said("import PySide6.QtCore" + ASKED)
    assert "Supported signatures" in eager
    assert said("import deskblog.ui" + ASKED) == eager


def test_a_wrong_call_is_a_type_error_though_nothing_was_asked_before() -> None:
    wrong = "\nfrom PySide6.QtCore import QPoint\ntry:\n    QPoint('x')\nexcept TypeError:\n    print('caught')\n"
    assert said("import deskblog.ui" + wrong) == "caught\n"


def test_the_maker_of_stubs_waits_until_it_is_asked_for_and_no_finder_stays() -> None:
    assert said("import deskblog.app" + HELD).splitlines() == [" ".join(LATE), "", "list"]
    woken = "import deskblog.ui\nfrom PySide6.support.signature.lib.pyi_generator import generate_pyi\n"
    assert said(woken + HELD).splitlines() == ["", "", "list"]
