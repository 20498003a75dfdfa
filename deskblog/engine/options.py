"""How an engine is started, and what its commands answer."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from deskblog.errors import Refused
from deskblog.i18n import _
from deskblog.values import Row

WEB_PORT = 20180  # of feeds for readers; the numbers behind 20140 are those of further copies
PORT = 20140  # 140 is the count of the characters


class Options(Struct, frozen=True):
    """`network` off: works on the store alone; what is written leaves when a node next runs."""

    network: bool = True
    discovery: bool = True
    hushed: bool = False  # colleagues are told of it, and looked for, after `Engine.go_out`
    watch: bool = True  # follows this PC's addresses and its sleep
    port: int = PORT
    peers: tuple[tuple[str, int], ...] = ()
    popups: bool = False  # tells the person at the screen of what deserves it
    patience: float = 0.0  # s until it is said that another deskblog holds the folder: a command ends in a moment
    undo_seconds: int = 0  # for so long a post waits before it leaves, unless the person has chosen
    web_port: int = WEB_PORT  # at which readers are answered, unless the person has chosen
    state: Path | None = None  # where the double of the start mark is kept; None: the system's place


class Founded(Struct, frozen=True):
    office: str
    name: str
    person: str
    recovery: tuple[str, ...]


class Invitation(Struct, frozen=True):
    code: str
    expires: int  # UTC ms


class OpenInvitation(Struct, frozen=True):
    """An invitation that can still be used; `person`: whose further PC it is for, or empty."""

    code: str
    expires: int  # UTC ms
    person: str
    tries_left: int


class Recovered(Struct, frozen=True):
    """`thrown_out`: who is still out by a hand of whoever was left out of the recovery."""

    person: str
    thrown_out: tuple[str, ...]


class Keyholders(Struct, frozen=True):
    """How many hold a key, and what is to be done about it, in words; empty when all is well.

    `proposed`: names of those to whom a key could be given, the likeliest first.
    """

    count: int
    advice: str
    proposed: tuple[str, ...] = ()


class Late(Struct, frozen=True):
    """Posts of a person that do not count: they came after the removal, or from a copy. `posts`: (ms, text)."""

    person: str  # hex id
    name: str
    posts: tuple[tuple[int, str], ...]


class Check(Struct, frozen=True):
    """One line of a drill: what was tried, whether it holds, and what that means."""

    check: str
    ok: bool
    say: str


class Left(Struct, frozen=True):
    """What the PCs of a person who is out could still hold. Times are UTC ms; 0: never."""

    name: str
    removed_at: int
    posts: int  # of the office, written before the removal
    devices: tuple[tuple[str, int], ...]  # hex key, when it was last linked with this PC


class BundleWritten(Struct, frozen=True):
    """What a bundle holds. `since`: UTC ms, 0: all. `against`: by whose bundles it was measured, names.

    `whole`: nothing was left out.
    """

    file: str
    posts: int
    entries: int
    acts: int
    size: int
    since: int
    against: tuple[str, ...]

    @property
    def whole(self) -> bool:
        return not self.since and not self.against


class BundleRead(Struct, frozen=True):
    """What came of a bundle. `people`: whose the new posts are, name and count, the most first.

    `lacking`: how many entries its writer held that are still not here. `answer`: how many posts of here the writer
    did not have when it was written; -1: not known.
    """

    writer: str
    at: int  # UTC ms
    new: int
    known: int
    acts: int
    people: tuple[tuple[str, int], ...]
    lacking: int
    answer: int


class Joined(Struct, frozen=True):
    office: str
    name: str
    person: str
    device: str


class Shown(Struct, frozen=True):
    row: Row
    answers: tuple[Row, ...]


def address_text(host: str, port: int) -> str:
    """As it is typed and shown."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def read_address(text: str) -> tuple[str, int]:
    """HOST:PORT or [HOST]:PORT, the port being 20140 if none is given; Refused for anything else."""
    host, colon, port = text.strip().rpartition(":")
    if not colon or (host.count(":") and not host.endswith("]")):
        host, port = text.strip(), str(PORT)
    host = host.removeprefix("[").removesuffix("]")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise Refused(
            _("“{text}” is not an address.").format(text=text),
            next_step=_("Write it as NAME:PORT or 192.168.1.20:20140."),
        )
    return host, int(port)


class ProgramRow(Struct, frozen=True):
    """How this PC stands with newer versions. `kind`: of which package it is; `can`: a key of the makers is pinned;
    `on`: newer ones are fetched from colleagues; `ready`, `file`: one that lies here, and where; `held`: all files
    kept for colleagues; `coming`: the version being fetched, `come` of `size` bytes of it."""

    own: str
    kind: str
    can: bool
    on: bool
    ready: str
    file: str
    held: tuple[str, ...]
    coming: str
    come: int
    size: int
