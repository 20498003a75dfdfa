"""The words of ./run, as somebody types them who has just cloned this."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-build.lock")


def run(*words: str, root: Path = ROOT, **env: str) -> subprocess.CompletedProcess[str]:
    bare = {
        key: value for key, value in os.environ.items() if not key.endswith("DISPLAY") and key != "QT_QPA_PLATFORM"
    }
    command = [sys.executable, str(root / "run"), *words]
    return subprocess.run(command, env={**bare, **env}, capture_output=True, text=True, check=False)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder with what `run` reads, and no environment yet."""
    for name in ("run", "pyproject.toml", *LOCKS):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def test_it_can_be_started_by_its_name() -> None:
    assert os.access(ROOT / "run", os.X_OK)
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


@pytest.mark.parametrize("words", [(), ("help",), ("tset",)])
def test_an_unknown_word_lists_the_known_ones(words: tuple[str, ...]) -> None:
    done = run(*words)
    assert done.returncode == 2
    for word in (
        "setup",
        "app",
        "demo",
        "node",
        "check",
        "test",
        "office",
        "soak",
        "crash",
        "fuzz",
        "bench",
        "shots",
        "strings",
        "icons",
        "package",
        "bare",
    ):
        assert f"./run {word} " in done.stdout


def test_without_a_screen_one_sentence_says_what_to_use_instead(clone: Path) -> None:
    done = run("app", root=clone)
    assert done.returncode == 1
    assert done.stderr == ""
    (sentence,) = done.stdout.splitlines()
    assert "deskblog node" in sentence
    assert "./run demo --headless" in sentence
    assert not (clone / ".venv").exists()


def test_it_is_read_by_pythons_too_old_for_deskblog_so_that_they_can_say_so() -> None:
    ast.parse((ROOT / "run").read_text(encoding="utf-8"), feature_version=(3, 8))


def test_it_needs_the_standard_library_alone() -> None:
    tree = ast.parse((ROOT / "run").read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names


def test_a_second_run_starts_at_once(clone: Path) -> None:
    """The mark of a finished set-up is believed; nothing is installed, asked or printed but the answer."""
    (clone / ".venv" / "bin").mkdir(parents=True)
    (clone / ".venv" / "bin" / "python").symlink_to(sys.executable)
    script = f"import runpy, sys; sys.argv = ['run']; print(*runpy.run_path({str(clone / 'run')!r})['stamps']())"
    stamps = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    (clone / ".venv" / "deskblog.stamp").write_text(stamps)
    began = time.monotonic()
    done = run("setup", root=clone)
    assert time.monotonic() - began < 2  # a set-up takes ten; how much less than 2 is for a quiet machine to say
    assert done.stdout == f"Ready: {clone / '.venv' / 'bin' / 'deskblog'}\n"
    assert done.returncode == 0


def test_where_the_environment_cannot_be_made_it_is_said_and_tried_again_next_time(clone: Path) -> None:
    (clone / ".venv").write_text("a file is in the way")
    for _attempt in range(2):
        done = run("setup", root=clone)
        assert done.returncode == 1
        assert "could not be made" in done.stdout
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", LOCKS)
def test_every_dependency_is_pinned_by_hash_and_no_address_is_named(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "http" not in text
    assert "--index" not in text
    assert "--find-links" not in text
    wanted = re.split(r"\n(?=[a-z0-9])", text[re.search(r"^[a-z0-9]", text, re.MULTILINE).start() :])  # type: ignore[union-attr]
    for requirement in wanted:
        assert re.match(r"[a-z0-9-]+==[^ ]+", requirement), requirement
        assert "--hash=sha256:" in requirement, requirement


def pins(name: str) -> dict[str, str]:
    found = re.findall(r"^([a-z0-9-]+)==([^ ]+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)
    return dict(found)


def test_the_tests_run_with_the_very_versions_that_the_app_runs_with() -> None:
    runtime, tests = pins("requirements.lock"), pins("requirements-dev.lock")
    assert runtime.items() <= tests.items()


def test_what_is_packaged_are_the_very_versions_that_were_tested() -> None:
    tests, built = pins("requirements-dev.lock"), pins("requirements-build.lock")
    assert pins("requirements.lock").items() <= built.items()
    assert {name: tests[name] for name in built if name in tests}.items() <= built.items()


def test_all_that_the_project_asks_for_is_in_the_lock() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    def names(asked: list[str]) -> set[str]:
        return {re.split(r"[<>=!;\[ ]", each)[0].lower() for each in asked}

    assert names(project["dependencies"]) <= pins("requirements.lock").keys()
    assert names(project["optional-dependencies"]["dev"]) <= pins("requirements-dev.lock").keys()
