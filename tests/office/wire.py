"""A bad cable: two TAP devices and a process between them that delivers frames late, doubled or not at all.

Kernels without `netem` can build one too, and a seed repeats the same bad luck.
"""

from __future__ import annotations

import errno
import fcntl
import heapq
import json
import os
import random
import select
import struct
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.office.space import Space

TUNSETIFF = 0x400454CA
IFF_TAP, IFF_NO_PI = 0x0002, 0x1000
FRAME = 65536
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Cable:
    """How bad it is, each way: seconds of delay give or take `jitter`; shares of 1 that are lost or doubled."""

    delay: float = 0.0
    jitter: float = 0.0
    loss: float = 0.0
    double: float = 0.0
    seed: int = 0


class Wire:
    """The cable laid between a device of one namespace and a device of another."""

    def __init__(self, a: Space, nic: str, b: Space, port: str, cable: Cable) -> None:
        ends = (_open_tap(a, nic), _open_tap(b, port))
        words = [sys.executable, "-m", "tests.office.wire", *map(str, ends), json.dumps(asdict(cable))]
        self._process = subprocess.Popen(words, cwd=ROOT, pass_fds=ends, start_new_session=True)
        for end in ends:
            os.close(end)

    def close(self) -> None:
        self._process.kill()
        self._process.wait(5)


def _open_tap(space: Space, name: str) -> int:
    """A TAP device born in a namespace; its descriptor serves from anywhere."""
    with space.inside():
        tap = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(tap, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TAP | IFF_NO_PI))
    return tap


class Relay:
    """Frames under way between two descriptors."""

    def __init__(self, a: int, b: int, cable: Cable) -> None:
        self._other = {a: b, b: a}
        self._cable = cable
        self._dice = random.Random(cable.seed)
        self._under_way: list[tuple[float, int, int, bytes]] = []  # due, number (keeps order), to, frame
        self._count = 0

    def run(self) -> None:
        """Relays until a device is taken away."""
        while True:
            wait = max(0.0, self._under_way[0][0] - time.monotonic()) if self._under_way else None
            for end in select.select(list(self._other), [], [], wait)[0]:
                self._accept(end, os.read(end, FRAME))
            while self._under_way and self._under_way[0][0] <= time.monotonic():
                _due, _number, to, frame = heapq.heappop(self._under_way)
                self._deliver(to, frame)

    def _accept(self, end: int, frame: bytes) -> None:
        cable, dice = self._cable, self._dice
        if dice.random() < cable.loss:
            return
        for _copy in range(2 if dice.random() < cable.double else 1):
            due = time.monotonic() + max(0.0, cable.delay + dice.uniform(-cable.jitter, cable.jitter))
            self._count += 1
            heapq.heappush(self._under_way, (due, self._count, self._other[end], frame))

    def _deliver(self, to: int, frame: bytes) -> None:
        try:
            os.write(to, frame)
        except OSError as fault:
            if fault.errno not in (errno.EIO, errno.EAGAIN, errno.ENOBUFS):  # the far end is down or full: lost
                raise


if __name__ == "__main__":
    Relay(int(sys.argv[1]), int(sys.argv[2]), Cable(**json.loads(sys.argv[3]))).run()
