"""What a packaged deskblog has to know of itself: it is its own interpreter, and lies in a folder of its own.

Loads next to nothing: a child process passes here before it loads what it is for.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import MutableMapping, Sequence
from pathlib import Path

CHILD = "--child"  # the first word of a packaged program that is to be one of these and nothing else
CHILDREN = ("deskblog.web.child", "deskblog.feeds.worker", "deskblog.attention.child")
WRONG_USE = 2


def packaged() -> bool:
    """Whether this is a program made by packaging/deskblog.spec, not a Python that runs deskblog."""
    return bool(getattr(sys, "frozen", False))


def package_kind(system: str, machine: str, program: str, *, alone: bool) -> str:
    """Which of the makers' packages this one is of, as their names end (packaging/package.py).

    `system`: sys.platform; `program`: what runs, `alone`: packaged.
    """
    if not alone:
        return "py3-none-any.whl"
    if system == "win32":
        return "setup.exe"
    if system == "darwin":
        return f"macos-{machine}.zip"
    if Path(program).is_relative_to("/usr"):
        return {"x86_64": "amd64", "aarch64": "arm64"}.get(machine, machine) + ".deb"
    return f"linux-{machine}.tar.xz"


def child_command(module: str, program: str, *, alone: bool) -> list[str]:
    """The command line of a process that is `module`; `program`: what runs now, `alone`: packaged.

    It is always the one of the two programs that has a console: on Windows the other one has no input and no output.
    """
    if not alone:
        return [program, "-I", "-m", module]
    path = Path(program)
    return [str(path.with_name("deskblog" + path.suffix)), CHILD, module]


def run_child(words: Sequence[str]) -> int | None:
    """Runs the module a packaged program was started for; None if it was started for something else."""
    if not words or words[0] != CHILD:
        return None
    if len(words) != 2 or words[1] not in CHILDREN:
        sys.stderr.write(f"deskblog {CHILD} is for deskblog itself.\n")
        return WRONG_USE
    return int(importlib.import_module(words[1]).main())


def restore_environment(names: MutableMapping[str, str]) -> None:
    """What the program was started with: a browser that we open is to load its own libraries, not ours."""
    before = names.pop("LD_LIBRARY_PATH_ORIG", None)
    if before is not None:
        names["LD_LIBRARY_PATH"] = before
    elif packaged():
        names.pop("LD_LIBRARY_PATH", None)


def main() -> int:
    """Either program of a package: `deskblog`, the command line, or `deskblog-app`, the window."""
    restore_environment(os.environ)
    ended = run_child(sys.argv[1:])
    if ended is not None:
        return ended
    importlib.import_module("deskblog.paths").take_along(os.environ)
    begin = importlib.import_module("deskblog.start")
    return int(begin.app() if Path(sys.executable).stem == "deskblog-app" else begin.main())
