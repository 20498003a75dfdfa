"""An hour in which nobody does anything costs few moments, and the disk next to nothing: on a virtual clock."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parents[2]
A_LINK = 400  # moments an hour: a ping, its answer, and what a colleague says of where they are


@pytest.mark.parametrize("people", [1, 2, 5])
def test_an_hour_in_which_nothing_happens_costs_little(people: int) -> None:
    command = [sys.executable, "-m", "tests.simulation.idle", str(people)]
    said = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=True, timeout=60)
    hour = json.loads(said.stdout)
    assert hour["woken"] <= 600 + A_LINK * (people - 1)
    assert hour["asked"] <= 12, "the store is left alone: who is linked is written down now and then"
