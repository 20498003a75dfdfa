"""Each case of hostile peers names tests that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.attacks import CASES, OPEN

HERE = Path(__file__).parent


@pytest.mark.parametrize("case", CASES, ids=list(CASES))
def test_a_case_is_held_by_tests_that_are_there(case: str) -> None:
    for named in CASES[case]:
        file, _colons, test = named.partition("::")
        found = re.findall(r"^(?:async )?def (test_\w+)", (HERE / file).read_text(encoding="utf-8"), re.MULTILINE)
        assert any(one == test or (test == "test_" and one.startswith(test)) for one in found), named


def test_what_is_open_says_why() -> None:
    assert all(reason for reason in OPEN.values())
    assert not OPEN.keys() & CASES.keys()
