"""Which deskblog this is, and on what it runs: all that a report of a fault needs, and nothing about anybody.

No name, address, office, text or path is in it; of what is kept only about how much. In English whatever the
language: it is read by whoever mends it.
"""

from __future__ import annotations

import asyncio
import os
import ssl
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from deskblog import __version__, i18n, paths, xcb
from deskblog.attention.within import Fault, within
from deskblog.i18n import _
from deskblog.net.handshake import VERSION as PROTOCOL
from deskblog.store.census import SCHEMA, SQLITE, census

if TYPE_CHECKING:
    import argparse

PATIENCE = 1.0  # s for the desktop to answer
LIBRARIES = (
    "PySide6-Essentials",
    "PySide6-Addons",
    "zeroconf",
    "pynacl",
    "cryptography",
    "spake2",
    "msgspec",
    "desktop-notifier",
    "dbus-fast",
    "pillow",
    "urllib3",
    "h11",
    "feedparser",
    "nh3",
    "pyenchant",
    "apprise",
)
WATCHER, TRAY = "org.kde.StatusNotifierWatcher", b"_NET_SYSTEM_TRAY_S0"


def add_version(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--version", dest="tell_version", action="store_true", help=_("say which deskblog this is"))
    parser.add_argument(
        "--verbose", action="store_true", help=_("with --version: all that a report of a fault needs")
    )


def tell(data: str | None, *, verbose: bool) -> int:
    """Answers `--version`; `data`: what was said after `--data`. The exit code."""
    if sys.stdout is not None:  # a program of Windows without a console has none
        lines = report(paths.data_folder(data)) if verbose else [line()]
        sys.stdout.write("\n".join(lines) + "\n")
    return 0


def line() -> str:
    return f"deskblog {__version__} (protocol {PROTOCOL}, schema {SCHEMA})"


def report(folder: Path) -> list[str]:
    """All one needs to know, a line each."""
    import platform

    said = {
        "Python": f"{platform.python_version()}, {_packed()}",
        "System": _system(),
        "Session": _session(),
        "Tray and notifications": _desktop(),
        "Language": i18n.language(),
        "Data folder": f"{'another one' if paths.unusual(folder) else 'the usual one'}, {_much(folder)}",
        "SQLite": SQLITE,
        "OpenSSL": ssl.OPENSSL_VERSION,
        **{name: version for name in LIBRARIES if (version := _version(name))},
    }
    return [line(), *(f"{name}: {what}" for name, what in said.items())]


def _packed() -> str:
    if getattr(sys, "frozen", False):
        return "frozen"
    return "virtual environment" if sys.prefix != sys.base_prefix else "the system's"


def _system() -> str:
    import platform

    release = ""
    with suppress(OSError, AttributeError):
        release = platform.freedesktop_os_release().get("PRETTY_NAME", "")
    return ", ".join(
        part for part in (release, f"{platform.system()} {platform.release()}", platform.machine()) if part
    )


def _session() -> str:
    """The names of desktops, as they call themselves; of screens only that there is one."""
    names = ("XDG_SESSION_TYPE", "XDG_CURRENT_DESKTOP", "XDG_SESSION_DESKTOP", "QT_QPA_PLATFORM")
    said = [f"{name}={os.environ[name]}" for name in names if os.environ.get(name)]
    there = [name for name in ("WAYLAND_DISPLAY", "DISPLAY") if os.environ.get(name)]
    return ", ".join([*said, *there]) or "none"


def _much(folder: Path) -> str:
    counted = census(folder)
    return ", ".join(f"{name}: {magnitude(count)}" for name, count in counted.items()) or "nothing to be read"


def magnitude(count: int) -> str:
    """About how many: who is in a large office is told by no number."""
    if count < 10:
        return "a few" if count else "none"
    return "some " + f"{10 ** (len(str(count)) - 1):,}"


def _version(name: str) -> str:
    """Empty where it is not installed, or where a frozen folder does not say."""
    from importlib import metadata

    with suppress(metadata.PackageNotFoundError):
        return metadata.version(name)
    return ""


# --- the desktop ----------------------------------------------------------------------------------------------
def _desktop() -> str:
    if sys.platform != "linux":
        return "the system's"
    said = asyncio.run(_asked())
    if not said[0] and _tray_of_x():
        said[0] = "XEmbed"
    return f"{said[0] or 'no tray'}, {said[1] or 'no notifications'}"


def _tray_of_x() -> bool:
    with suppress(OSError):
        screen = xcb.Screen()
        return bool(screen.owner(screen.atom(TRAY)))
    return False


async def _asked() -> list[str]:
    """The tray by the bus, and what shows notifications; empty what is not there. Nothing is started for it."""
    from deskblog.attention.bus import DAEMON, DAEMON_PATH, Bus

    async def tray() -> str:
        name = "org.freedesktop.DBus"
        [there] = await bus.ask(name, "/org/freedesktop/DBus", name, "NameHasOwner", "s", WATCHER)
        return "StatusNotifierItem" if there else ""

    async def daemon() -> str:
        name, maker, version, _spec = await bus.ask(DAEMON, DAEMON_PATH, DAEMON, "GetServerInformation")
        return f"{name} {version} ({maker})"

    bus = Bus("session")
    answers = [await within(PATIENCE, one()) for one in (tray, daemon)]
    await within(PATIENCE, bus.close())
    return ["" if isinstance(answer, Fault) else answer for answer in answers]
