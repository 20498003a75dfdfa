"""Popups by real daemons, and by one that hangs, refuses, dies and comes back."""

from __future__ import annotations

import asyncio
import json
import subprocess
from functools import partial
from pathlib import Path

import pytest

from deskblog import limits
from deskblog.attention.channel import Can
from deskblog.attention.desktop import Desktop
from deskblog.attention.popup import Popup, Press
from tests.attention.conftest import Pressed
from tests.attention.daemons import CLASSIC, DUNST, XFCE, Daemon, click, owned, point, program, said, until

COFFEE = Popup("coffee", "Anne Martin", "Is the coffee ready?", answer=True, got_it=True)
HOSTILE = Popup("hostile", "<b>Eve</b> & co", 'A <b>bold</b> <a href="http://e.example">link</a> & <i>more')


def on_screen() -> int:
    return int(said("dunstctl", "count", "displayed") or 0)


def windows(of: str) -> list[tuple[int, int, int, int]]:
    """Place and size of what a daemon shows: x, y, width, height."""
    places = []
    for window in said("xdotool", "search", "--onlyvisible", "--class", of).split():
        lines = said("xdotool", "getwindowgeometry", "--shell", window).splitlines()
        place = dict(line.split("=") for line in lines)
        if lines and int(place["HEIGHT"]) > 20:
            places.append((int(place["X"]), int(place["Y"]), int(place["WIDTH"]), int(place["HEIGHT"])))
    return places


def colours(place: tuple[int, int, int, int], picture: Path) -> int:
    x, y, width, height = place
    subprocess.run(["import", "-window", "root", "-crop", f"{width}x{height}+{x}+{y}", str(picture)], check=True)
    return int(said("identify", "-format", "%k", str(picture)))


def enough(pressed: Pressed, count: int) -> bool:
    return len(pressed) == count


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


# --- real daemons -----------------------------------------------------------------------------------------
async def test_dunst_shows_one_a_key_withdraws_it_and_takes_markup_as_text(screen: str, desktop: Desktop) -> None:
    with program(DUNST):
        await until(owned)
        assert await desktop.begin() == Can.BUTTONS
        assert await desktop.show(COFFEE)
        assert await desktop.show(COFFEE)
        await until(lambda: on_screen() == 1)
        assert await desktop.show(HOSTILE)
        await until(lambda: on_screen() == 2)
        await desktop.withdraw("coffee")
        await until(lambda: on_screen() == 1)
        await desktop.stop()
        await until(lambda: on_screen() == 0)
        newest = json.loads(said("dunstctl", "history"))["data"][0][0]
        assert newest["body"]["data"].startswith('A &lt;b&gt;bold&lt;/b&gt; &lt;a href="http://e.example"&gt;link')
        assert newest["summary"]["data"] == HOSTILE.title


