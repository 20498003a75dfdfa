"""An announcement on real hosts: by a real notification daemon to a real press, and round an office of thirty."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.attention.daemons import BUS, DUNST, XFCE
from tests.office.hosts import Host, Office
from tests.office.node import Json, Node
from tests.office.screen import Screen
from tests.office.settled import settle

OTHERS, OFF = 30, 2  # than the announcer
CONTEXT = """[global]
    mouse_left_click = context
    dmenu = dmenu -p deskblog
"""
PATIENCE = 90.0  # s: thirty programs begin on two cores


class Desktop(Screen):
    """A screen with a session bus, on which a daemon shows notifications: Xfce's, or dunst."""

    def __init__(self, host: Host, folder: Path, daemon: str) -> None:
        super().__init__(host, folder)
        self.daemon = daemon
        place = host.folder / "run" / "bus"
        config = host.folder / "bus.conf"
        config.write_text(BUS.format(services="").replace("unix:tmpdir=/tmp", f"unix:path={place}"))
        self.env |= {"DBUS_SESSION_BUS_ADDRESS": f"unix:path={place}", "NO_AT_BRIDGE": "1"}
        host.start(["dbus-daemon", f"--config-file={config}", "--nofork"], env=self.env)
        self.until(place.exists)
        if daemon == DUNST:
            settings = host.folder / "dunstrc"
            settings.write_text(CONTEXT)
            host.start([DUNST, "-config", str(settings)], env=self.env)
        else:
            host.start([XFCE], env=self.env)

    def popups(self) -> list[tuple[int, int, int, int]]:
        """Place and size of what the daemon shows."""
        places = []
        for window in self.run(
            "xdotool", "search", "--onlyvisible", "--class", Path(self.daemon).name
        ).stdout.split():
            lines = self.run("xdotool", "getwindowgeometry", "--shell", window).stdout.splitlines()
            place = dict(line.split("=") for line in lines)
            if lines and int(place["HEIGHT"]) > 20:
                places.append((int(place["X"]), int(place["Y"]), int(place["WIDTH"]), int(place["HEIGHT"])))
        return places

    def press(self, label: str) -> None:
        """Presses a button of the popup: Xfce's stands at its foot, dunst offers them in a menu on a click."""
        x, y, width, height = self.popups()[0]
        beside = -31 if self.daemon == XFCE else -height // 2
        for place in ((0, 0), (x + width // 2, y + height + beside)):
            self.run("xdotool", "mousemove", *map(str, place))
        self.run("xdotool", "click", "1")
        if self.daemon == DUNST:
            self.until(lambda: bool(self.run("xdotool", "search", "--class", "dmenu").stdout.strip()))
            self.picture("announcement-menu")
            self.run("xdotool", "type", label)
            self.run("xdotool", "key", "Return")


@pytest.mark.office
@pytest.mark.parametrize("daemon", [XFCE, DUNST], ids=["xfce4-notifyd", "dunst"])
def test_got_it_is_pressed_in_the_systems_popup_and_counted_on_the_announcers_screen(
    office: Office, tmp_path: Path, daemon: str
) -> None:
    lan = office.lan()
    a, b = office.host("anne", lan), office.host("paul", lan)
    asyncio.run(settle("Dupont & fils", [(a, "Anne Martin"), (b, "Paul Bernard")]))
    anne, paul = Screen(a, tmp_path), Desktop(b, tmp_path, daemon)
    for screen in (anne, paul):
        screen.open_app()
    anne.wait("1 colleague is here")
    b.cli("quiet", "--off")
    paul.run("xdotool", "windowminimize", paul.windows()[-1])  # nobody looks at it
    paul.run("xdotool", "windowunmap", paul.windows()[-1])
    a.cli("post", "Fire drill at four", "--announce", "--urgency", "urgent", "--yes")
    anne.wait("0 of 1 have it")
    paul.until(lambda: len(paul.popups()) == 1)
    paul.picture(f"announcement-popup-{Path(daemon).name}")
    paul.press("Got it")
    anne.wait("Fire drill at four", "1 of 1 have it")
    paul.until(lambda: paul.popups() == [])
    anne.picture(f"announcement-report-{Path(daemon).name}")


@pytest.mark.office
def test_thirty_have_one_count_and_who_was_off_gets_it_when_back(office: Office) -> None:
    lan = office.lan()
    hosts = [office.host(f"h{n}", lan) for n in range(OTHERS + 1)]
    asyncio.run(settle("Dupont & fils", [(host, f"Person {n:02}") for n, host in enumerate(hosts)]))
    here, off = hosts[:-OFF], hosts[-OFF:]
    nodes = {host: host.node() for host in here}
    for node in nodes.values():
        node.wait("ready", timeout=PATIENCE)
    (said,) = hosts[0].cli("post", "Inventory on Friday", "--announce", "--for", "7")
    for host in here[1:]:
        until(nodes[host], said["id"], lambda row: row["kind"] == "announcement")
        host.cli("got", said["id"])
    everybody = {f"Person {n:02}" for n in range(1, OTHERS + 1)}
    absent = {f"Person {n:02}" for n in range(OTHERS + 1 - OFF, OTHERS + 1)}
    for node in nodes.values():
        until(node, said["id"], counted(everybody - absent, absent))
    for host in off:
        nodes[host] = host.node()
        until(nodes[host], said["id"], lambda row: row["kind"] == "announcement")
        host.cli("got", said["id"])
    for node in nodes.values():
        until(node, said["id"], counted(everybody, set()))


def counted(got: set[str], waiting: set[str]) -> Callable[[Json], bool]:
    """True of a row with just this count."""
    return lambda row: (set(row["receipts"]["got"]), set(row["receipts"]["waiting"])) == (got, waiting)


def until(node: Node, ident: str, true: Callable[[Json], bool]) -> None:
    """Until the node has printed the post so."""

    def so(line: Json) -> bool:
        rows = [line] if line["event"] == "post" else line.get("rows", [])
        return any(row["id"] == ident and true(row) for row in rows)

    node.wait_for(so, timeout=PATIENCE)
