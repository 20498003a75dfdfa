"""Links that are not proven yet: a bounded many, and who is silent on them keeps nobody out.

When there are too many, the oldest of the address that has most goes: somebody honest needs a link for some
hundredths of a second, and has one or two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from deskblog import limits
from deskblog.net.link import Link


class Strangers:
    """Unproven links by age, each with what puts it out."""

    def __init__(self) -> None:
        self._held: dict[Link, Callable[[], None]] = {}
        self._of: Counter[str] = Counter()

    def may_come(self, address: str) -> bool:
        return self._of[address] < limits.STRANGERS_ADDRESS

    def add(self, link: Link, put_out: Callable[[], None]) -> None:
        """`put_out` must forget the link here."""
        if len(self._held) >= limits.STRANGERS:
            crowd = max(self._of, key=self._of.__getitem__)
            next(out for held, out in self._held.items() if held.address == crowd)()
        self._held[link] = put_out
        self._of[link.address] += 1

    def forget(self, link: Link) -> None:
        if self._held.pop(link, None) is not None:
            self._of[link.address] -= 1
            if not self._of[link.address]:
                del self._of[link.address]
