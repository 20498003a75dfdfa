"""An office of three, a store in it, and disks with faults."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.log.chronicle import Chronicle, office_of
from tests.store.diary import Diary, Shelf


@pytest.fixture
def book() -> Chronicle:
    """Anne's office, with Bruno and Chloé."""
    made = office_of("bruno", "chloe")
    for name, called in (("anne", "Anne"), ("bruno", "Bruno"), ("chloe", "Chloé")):
        made.name(name, called)
    return made


@pytest.fixture
def shelf(book: Chronicle, tmp_path: Path) -> Iterator[Shelf]:
    """Anne's store."""
    made = Shelf(tmp_path, book)
    yield made
    made.store.close()


@pytest.fixture
def bruno(book: Chronicle) -> Diary:
    return Diary(book, "bruno")


@pytest.fixture
def anne(book: Chronicle) -> Diary:
    return Diary(book, "anne")
