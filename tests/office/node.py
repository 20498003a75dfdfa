"""A deskblog program that runs on a host of the virtual office, and what it says, line by line.

Its lines are read by a thread as they come, so that a test waits for what must be said and for nothing else.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Json = dict[str, Any]
PATIENCE = 20.0
LINES_SHOWN = 15


class NotSaid(AssertionError):
    """What was waited for did not come; the text has the last lines and what was said on stderr."""


class Running:
    """A program started with --json: its lines so far, in order."""

    def __init__(self, title: str, program: subprocess.Popen[str], errors: Path) -> None:
        self.title = title
        self._program = program
        self._errors = errors
        self._lines: list[Json] = []
        self._ended = False
        self._news = threading.Condition()
        self.on_line: Callable[[Json], None] | None = None  # called as each line comes, on the reader's thread
        self._reader = threading.Thread(target=self._read, name=f"lines of {title}")
        self._reader.start()

    def _read(self) -> None:
        assert self._program.stdout is not None
        with self._program.stdout as said:
            for text in said:
                line = json.loads(text)
                if (hear := self.on_line) is not None:
                    hear(line)
                with self._news:
                    self._lines.append(line)
                    self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()

    @property
    def lines(self) -> list[Json]:
        """All it has said so far."""
        with self._news:
            return list(self._lines)

    def mark(self) -> int:
        """How much was said until now: `since=mark` waits for something newer."""
        with self._news:
            return len(self._lines)

    def wait_for(self, true: Callable[[Json], bool], *, since: int = 0, timeout: float = PATIENCE) -> Json:
        """The first line after `since` of which that is true, as soon as it is there; raises NotSaid."""
        end = time.monotonic() + timeout
        with self._news:
            while True:
                for line in self._lines[since:]:
                    if true(line):
                        return line
                since = max(since, len(self._lines))
                left = end - time.monotonic()
                if self._ended or left <= 0:
                    break
                self._news.wait(left)
        raise NotSaid(self._account(f"not said within {timeout:g} s" if left <= 0 else "ended before that"))

    def wait_key(self, key: str, *, timeout: float = PATIENCE) -> Any:
        """The value of `key` in the first line that has it: `wait_key("code")` of an invitation."""
        return self.wait_for(lambda line: key in line, timeout=timeout)[key]

    def _account(self, what: str) -> str:
        said = "\n".join(f"    {json.dumps(line, ensure_ascii=False)}" for line in self._lines[-LINES_SHOWN:])
        return f"{self.title}: {what}; its last lines:\n{said}\n{self._errors.read_text(encoding='utf-8')}"

    # --- its end ------------------------------------------------------------------------------------------
    @property
    def pid(self) -> int:
        return self._program.pid

    @property
    def running(self) -> bool:
        return self._program.poll() is None

    def finish(self, timeout: float = PATIENCE) -> int:
        """Waits until it ends by itself; its exit code."""
        code = self._program.wait(timeout)
        self._reader.join(timeout)
        return code

    def stop(self) -> int:
        """Asks it to end, as a logout does; its exit code (0 if it ended as it should)."""
        if self._program.poll() is None:
            os.killpg(self._program.pid, signal.SIGTERM)
        return self.finish()

    def kill9(self) -> None:
        """Ends it without a warning, as a power cut does."""
        if self._program.poll() is None:
            os.killpg(self._program.pid, signal.SIGKILL)
        self.finish()

    def said_on_stderr(self) -> str:
        return self._errors.read_text(encoding="utf-8")


class Node(Running):
    """A running `deskblog node --json`."""

    def wait(
        self,
        event: str,
        *,
        where: Callable[[Json], bool] | None = None,
        since: int = 0,
        timeout: float = PATIENCE,
        **fields: Any,
    ) -> Json:
        """The first event of that name with these fields: `node.wait("linked", person="Anne")`."""

        def true(line: Json) -> bool:
            same = line["event"] == event and all(line.get(key) == value for key, value in fields.items())
            return same and (where is None or where(line))

        return self.wait_for(true, since=since, timeout=timeout)

    def port(self) -> int:
        """The port it listens on, as soon as it is ready."""
        return int(self.wait("ready")["port"])
