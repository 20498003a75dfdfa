"""Crash runs: what is done to a PC, and what must hold afterwards."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from deskblog.engine import Engine, Options

ROOT = Path(__file__).parents[2]
YEAR = 366 * 24 * 3_600_000
PATIENCE = 40.0
PAGE = 4096
AGAIN = "Start deskblog again"


class Lost(AssertionError):
    """A promise was broken."""


@dataclass
class Life:
    """What a victim said since it was started."""

    pid: int = 0
    kept: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    ended: str = ""
    over: bool = False


class Victim:
    """The forking process, and the life it leads now."""

    def __init__(self) -> None:
        self.life = Life()
        self._news = asyncio.Event()
        self._program: asyncio.subprocess.Process
        self._reader: asyncio.Task[None]

    async def open(self, errors: Path) -> None:
        with errors.open("wb") as file:
            self._program = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tests.crash.victim", cwd=ROOT,
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=file,
            )  # fmt: skip
        self._reader = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self._program.stdout is not None
        async for line in self._program.stdout:
            word, _space, text = line.decode().rstrip("\n").partition(" ")
            match word:
                case "life":
                    self.life.pid = int(text)
                case "kept":
                    self.life.kept.append(text)
                case "dead":
                    self.life.over = True
                case "ended":
                    self.life.ended = text
                case _:
                    self.life.said.append(f"{word} {text}")
            self._news.set()

    async def begin(self, **order: object) -> Life:
        """Starts a life; it posts unless told otherwise."""
        self.life = Life()
        given = {"peer": "", "skew": 0, "code": "", "posts": True, "read": False, "name": "victim", **order}
        assert self._program.stdin is not None
        self._program.stdin.write(json.dumps(given).encode() + b"\n")
        await self._program.stdin.drain()
        await self.until(lambda life: life.pid > 0)
        return self.life

    async def until(self, true: Callable[[Life], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not true(self.life):
                self._news.clear()
                await self._news.wait()

    async def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.life.pid, 9)
        await self.until(lambda life: life.over)

    async def close(self) -> None:
        assert self._program.stdin is not None
        self._program.stdin.close()
        await self._program.wait()
        self._reader.cancel()
        await asyncio.gather(self._reader, return_exceptions=True)


class Runs:
    """One office of two: Anne, who runs here and is never harmed, and the victim."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.dice = Random(seed)
        self.counts: Counter[str] = Counter()
        self.kept: set[str] = set()
        self.paul = folder / "paul"
        self.victim = Victim()
        self._round = 0
        self._errors = folder / "stderr"
        self._news = asyncio.Event()
        self._anne = Engine(
            folder / "anne", lambda _event: self._news.set(),
            options=Options(discovery=False, port=0, state=folder / "anne-state"),
        )  # fmt: skip

    @property
    def peer(self) -> str:
        return f"127.0.0.1:{self._anne.port}"

    async def open(self) -> None:
        await self._anne.start()
        await self._anne.found("Office", "Anne")
        await self.victim.open(self._errors)
        code = (await self._anne.invite()).code
        await self.victim.begin(folder=str(self.paul), peer=self.peer, code=code, posts=False)
        await self.victim.until(lambda life: any(line.startswith("done") for line in life.said))
        await self.victim.kill()

    async def close(self) -> None:
        await self.victim.close()
        await self._anne.stop()
        if said := self._errors.read_text().strip():
            raise Lost(f"the victim fell over an error of ours:\n{said[-2000:]}")

    # --- one run ------------------------------------------------------------------------------------------
    async def one(self) -> None:
        """Something happens; then everything that was promised is looked for."""
        self._round += 1
        kinds: dict[str, Callable[[], Awaitable[None]]] = {
            "killed": self._killed,
            "killed while starting": self._killed_early,
            "killed alone": self._killed_alone,
            "clock wrong": self._clock_wrong,
            "full disk": self._full,
            "read-only disk": self._read_only,
            "truncated": self._truncated,
            "page overwritten": self._overwritten,
            "from next year": self._from_next_year,
            "two programs": self._two_programs,
            "copied in use": self._copied_in_use,
        }
        weights = dict(zip(kinds, (4, 2, 2, 2, 1, 1, 2, 2, 1, 1, 1), strict=True))
        if os.geteuid():  # only root makes disks
            del weights["full disk"], weights["read-only disk"]
        (kind,) = self.dice.choices(list(weights), list(weights.values()))
        self.counts[kind] += 1
        try:
            await kinds[kind]()
            await self._all_is_there(kind)
        except (Lost, TimeoutError) as fault:
            life = self.victim.life
            errors = self._errors.read_text()[-3000:]
            raise Lost(
                f"run {self._round}, {kind}: {fault!r}; it said {life.said[-5:]} {life.ended}\n{errors}"
            ) from fault

    async def _live(self, *, alone: bool = False, skew: int = 0, folder: Path | None = None) -> Life:
        peer = "" if alone else self.peer
        name = f"run {self._round}"
        return await self.victim.begin(folder=str(folder or self.paul), peer=peer, skew=skew, name=name)

    async def _some(self, least: int = 1) -> None:
        """Lets it live until so many posts more are kept, and a moment longer; or until it meets old damage."""
        wanted = self.dice.randint(least, 25)
        await self.victim.until(lambda life: len(life.kept) >= wanted or life.over or _said(life, AGAIN))
        await asyncio.sleep(self.dice.uniform(0, 0.01))

    async def _end(self) -> None:
        await self.victim.kill()
        self.kept.update(self.victim.life.kept)

    async def _all_is_there(self, kind: str) -> None:
        """Started again, with Anne: every post that was ever kept is on both, and is shown."""
        for _start in range(4):
            if await self._read_again(kind):
                return
            self.counts["started again, as it said"] += 1
        raise Lost("however often it is started again, it is damaged")

    async def _read_again(self, kind: str) -> bool:
        """False if it said that it must be started again."""
        life = await self.victim.begin(folder=str(self.paul), peer=self.peer, posts=False, read=True)
        await self.victim.until(lambda one: one.over or _said(one, "synced") or _said(one, AGAIN))
        if not life.over and not _said(life, AGAIN):
            await self._anne_has_all(kind)
            os.kill(life.pid, signal.SIGUSR1)
            await self.victim.until(lambda one: one.over or _said(one, "read") or _said(one, AGAIN))
        over = life.over
        await self.victim.kill()
        if _said(life, AGAIN):
            return False
        if over:
            raise Lost(f"it does not start any more: {life.ended}")
        shown = {line.removeprefix("shows ") for line in life.said if line.startswith("shows ")}
        if gone := self.kept - shown:
            raise Lost(f"{len(gone)} not on the victim, for example {sorted(gone)[:3]}")
        return True

    async def _anne_has_all(self, kind: str) -> None:
        async with asyncio.timeout(PATIENCE):
            while missing := self.kept - await self._texts(self._anne):
                self._news.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout(2.0):
                        await self._news.wait()
        if missing:
            raise Lost(f"{kind}: {len(missing)} lost, for example {sorted(missing)[:3]}")

    @staticmethod
    async def _texts(engine: Engine) -> set[str]:
        out: set[str] = set()
        before = None
        while True:
            page = await engine.timeline(before=before, limit=500)
            out |= {row.text for row in page.rows}
            before = page.next_before
            if before is None:
                return out

    # --- what happens -------------------------------------------------------------------------------------
    async def _killed(self) -> None:
        await self._live()
        await self._some()
        await self._end()

    async def _killed_early(self) -> None:
        await self._live()
        await asyncio.sleep(self.dice.uniform(0, 0.12))
        await self._end()

    async def _killed_alone(self) -> None:
        await self._live(alone=True)
        await self._some()
        await self._end()

    async def _clock_wrong(self) -> None:
        await self._live(skew=self.dice.choice((-YEAR, YEAR, -3_600_000, 3_600_000)))
        await self._some()
        await self._end()

    async def _level(self) -> None:
        """Whatever is on the victim's disk is with Anne too: then damage can lose nothing."""
        life = await self.victim.begin(folder=str(self.paul), peer=self.peer, posts=False)
        await self.victim.until(lambda one: any(line.startswith("synced") for line in one.said) or one.over)
        async with asyncio.timeout(PATIENCE):
            while self.kept - await self._texts(self._anne):
                self._news.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout(1.0):
                        await self._news.wait()
        assert not life.over
        await self.victim.kill()

    async def _truncated(self) -> None:
        await self._level()
        path = self._a_file()
        with path.open("rb+") as file:
            file.truncate(self.dice.randrange(path.stat().st_size or 1))

    async def _overwritten(self) -> None:
        await self._level()
        path = self._a_file()
        pages = max(path.stat().st_size // PAGE, 1)
        with path.open("rb+") as file:
            file.seek(self.dice.randrange(pages) * PAGE)
            file.write(self.dice.randbytes(PAGE))

    def _a_file(self) -> Path:
        files = [
            path for path in (self.paul / "data").glob("posts.db*") if path.suffix != ".damaged" and path.is_file()
        ]
        return self.dice.choice(sorted(files))

    async def _full(self) -> None:
        """The disk fills up while it posts: it says so, nothing that was kept is lost."""

        async def fill(disk: Path) -> None:
            await self._live(folder=disk / "paul")
            await self._some()
            await asyncio.to_thread(_fill, disk)
            await self.victim.until(lambda life: life.over or any("refused" in line for line in life.said))
            await self._end()
            (disk / "ballast").unlink(missing_ok=True)

        await self._on_a_small_disk(fill)

    async def _read_only(self) -> None:
        """The disk cannot be written at a start: said in words, and nothing is touched."""

        async def lock(disk: Path) -> None:
            await self._live(folder=disk / "paul")
            await self._some()
            await self._end()
            await asyncio.to_thread(_mount, disk, "remount,ro")
            await self._live(folder=disk / "paul")
            await self.victim.until(lambda life: life.over)
            if "cannot be" not in self.victim.life.ended:
                raise Lost("a disk that cannot be written was not told of")
            await asyncio.to_thread(_mount, disk, "remount,rw")

        await self._on_a_small_disk(lock)

    async def _on_a_small_disk(self, happens: Callable[[Path], Awaitable[None]]) -> None:
        """The victim's folder lies on a disk of its own meanwhile."""
        disk = self.folder / f"disk-{self._round}"
        disk.mkdir()
        size = sum(path.stat().st_size for path in self.paul.rglob("*") if path.is_file())
        _mount(disk, f"size={size + 3_000_000}", new=True)
        try:
            await asyncio.to_thread(shutil.copytree, self.paul, disk / "paul")
            await happens(disk)
            await asyncio.to_thread(shutil.rmtree, self.paul)
            await asyncio.to_thread(shutil.copytree, disk / "paul", self.paul)
        finally:
            await asyncio.to_thread(subprocess.run, ["umount", "-l", str(disk)], check=True)

    async def _from_next_year(self) -> None:
        """A schema it does not know: refused in words, untouched."""
        path = self.paul / "data" / "posts.db"
        version = _version(path, 99)
        await self._live()
        await self.victim.until(lambda life: life.over)
        if "newer deskblog" not in self.victim.life.ended:
            raise Lost("a store from next year was not refused in words")
        if _version(path, version) != 99:
            raise Lost("a store from next year was touched")

    async def _two_programs(self) -> None:
        await self._live()
        await self._some()
        program = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "deskblog", "--data", str(self.paul / "data"), "node", "--no-discovery",
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        _out, errors = await program.communicate()
        if program.returncode != 1 or b"already running" not in errors or b"Traceback" in errors:
            raise Lost(f"two programs on one folder: {errors.decode()[-300:]}")
        await self._end()

    async def _copied_in_use(self) -> None:
        """A careless backup: files copied while they change, and put back."""
        await self._live()
        await self._some()
        copy = self.folder / f"copy-{self._round}"
        await asyncio.to_thread(_copied, self.paul / "data", copy)
        await self._some(5)
        await self._end()
        await self._level()
        await asyncio.to_thread(shutil.rmtree, self.paul / "data")
        await asyncio.to_thread(copy.replace, self.paul / "data")


def _copied(source: Path, to: Path) -> None:
    to.mkdir()
    for path in sorted(source.iterdir()):
        with suppress(OSError):
            shutil.copy2(path, to / path.name)


def _said(life: Life, words: str) -> bool:
    return words in life.ended or any(words in line for line in life.said)


def _version(path: Path, version: int) -> int:
    """Sets the schema's version; what it was."""
    database = sqlite3.connect(path)
    before: int = database.execute("PRAGMA user_version").fetchone()[0]
    database.execute(f"PRAGMA user_version = {version}")
    database.close()
    return before


def _mount(disk: Path, options: str, *, new: bool = False) -> None:
    kind = ["-t", "tmpfs", "deskblog-crash"] if new else []
    subprocess.run(["mount", "-o", options, *kind, str(disk)], check=True, capture_output=True)


def _fill(disk: Path) -> None:
    with (disk / "ballast").open("wb", buffering=0) as ballast, suppress(OSError):
        while True:
            ballast.write(bytes(PAGE))
