"""A network namespace: an own set of interfaces, addresses and routes in which programs run.

Nothing is ever made in the caller's own network, and every name carries the process id of the tests, so that what is
taken away at the end is only what was made here.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

CLONE_NEWNET = 0x40000000
TOOLS = ("ip", "nft", "ping", "sysctl")
ENDING_SECONDS = 10.0
_PATH = os.pathsep.join(dict.fromkeys([*os.environ.get("PATH", "").split(os.pathsep), "/usr/sbin", "/sbin"]))


class ToolFailed(Exception):
    """A tool of the system refused; the text is what it said."""


def tool(*words: str, stdin: str | None = None) -> str:
    """Runs a tool of the system to its end and returns what it printed; raises ToolFailed."""
    path = shutil.which(words[0], path=_PATH)
    if path is None:
        raise ToolFailed(f"{words[0]} is not installed")
    done = subprocess.run([path, *words[1:]], input=stdin, capture_output=True, text=True, timeout=30, check=False)
    if done.returncode:
        raise ToolFailed(f"{' '.join(words)}: {done.stderr.strip()}")
    return done.stdout


def why_not() -> str | None:
    """The reason why no virtual office can be built here, or None."""
    if not sys.platform.startswith("linux"):
        return "network namespaces are Linux's"
    missing = [name for name in TOOLS if shutil.which(name, path=_PATH) is None]
    if missing:
        return f"not installed: {', '.join(missing)}"
    space = Space(f"deskblog-{os.getpid()}-try")
    try:
        space.open()
        space.ip("link", "add", "v0", "type", "veth", "peer", "name", "v1")
        space.ip("link", "add", "b0", "type", "bridge")
        space.nft("add table bridge try")
    except ToolFailed as fault:
        return str(fault)
    finally:
        space.close()
    return None


class Space:
    """One namespace, and the programs that run in it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._open = False
        self._programs: list[subprocess.Popen[str]] = []

    def open(self) -> None:
        tool("ip", "netns", "add", self.name)
        self._open = True
        self.ip("link", "set", "lo", "up")

    def close(self) -> None:
        """Ends the programs, then takes the namespace and all its interfaces away."""
        self.end_programs()
        if self._open:
            self._open = False
            tool("ip", "netns", "del", self.name)

    # --- its network --------------------------------------------------------------------------------------
    def ip(self, *words: str) -> str:
        return tool("ip", "-n", self.name, *words)

    def sysctl(self, key: str, value: int) -> None:
        tool("ip", "netns", "exec", self.name, "sysctl", "-qw", f"{key}={value}")

    def nft(self, script: str) -> None:
        tool("ip", "netns", "exec", self.name, "nft", "-f", "-", stdin=script)

    def wall(self, what: str) -> None:
        """A firewall here drops it as it comes in; `nft("delete table inet wall")` takes it away."""
        self.nft(
            "add table inet wall\n"
            "add chain inet wall door { type filter hook input priority 0; }\n"
            f"add rule inet wall door {what} drop\n"
        )

    @contextmanager
    def inside(self) -> Iterator[None]:
        """This thread is in the namespace meanwhile; sockets and devices made here stay there."""
        libc = ctypes.CDLL(None, use_errno=True)
        with Path("/proc/thread-self/ns/net").open() as before, Path(f"/run/netns/{self.name}").open() as there:
            if libc.setns(there.fileno(), CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), "setns")
            try:
                yield
            finally:
                libc.setns(before.fileno(), CLONE_NEWNET)

    # --- its programs -------------------------------------------------------------------------------------
    def run(
        self,
        words: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        stdin: str | None = None,
        timeout: float = 60,
    ) -> subprocess.CompletedProcess[str]:
        """Runs a program in here to its end."""
        return subprocess.run(
            self._words(words), env=env, input=stdin, capture_output=True, text=True, timeout=timeout, check=False
        )

    def start(
        self, words: Sequence[str], *, env: Mapping[str, str] | None = None, stderr: IO[Any] | None = None
    ) -> subprocess.Popen[str]:
        """Starts a program in here whose output can be read; it is the leader of a process group of its own."""
        program = subprocess.Popen(
            self._words(words),
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            start_new_session=True,
        )
        self._programs.append(program)
        return program

    def signal_programs(self, number: signal.Signals) -> None:
        """Sends a signal to every program still running, and its children."""
        for program in self._programs:
            if program.poll() is None:
                os.killpg(program.pid, number)

    def end_programs(self) -> None:
        """Asks all programs to end, and kills those that do not."""
        self.signal_programs(signal.SIGCONT)
        self.signal_programs(signal.SIGTERM)
        end = time.monotonic() + ENDING_SECONDS
        for program in self._programs:
            try:
                program.wait(max(0.0, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(program.pid, signal.SIGKILL)
                program.wait(ENDING_SECONDS)
            if program.stdout is not None:
                program.stdout.close()
        self._programs.clear()

    def _words(self, words: Sequence[str]) -> list[str]:
        # `ip netns exec` becomes the program itself, so that its process id is the program's
        return [shutil.which("ip", path=_PATH) or "ip", "netns", "exec", self.name, *words]
