"""The nouns that cross rooms and threads: frozen, small, comparable."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum, StrEnum, auto
from typing import NewType

OfficeId = NewType("OfficeId", bytes)  # 32 bytes: id of the founding act
PersonId = NewType("PersonId", bytes)  # 32 bytes: id of the person's first admission (or of the founding act)
DeviceKey = NewType("DeviceKey", bytes)  # 32 bytes: Ed25519 public key
EntryId = NewType("EntryId", bytes)  # 32 bytes
ActId = NewType("ActId", bytes)  # 32 bytes
Address = tuple[str, int]  # host, port

NO_ID = bytes(32)


class Role(IntEnum):
    """What a person may do; of two standing roles the lowest counts."""

    MEMBER = 0
    ANNOUNCER = 1
    KEYHOLDER = 2


@dataclass(frozen=True, slots=True, order=True)
class LogName:
    """Names one log: a device and the random number it drew for it (8 bytes)."""

    device: DeviceKey
    number: bytes


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """A place in a log: sequence number from 1, and the entry there."""

    seq: int
    id: EntryId


@dataclass(frozen=True, slots=True)
class Ends:
    """Where a log ends here. Points ascend.

    `counted`: the ends of what is part of the office: one, none, or several of a forked log. `fork`: the lowest seq
    with two vouched entries, 0 if there is none or a border makes it nobody's business. `proof`: a vouched point on
    each of two chains that part there. `leaves`: the ends of all chains, whether they count or not. `limit`: the seq
    beyond which nothing counts, None if there is no such.
    """

    counted: tuple[Point, ...]
    leaves: tuple[Point, ...]
    fork: int = 0
    proof: tuple[Point, ...] = ()
    limit: int | None = None

    @classmethod
    def single(cls, head: Point) -> Ends:
        """Of a log that is one chain and counts whole."""
        return cls((head,), (head,))

    @property
    def aside(self) -> tuple[Point, ...]:
        """The ends that are set aside."""
        return tuple(point for point in self.leaves if point not in self.counted)


@dataclass(frozen=True, slots=True)
class Reaction:
    """A sign at a post, and whose; `mine`: one of them is one's own."""

    sign: str
    people: tuple[str, ...]
    mine: bool


class Sort(IntEnum):
    """How an attachment is shown; one not known here is shown as a file."""

    FILE = 0
    PHOTO = 1
    VOICE = 2
    FILM = 3


class BlobState(IntEnum):
    """What is known of a blob's bytes."""

    NAMED = 0  # not looked at by anybody yet
    WANTED = 1
    HERE = 2
    LET_GO = 3  # for want of room


class BlobFate(Enum):
    """What became of a part of a blob."""

    MORE = auto()
    WHOLE = auto()
    WRONG = auto()  # its hash is another: all of it was thrown away
    UNWANTED = auto()


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes that a post names: their hash (lower-case hex), how many, and whether they are here."""

    hash: str
    size: int
    state: BlobState


@dataclass(frozen=True, slots=True)
class Attached:
    """One attachment of a post. All but the blobs is its author's word; 0 where nothing was said."""

    name: str
    sort: Sort
    blob: Blob
    width: int = 0  # pixels
    height: int = 0
    seconds: int = 0
    preview: Blob | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a poll, and who chose it, in the order in which they did; `mine`: oneself among them."""

    text: str
    people: tuple[str, ...]
    mine: bool


@dataclass(frozen=True, slots=True)
class Poll:
    """Options in their order. `closes`: UTC ms, 0: never. `many`: several may be chosen. `voters`: how many did."""

    options: tuple[Option, ...]
    closes: int
    many: bool
    voters: int


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the timeline, ready to show.

    `key` follows time and orders the timeline (larger is newer, unique); `at` is UTC milliseconds.
    `person` is the name as it is now; `person_id` and `device` are lower-case hex. `text` is what it says now;
    `corrected`: it said something else for more than ten minutes. Of a question `solved` is the id of the answer
    taken. `first_answer`: when the earliest of the `answers` was written, 0 if there is none.
    """

    key: int
    id: str
    kind: str
    person: str
    person_id: str
    device: str
    at: int
    text: str
    answer_to: str = ""
    quote: str = ""  # who and how what is answered begins, where it is held
    tags: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    source: str = "office"
    mine: bool = False
    corrected: bool = False
    reactions: tuple[Reaction, ...] = ()
    solved: str = ""
    answers: int = 0
    first_answer: int = 0
    attached: tuple[Attached, ...] = ()
    poll: Poll | None = None
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """What a post said from a time on (UTC ms); `id`: of the entry that says it."""

    id: str
    at: int
    text: str


@dataclass(frozen=True, slots=True)
class Search:
    """A search kept under a name: its words as they were typed."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A post that has not left yet: `leaves` says when it will (UTC ms), 0: it could not."""

    id: str
    text: str
    kind: str
    answer_to: str
    leaves: int
    attached: tuple[Attached, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """Rows newest first; `next_before` is the key to ask the next page with, None at the end."""

    rows: tuple[Row, ...]
    next_before: int | None


@dataclass(frozen=True, slots=True)
class Status:
    """What a person says they are doing, and since when (UTC ms)."""

    text: str
    at: int


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A colleague as shown.

    `here` while one of their PCs can be reached from this one, directly or over colleagues; `away` while nobody sits
    at these; `site`: what the place is called where they are, or were last; empty if it has no name. `status`: what
    they say they are doing, `status_at` since when (UTC ms); empty and 0 if nothing.
    """

    id: str
    name: str
    role: Role
    devices: tuple[str, ...]
    here: bool
    me: bool
    gone: bool = False  # removed from the office: no PC of theirs is in
    removed_by: str = ""  # of who is gone: a name (the own one: left), or words for the recovery key
    away: bool = False
    site: str = ""
    status: str = ""
    status_at: int = 0


@dataclass(frozen=True, slots=True)
class SiteRow:
    """PCs that hear each other, as shown. People by name.

    `people`: who is here; `off`: who was there last and is not. `here`: whether it can be reached now; if not, `at`
    says when it could last (UTC ms; 0: never), and `carrier` whose PC carries it, or did.
    """

    name: str
    mine: bool
    people: tuple[str, ...]
    off: tuple[str, ...]
    here: bool
    at: int
    carrier: str


class View(StrEnum):
    """What part of the timeline is looked at."""

    ALL = "all"
    OFFICE = "office"
    QUESTIONS = "questions"
    OPEN = "open"  # questions of which no answer was taken
    MENTIONS = "mentions"  # posts that name oneself
    MINE = "mine"
    KEPT = "kept"  # what the person keeps at hand, on this PC alone
