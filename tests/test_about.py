"""What `--version` says, with and without `--verbose`, of both programs; and that it tells nothing about anybody."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from deskblog import __version__, about
from deskblog.engine import Engine, Options
from deskblog.store.census import SCHEMA
from tests.attention.daemons import DUNST, session_bus, virtual_screen

PROGRAMS = ("deskblog", "deskblog.app")
SECRETS = ("Anne", "Martin", "Dupont", "coffee", "hunter2")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """That of Anne, in an office, with a post."""
    home = tmp_path / "home-of-hunter2"
    folder = home / "posts of Anne"

    async def found() -> None:
        engine = Engine(folder, lambda _event: None, options=Options(network=False, state=home / "state"))
        await engine.start()
        await engine.found("Dupont & fils", "Anne Martin")
        for n in range(12):
            await engine.post(f"coffee {n}")
        await engine.stop()

    asyncio.run(found())
    return home


def said(program: str, home: Path, *words: str, **env: str) -> str:
    given = {**os.environ, "HOME": str(home), "USER": "hunter2", "LOGNAME": "hunter2", **env}
    line = [sys.executable, "-m", program, "--data", str(home / "posts of Anne"), *words]
    done = subprocess.run(line, env=given, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.mark.parametrize("program", PROGRAMS)
def test_one_line_says_which_it_is(program: str, home: Path) -> None:
    assert said(program, home, "--version") == f"deskblog {__version__} (protocol 1, schema {SCHEMA})\n"


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_report_has_all_that_is_needed_and_nothing_about_anybody(program: str, home: Path) -> None:
    text = said(program, home, "--version", "--verbose", DISPLAY="", WAYLAND_DISPLAY="")
    lines = dict(line.split(": ", 1) for line in text.splitlines()[1:])
    needed = {"Python", "System", "Session", "PySide6-Essentials", "zeroconf", "SQLite", "OpenSSL", "Language"}
    assert needed <= set(lines)
    assert lines["Data folder"] == (
        "another one, colleagues: a few, PCs: a few, entries: some 10, items of feeds: none, files: none"
    )
    words = [*SECRETS, os.uname().nodename, str(home), str(Path.home()), "/tmp", "/home"]
    assert [word for word in words if word in text] == []
    assert re.findall(r"[0-9a-f]{16}|\d+\.\d+\.\d+\.\d+", text) == []


def test_the_desktop_is_named(home: Path, tmp_path: Path) -> None:
    with session_bus(tmp_path) as bus, virtual_screen() as display:
        env = {"DBUS_SESSION_BUS_ADDRESS": bus, "DISPLAY": display, "XDG_CURRENT_DESKTOP": "XFCE"}
        bare = said("deskblog", home, "--version", "--verbose", **env)
        assert "Tray and notifications: no tray, no notifications\n" in bare
        assert "Session: XDG_CURRENT_DESKTOP=XFCE" in bare
        with subprocess.Popen(["tint2"], env={**os.environ, **env}, stderr=subprocess.DEVNULL) as tray:
            while "XEmbed" not in said("deskblog", home, "--version", "--verbose", **env):
                assert tray.poll() is None
            with subprocess.Popen([DUNST], env={**os.environ, **env}, stderr=subprocess.DEVNULL) as dunst:
                while "XEmbed, dunst 1" not in said("deskblog", home, "--version", "--verbose", **env):
                    assert dunst.poll() is None
                dunst.terminate()
            tray.terminate()


def test_a_store_that_cannot_be_read_is_no_hindrance(tmp_path: Path) -> None:
    assert "Data folder: another one, nothing to be read" in about.report(tmp_path / "nowhere")
    (tmp_path / "posts.db").write_text("no database")
    assert "Data folder: another one, nothing to be read" in about.report(tmp_path)
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "none"), (9, "a few"), (10, "some 10"), (4711, "some 1,000"), (1_000_000, "some 1,000,000")],
)
def test_numbers_are_only_about_so_many(count: int, words: str) -> None:
    assert about.magnitude(count) == words
