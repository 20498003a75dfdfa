"""A few crash runs with every test; `./run crash` makes five hundred."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_twenty_five_crashes_break_no_promise() -> None:
    command = [sys.executable, "-m", "tests.crash", "--runs", "25", "--seed", "11"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert ended.stdout.startswith("25 runs:")
