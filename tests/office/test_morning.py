"""A morning in an office of six: each act of the talk once, on one PC's real window, and seen on another's."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.media.test_length import mp4, wav
from tests.media.test_photo import picture
from tests.office.hosts import Host, Office
from tests.office.node import Json
from tests.office.screen import Screen
from tests.office.settled import settle

NAMES = ("Anne Martin", "Paul Bernard", "Karim Haddad", "Lea Fontaine", "Sophie Nguyen", "Yann Le Goff")
PAGE = """<!doctype html><meta charset="utf-8"><title>Trains to Lyon</title>
<meta name="description" content="What runs tomorrow">"""


class Morning:
    """Six people at their screens."""

    def __init__(self, office: Office, folder: Path) -> None:
        self.folder = folder
        lan = office.lan()
        hosts = [office.host(name.split()[0].lower(), lan) for name in NAMES]
        self.address = hosts[0].v4[lan]
        asyncio.run(settle("Dupont & fils", list(zip(hosts, NAMES, strict=True))))
        self.screens = [
            Screen(host, folder, theme="dark" if host.label == "yann" else "light", language="en") for host in hosts
        ]
        self.anne, self.paul, self.karim, self.lea, self.sophie, self.yann = self.screens
        for screen in self.screens:
            screen.open_app()
        for screen in self.screens:
            screen.wait("5 colleagues are here")

    def found(self, host: Host, true: Callable[[Json], bool], *words: str) -> Json:
        """The first row of which that is true, as soon as it is there."""
        end = time.monotonic() + 20
        while True:
            rows = host.cli(*(words or ("timeline",)))
            row = next((row for row in rows if true(row)), None)
            if row is not None:
                return row
            assert time.monotonic() < end, "waited in vain"

    def id_of(self, screen: Screen, text: str, *words: str) -> str:
        return str(self.found(screen.host, lambda row: row.get("text") == text, *words)["id"])


@pytest.mark.office
def test_a_morning(office: Office, tmp_path: Path) -> None:
    morning = Morning(office, tmp_path)
    for part in (talk, announcing, questions, marks, enclosing, polls, sealed, corners, people, finding, elsewhere):
        part(morning)
    for screen in morning.screens:
        screen.picture(f"morning-{screen.host.label}")


def talk(m: Morning) -> None:
    """A post with a name completed, an emoji by its name, a status."""
    m.anne.post("Good morning, cake at four in the kitchen")
    for screen in m.screens[1:]:
        screen.wait("Anne Martin", "cake at four")
    m.paul.click("Your post")
    m.paul.type("Thank you @Ann", "Tab")
    m.paul.type(" :coffee", "Tab", "ctrl+Return")
    m.anne.wait("Paul Bernard", "@Anne")
    m.karim.host.cli("status", "Invoices until noon")
    m.lea.wait("Invoices until noon")


def announcing(m: Morning) -> None:
    """To everybody, pinned until Got it is pressed; the count is the same elsewhere."""
    m.anne.host.cli("post", "Fire drill at eleven", "--announce")
    m.lea.wait("Anne Martin announces: Fire drill at eleven")
    m.lea.click("Got it: Fire drill at eleven")
    for screen in (m.anne, m.yann):
        screen.wait("Announcement", "Fire drill at eleven", "1 of 5 have it")
    for screen in (m.paul, m.karim, m.sophie, m.yann):
        screen.click("Got it: Fire drill at eleven")
    m.anne.wait("Fire drill at eleven", "5 of 5 have it")


def questions(m: Morning) -> None:
    """Asked, answered, unfolded in place, the answer taken; a like one is shown while it is written."""
    m.paul.click("Ask it as a question")
    m.paul.post("Who has the key to the archive?")
    m.lea.wait("Question", "Who has the key to the archive?")
    asked = m.id_of(m.lea, "Who has the key to the archive?")
    m.lea.click("Paul Bernard, Question")
    m.lea.keys("a")
    m.lea.type("On my desk", "ctrl+Return")
    m.paul.wait("Lea Fontaine", "On my desk")
    m.anne.wait("Paul Bernard, Question", "1 answer")  # Enter unfolds what is there
    m.anne.click("Paul Bernard, Question")
    m.anne.keys("Return")
    m.anne.wait("Lea Fontaine, An answer", "On my desk")
    m.paul.click("Lea Fontaine, An answer", button=3)
    m.paul.click("This is the answer")
    m.yann.wait("Answered", "Who has the key to the archive?")
    assert m.found(m.yann.host, lambda row: bool(row.get("solved")), "show", asked)
    m.sophie.click("Ask it as a question")
    m.sophie.click("Your post")
    m.sophie.type("who has the archive key")
    m.sophie.wait("Answered", "Who has the key to the archive?")
    m.sophie.keys("ctrl+a", "BackSpace")
    m.sophie.click("Ask it as a question")
    m.karim.click("What to look at")
    m.karim.click("Question desk")
    m.karim.wait("Question desk")
    m.karim.keys("Escape")
    assert m.sophie.host.cli("who", "archive key")[0]["person"] == "Lea Fontaine"


def marks(m: Morning) -> None:
    """A sign, a correction, a withdrawal, an undo."""
    m.karim.click("Anne Martin, ", "Fire drill at eleven")
    m.karim.keys("r")
    m.karim.click("Well done")
    m.anne.wait("Fire drill at eleven", "🎉 Karim Haddad")
    m.sophie.post("The lift is out of ordre")
    m.sophie.click("Sophie Nguyen, ", "out of ordre")
    m.sophie.keys("e", "ctrl+a")
    m.sophie.type("The lift is out of order", "Return")
    m.paul.wait("Sophie Nguyen", "The lift is out of order")
    m.yann.post("Wrong window, sorry")
    m.anne.wait("Wrong window, sorry")
    m.yann.click("Yann Le Goff, ", "Wrong window, sorry")
    m.yann.keys("Delete")
    m.yann.click("Withdraw")
    m.anne.until(lambda: not m.anne.sees("Wrong window, sorry"))
    m.lea.click("Your post")
    m.lea.type("Not sent after all", "Return")
    m.lea.click("Undo")
    m.lea.wait("Not sent after all")
    m.lea.keys("ctrl+a", "BackSpace")


def enclosing(m: Morning) -> None:
    """A photo, a file, and the card of a link."""
    photo, paper = m.folder / "archive.jpg", m.folder / "prices.txt"
    photo.write_bytes(picture("JPEG", (900, 600)))
    paper.write_text("desk 120\nchair 60\n", encoding="utf-8")
    m.lea.host.cli("post", "This is the shelf", "--attach", str(photo), "--attach", str(paper))
    m.anne.wait("This is the shelf", "a photo: archive.jpg", "a file: prices.txt")
    row = m.id_of(m.anne, "This is the shelf")
    m.anne.host.cli("save", row, str(m.folder / "saved"))
    assert (m.folder / "saved" / "prices.txt").read_bytes() == paper.read_bytes()
    voice, film = m.folder / "voice note.wav", m.folder / "lift.mp4"
    voice.write_bytes(wav(3))
    film.write_bytes(mp4(9))
    m.paul.host.cli("post", "How the lift sounds", "--attach", str(voice), "--attach", str(film))
    m.yann.wait("How the lift sounds", "a sound: voice note.wav, 0:03", "a film: lift.mp4, 0:09")
    site = m.folder / "site"
    site.mkdir()
    (site / "trains.html").write_text(PAGE, encoding="utf-8")
    m.anne.host.start([sys.executable, "-m", "http.server", "8080", "-d", str(site)], env=m.anne.host.env)
    url = f"http://{m.address}:8080/trains.html"
    m.paul.until(lambda: m.paul.host.reaches(m.address))
    m.paul.host.cli("post", f"Trains: {url}", "--card")
    m.karim.wait("Trains:", f"a link: {m.address}")


def polls(m: Morning) -> None:
    """Asked by command, chosen with a key's menu, the count the same elsewhere."""
    m.sophie.host.cli("poll", "Lunch where?", "Canteen", "Pizza")
    m.yann.click("Sophie Nguyen, Poll", button=3)
    m.yann.click("Pizza")
    m.anne.wait("Lunch where?", "Canteen: 0", "Pizza: 1")


