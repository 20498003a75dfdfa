"""The first day of `week` alone, in a minute: for whoever looks for what is left open. Writes no page."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.week import main

if __name__ == "__main__":
    main(1)
