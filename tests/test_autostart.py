"""Beginning with the session: what is written for each system, and read again; what stands for whoever is moved."""

from __future__ import annotations

import os
import plistlib
import shlex
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskblog import autostart
from deskblog.autostart import Agent, Desktop, Entry, Registry
from deskblog.errors import Unusable

FOLDER = "/srv/anne/my posts 100%"


@pytest.fixture(params=[Desktop, Agent])
def entry(request: pytest.FixtureRequest, tmp_path: Path) -> Entry:
    made: Entry = request.param(tmp_path / "not yet there")
    return made


def test_it_is_off_until_it_is_turned_on_and_off_again(entry: Entry) -> None:
    assert not autostart.is_on(entry)
    autostart.turn(False, entry=entry)
    autostart.turn(True, FOLDER, entry)
    assert autostart.is_on(entry)
    assert entry.read() == autostart.command(FOLDER)
    assert autostart.command(FOLDER)[-3:] == ["--data", FOLDER, "--hidden"]
    autostart.turn(False, entry=entry)
    assert not autostart.is_on(entry)


def test_what_the_desktop_reads(tmp_path: Path) -> None:
    Desktop(tmp_path).write(["/opt/desk blog/deskblog-app", "--data", FOLDER, "--hidden"])
    lines = (tmp_path / "deskblog.desktop").read_text().splitlines()
    assert lines[0] == "[Desktop Entry]" and {"Type=Application", "Terminal=false"} <= set(lines)
    assert 'Exec="/opt/desk blog/deskblog-app" --data "/srv/anne/my posts 100%%" --hidden' in lines


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1), min_size=1
    )
)
def test_any_words_come_back_from_the_line_they_are_in(words: list[str]) -> None:
    line = autostart.quoted(words)
    assert "\n" not in line
    assert autostart.unquoted(line) == words


@pytest.mark.parametrize("line", ["Hidden=true", "X-GNOME-Autostart-enabled=false"])
def test_whoever_switched_it_off_in_the_desktops_own_settings_has_it_off(tmp_path: Path, line: str) -> None:
    desktop = Desktop(tmp_path)
    autostart.turn(True, entry=desktop)
    file = tmp_path / "deskblog.desktop"
    file.write_text(file.read_text().replace("X-GNOME-Autostart-enabled=true", line))
    assert not autostart.is_on(desktop)
    autostart.refresh(entry=desktop)
    assert line in file.read_text()
    autostart.turn(True, entry=desktop)
    assert autostart.is_on(desktop)


if sys.platform == "linux":

    def test_the_desktops_own_reader_understands_it(tmp_path: Path) -> None:
        """GLib's, by which GNOME and Xfce start things."""
        said = tmp_path / "said"
        code = f"import sys; open({str(said)!r}, 'w').write(chr(10).join(sys.argv[1:]))"
        words = [FOLDER, 'a "quoted" word', "$HOME `ls` \\ %f", "é’"]
        Desktop(tmp_path).write([sys.executable, "-c", code, *words])
        subprocess.run(["gio", "launch", str(tmp_path / "deskblog.desktop")], check=True)
        end = time.monotonic() + 20
        while not (said.exists() and said.read_text()):
            assert time.monotonic() < end
        assert said.read_text().split("\n") == words


def test_what_launchd_reads(tmp_path: Path) -> None:
    Agent(tmp_path).write(["/Applications/deskblog.app/Contents/MacOS/deskblog", "--hidden"])
    said = plistlib.loads((tmp_path / "deskblog.plist").read_bytes())
    assert said["RunAtLoad"] is True and said["ProgramArguments"][-1] == "--hidden"
    (tmp_path / "deskblog.plist").write_text("no list")
    assert not autostart.is_on(Agent(tmp_path))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            r'"C:\Program Files\deskblog\deskblog-app.exe" --hidden',
            [r"C:\Program Files\deskblog\deskblog-app.exe", "--hidden"],
        ),
        (r"C:\deskblog\deskblog-app.exe --hidden", [r"C:\deskblog\deskblog-app.exe", "--hidden"]),
        (r"C:\deskblog.exe", [r"C:\deskblog.exe"]),
    ],
)
def test_what_stands_in_the_registry(line: str, words: list[str]) -> None:
    assert autostart.windows_words(line) == words


if sys.platform == "win32":

    def test_the_registry_itself() -> None:
        entry = Registry(r"Software\deskblog-test\Run", r"Software\deskblog-test\Approved")
        autostart.turn(True, entry=entry)
        assert autostart.is_on(entry)
        autostart.turn(False, entry=entry)
        assert not autostart.is_on(entry)


def test_the_program_is_the_one_that_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the module, from a virtual environment (as pipx makes it too), from a frozen folder."""
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    assert autostart.command() == [str(tmp_path / "python"), "-m", "deskblog", "--hidden"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "deskblog"))
    assert autostart.command() == [str(tmp_path / "deskblog"), "--hidden"]
    script = tmp_path / ("deskblog-app.exe" if sys.platform == "win32" else "deskblog-app")
    script.touch()
    assert autostart.command() == [str(script), "--hidden"]
    monkeypatch.delattr(sys, "frozen")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    assert autostart.command() == [str(script), "--hidden"]


def test_an_entry_that_leads_nowhere_leads_here_again(entry: Entry, tmp_path: Path) -> None:
    autostart.refresh(entry=entry)
    assert not autostart.is_on(entry)
    entry.write([str(tmp_path / "an older place" / "deskblog-app"), "--hidden"])
    autostart.refresh(entry=entry)
    assert entry.read() == autostart.command()
    other = [sys.executable, "-m", "deskblog", "--hidden", "--other"]  # somebody wrote it so, and it is there
    entry.write(other)
    autostart.refresh(entry=entry)
    assert entry.read() == other


def test_that_it_cannot_be_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "autostart").write_text("a file, where the folder would be")
    with pytest.raises(Unusable) as told:
        autostart.turn(True, entry=Desktop(tmp_path / "autostart"))
    assert "could not be changed" in told.value.what and told.value.kept and told.value.next_step


if sys.platform == "linux":

    def test_where_this_system_looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
        autostart.turn(True)
        file = tmp_path / "autostart" / "deskblog.desktop"
        line = next(one for one in file.read_text().splitlines() if one.startswith("Exec="))
        assert os.access(shlex.split(line.removeprefix("Exec="))[0], os.X_OK)
        monkeypatch.setenv("XDG_CONFIG_HOME", "relative, which counts for nothing")
        monkeypatch.setenv("HOME", str(tmp_path / "home"))
        autostart.turn(True)
        assert (tmp_path / "home" / ".config" / "autostart" / "deskblog.desktop").exists()
