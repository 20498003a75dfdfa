"""Loads a program without what slows or weighs on every start and serves none.

That is Python's garbage collector, which looks at all there is again and again while it grows; and, where something
has it installed, `typing_extensions`: msgspec takes from it what `typing` has, and half a MiB with it.
"""

from __future__ import annotations

import gc
import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

SPARE = "typing_extensions"


def load(name: str) -> Any:
    """A module with all it needs. None of that is garbage, and it is looked at no more: a tenth of the time.

    Whoever has turned the collector off has it off afterwards too, and nothing of theirs is kept for ever.
    """
    if not gc.isenabled():
        return importlib.import_module(name)
    gc.disable()
    try:
        with _spared():
            importlib.import_module("msgspec")
        return importlib.import_module(name)
    finally:
        gc.freeze()
        gc.enable()


@contextmanager
def _spared() -> Iterator[None]:
    """Inside it cannot be imported, unless it is there already: msgspec goes on without it."""
    if SPARE in sys.modules:
        yield
        return
    sys.modules[SPARE] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[SPARE]
