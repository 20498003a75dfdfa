"""python -m tests.crash --runs 500 [--seed 1]: prints how many of each kind; 1 if a promise was broken. As root."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.crash.runs import Lost, Runs


async def crash(count: int, seed: int, *, show: bool = True) -> Runs:
    """So many runs, in offices of fifty runs each."""
    total = Runs(Path("nowhere"), seed)
    done = 0
    while done < count:
        with tempfile.TemporaryDirectory(prefix="deskblog-crash-") as folder:
            runs = Runs(Path(folder), seed + done)
            await runs.open()
            for _run in range(min(50, count - done)):
                await runs.one()
            await runs.close()
        total.counts += runs.counts
        done += min(50, count - done)
        if show:
            print(f"{done} runs: {dict(sorted(total.counts.items()))}, {len(runs.kept)} posts kept last", flush=True)
    return total


def main() -> int:
    words = argparse.ArgumentParser(prog="python -m tests.crash")
    words.add_argument("--runs", type=int, default=500)
    words.add_argument("--seed", type=int, default=1)
    args = words.parse_args()
    try:
        asyncio.run(crash(args.runs, args.seed))
    except Lost as fault:
        print(f"a promise was broken: {fault}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