async def test_xfce_shows_markup_as_text_and_a_press_of_got_it_is_told(
    screen: str, desktop: Desktop, pressed: Pressed, tmp_path: Path
) -> None:
    with program(XFCE):
        await until(owned)
        assert await desktop.show(Popup("empty", "Eve", ""))
        await until(lambda: len(windows("xfce4-notifyd")) == 1)
        [empty] = windows("xfce4-notifyd")
        assert await desktop.show(Popup("empty", "Eve", "<b></b>" * 30))
        await until(lambda: [place[3] > empty[3] + 40 for place in windows("xfce4-notifyd")] == [True])  # some lines
        await desktop.withdraw("empty")
        await until(lambda: windows("xfce4-notifyd") == [])
        assert await desktop.show(COFFEE)
        await until(lambda: len(windows("xfce4-notifyd")) == 1)
        [place] = windows("xfce4-notifyd")
        await until(lambda: colours(place, tmp_path / "popup.png") > 20)
        x, y, width, height = place
        point(x + width // 2, y + height - 31)
        click()
        await until(lambda: bool(pressed))
        assert pressed == [("coffee", Press.GOT_IT, "")]
        await until(lambda: windows("xfce4-notifyd") == [])


async def test_the_classic_daemon_opens_what_is_clicked(screen: str, desktop: Desktop, pressed: Pressed) -> None:
    with program("openbox"), program(CLASSIC):
        await until(owned)
        assert await desktop.show(COFFEE)
        await until(lambda: bool(windows("notification-daemon")))
        x, y, width, height = windows("notification-daemon")[0]
        point(x + width // 3, y + height // 3)
        click()
        await until(lambda: bool(pressed))
        assert pressed == [("coffee", Press.OPEN, "")]


async def test_a_daemon_that_was_killed_is_missed_and_its_successor_another_one_used(
    screen: str, desktop: Desktop
) -> None:
    with program(DUNST) as first:
        await until(owned)
        assert await desktop.show(COFFEE)
        await until(lambda: on_screen() == 1)
        first.kill()
        await until(lambda: not owned())
        assert not await desktop.show(COFFEE)
    with program(DUNST):
        await until(owned)
        assert await desktop.show(COFFEE)
        await until(lambda: on_screen() == 1)
    with program(XFCE):
        await until(owned)
        assert await desktop.show(COFFEE)
        await until(lambda: len(windows("xfce4-notifyd")) == 1)


# --- one of our own ---------------------------------------------------------------------------------------
async def test_an_answer_is_written_in_the_popup_where_there_is_a_field(desktop: Desktop, pressed: Pressed) -> None:
    daemon = Daemon("body", "actions", "inline-reply")
    await daemon.begin()
    assert await desktop.begin() == Can.REPLY
    assert await desktop.show(COFFEE)
    number, one = daemon.only()
    assert one["actions"][::2] == ["default", one["actions"][2], "inline-reply"]
    assert one["actions"][1::2] == ["", "Got it", "Answer"]
    await daemon.tell("NotificationReplied", number, "Yes, <b>now</b>")
    await until(lambda: bool(pressed))
    assert pressed == [("coffee", Press.ANSWER, "Yes, <b>now</b>")]
    await daemon.end()


async def test_presses_are_told_and_what_is_gone_is_not_withdrawn(desktop: Desktop, pressed: Pressed) -> None:
    daemon = Daemon("body", "actions")
    await daemon.begin()
    for count, action in enumerate(("default", "Answer", "Got it"), 1):
        assert await desktop.show(COFFEE)
        number, one = daemon.only()
        actions = dict(zip(one["actions"][1::2], one["actions"][::2], strict=True))
        daemon.shown.clear()
        await daemon.tell("ActionInvoked", number, actions.get(action, action))
        await until(partial(enough, pressed, count))
    assert [press for _key, press, _text in pressed] == [Press.OPEN, Press.ANSWER, Press.GOT_IT]
    assert await desktop.show(COFFEE)
    number, _one = daemon.only()
    daemon.shown.clear()
    dismissed = 2
    await daemon.tell("NotificationClosed", number, dismissed)
    await desktop.withdraw("coffee")
    await desktop.withdraw("never shown")
    await daemon.end()


async def test_where_nothing_renders_markup_nothing_is_escaped_and_urgent_is_told(desktop: Desktop) -> None:
    daemon = Daemon("body")
    await daemon.begin()
    assert await desktop.begin() == Can.TEXT
    urgent = Popup("eve", HOSTILE.title, HOSTILE.text, answer=True, got_it=True, urgent=True)
    assert await desktop.show(urgent)
    assert daemon.only()[1] == {
        "title": HOSTILE.title,
        "text": HOSTILE.text,
        "actions": ["default", ""],
        "urgency": 2,
    }
    await daemon.end()


async def test_the_oldest_makes_room(desktop: Desktop) -> None:
    daemon = Daemon("body")
    await daemon.begin()
    for number in range(limits.POPUPS + 3):
        assert await desktop.show(Popup(str(number), f"{number}", ""))
    assert [one["title"] for one in daemon.shown.values()] == [str(n) for n in range(3, limits.POPUPS + 3)]
    await desktop.stop()
    assert daemon.shown == {}
    await daemon.end()


async def test_a_daemon_that_never_answers_is_given_up_and_asked_again_later(bus: str) -> None:
    daemon = Daemon("body")
    await daemon.begin()
    patient = Desktop(lambda *_press: None, "deskblog", patience=0.2, pause=3600)
    hurried = Desktop(lambda *_press: None, "deskblog", patience=0.2, pause=0)
    daemon.hangs = True
    for desktop in (patient, hurried):
        assert not await desktop.show(COFFEE)
    assert daemon.asked == 2
    daemon.hangs = False
    assert await hurried.show(COFFEE)
    assert not await patient.show(COFFEE)  # its pause lasts
    assert daemon.asked == 3
    for desktop in (patient, hurried):
        await desktop.stop()
    await daemon.end()


async def test_the_end_does_not_wait_for_what_hangs(bus: str) -> None:
    daemon = Daemon("body")
    await daemon.begin()
    desktop = Desktop(lambda *_press: None, "deskblog", patience=3600)
    daemon.hangs = True
    showing = [asyncio.ensure_future(desktop.show(Popup(key, key, ""))) for key in "abc"]
    await until(lambda: daemon.asked == 1)
    await desktop.stop()
    assert await asyncio.gather(*showing) == [False, False, False]
    assert not await desktop.show(COFFEE)
    assert (await desktop.begin(), daemon.asked) == (Can.NOTHING, 1)
    await daemon.end()


async def test_refusals_and_a_daemon_that_dies_in_the_middle_are_no_fault_of_ours(desktop: Desktop) -> None:
    daemon = Daemon("body")
    await daemon.begin()
    daemon.fails = True
    assert not await desktop.show(COFFEE)
    daemon.fails, daemon.hangs = False, True
    showing = asyncio.ensure_future(desktop.show(COFFEE))
    await until(lambda: daemon.asked == 2)
    await daemon.end()
    assert not await showing


async def test_without_a_daemon_nothing_is_shown_and_nothing_left_open(desktop: Desktop) -> None:
    assert await desktop.begin() == Can.NOTHING
    assert desktop.why_not.startswith("No notification service answers")
    before = open_files()
    for _time in range(20):
        assert not await desktop.show(COFFEE)
    assert open_files() == before
    assert len(asyncio.all_tasks()) == 1


@pytest.mark.parametrize("address", ["unix:path=/nowhere", "", "nonsense"])
async def test_without_a_bus_nothing_is_shown(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    monkeypatch.delenv("DISPLAY", raising=False)
    desktop = Desktop(lambda *_press: None, "deskblog")
    assert not await desktop.show(COFFEE)
    await desktop.withdraw("coffee")
    await desktop.stop()
