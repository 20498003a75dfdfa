"""One run of one PC, from start to stop or kill; every callback knows whose it is, and so what its clock shows."""

from __future__ import annotations

import contextvars


class Life:
    """`skew`: how far its clock is off, ms."""

    def __init__(self, name: str, skew: int = 0) -> None:
        self.name = name
        self.skew = skew
        self.over = False


NOBODY = Life("nobody")
LIFE: contextvars.ContextVar[Life] = contextvars.ContextVar("life", default=NOBODY)
