"""Keys by the portal: a real bus, on which a portal is played."""

from __future__ import annotations

import asyncio

import pytest

from deskblog.attention.shortcut import Lacking, Shortcut
from tests.attention.daemons import until
from tests.attention.portals import portal

TRIGGER, WORDS = "SHIFT+LOGO+d", "A quick post"


async def test_the_person_says_yes_and_the_keys_are_heard(bus: str) -> None:
    pressed: list[str] = []
    settled: list[bool] = []
    async with portal() as desktop:
        holding = asyncio.ensure_future(Shortcut(pressed.append).hold(TRIGGER, WORDS, lambda: settled.append(True)))
        await until(lambda: bool(settled))
        [[ident, options]] = desktop.bound
        assert (ident, options["preferred_trigger"].value, options["description"].value) == (
            "compose",
            TRIGGER,
            WORDS,
        )
        assert desktop.registered == ["deskblog"]
        await desktop.press("/org/freedesktop/portal/desktop/session/somebody")
        await desktop.press(token="may-take-the-focus")
        await desktop.press()
        await until(lambda: pressed == ["may-take-the-focus", ""])
        holding.cancel()
        await asyncio.wait({holding})


async def test_the_person_says_no(bus: str) -> None:
    async with portal(code=1):
        with pytest.raises(Lacking) as told:
            await Shortcut(lambda _token: None).hold(TRIGGER, WORDS, lambda: None)
        assert told.value.declined


async def test_there_is_no_portal_or_no_bus(bus: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Lacking) as told:
        await Shortcut(lambda _token: None).hold(TRIGGER, WORDS, lambda: None)
    assert not told.value.declined
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    with pytest.raises(Lacking):
        await Shortcut(lambda _token: None).hold(TRIGGER, WORDS, lambda: None)
