"""The nouns that cross rooms and threads: frozen, small, comparable."""

from __future__ import annotations

from enum import Enum, IntEnum, StrEnum, auto
from typing import NewType

from msgspec import Struct

from deskblog.alike import Alike

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


class LogName(Struct, frozen=True, order=True):
    """Names one log: a device and the random number it drew for it (8 bytes)."""

    device: DeviceKey
    number: bytes


class Point(Struct, frozen=True, order=True):
    """A place in a log: sequence number from 1, and the entry there."""

    seq: int
    id: EntryId


class Ends(Struct, frozen=True):
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


class Reaction(Struct, frozen=True):
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
    LINK = 4  # the card of one


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


class Blob(Struct, frozen=True):
    """Bytes that a post names: their hash (lower-case hex), how many, and whether they are here."""

    hash: str
    size: int
    state: BlobState


class Attached(Struct, frozen=True):
    """One attachment of a post. All but the blobs is its author's word; 0 where nothing was said."""

    name: str
    sort: Sort
    blob: Blob
    width: int = 0  # pixels
    height: int = 0
    seconds: int = 0
    preview: Blob | None = None


class Option(Struct, frozen=True):
    """One answer of a poll, and who chose it, in the order in which they did; `mine`: oneself among them."""

    text: str
    people: tuple[str, ...]
    mine: bool


class Poll(Struct, frozen=True):
    """Options in their order. `closes`: UTC ms, 0: never. `many`: several may be chosen. `voters`: how many did."""

    options: tuple[Option, ...]
    closes: int
    many: bool
    voters: int


class Named(Struct, frozen=True):
    """A person, by id (lower-case hex) and by the name they have now; `me`: oneself."""

    id: str
    name: str
    me: bool = False


class Urgency(IntEnum):
    """How an announcement comes: a mark on the icon, a popup, a popup also in quiet hours."""

    MILD = 0
    USUAL = 1
    URGENT = 2


class Announced(Struct, frozen=True):
    """What makes a post an announcement. `ends`: of its term, UTC ms, be it by time or because it was closed.

    `got`: who said “Got it”, in the order in which they did; `waiting`: who has not, by name. `mine`: when oneself
    did, UTC ms, 0: not yet; `due`: oneself is among those who are to read it. `over`: beyond its author's allowance.
    """

    urgency: Urgency
    ends: int
    got: tuple[Named, ...]
    waiting: tuple[Named, ...]
    mine: int
    due: bool
    over: bool = False


class Row(Alike, frozen=True, gc=False):
    """One line of the timeline, ready to show.

    `key` follows time and orders the timeline (larger is newer, unique); `at` is UTC milliseconds. `person` is the
    name as it is now; `person_id` and `device` are lower-case hex. `text` is what it says now; `corrected`: it said
    something else for more than ten minutes. Of a question `solved` is the id of the answer taken. `first_answer`:
    when the earliest of the `answers` was written, 0: there is none. Of a `sealed` one `readers` may read it beside
    its author, `group` is the id of its closed group, `group_name` what that is called. An item of a feed (kind
    `feed`) has a `link`, a `title`, its `text` begins so, an `author`; `person` is the feed, `source` its address.
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
    unread: bool = False  # on no PC of one's own read: of the reader, not of the post, and not compared
    sealed: bool = False
    readers: tuple[Named, ...] = ()
    group: str = ""
    group_name: str = ""
    announced: Announced | None = None
    public: bool = False  # it may be shown outside the office: its author wants it so
    link: str = ""
    title: str = ""
    author: str = ""
    fetched: tuple[str, int] = ("", 0)  # an item: by whose PC, empty: this one; when (UTC ms, 0: not known)


class Version(Struct, frozen=True):
    """What a post said from a time on (UTC ms); `id`: of the entry that says it."""

    id: str
    at: int
    text: str


class Search(Struct, frozen=True):
    """A search kept under a name: its words as they were typed."""

    name: str
    words: str


class Audience(Struct, frozen=True):
    """Who is to read what is written: everybody, or these people alone (ids, hex), or a closed group (the id of its
    first letter, hex). `coffee`: it is said at the coffee machine."""

    people: tuple[str, ...] = ()
    group: str = ""
    coffee: bool = False

    @property
    def sealed(self) -> bool:
        return bool(self.people or self.group)


EVERYBODY = Audience()


class Waiting(Struct, frozen=True):
    """A post that has not left yet: `leaves` says when it will (UTC ms), 0: it could not."""

    id: str
    text: str
    kind: str
    answer_to: str
    leaves: int
    attached: tuple[Attached, ...] = ()
    to: Audience = EVERYBODY


class Page(Struct, frozen=True):
    """Rows newest first; `next_before` is the key to ask the next page with, None at the end."""

    rows: tuple[Row, ...]
    next_before: int | None


class GroupRow(Struct, frozen=True):
    """A group as shown, its `members` by name; `joined`: one is among them.

    An open one is a tag that people follow: `id` and `name` are the tag, with its #. A closed one has the id of its
    first letter (hex), and a `keeper`, who made it and may change it.
    """

    id: str
    name: str
    members: tuple[Named, ...]
    joined: bool
    closed: bool = False
    keeper: Named | None = None


class Status(Struct, frozen=True):
    """What a person says they are doing, and since when (UTC ms)."""

    text: str
    at: int


class Hours(Struct, frozen=True):
    """When popups may come: minutes since midnight, and weekdays (0 is Monday). All day if both ends are equal."""

    begins: int = 8 * 60
    ends: int = 19 * 60
    days: tuple[int, ...] = (0, 1, 2, 3, 4)
    on: bool = True  # False: there are no quiet hours

    def quiet(self, weekday: int, minute: int) -> bool:
        """Whether it is outside of them; hours that end after midnight belong to the day they began on."""
        if not self.on:
            return False
        if self.begins == self.ends:
            return weekday not in self.days
        if self.begins < self.ends:
            return weekday not in self.days or not self.begins <= minute < self.ends
        evening = weekday in self.days and minute >= self.begins
        night = (weekday - 1) % 7 in self.days and minute < self.ends
        return not (evening or night)


USUAL_HOURS = Hours()  # of who has chosen none


class Profile(Struct, frozen=True):
    """What a person says of themselves. `picture`: a square photo. `hours`: when popups may come, None: not said."""

    job: str = ""
    place: str = ""
    phone: str = ""
    picture: Blob | None = None
    hours: Hours | None = None


class PersonRow(Struct, frozen=True):
    """A colleague as shown.

    `here` while one of their PCs can be reached from this one, directly or over colleagues; `away` while nobody sits
    at these; `site`: what the place is called where they are, or were last; empty if it has no name. `status`: what
    they say they are doing, `status_at` since when (UTC ms); empty and 0 if nothing. `profile`: what they say of
    themselves.
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
    profile: Profile = Profile()


class SiteRow(Struct, frozen=True):
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
    OFFICE = "office"  # colleagues alone
    FEEDS = "feeds"
    QUESTIONS = "questions"
    ASKED = "asked"  # one's own
    OPEN = "open"  # questions of which no answer was taken
    COFFEE = "coffee"  # the coffee corner, which no other part shows
    SEALED = "sealed"  # what is not for everybody
    ANNOUNCEMENTS = "announcements"
    MENTIONS = "mentions"  # posts that name oneself
    MINE = "mine"
    KEPT = "kept"  # what the person keeps at hand, on this PC alone
