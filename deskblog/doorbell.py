"""The bell of the app that runs on a data folder. Known without Qt, so that whoever only rings is done at once.

What stands here for Windows was written from its documentation and has never run.
"""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

from deskblog import paths

SHOW, COMPOSE, HIDDEN = "show", "compose", "hidden"
PATIENCE = 1.0  # s for a running app to take a word
# What the program that starts us hands down, so that the window it asks for may take the focus.
TOKENS = ("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID")


def address(folder: Path) -> str:
    """Where the app on this folder listens, for this user alone: a socket, on Windows the name of a pipe."""
    user = str(os.getuid()) if hasattr(os, "getuid") else os.environ.get("USERNAME", "")
    name = f"deskblog-{user}-{paths.runtime_name(folder)}"
    return name if sys.platform == "win32" else str(Path(os.environ.get("TMPDIR") or "/tmp") / name)


def ring(folder: Path, word: str) -> bool:
    """True if an app runs on this folder and was told the word, and with it who may have the focus."""
    token = next((os.environ[name] for name in TOKENS if os.environ.get(name)), "")
    line = f"{word} {token}".strip().encode() + b"\n"
    try:
        return _by_pipe(folder, line) if sys.platform == "win32" else _by_socket(folder, line)
    except OSError:
        return False


def heard(line: str) -> tuple[str, str]:
    """The word of a ring, and the token that came with it."""
    word, _space, token = line.strip().partition(" ")
    return word, token


def _by_pipe(folder: Path, line: bytes) -> bool:
    with Path(rf"\\.\pipe\{address(folder)}").open("r+b", buffering=0) as pipe:
        pipe.write(line)
    return True


def _by_socket(folder: Path, line: bytes) -> bool:
    """A socket that somebody else made under our name is not ours."""
    path = address(folder)
    if Path(path).stat().st_uid != os.getuid():
        return False
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as caller:
        caller.settimeout(PATIENCE)
        caller.connect(path)
        caller.sendall(line)
    return True
