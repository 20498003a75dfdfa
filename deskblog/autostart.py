"""deskblog begins with the session, if the person wants it: one small entry, where each system looks for such.

Linux: a file in ~/.config/autostart. Windows: a value under HKCU; that part was written from the documentation and
has never run. macOS: an agent in ~/Library/LaunchAgents, which has never run either.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from deskblog.errors import Unusable
from deskblog.i18n import _
from deskblog.whole import write_whole

NAME = "deskblog"
RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"
APPROVED = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"


class Entry(Protocol):
    """Where a system keeps what begins with the session."""

    def read(self) -> list[str] | None:
        """The command that is to begin; None if none is."""

    def write(self, command: Sequence[str]) -> None: ...

    def remove(self) -> None: ...


# --- what others call -----------------------------------------------------------------------------------------
def is_on(entry: Entry | None = None) -> bool:
    """Whether deskblog begins with the session."""
    try:
        return (entry or here()).read() is not None
    except (OSError, ValueError):
        return False


def turn(on: bool, folder: str = "", entry: Entry | None = None) -> None:
    """From the next session on it begins by itself, or no more; in this data folder, if it is not the usual one.

    Unusable, in words, where the system does not let it.
    """
    entry = entry or here()
    try:
        entry.write(command(folder)) if on else entry.remove()
    except OSError as fault:
        raise Unusable(
            _("Whether deskblog starts with your session could not be changed."),
            kept=_("All is as it was."),
            next_step=_("Your system says: {why}.").format(why=fault.strerror or str(fault)),
        ) from fault


def refresh(folder: str = "", entry: Entry | None = None) -> None:
    """If it is on, the entry leads to this program again: a newer version may stand elsewhere."""
    entry = entry or here()
    with suppress(OSError, ValueError):
        held, wanted = entry.read(), command(folder)
        if held is not None and held != wanted and not Path(held[0]).exists():
            entry.write(wanted)


def command(folder: str = "") -> list[str]:
    """What starts the app in the tray: of a frozen folder, of a virtual environment, or by the module."""
    program = Path(sys.executable)
    script = program.with_name("deskblog-app" + (".exe" if sys.platform == "win32" else ""))
    if script.exists():
        words = [str(script)]
    elif getattr(sys, "frozen", False):
        words = [str(program)]
    else:
        words = [str(program), "-m", "deskblog"]
    return [*words, *(["--data", folder] if folder else []), "--hidden"]


def here() -> Entry:
    """This system's."""
    if sys.platform == "win32":
        return Registry()
    if sys.platform == "darwin":
        return Agent(Path.home() / "Library" / "LaunchAgents")
    config = Path(os.environ.get("XDG_CONFIG_HOME", ""))
    return Desktop((config if config.is_absolute() else Path.home() / ".config") / "autostart")


# --- Linux ----------------------------------------------------------------------------------------------------
class Desktop:
    """A file of the freedesktop.org form."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / f"{NAME}.desktop"

    def read(self) -> list[str] | None:
        """Desktops switch it off by a line in it."""
        if not self._file.exists():
            return None
        pairs = (line.partition("=") for line in self._file.read_text(encoding="utf-8").splitlines())
        said = {key.strip(): value.strip() for key, _is, value in pairs}
        off = said.get("Hidden") == "true" or said.get("X-GNOME-Autostart-enabled") == "false"
        return None if off or not said.get("Exec") else unquoted(said["Exec"])

    def write(self, command: Sequence[str]) -> None:
        lines = ("Type=Application", "Name=deskblog", "Icon=deskblog", f"Exec={quoted(command)}")
        more = ("Terminal=false", "StartupNotify=false", "X-GNOME-Autostart-enabled=true")
        write_whole(self._file, "\n".join(("[Desktop Entry]", *lines, *more, "")).encode())

    def remove(self) -> None:
        self._file.unlink(missing_ok=True)


_AS_IS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./=:@,+")


def quoted(command: Sequence[str]) -> str:
    """As an Exec line: quotes round what needs them, in them a backslash before four signs; and, as in every string
    of such a file, each backslash twice; % means something else there."""
    words = []
    for word in command:
        if word and set(word) <= _AS_IS:
            words.append(word)
        else:
            inside = "".join(f"\\{sign}" if sign in '"`$\\' else sign for sign in word)
            words.append(f'"{inside}"'.replace("\\", "\\\\"))
    return " ".join(words).replace("%", "%%")


def unquoted(line: str) -> list[str]:
    """The words of an Exec line."""
    words, word, inside, begun, signs = [], "", False, False, iter(line.replace("%%", "%").replace("\\\\", "\\"))
    for sign in signs:
        if sign == "\\" and inside:
            word += next(signs, "")
        elif sign == '"':
            inside, begun = not inside, True
        elif sign == " " and not inside:
            if word or begun:
                words.append(word)
            word, begun = "", False
        else:
            word += sign
    return [*words, word] if word or begun else words


# --- macOS ----------------------------------------------------------------------------------------------------
class Agent:
    """An agent of launchd."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / f"{NAME}.plist"

    def read(self) -> list[str] | None:
        if not self._file.exists():
            return None
        import plistlib

        said = plistlib.loads(self._file.read_bytes())
        words = said.get("ProgramArguments") if isinstance(said, dict) and not said.get("Disabled") else None
        return [str(word) for word in words] if words else None

    def write(self, command: Sequence[str]) -> None:
        import plistlib

        agent = {"Label": NAME, "ProgramArguments": list(command), "RunAtLoad": True, "ProcessType": "Interactive"}
        write_whole(self._file, plistlib.dumps(agent))

    def remove(self) -> None:
        self._file.unlink(missing_ok=True)


# --- Windows --------------------------------------------------------------------------------------------------
class Registry:
    """A value under the user's own keys. The task manager switches it off by a value elsewhere: odd is off."""

    def __init__(self, run: str = RUN, approved: str = APPROVED) -> None:
        self._run, self._approved = run, approved

    if sys.platform == "win32":

        def read(self) -> list[str] | None:
            said = self._value(self._run)
            approved = self._value(self._approved)
            if not isinstance(said, str) or (isinstance(approved, bytes) and approved[:1] and approved[0] & 1):
                return None
            return windows_words(said)

        def write(self, command: Sequence[str]) -> None:
            import winreg

            with winreg.CreateKey(winreg.HKEY_CURRENT_USER, self._run) as key:
                winreg.SetValueEx(key, NAME, 0, winreg.REG_SZ, subprocess.list2cmdline(command))
            self._forget(self._approved)

        def remove(self) -> None:
            self._forget(self._run)

        def _value(self, path: str) -> object:
            import winreg

            with suppress(FileNotFoundError), winreg.OpenKey(winreg.HKEY_CURRENT_USER, path) as key:
                return winreg.QueryValueEx(key, NAME)[0]
            return None

        def _forget(self, path: str) -> None:
            import winreg

            access = winreg.KEY_SET_VALUE
            with suppress(FileNotFoundError), winreg.OpenKey(winreg.HKEY_CURRENT_USER, path, 0, access) as key:
                winreg.DeleteValue(key, NAME)

    else:

        def read(self) -> list[str] | None:
            return None

        def write(self, command: Sequence[str]) -> None:
            raise OSError("there is no registry here")

        def remove(self) -> None:
            raise OSError("there is no registry here")


def windows_words(line: str) -> list[str]:
    """The words of a command line as we write them: the program first, in quotes if it has a space."""
    words = line[1:].split('"', 1) if line.startswith('"') else line.split(" ", 1)
    return [words[0], *(words[1].split() if len(words) > 1 else [])]
