"""The window, the tray and what they draw. The only room that knows Qt.

PySide puts an import of its own in the place of Python's: for a switch of spelling that nobody here uses it reads the
source of each module that is loaded after it, and keeps it. Python's comes back.
"""

from __future__ import annotations

import builtins

from deskblog.ui.late import stubs_late

with stubs_late():
    import PySide6.QtCore  # noqa: F401

builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
