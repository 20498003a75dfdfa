"""How both programs begin: who only rings at the app that runs loads nothing else."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deskblog import doorbell

ABSENT = "import sys; sys.argv = ['deskblog', *sys.argv[1:]]; from deskblog.start import main, app, rung; "
LOADED = (
    ABSENT + "print(rung(sys.argv[1:]), sorted({'msgspec', 'PySide6', 'asyncio', 'argparse'} & set(sys.modules)))"
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path / "anne"


@pytest.fixture
def app(folder: Path) -> Iterator[socket.socket]:
    """Where an app would listen."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening:
        listening.bind(doorbell.address(folder))
        listening.listen()
        listening.settimeout(10)
        yield listening


def heard(app: socket.socket) -> str:
    caller, _address = app.accept()
    with caller, caller.makefile() as line:
        return line.readline()


def start(*words: str, **env: str) -> str:
    code = [sys.executable, "-c", LOADED, *words]
    return subprocess.run(code, env={**os.environ, **env}, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize(
    ("words", "word"), [((), "show"), (("--compose",), "compose"), (("--hidden",), "hidden")]
)  # fmt: skip
def test_whoever_comes_second_rings_and_loads_nothing(
    app: socket.socket, folder: Path, words: tuple[str, ...], word: str
) -> None:
    assert start("--data", str(folder), *words) == "True []"
    assert heard(app) == f"{word}\n"
    assert start(f"--data={folder}", *words) == "True []"
    assert heard(app) == f"{word}\n"


@pytest.mark.parametrize("name", doorbell.TOKENS)
def test_who_may_have_the_focus_is_handed_on(app: socket.socket, folder: Path, name: str) -> None:
    assert start("--data", str(folder), "--compose", **{name: "a-token"}) == "True []"
    assert doorbell.heard(heard(app)) == ("compose", "a-token")


@pytest.mark.parametrize(
    "words", [("post", "hello"), ("--version",), ("--data",), ("--data", "x", "--compose", "safe")]
)
def test_other_words_are_for_the_command_line(folder: Path, words: tuple[str, ...]) -> None:
    assert start(*words) == "False []"


def test_where_no_app_runs_nobody_is_told(folder: Path) -> None:
    assert not doorbell.ring(folder, doorbell.SHOW)
    Path(doorbell.address(folder)).write_text("what a killed app left")
    assert not doorbell.ring(folder, doorbell.SHOW)


def test_a_bell_that_somebody_else_made_is_not_ours(
    app: socket.socket, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = doorbell.address(folder)
    monkeypatch.setattr(os, "getuid", lambda: 4711)
    Path(at).rename(doorbell.address(folder))
    assert not doorbell.ring(folder, doorbell.SHOW)
