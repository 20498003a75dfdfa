"""A newcomer fetches the whole history of an office: seconds until all is stored and searchable, and its processor.

Two processes on loopback. Ours has twenty authors' logs, and the words are indexed; the peers have one log, and no
words (but the bare core).
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from bench.beside import node_peers
from bench.measure import OURS, Contestant, answer, growth, python, say, steady, tell, until
from bench.stores import PEOPLE, copied, newcomer
from deskblog.engine import Engine, Options

JOB, SIZES, LONG, ROUNDS = "history", (1_000, 10_000), (100_000,), 3


async def serve(count: int) -> None:
    """The PC that has it all."""
    with tempfile.TemporaryDirectory() as name:
        data, state = await asyncio.to_thread(copied, count, Path(name))
        engine = Engine(data, lambda _event: None, options=Options(discovery=False, port=0, state=state))
        await engine.start()
        answer({"address": f"127.0.0.1:{engine.port}", "id": ""})
        await asyncio.to_thread(sys.stdin.read)
        await engine.stop()


async def fetch(count: int, address: str) -> None:
    """The newcomer: from its call to its last post."""
    with tempfile.TemporaryDirectory() as name:
        data, state = Path(name) / "data", Path(name) / "state"
        await (await newcomer(data, state)).close()
        engine = Engine(data, lambda _event: None, options=Options(discovery=False, port=0, state=state))
        await engine.start()
        began, used = time.perf_counter(), time.process_time()
        engine.reach(address)
        await until(lambda: held(engine) >= count + PEOPLE)  # an opening a log
        took = time.perf_counter() - began
        shown = await engine._vault.call(engine._vault.store.count)
        found = await engine.search("salamander")
        answer({
            "seconds": time.perf_counter() - began, "cpu": time.process_time() - used, "here": took,
            "whole": shown == count and len(found.rows) >= 9,
        })  # fmt: skip
        await engine.stop()


def held(engine: Engine) -> int:
    """Entries in the store, as the loop knows without asking it."""
    replica = engine._vault.replica
    assert replica is not None
    return sum(max(point.seq for point in ends.leaves) for _log, ends in replica.heads.logs())


def main(sizes: tuple[int, ...]) -> None:
    peers, why = node_peers()
    if why:
        tell(JOB, why)
    commands = {OURS: python("bench.history"), "bare Python core": python("bench.peers.core"), **peers}
    took: dict[str, dict[int, float]] = {who: {} for who in commands}
    for size in sizes:
        for who, (seconds, cpu) in in_turn(commands, size).items():
            took[who][size] = say(JOB, "history, seconds", who, "s", seconds, size).median
            say(JOB, "history, its processor", who, "s", cpu, size)
    for who, by_size in took.items():
        tell(JOB, f"{who}: {growth(by_size)}")


def in_turn(commands: dict[str, list[str]], size: int) -> dict[str, tuple[list[float], list[float]]]:
    """Each serves, and is fetched from by a newcomer of its own kind, round after round."""
    rounds: dict[str, tuple[list[float], list[float]]] = {who: ([], []) for who in commands}
    with ExitStack() as stack:
        served = {}
        for who, command in commands.items():
            one = stack.enter_context(Contestant(who, [*command, "serve", str(size)]))
            served[who] = one.hear()
        for _round in range(ROUNDS):
            for who, command in commands.items():
                at = served[who]
                with Contestant(who, [*command, "fetch", str(size), at["address"], at["id"]]) as one:
                    found = one.hear()
                    assert found.get("whole", True), "not all of the history came"
                    rounds[who][0].append(found["seconds"])
                    rounds[who][1].append(found["cpu"])
    return rounds


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        asyncio.run(serve(int(sys.argv[2])))
    elif sys.argv[1:2] == ["fetch"]:
        asyncio.run(fetch(int(sys.argv[2]), sys.argv[3]))
    else:
        with steady(JOB):
            main(SIZES + (LONG if "--long" in sys.argv else ()))
