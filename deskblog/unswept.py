"""Loads a program without Python's garbage collector, which looks at all there is again and again while it grows."""

from __future__ import annotations

import gc
import importlib
from typing import Any


def load(name: str) -> Any:
    """A module with all it needs. None of that is garbage, and it is looked at no more: a tenth of the time.

    Whoever has turned the collector off has it off afterwards too, and nothing of theirs is kept for ever.
    """
    if not gc.isenabled():
        return importlib.import_module(name)
    gc.disable()
    try:
        return importlib.import_module(name)
    finally:
        gc.freeze()
        gc.enable()
