"""Coverage-guided fuzzing of one reader: python -m tests.fuzz TARGET [--minutes 10] [--seed N]

Begins with valid bytes, keeps what reaches new code, and stops at the first input that comes to anything but a named
error, takes over a second or makes the process large. That input is then in the folder named at the end; put into
corpus/TARGET, as NAME.bin, it stays a test.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

from tests.fuzz.mutate import mutated

HERE = Path(__file__).parent
LONGEST = 65_536
UNIT_SECONDS, MEGABYTES = 1, 700


def main(words: Sequence[str]) -> int:
    try:
        atheris: Any = importlib.import_module("atheris")
    except ImportError:
        print("atheris is not installed: ./run fuzz installs it, where there is a wheel of it (Linux, x86-64).")
        return 1
    with atheris.instrument_imports(include=["deskblog", "spake2"]):
        targets = importlib.import_module("tests.fuzz.targets").BY_NAME
    parser = argparse.ArgumentParser(prog="./run fuzz", description=__doc__)
    parser.add_argument("target", choices=sorted(targets))
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=0, help="0: another one each time")
    asked = parser.parse_args(words)
    fuzz(atheris, targets[asked.target], asked.minutes, asked.seed)
    return 0


def fuzz(atheris: Any, target: Any, minutes: float, seed: int) -> None:
    """Ends the process: with 0 if nothing was found in that time."""
    folder = HERE.parents[1] / "build" / "fuzz" / target.name
    grown, found = folder / "corpus", folder / "found"
    for each in (grown, found):
        each.mkdir(parents=True, exist_ok=True)
    for number, valid in enumerate(target.seeds):
        (grown / f"seed-{number}").write_bytes(valid)
    kept = HERE / "corpus" / target.name
    print(f"What is found will be in {found}", flush=True)

    def change(data: bytes, size: int, number: int) -> bytes:
        dice = Random(number)
        if dice.random() < 0.5:
            return bytes(atheris.Mutate(data, size))
        return mutated(data, dice, target.seeds)[:size]

    flags = [
        f"-max_total_time={max(1, round(minutes * 60))}",
        f"-max_len={LONGEST}",
        f"-timeout={UNIT_SECONDS}",
        f"-rss_limit_mb={MEGABYTES}",
        f"-artifact_prefix={found}/",
        "-print_final_stats=1",
        *([f"-seed={seed}"] if seed else []),
        str(grown),
        *([str(kept)] if kept.is_dir() else []),
    ]
    atheris.Setup([sys.argv[0], *flags], target.survive, custom_mutator=change)
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
