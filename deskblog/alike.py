"""A struct of which `unread` is not compared: it says something of the reader, and nothing of what is read."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import Any

import msgspec


class Alike(msgspec.Struct, frozen=True, gc=False):
    """Made eight times as quickly as a frozen dataclass of as many fields: rows are most of what is made here."""

    def __eq__(self, other: object) -> bool:
        said = _compared(type(self))
        return type(other) is type(self) and bool(said(self) == said(other))

    def __ne__(self, other: object) -> bool:  # else the struct's own, which compares them all
        return not self == other

    def __hash__(self) -> int:
        return hash(_compared(type(self))(self))


@cache
def _compared(kind: type[Alike]) -> Callable[[Any], Any]:
    return attrgetter(*(name for name in kind.__struct_fields__ if name != "unread"))
