"""A lock is heard at the moment the system says it: real buses, on which a screen saver and logind are played."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from dbus_fast import Message
from dbus_fast.aio import MessageBus

from deskblog.attention.bus import leave
from deskblog.attention.locking import LOGIN, follow
from tests.attention.daemons import session_bus, until
from tests.attention.savers import NAME, PATH, logind, screen_saver

Said = list[tuple[str, bool]]


GNOME = "org.gnome.ScreenSaver"


def tell(bus: MessageBus, signal: Message) -> bool:
    """Once more: nobody may have listened yet."""
    bus.send(signal)
    return True


async def until_listens(said: Said) -> None:
    """Until a lock and an unlock that nobody asked about are heard."""
    bus = await MessageBus().connect()
    for active in (True, False):
        signal = Message.new_signal(PATH, GNOME, "ActiveChanged", "b", [active])
        await until(lambda signal=signal, active=active: tell(bus, signal) and (GNOME, active) in said)  # type: ignore[misc]
    await leave(bus)
    said.clear()


async def test_a_screen_saver_says_it_and_one_that_goes_has_unlocked(
    bus: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere")
    said: Said = []
    following = asyncio.ensure_future(follow(lambda who, locked: said.append((who, locked))))
    await until_listens(said)
    async with screen_saver() as saver:
        await saver.lock(True)
        await saver.lock(False)
        await until(lambda: said[-2:] == [(NAME, True), (NAME, False)])
        await saver.lock(True)
    await until(lambda: said[-2:] == [(NAME, True), (NAME, False)])
    following.cancel()
    await asyncio.wait({following})


async def test_logind_says_it_of_the_own_session_alone(
    bus: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "system").mkdir()
    said: Said = []
    with session_bus(tmp_path / "system") as system:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", system)
        async with logind(system) as login:
            following = asyncio.ensure_future(follow(lambda who, locked: said.append((who, locked))))
            await until(lambda: login.tell(True) and (LOGIN, True) in said)
            said.clear()
            login.tell(True, session="/org/freedesktop/login1/session/_39")
            login.tell(False)
            await until(lambda: (LOGIN, False) in said)
            assert set(said[said.index((LOGIN, False)) :]) == {(LOGIN, False)}
            following.cancel()
            await asyncio.wait({following})


async def test_without_a_bus_there_is_nothing_to_follow(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DBUS_SESSION_BUS_ADDRESS", "DBUS_SYSTEM_BUS_ADDRESS"):
        monkeypatch.setenv(name, "unix:path=/nowhere")
    said: Said = []
    await follow(lambda who, locked: said.append((who, locked)))
    assert said == []