def sealed(m: Morning) -> None:
    """For one, for a closed group; nobody else reads it."""
    m.anne.host.cli("post", "The offer is at 12,000", "--to", "Paul Bernard")
    m.paul.wait("Sealed", "The offer is at 12,000")
    m.anne.host.cli("group", "new", "Board", "Karim Haddad")
    m.karim.until(lambda: any(group["name"] == "Board" for group in m.karim.host.cli("groups")))
    m.karim.host.cli("post", "We sign on Friday", "--group", "Board")
    m.anne.wait("Sealed", "We sign on Friday")
    m.lea.host.cli("group", "join", "#planning")
    m.yann.until(lambda: any(group["name"] == "#planning" for group in m.yann.host.cli("groups")))
    for screen in (m.lea, m.sophie, m.yann):
        assert not screen.sees("12,000") and not screen.sees("We sign on Friday")
        assert not screen.host.cli("search", "Friday") and not screen.host.cli("search", "offer")
    assert m.paul.host.cli("search", "offer")


def corners(m: Morning) -> None:
    """The coffee corner is apart from the work."""
    m.lea.click("What to look at")
    m.lea.click("Coffee corner")
    m.lea.wait("Coffee corner")
    m.lea.post("Who plays football tonight?")
    m.yann.click("What to look at")
    m.yann.click("Coffee corner")
    m.yann.wait("Lea Fontaine", "Who plays football tonight?")
    m.yann.picture("coffee-dark")
    m.yann.keys("Escape")
    assert not m.anne.sees("football")
    m.lea.keys("Escape")


