"""The floor of a post to eighty people: as many bare cores, each a process with ten links under TLS, and nothing else.

Each keeps a post it did not have (signature checked, SQLite, words) and passes it on to all but whom it came from. No
office, no sessions, no presence, no window; links stand before the first post.
"""

from __future__ import annotations

import asyncio
import json
import random
import selectors
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence

from bench.measure import ROOT, percent, python
from bench.peers.core import Core, Writer, check, packed, secured, unpacked

LINKS, PATIENCE = 10, 60.0  # s
PAUSE = 0.3  # s between two posts
HEAD = 4


def neighbours(count: int) -> list[set[int]]:
    """A ring and chords, the same each time: ten links a node in the middle."""
    dice, found = random.Random(80), [set[int]() for _n in range(count)]
    for n in range(count):
        chords = dice.sample([m for m in range(count) if m != n], LINKS // 2 - 1)
        for other in ((n + 1) % count, *chords):
            if other != n:
                found[n].add(other)
                found[other].add(n)
    return found


class Node:
    def __init__(self, folder: str) -> None:
        self._core, self._writer = Core(f"{folder}/core.db"), Writer()
        self._lines: set[asyncio.StreamWriter] = set()
        self._seen: set[bytes] = set()

    async def hear(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._lines.add(writer)
        try:
            while True:
                head = await reader.readexactly(HEAD)
                raw = await reader.readexactly(int.from_bytes(head, "big"))
                if raw not in self._seen:
                    self._take(head + raw, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            self._lines.discard(writer)

    def _take(self, frame: bytes, came: asyncio.StreamWriter | None) -> None:
        self._seen.add(frame[HEAD:])
        entries, signature = unpacked(frame[HEAD:])
        check(entries[0][0][:32], entries, signature)
        self._core.keep(entries, signature)
        said = {"text": entries[0][1].decode(), "at": time.monotonic()}
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()
        for line in self._lines:
            if line is not came:
                line.write(frame)

    def post(self, text: str) -> None:
        entry = self._writer.entry(text)
        self._take(packed([entry], self._writer.sign()), None)


async def serve(ports: Sequence[int], place: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        node = Node(folder)
        server = await asyncio.start_server(node.hear, "127.0.0.1", ports[place], ssl=secured(True))
        calls = set()
        for other in sorted(neighbours(len(ports))[place]):
            if other < place:
                reader, writer = await called(ports[other])
                calls.add(asyncio.create_task(node.hear(reader, writer)))
        sys.stdout.write("{}\n")
        sys.stdout.flush()
        loop, words = asyncio.get_running_loop(), asyncio.StreamReader()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(words), sys.stdin)
        while line := await words.readline():
            node.post(line.decode().strip())
        server.close()


async def called(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Whoever has a lower place may not listen yet."""
    for _try in range(600):
        try:
            return await asyncio.open_connection("127.0.0.1", port, ssl=secured(False))
        except ConnectionError:
            await asyncio.sleep(0.1)
    raise TimeoutError


def flooded(count: int, posts: int, first_port: int = 21_000) -> tuple[list[float], list[float]]:
    """(ms from the writer's own line to each other's, over all posts; the 99th of 100 of each post)"""
    ports = [str(first_port + n) for n in range(count)]
    nodes = [
        subprocess.Popen(
            [*python("bench.peers.flood"), str(place), *ports],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
            cwd=ROOT,
        )
        for place in range(count)
    ]
    try:
        return _measured(nodes, posts)
    finally:
        for node in nodes:
            node.kill()
            node.wait()


def _measured(nodes: list[subprocess.Popen[str]], posts: int) -> tuple[list[float], list[float]]:
    for node in nodes:
        assert node.stdout is not None
        node.stdout.readline()
    time.sleep(3.0)  # the last links
    took: list[float] = []
    each: list[float] = []
    for n in range(posts):
        writer = n % len(nodes)
        stdin = nodes[writer].stdin
        assert stdin is not None
        stdin.write(f"post {n} the lift is out of order again\n")
        stdin.flush()
        heard = _heard(nodes)
        ms = [(at - heard[writer]) * 1000 for place, at in heard.items() if place != writer]
        took += ms
        each.append(percent(ms, 99))
        time.sleep(PAUSE)
    return took, each


def _heard(nodes: list[subprocess.Popen[str]]) -> dict[int, float]:
    """When each said that it has it."""
    heard: dict[int, float] = {}
    with selectors.DefaultSelector() as waits:
        for place, node in enumerate(nodes):
            assert node.stdout is not None
            waits.register(node.stdout, selectors.EVENT_READ, place)
        end = time.monotonic() + PATIENCE
        while len(heard) < len(nodes) and time.monotonic() < end:
            for key, _ready in waits.select(1.0):
                stdout = nodes[key.data].stdout
                assert stdout is not None
                heard[key.data] = json.loads(stdout.readline())["at"]
    return heard


if __name__ == "__main__":
    own, *others = map(int, sys.argv[1:])
    asyncio.run(serve(others, own))
