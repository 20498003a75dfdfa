"""A whole conversation by a screen reader's means alone: nothing is seen, and nothing is clicked."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.attention.daemons import BUS
from tests.office.hosts import Host, Office
from tests.office.node import Json
from tests.office.reader import DOWN, ESCAPE, MENU, RIGHT, Reader, faults, said
from tests.office.screen import Screen
from tests.office.settled import settle

LAUNCHERS = ("/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher")
POST, ROW = "Your post", ("list item",)
LINES = ("menu item", "check menu item")
SHEETS = ("dialog", "popup menu", "file chooser")
# Menus of the window, by the button that opens each.
MENUS = ("What to look at", "The office and this PC", "Add a photo, a file or a poll")
# They open what is the system's own, or record.
NOT_PRESSED = (
    "Write a bundle", "Read a bundle", "Back up", "Write all", "Bring in", "Photo or file", "Part of", "Voice",
    "Film",
)  # fmt: skip


class Heard(Screen):
    """The real app on a screen of its own, with a window manager and the accessibility bus of a session."""

    def __init__(self, host: Host, folder: Path) -> None:
        super().__init__(host, folder)
        place = host.folder / "run" / "bus"
        config = host.folder / "bus.conf"
        config.write_text(BUS.format(services="").replace("unix:tmpdir=/tmp", f"unix:path={place}"))
        self.session = f"unix:path={place}"
        self.env |= {"DBUS_SESSION_BUS_ADDRESS": self.session, "GSETTINGS_BACKEND": "memory"}
        launcher = next(path for path in LAUNCHERS if Path(path).exists())
        with (host.folder / "desktop.log").open("w", encoding="utf-8") as log:
            host.start(["dbus-daemon", f"--config-file={config}", "--nofork"], env=self.env, stderr=log)
            self.until(place.exists)
            host.start([launcher, "--launch-immediately"], env=self.env, stderr=log)
            host.start(["openbox"], env=self.env, stderr=log)

    def open_app(self) -> None:
        with (self.host.folder / "app.log").open("w", encoding="utf-8") as log:
            self.host.start([sys.executable, "-m", "deskblog.app"], env=self.env, stderr=log)
        self.until(lambda: bool(self.windows()))


class Desk:
    """Anne, who hears her screen, and Paul, who types commands."""

    def __init__(self, office: Office, folder: Path) -> None:
        lan = office.lan()
        anne, self.paul = office.host("anne", lan), office.host("paul", lan)
        asyncio.run(settle("Dupont & fils", [(anne, "Anne Martin"), (self.paul, "Paul Bernard")]))
        self.screen = Heard(anne, folder)
        self.reader = Reader(self.screen.session)
        self.node = self.paul.node()
        self.node.wait("ready")
        self.screen.open_app()
        self.reader.find("1 colleague is here")
        anne.cli("office", "role", "Paul Bernard", "announcer")

    def row_of(self, text: str) -> Json:
        """The row on Paul's PC that says so, as soon as it is there."""
        found: list[Json] = []

        def there() -> bool:
            found[:] = [row for row in self.paul.cli("timeline") if row.get("text") == text]
            return bool(found)

        self.reader.until(there, f"“{text}” on Paul's PC")
        return found[0]

    def open_menu(self, text: str) -> None:
        """As the menu key does on the row one is on; a list that is filled anew at that moment has none."""
        reader = self.reader
        reader.focus(reader.find("Timeline", "list"))

        def opened() -> bool:
            reader.press(reader.find(text, *ROW))
            reader.until(lambda: "selected" in reader.find(text, *ROW).states, f"“{text}” chosen")
            reader.key(MENU)
            end = time.monotonic() + 3
            while time.monotonic() < end:
                if any(one.role in LINES and said(one) == "Answer" for one in reader.shown()):
                    return True
            return False

        reader.until(opened, f"the menu of “{text}”")


