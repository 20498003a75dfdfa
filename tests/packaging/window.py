"""How long a program takes until its window is on a screen: ./run bare prints it as a ratio."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 30.0


@contextmanager
def screen() -> Iterator[str]:
    """A virtual screen; its name for DISPLAY."""
    ours, theirs = os.pipe()
    number = f":{300 + os.getpid() % 5000}"  # the first free one is what others look for, too
    words = ["Xvfb", number, "-displayfd", str(theirs), "-screen", "0", "1280x900x24", "-nolisten", "tcp"]
    words.append("-noreset")  # or whoever comes while the last one leaves is refused
    with subprocess.Popen(words, pass_fds=[theirs], stderr=subprocess.DEVNULL) as server:
        os.close(theirs)
        with os.fdopen(ours) as said:
            assert said.readline().strip(), "there is no virtual screen"
        try:
            yield number
        finally:
            server.terminate()


def wait_for(file: Path, program: subprocess.Popen[bytes]) -> None:
    """Until a program has written a file; it fails if the program ends before."""
    end = time.monotonic() + PATIENCE
    while not file.exists():
        assert program.poll() is None and time.monotonic() < end, f"{file} was not written"
        time.sleep(0.05)


def seconds_to_window(words: Sequence[str], env: Mapping[str, str]) -> float:
    """From the start of the process until there is a window with its name; then it is ended."""
    began = time.monotonic()
    with subprocess.Popen(words, env=dict(env), stdout=subprocess.DEVNULL, start_new_session=True) as program:
        try:
            look = ["xdotool", "search", "--onlyvisible", "--name", "deskblog"]
            while subprocess.run(look, env=dict(env), capture_output=True, check=False).returncode:
                assert program.poll() is None, f"{words} ended with {program.returncode}"
                assert time.monotonic() - began < PATIENCE, f"{words}: no window"
            return time.monotonic() - began
        finally:
            if program.poll() is None:
                os.killpg(program.pid, signal.SIGTERM)
