"""What a packaged program does otherwise: its children, its folder, its environment."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from deskblog import frozen, paths
from deskblog.feeds.wire import Answer as FeedAnswer
from deskblog.feeds.wire import Ask
from deskblog.web.wire import Answer, Request

ROOT = Path(__file__).parents[2]
START = ROOT / "packaging" / "start.py"
HERE = {**os.environ, "PYTHONPATH": str(ROOT)}


def test_a_child_of_a_package_is_the_program_itself() -> None:
    """Of the two the one with a console: the other one has no pipes on Windows."""
    for program in ("/usr/lib/deskblog/deskblog-app", "/usr/lib/deskblog/deskblog"):
        words = frozen.child_command("deskblog.web.child", program, alone=True)
        assert words == ["/usr/lib/deskblog/deskblog", "--child", "deskblog.web.child"]
    assert frozen.child_command("m", "/py", alone=False) == ["/py", "-I", "-m", "m"]
    assert frozen.child_command("m", "/deskblog/deskblog-app.exe", alone=True)[0] == "/deskblog/deskblog.exe"


def started(*words: str, asked: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, str(START), *words]
    return subprocess.run(command, input=asked, capture_output=True, check=False, env=HERE)


def test_each_child_answers_through_the_programs_own_door() -> None:
    link = Request("http://127.0.0.1:9/", 1000, 1.0, False)
    said = started("--child", "deskblog.web.child", asked=msgspec.msgpack.encode(link))
    assert msgspec.msgpack.decode(said.stdout, type=Answer).fault == "inside"
    feed = b'<rss version="2.0"><channel><title>Town</title><item><title>Bread</title></item></channel></rss>'
    ask = Ask(url="https://town.example/", seconds=1.0, body=feed)
    said = started("--child", "deskblog.feeds.worker", asked=msgspec.msgpack.encode(ask))
    assert b"Bread" in said.stdout and msgspec.msgpack.decode(said.stdout, type=FeedAnswer).fault == ""


@pytest.mark.parametrize(
    "words", [("--child",), ("--child", "os"), ("--child", "deskblog.cli"), ("--child", "deskblog.web.child", "more")]
)
def test_nothing_else_can_be_run_that_way(words: tuple[str, ...]) -> None:
    done = started(*words)
    assert done.returncode == 2 and done.stdout == b"" and b"Traceback" not in done.stderr


def test_a_child_loads_neither_the_command_line_nor_the_window() -> None:
    """It starts as quickly as the module does alone."""
    code = (
        "import sys; sys.argv = ['deskblog', '--child', 'deskblog.web.child']\n"
        f"import runpy\ntry: runpy.run_path({str(START)!r}, run_name='__main__')\n"
        "except BaseException: pass\n"
        "print([m for m in ('deskblog.cli', 'deskblog.app', 'asyncio', 'PySide6') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], input=b"", capture_output=True, check=True, env=HERE)
    assert done.stdout.strip() == b"[]"


def test_what_is_opened_from_a_package_loads_its_own_libraries() -> None:
    names = {"LD_LIBRARY_PATH": "/usr/lib/deskblog/_internal", "LD_LIBRARY_PATH_ORIG": "/opt/mine", "HOME": "/h"}
    frozen.restore_environment(names)
    assert names == {"LD_LIBRARY_PATH": "/opt/mine", "HOME": "/h"}


@pytest.mark.parametrize("program", ["deskblog-app", "deskblog.exe", "deskblog.app/Contents/MacOS/deskblog-app"])
def test_a_file_named_portable_keeps_everything_beside_the_program(tmp_path: Path, program: str) -> None:
    here = tmp_path / program
    assert paths.carried(here, packaged=True) is None
    (tmp_path / "portable").touch()
    assert paths.carried(here, packaged=True) == tmp_path
    assert paths.carried(here, packaged=False) is None


def test_data_and_mark_both_stay_beside_a_program_that_is_carried_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "portable").touch()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "deskblog"))
    monkeypatch.delenv("DESKBLOG_DATA", raising=False)
    assert paths.data_folder() == tmp_path / "data"
    assert paths.state_folder() == tmp_path / "state"
    assert paths.unusual(tmp_path / "data") == ""
    assert paths.data_folder("/elsewhere") == Path("/elsewhere")
    names: dict[str, str] = {}
    paths.take_along(names)
    assert names == {"ENCHANT_CONFIG_DIR": str(tmp_path / "state" / "enchant")}
