"""What a channel of discovery heard and what went wrong with it, as plain facts that somebody may ask for later."""

from __future__ import annotations

from msgspec import Struct


class Facts(Struct, frozen=True):
    """`faults`: (where, what the system said), of those that last. Times are loop times; 0.0: never."""

    faults: tuple[tuple[str, str], ...] = ()
    heard: int = 0  # from anybody who speaks deskblog
    heard_office: int = 0  # … and says this office's tag
    last: float = 0.0
    last_office: float = 0.0


class Tally:
    """Counts for one channel; never raises and never tells."""

    def __init__(self) -> None:
        self._faults: dict[str, str] = {}
        self._heard = self._heard_office = 0
        self._last = self._last_office = 0.0

    def heard(self, now: float, *, office: bool) -> None:
        self._heard += 1
        self._last = now
        if office:
            self._heard_office += 1
            self._last_office = now

    def failed(self, where: str, fault: Exception) -> None:
        """`where` must be one of few: it is kept until that goes well again."""
        self._faults[where] = (getattr(fault, "strerror", None) or str(fault) or type(fault).__name__)[:200]

    def well(self, where: str) -> None:
        self._faults.pop(where, None)

    def only(self, wheres: frozenset[str]) -> None:
        """What is not there any more has no faults."""
        self._faults = {where: said for where, said in self._faults.items() if where in wheres}

    def facts(self) -> Facts:
        faults = tuple(sorted(self._faults.items()))
        return Facts(faults, self._heard, self._heard_office, self._last, self._last_office)