@pytest.fixture
def desk(office: Office, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(office, tmp_path)
    yield made
    made.reader.close()


@pytest.mark.office
def test_a_conversation_is_had_without_a_screen(desk: Desk) -> None:
    for part in (writing, hearing, answering, reacting, acknowledging, searching):
        part(desk)


def writing(desk: Desk) -> None:
    """Found by its name, filled in, posted by its button; it says that it leaves soon, and is sent at once."""
    reader = desk.reader
    reader.write(reader.find(POST, "text"), "Coffee is ready, second floor")
    assert reader.text(reader.find(POST, "text")) == "Coffee is ready, second floor"
    reader.press(reader.find("Post", "push button"))
    reader.hears("leaves in")
    reader.press(reader.find("Send now", "push button"))
    row = reader.find("Coffee is ready, second floor", *ROW)
    assert row.name.startswith("Anne Martin, ")
    desk.row_of("Coffee is ready, second floor")


def hearing(desk: Desk) -> None:
    """What a colleague answers is said when it comes, and stands in the list."""
    post = desk.row_of("Coffee is ready, second floor")["id"]
    desk.paul.cli("post", "Coming!", "--answer", post)
    desk.reader.hears("Paul Bernard, An answer: Coming!")
    assert "Paul Bernard, An answer: Coming!" not in desk.reader.urgent, "politely"
    assert desk.reader.find("Coming!", *ROW).name.startswith("Paul Bernard, An answer, ")
    desk.reader.find("Coffee is ready, second floor; 1 answer", *ROW)


def answering(desk: Desk) -> None:
    """The thread alone by the menu of its row; an answer in it."""
    reader = desk.reader
    desk.open_menu("Coming!")
    reader.press(reader.find("The thread alone", *LINES))
    reader.find("Thread", "label")
    desk.open_menu("Coffee is ready, second floor; 1 answer")
    reader.press(reader.find("Answer", *LINES))
    reader.find("Do not answer", "push button")
    reader.write(reader.find(POST, "text"), "I keep you a cup")
    reader.press(reader.find("Answer", "push button"))
    reader.press(reader.find("Send now", "push button"))
    reader.find("I keep you a cup", *ROW)
    assert desk.row_of("I keep you a cup")["person"] == "Anne Martin"
    reader.press(reader.find("All posts", "push button"))


def reacting(desk: Desk) -> None:
    """A sign from the menu of a row."""
    reader = desk.reader
    desk.paul.cli("post", "The lift works again")
    desk.open_menu("The lift works again")
    reader.key(DOWN)
    reader.until(lambda: "focused" in reader.find("React", *LINES).states, "the line React")
    reader.key(RIGHT)
    reader.press(reader.find("👍  Agreed", *LINES))
    reader.find("The lift works again (👍 Anne Martin)", *ROW)


def acknowledging(desk: Desk) -> None:
    """“Got it”, counted by who announced it."""
    desk.paul.cli("post", "Fire drill at eleven", "--announce", "--yes")
    desk.reader.press(desk.reader.find("Got it: Fire drill at eleven", "push button"))
    fire = "Fire drill at eleven"
    desk.reader.until(lambda: "Anne Martin" in desk.row_of(fire)["receipts"]["got"], "it counted")


def searching(desk: Desk) -> None:
    """What is found is counted aloud, and so is that nothing is."""
    reader = desk.reader
    reader.write(reader.find("Search all posts", "text"), "lift")
    reader.hears("1 post found")
    reader.write(reader.find("Search all posts", "text"), "zebra")
    reader.hears("Nothing found")
    reader.find("Nothing found", "label")
    reader.press(reader.find("Clear the search", "push button"))
    reader.find("Coffee is ready, second floor; 2 answers", *ROW)


@pytest.mark.office
def test_all_that_opens_can_be_heard(desk: Desk) -> None:
    """The window, each of its menus, and each dialog that a line of them opens."""
    reader = desk.reader
    desk.paul.cli("post", "Who has the key?", "--question")
    reader.find("Who has the key?", *ROW)
    assert faults(reader.shown()) == []
    opened = [name for button in MENUS for name in lines_of(desk, button)]
    assert {"Sites…", "Quiet hours…", "On the road…", "Publishing…", "Feeds to follow…", "Poll…"} <= set(opened)


def lines_of(desk: Desk, button: str) -> list[str]:
    """Presses each line of a menu that opens something, and listens to what there is."""
    reader, done = desk.reader, list[str]()
    while True:
        reader.press(reader.find(button, "push button"))
        reader.until(lambda: any(one.role in LINES for one in reader.shown()), f"the menu of {button}")
        shown = reader.shown()
        assert faults(shown) == []
        wanted = [one for one in shown if one.role in LINES and opens(said(one)) and said(one) not in done]
        if not wanted:
            reader.key(ESCAPE)
            return done
        done.append(said(wanted[0]))
        reader.press(wanted[0])
        reader.until(lambda: any(one.role in SHEETS for one in reader.shown()), f"what {done[-1]} opens")
        reader.until(lambda: faults(reader.shown()) == [], f"{done[-1]} that makes sense: {faults(reader.shown())}")
        reader.key(ESCAPE)
        reader.until(lambda: not any(one.role in SHEETS for one in reader.shown()), f"the end of {done[-1]}")


def opens(line: str) -> bool:
    return line.endswith("…") and not line.startswith(NOT_PRESSED)
