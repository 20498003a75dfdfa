"""Each case of hostile peers, and each ceiling, names tests that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from deskblog import limits
from tests.attacks import CASES, OPEN
from tests.ceilings import CEILINGS, NOT_TRIED

HERE = Path(__file__).parent


def is_there(named: str) -> bool:
    """True of "file::test", and of "file::test_" for all tests of a file."""
    file, _colons, test = named.partition("::")
    found = re.findall(r"^(?:async )?def (test_\w+)", (HERE / file).read_text(encoding="utf-8"), re.MULTILINE)
    return any(one == test or (test == "test_" and one.startswith(test)) for one in found)


@pytest.mark.parametrize("case", CASES, ids=list(CASES))
def test_a_case_is_held_by_tests_that_are_there(case: str) -> None:
    for named in CASES[case]:
        assert is_there(named), named


def test_every_ceiling_is_tried() -> None:
    """Each name of limits.py stands in one of two lists."""
    names = {name for name in vars(limits) if name.isupper()}
    assert names == CEILINGS.keys() | NOT_TRIED.keys()
    assert not CEILINGS.keys() & NOT_TRIED.keys()


@pytest.mark.parametrize("name", CEILINGS)
def test_a_ceiling_is_tried_by_a_test_that_is_there(name: str) -> None:
    assert is_there(CEILINGS[name]), CEILINGS[name]


def test_what_is_open_says_why() -> None:
    assert all(reason for reason in OPEN.values())
    assert not OPEN.keys() & CASES.keys()
