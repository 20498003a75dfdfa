"""Asks a child process one thing, and ends it when its time is over: whatever it met ends with it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from contextlib import suppress

from deskblog.frozen import child_command, packaged

NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # Windows shows a console for it otherwise


async def ask(module: str, request: bytes, seconds: float) -> bytes | None:
    """What `module`, run as a process, wrote for `request` on its input; None if it did not end in time.

    What is asked goes over a pipe: other users of the PC see the command line, and nothing of it.
    """
    child = await asyncio.create_subprocess_exec(
        *child_command(module, sys.executable, alone=packaged()),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        creationflags=NO_WINDOW,
    )  # fmt: skip
    try:
        said, _none = await asyncio.wait_for(child.communicate(request), seconds)
    except TimeoutError:
        return None
    finally:
        if child.returncode is None:
            with suppress(ProcessLookupError):
                child.kill()
            await child.wait()
    return said
