"""PySide's maker of stubs is loaded when somebody makes stubs.

With its first import PySide compiles, from sources it carries along, all it has in Python. Two of those modules serve
`pyside6-genpyi` alone, and are a twentieth of a start. Held back here, they come at the first name that is looked for
in them. (Those that word a TypeError cannot wait: they are called while it is being raised, and would end the
process.) A PySide that is made otherwise is not met by this, and loads as it would.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING, Any, SupportsIndex

if TYPE_CHECKING:  # it loads six modules more, for what a finder need not be
    from importlib.abc import Loader
else:
    Loader = object

LATE = ("shibokensupport.signature.lib.enum_sig", "shibokensupport.signature.lib.pyi_generator")


class _Held(Loader):
    """Finds what is held back before anybody else does; each is loaded by who would have loaded it."""

    def __init__(self) -> None:
        self._found: dict[str, ModuleSpec] = {}

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name not in LATE:
            return None
        others = [finder for finder in sys.meta_path if finder is not self]
        found = next((spec for finder in others if (spec := finder.find_spec(name, path, target))), None)
        if found is None:
            return None
        self._found[name] = found
        return ModuleSpec(name, self)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        spec = self._found[module.__name__]

        def wanted(name: str) -> Any:
            del module.__dict__["__getattr__"]
            loader, module.__spec__ = spec.loader, spec
            assert loader is not None
            loader.exec_module(module)
            return getattr(module, name)

        module.__dict__["__getattr__"] = wanted


class _Finders(list[Any]):
    """Whoever wants to be asked first is asked after the one that holds back."""

    def insert(self, at: SupportsIndex, finder: Any) -> None:
        super().insert(max(1, int(at)), finder)


@contextmanager
def stubs_late() -> Iterator[None]:
    """Around the first import of PySide; other finders that come or go meanwhile stay as they are left."""
    before, held = sys.meta_path, _Held()
    sys.meta_path = _Finders([held, *before])
    try:
        yield
    finally:
        before[:] = [finder for finder in sys.meta_path if finder is not held]
        sys.meta_path = before
