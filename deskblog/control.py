"""The local door: the command line of this user speaks to the engine that runs on the same data folder.

One JSON object a line. → {"do": name, "with": {…}, "token": …} ← {"line": {…}}… then {"done": true} or
{"error": {what, kept, next}}. On POSIX a Unix socket in a folder only this user may enter; elsewhere loopback TCP,
with a token that only this user can read. The token is asked for on both.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import os
import secrets
import sys
import tempfile
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deskblog import events, paths
from deskblog.engine import Engine
from deskblog.errors import Refused, Unusable, UserError
from deskblog.i18n import _

if TYPE_CHECKING:
    from deskblog.commands import Json

LINE = 256 * 1024


class Bell:
    """Lets several listeners hear the one listener an engine has."""

    def __init__(self) -> None:
        self._ears: list[Callable[[events.Event], None]] = []

    def ring(self, event: events.Event) -> None:
        for ear in list(self._ears):
            ear(event)

    def hear(self, ear: Callable[[events.Event], None]) -> Callable[[], None]:
        """Adds a listener; the result takes it away again."""
        self._ears.append(ear)
        return lambda: self._ears.remove(ear)


class ControlServer:
    """Serves the commands of an engine to this user's command line."""

    def __init__(self, engine: Engine, bell: Bell, folder: Path) -> None:
        self._engine = engine
        self._bell = bell
        self._file = folder / "control.json"
        self._token = secrets.token_hex(16)
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._folder = folder

    async def start(self) -> None:
        if sys.platform != "win32":
            path = await asyncio.to_thread(_socket_path, self._folder)
            self._server = await asyncio.start_unix_server(self._serve, path, limit=LINE)
            where: Json = {"unix": str(path)}
        else:
            self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=LINE)
            where = {"port": self._server.sockets[0].getsockname()[1]}
        await asyncio.to_thread(self._say_where, where)

    def _say_where(self, where: Json) -> None:
        """Tells this user's programs, and nobody else's, where the door is."""
        descriptor = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump({**where, "token": self._token}, file)

    async def stop(self) -> None:
        await asyncio.to_thread(self._file.unlink, missing_ok=True)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._converse(reader, writer)
        except (ConnectionError, ValueError, asyncio.LimitOverrunError, asyncio.CancelledError):
            pass  # the command line went away, or is none
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One command after another; one whose asker has gone (Ctrl-C) is broken off."""
        await asyncio.to_thread(import_module, "deskblog.commands")  # twenty modules, and most runs are never asked
        coming = asyncio.create_task(reader.readline())
        try:
            while line := await coming:
                coming = asyncio.create_task(reader.readline())
                answering = asyncio.create_task(self._answer(read_asked(line, self._token), writer))
                await asyncio.wait({answering, coming}, return_when=asyncio.FIRST_COMPLETED)
                if not answering.done() and not await coming:
                    answering.cancel()
                await answering
        finally:
            coming.cancel()

    async def _answer(self, asked: tuple[str, Json], writer: asyncio.StreamWriter) -> None:
        from deskblog import commands

        do, args = asked
        try:
            async with aclosing(commands.COMMANDS[do](self._engine, args, self._bell.hear)) as lines:
                async for line in lines:
                    await _write(writer, {"line": line})
        except UserError as fault:
            error = {"what": fault.what, "kept": fault.kept, "next": fault.next_step}
            await _write(writer, {"error": error})
        else:
            await _write(writer, {"done": True})


def read_asked(line: bytes, token: str) -> tuple[str, Json]:
    """(command, its arguments) of one line; ValueError, before anything else of it is looked at, from a stranger."""
    try:
        asked = json.loads(line)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(asked, dict) or not hmac.compare_digest(str(asked.get("token")).encode(), token.encode()):
        raise ValueError("a stranger at the local door")
    from deskblog import commands

    do, args = asked.get("do"), asked.get("with")
    if not isinstance(args, dict) or not isinstance(do, str) or do not in commands.COMMANDS:
        raise ValueError("no command")
    return do, args


async def _write(writer: asyncio.StreamWriter, value: Json) -> None:
    writer.write(json.dumps(value).encode() + b"\n")
    await writer.drain()


def _socket_path(folder: Path) -> Path:
    """Short, for a Unix socket's name has 107 bytes at most; in a folder that only this user may enter."""
    base = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir())
    private = base / f"deskblog-{os.getuid()}"
    private.mkdir(mode=0o700, exist_ok=True)
    if private.stat().st_uid != os.getuid() or private.stat().st_mode & 0o077:
        raise Unusable(
            _("The folder {folder} belongs to somebody else.").format(folder=private),
            next_step=_("Remove it, or set XDG_RUNTIME_DIR to a folder of your own."),
        )
    path = private / f"{paths.runtime_name(folder)}.sock"
    path.unlink(missing_ok=True)  # what a killed engine left behind
    return path


class ControlClient:
    """The command line's end of the local door."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, token: str) -> None:
        self._reader = reader
        self._writer = writer
        self._token = token

    @classmethod
    async def connect(cls, folder: Path) -> ControlClient | None:
        """A connection to the engine running on that folder; None if none runs."""
        try:
            where = json.loads(await asyncio.to_thread((folder / "control.json").read_text, encoding="utf-8"))
            reader, writer = await _connect(where)
        except (OSError, ValueError):
            return None
        return cls(reader, writer, where["token"])

    async def run(self, do: str, args: Json) -> AsyncGenerator[Json]:
        """The lines of one command; raises what the engine raised for the user."""
        await _write(self._writer, {"do": do, "with": args, "token": self._token})
        while line := await self._reader.readline():
            answer = json.loads(line)
            if "line" in answer:
                yield answer["line"]
            elif "error" in answer:
                error = answer["error"]
                raise Refused(error["what"], kept=error["kept"], next_step=error["next"])
            else:
                return
        raise Unusable(
            _("deskblog ended while it was asked."), next_step=_("Start it again and look whether it was done.")
        )

    async def close(self) -> None:
        self._writer.close()
        with suppress(ConnectionError):
            await self._writer.wait_closed()


async def _connect(where: dict[str, Any]) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if "unix" in where and sys.platform != "win32":
        return await asyncio.open_unix_connection(where["unix"], limit=LINE)
    return await asyncio.open_connection("127.0.0.1", where["port"], limit=LINE)
