"""A photo of 5 MB, and a file of 3 MB, from one PC to ten colleagues at once: until the last of them has it whole.

Eleven engines in one process on loopback; beside it eleven ends of bare TLS that only copy the same bytes.
"""

from __future__ import annotations

import asyncio
import io
import os
import random
import socket
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from PIL import Image

from bench.measure import OURS, say, steady, tell, until
from bench.peers.core import accepted, called, exactly
from bench.stores import settled
from deskblog import limits
from deskblog.engine import Engine, Options
from deskblog.values import Attached

JOB, COLLEAGUES, ROUNDS = "photo", 10, 3
PHOTO, FILE = 5 * limits.MIB, 3 * limits.MIB


def photo(seed: int) -> bytes:
    """A JPEG of that size, of a scene with some noise as cameras make it."""
    dice, wide, high = random.Random(seed), 4000, 3000
    small = Image.frombytes("RGB", (wide // 8, high // 8), dice.randbytes(wide // 8 * (high // 8) * 3))
    made, out = small.resize((wide, high), Image.Resampling.BICUBIC), io.BytesIO()
    for quality in range(95, 20, -5):
        out = io.BytesIO()
        made.save(out, "JPEG", quality=quality)
        if out.tell() <= PHOTO:
            break
    return out.getvalue()


async def started(folder: Path, who: int) -> Engine:
    data, state = folder / f"data{who}", folder / f"state{who}"
    await (await settled(data, state, who)).close()
    engine = Engine(data, lambda _event: None, options=Options(discovery=False, port=0, state=state))
    await engine.start()
    return engine


async def sent(author: Engine, others: Sequence[Engine], one: Attached, text: str) -> float:
    """Seconds from the post to the last whole file."""
    began = time.perf_counter()
    await author.post(text, attached=[one])
    for other in others:
        await until(other.attaching.place(one.blob).exists)
    return time.perf_counter() - began


async def ours() -> None:
    took: dict[str, list[float]] = {"photo": [], "file": [], "made": []}
    sizes: list[int] = []
    with tempfile.TemporaryDirectory() as name:
        async with AsyncExitStack() as stack:
            engines = [await started(Path(name), who) for who in range(COLLEAGUES + 1)]
            for engine in engines:
                stack.push_async_callback(engine.stop)
            author, others = engines[0], engines[1:]
            for other in others:
                other.reach(f"127.0.0.1:{author.port}")
            await asyncio.sleep(3)
            for round_ in range(ROUNDS):
                data, began = photo(round_), time.perf_counter()
                shot, _notice = await author.attaching.choose("lift.jpg", data)
                took["made"].append(time.perf_counter() - began)
                sizes.append(shot.blob.size)
                took["photo"].append(await sent(author, others, shot, f"photo {round_}"))
                plain, _notice = await author.attaching.choose("plan.bin", os.urandom(FILE))
                took["file"].append(await sent(author, others, plain, f"file {round_}"))
    say(JOB, "a photo of 5 MB made anew", OURS, "s", took["made"])
    say(JOB, "the photo to 10 at once", OURS, "s", took["photo"])
    say(JOB, "a file of 3 MB to 10 at once", OURS, "s", took["file"])
    tell(JOB, f"The photo of 5 MB leaves as {sizes[0] / limits.MIB:.2f} MB.")


def bare(size: int) -> float:
    """Seconds for the same bytes to ten, over TLS, with nothing else."""
    data = os.urandom(size)
    with socket.create_server(("127.0.0.1", 0)) as door:

        def give() -> None:
            lines = [accepted(door) for _n in range(COLLEAGUES)]
            for line in lines:
                line.sendall(data)

        giver = threading.Thread(target=give)
        giver.start()
        lines = [called(door.getsockname()[1]) for _n in range(COLLEAGUES)]
        began = time.perf_counter()
        getters = [threading.Thread(target=exactly, args=(line, size)) for line in lines]
        for getter in getters:
            getter.start()
        for getter in getters:
            getter.join()
        took = time.perf_counter() - began
        giver.join()
        for line in lines:
            line.close()
    return took


def main() -> None:
    asyncio.run(ours())
    say(JOB, "a file of 3 MB to 10 at once", "bare TLS", "s", [bare(FILE) for _round in range(ROUNDS)])


if __name__ == "__main__":
    with steady(JOB):
        main()
