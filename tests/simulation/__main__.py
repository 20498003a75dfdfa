"""Runs seeds: `python -m tests.simulation SEED`, `--seeds 0-999`, or `--minutes 10` for as long as that.

A seed that breaks a law prints what happened and how to have it happen again; the same seed is always the same life.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
import traceback


def main() -> int:
    if os.environ.get("PYTHONHASHSEED") != "0":  # the order of a set is a die too
        os.environ["PYTHONHASHSEED"] = "0"
        os.execv(sys.executable, [sys.executable, "-m", "tests.simulation", *sys.argv[1:]])
    words = argparse.ArgumentParser(prog="python -m tests.simulation")
    words.add_argument("seed", nargs="*", type=int)
    words.add_argument("--seeds", metavar="FROM-TO")
    words.add_argument("--minutes", type=float)
    words.add_argument("--begin", type=int, default=1_000_000, help="the first seed of --minutes")
    words.add_argument("--broken", type=int, default=5, help="give up after so many broken seeds")
    words.add_argument("--trace", action="store_true", help="say what happened, also when all is well")
    return _run(words.parse_args())


def _run(args: argparse.Namespace) -> int:
    from tests.simulation.run import simulate  # patches clocks and dice

    clock = time.monotonic
    began, broken, count = clock(), 0, 0
    for seed in _seeds(args):
        if args.minutes and clock() - began > args.minutes * 60:
            break
        count += 1
        outcome = simulate(seed)
        if outcome.fault is not None:
            broken += 1
            print(f"seed {seed} broke a law: python -m tests.simulation {seed} --trace")
            traceback.print_exception(outcome.fault)
        if args.trace:
            print("\n".join(outcome.trace))
        if args.trace or args.seed:
            print(f"seed {seed}: {outcome.fingerprint}")
        if broken >= args.broken:
            break
    print(f"{count} seeds, {broken} broken, {clock() - began:.0f} s", flush=True)
    return 1 if broken else 0


def _seeds(args: argparse.Namespace):  # type: ignore[no-untyped-def]
    if args.minutes:
        seed = args.begin
        while True:
            yield seed
            seed += 1
    if args.seeds:
        first, _dash, last = args.seeds.partition("-")
        yield from range(int(first), int(last) + 1)
    yield from args.seed


if __name__ == "__main__":
    sys.exit(main())
