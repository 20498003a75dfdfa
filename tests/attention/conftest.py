"""Each test has a session bus of its own, with nobody on it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor as _Early  # noqa: F401  (PySide6 reads files when asyncio is late)
from pathlib import Path

import pytest
import pytest_asyncio

from deskblog.attention.desktop import Desktop
from deskblog.attention.popup import Press
from tests.attention.daemons import session_bus, virtual_screen

Pressed = list[tuple[str, Press, str]]


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with session_bus(tmp_path) as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        yield address


@pytest.fixture
def screen(bus: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """The same with a screen, and settings nobody has touched."""
    with virtual_screen() as display:
        for name, value in (("DISPLAY", display), ("XDG_CONFIG_HOME", str(tmp_path)), ("NO_AT_BRIDGE", "1")):
            monkeypatch.setenv(name, value)
        monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
        yield display


@pytest.fixture
def pressed() -> Pressed:
    return []


@pytest_asyncio.fixture
async def desktop(bus: str, pressed: Pressed) -> AsyncIterator[Desktop]:
    """Little patience, for what never answers; its pauses are over at once."""
    made = Desktop(lambda *press: pressed.append(press), "deskblog", patience=2.0, pause=0.0)
    yield made
    await made.stop()
