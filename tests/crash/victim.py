"""The process that things happen to: python -m tests.crash.victim

For each line of JSON on its input, {folder, peer, skew, name}, it begins a life (a fork: imports are paid for once):
a real engine on that folder, linked with that peer, that posts as fast as it can and says when each post is kept.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any, NoReturn

from deskblog import events
from deskblog.engine import Engine, Options
from deskblog.engine import vault as _vault
from deskblog.errors import UserError

POSTS = 400


def say(word: str, text: str = "") -> None:
    sys.stdout.write(f"{word} {' '.join(text.split())}\n")
    sys.stdout.flush()


def hear(event: events.Event) -> None:
    match event:
        case events.Trouble():
            say("trouble", f"{event.what} {event.kept} {event.next_step}")
        case events.Synced():
            say("synced")
        case events.Restored():
            say("restored", str(event.count))
        case _:
            pass


async def life(order: dict[str, Any]) -> None:
    folder = Path(order["folder"])
    engine = Engine(folder / "data", hear, options=Options(discovery=False, port=0, state=folder / "state"))
    right = _vault.now_ms
    asked = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, asked.set)
    engine._vault._now = lambda: right() + int(order["skew"])
    await engine.start()
    if order["code"] and not engine.in_office:
        await engine.join(order["code"], "Paul", at=order["peer"])
    if order["peer"]:
        engine.reach(order["peer"])
    say("started", engine.device)
    for n in range(POSTS if order["posts"] else 0):
        text = f"{order['name']} {n}"
        try:
            await engine.post(text)
        except UserError as fault:
            say("refused", str(fault))
            await asyncio.sleep(0.01)
        else:
            say("kept", text)
        await asyncio.sleep(0)
    say("done")
    if order["read"]:
        await asked.wait()
        await read(engine)
    await asyncio.get_running_loop().create_future()


async def read(engine: Engine) -> None:
    """Says all that is on the timeline."""
    before = None
    try:
        while True:
            page = await engine.timeline(before=before, limit=200)
            for row in page.rows:
                say("shows", row.text)
            before = page.next_before
            if before is None:
                break
    except UserError as fault:
        say("refused", str(fault))
    else:
        say("read")


def child(order: dict[str, Any]) -> NoReturn:
    try:
        asyncio.run(life(order))
    except UserError as fault:
        say("ended", str(fault))
        os._exit(1)
    os._exit(0)


def main() -> None:
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            child(json.loads(line))
        say("life", str(pid))
        _pid, status = os.waitpid(pid, 0)
        say("dead", str(status))


if __name__ == "__main__":
    main()