def people(m: Morning) -> None:
    """Who somebody is, and what they wrote."""
    face = m.folder / "face.jpg"
    face.write_bytes(picture("JPEG", (300, 300)))
    m.karim.host.cli("profile", "--job", "Accounts", "--place", "Second floor", "--picture", str(face))
    m.sophie.until(lambda: m.sophie.host.cli("profile", "Karim Haddad")[0]["job"] == "Accounts")
    m.sophie.click("Karim Haddad", button=3)
    m.sophie.click("Profile and posts")
    m.sophie.wait("Accounts")
    m.sophie.picture("person")
    m.sophie.keys("Escape")


def finding(m: Morning) -> None:
    """Searched as it is typed, a tag's page, a search kept, a post kept, a word watched."""
    m.karim.post("New prices from Monday #sales")
    m.anne.wait("New prices from Monday")
    m.anne.click("Search")
    m.anne.type("pric from:karim")
    m.anne.wait("Karim Haddad", "New prices from Monday")
    m.anne.until(lambda: not m.anne.sees("The lift is out of order"))
    m.anne.keys("ctrl+a", "BackSpace")
    m.anne.type("#sales")
    m.anne.wait("#sales")
    m.anne.keys("Escape")
    m.anne.host.cli("saved", "--add", "Prices", "pric")
    m.anne.host.cli("watch", "--add", "football")
    kept = m.id_of(m.anne, "New prices from Monday #sales")
    m.anne.host.cli("keep", kept)
    assert m.anne.host.cli("timeline", "--view", "kept")[0]["id"] == kept
    m.anne.click("What to look at")
    m.anne.click("Prices")
    m.anne.wait("Posts with “pric”")
    m.anne.keys("Escape")


def elsewhere(m: Morning) -> None:
    """What one wrote before stands at its day, marked; everything goes out into one file."""
    old = m.folder / "old.txt"
    old.write_text("2019-05-03 14:30 The first coffee machine came today\n", encoding="utf-8")
    m.yann.host.cli("import", str(old))
    assert m.found(m.sophie.host, lambda row: row["kind"] == "past", "search", "first coffee machine")
    m.sophie.click("Search")
    m.sophie.type("first coffee machine")
    m.sophie.wait("Yann Le Goff, Brought in", "The first coffee machine came today")
    m.sophie.keys("Escape")
    page = m.folder / "all.html"
    m.anne.host.cli("export", str(page))
    assert "cake at four" in page.read_text(encoding="utf-8")
