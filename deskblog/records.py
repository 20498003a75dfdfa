"""`replace` for records, which are msgspec structs: a dataclass is written and compiled anew at each start of Python,
half a millisecond each, and there are hundreds. `mypy` knows the fields of both."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import replace as replace
else:
    from msgspec.structs import replace as replace

__all__ = ["replace"]
