"""A disk that takes its time: `./run test --slow-disk 20 tests/engine tests/ui`.

Where something is right only because a quick disk has answered before the next thing happens, it goes wrong then.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

import pytest

from deskblog.store.database import Database


@contextmanager
def slow(ms: float) -> Iterator[None]:
    """Each transaction of this process takes so much longer, meanwhile."""
    usual, never = Database.transaction, Event()

    @contextmanager
    def slowly(self: Database, *, durable: bool) -> Iterator[None]:
        with usual(self, durable=durable):
            yield
            never.wait(ms / 1000)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "transaction", slowly)
        yield
