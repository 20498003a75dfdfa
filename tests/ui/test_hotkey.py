"""Keys for a quick post: which ones may be, and that what was chosen is kept. They are pressed in tests/office."""

from __future__ import annotations

from pathlib import Path

import pytest

from deskblog.errors import Refused
from deskblog.ui.combination import ON_WINDOWS, ON_X, keys_of
from deskblog.ui.hotkey import KEY, PROPOSED, Hotkey
from tests.attention.daemons import session_bus
from tests.ui.desk import Desk


@pytest.mark.parametrize(
    ("text", "symbol", "virtual", "on_x", "on_windows", "trigger"),
    [
        (PROPOSED, ord("d"), ord("D"), 65, 12, "SHIFT+LOGO+d"),
        ("Ctrl+Shift+7", ord("7"), ord("7"), 5, 6, "CTRL+SHIFT+7"),
        ("Alt+F3", 0xFFC0, 0x72, 8, 1, "ALT+F3"),
        ("Meta+Space", 32, 32, 64, 8, "LOGO+space"),
    ],
)
def test_what_each_system_calls_them(
    text: str, symbol: int, virtual: int, on_x: int, on_windows: int, trigger: str
) -> None:
    keys = keys_of(text)
    assert (keys.symbol, keys.virtual, keys.trigger) == (symbol, virtual, trigger)
    assert (keys.mask(ON_X), keys.mask(ON_WINDOWS)) == (on_x, on_windows)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Ctrl+Alt+D", "write letters"),
        ("Ctrl+Alt+Shift+D", "write letters"),
        ("Shift+D", "needed for writing"),
        ("D", "needed for writing"),
        ("F5", "needed for writing"),
        ("Meta+Left", "no key for this"),
        ("Ctrl+K, Ctrl+D", "no combination"),
        ("", "no combination"),
        ("nonsense", "no key for this"),
    ],
)
def test_keys_one_writes_with_are_refused_in_words(text: str, why: str) -> None:
    with pytest.raises(Refused) as told:
        keys_of(text)
    assert why in told.value.what and told.value.next_step


def test_there_is_none_unless_it_is_chosen_and_a_system_that_gives_none_says_what_to_do(anne: Desk) -> None:
    hotkey = Hotkey(anne.bridge)
    with anne.qtbot.waitSignal(hotkey.settled):
        hotkey.load()
    assert (hotkey.keys, hotkey.works, hotkey.why_not) == ("", False, "")
    with anne.qtbot.waitSignal(hotkey.settled):
        hotkey.choose(PROPOSED)
    assert not hotkey.works and "deskblog --compose" in hotkey.why_not
    with pytest.raises(Refused):
        hotkey.choose("Ctrl+Alt+D")
    assert anne.ask(anne.bridge.engine.remembered(KEY)) == PROPOSED


def test_under_wayland_the_portal_is_asked(anne: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with session_bus(tmp_path) as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        hotkey = Hotkey(anne.bridge, platform="wayland")
        with anne.qtbot.waitSignal(hotkey.settled):
            hotkey.use(PROPOSED)
        assert not hotkey.works and "deskblog --compose" in hotkey.why_not  # there is none on this bus
        hotkey.stop()
