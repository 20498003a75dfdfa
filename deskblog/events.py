"""What the engine says, as frozen dataclasses. The window, the node's printout and the tests all listen here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from deskblog.values import PersonRow, Row, View, Waiting


@dataclass(frozen=True, slots=True)
class Ready:
    """The engine serves: `port` is the TCP port it listens on (0: no network was asked for)."""

    device: str
    port: int
    office: str  # hex id, or "" while in no office
    office_name: str


@dataclass(frozen=True, slots=True)
class OfficeChanged:
    """This PC founded or joined an office, or its name or rules changed."""

    office: str
    name: str
    person: str


@dataclass(frozen=True, slots=True)
class PeopleChanged:
    """Somebody came, left, was renamed, removed or given a role."""

    people: tuple[PersonRow, ...]


@dataclass(frozen=True, slots=True)
class ProgramCame:
    """A newer deskblog came from colleagues and is the makers'; `file`: where its package lies."""

    version: str
    file: str


@dataclass(frozen=True, slots=True)
class Newer:
    """The PC of `person` runs a newer deskblog; said once of each version."""

    version: str
    person: str
    own: str  # what runs here


@dataclass(frozen=True, slots=True)
class Posted:
    """Rows stored just now, newest last; stored before they are shown."""

    rows: tuple[Row, ...]
    live: bool  # False: part of a history being fetched, not news


@dataclass(frozen=True, slots=True)
class Waits:
    """These own posts wait to leave, oldest first: one came, left, or was taken back."""

    waiting: tuple[Waiting, ...]


@dataclass(frozen=True, slots=True)
class RowsChanged:
    """These rows stay where they are and say something else: a reaction, an answer, a correction came or went."""

    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class TimelineChanged:
    """Rows went from the timeline, or came back to it: what is shown is to be asked for again."""


@dataclass(frozen=True, slots=True)
class Copied:
    """Colleagues' PCs hold more of this PC's posts now. `only_here`: how many are on this PC alone."""

    only_here: int


@dataclass(frozen=True, slots=True)
class Coming:
    """A blob the person waits for: `come` bytes of `size` are here."""

    hash: str
    size: int
    come: int


@dataclass(frozen=True, slots=True)
class LateCame:
    """Posts came that do not count, of somebody removed or of a copy: a keyholder may count them after all."""


@dataclass(frozen=True, slots=True)
class Restored:
    """Own posts that this PC had lost came back from colleagues: the receipt of a restore."""

    count: int
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Linked:
    """A link to a colleague's PC is up and judged. `seconds`: from seen on the LAN to linked, or -1."""

    device: str
    person: str
    address: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Lost:
    device: str
    person: str
    reason: str


@dataclass(frozen=True, slots=True)
class Synced:
    """This PC now holds all that the PC at the other end had when asked."""

    device: str
    person: str


@dataclass(frozen=True, slots=True)
class InvitationChanged:
    """`state`: "open", "used" (then `person` is who came), "expired", "dead" (three wrong tries), "cancelled"."""

    code: str
    state: str
    person: str
    expires: int  # UTC ms
    device: str = ""  # the PC that came
    person_id: str = ""


@dataclass(frozen=True, slots=True)
class Removed:
    """This PC is in the office no more; told when it is learned, and at each start.

    `by`: a name, or empty for the recovery words. `what`, `kept`, `next_step`: the same in words.
    """

    by: str
    at: int  # UTC ms
    act: str
    what: str
    kept: str
    next_step: str


@dataclass(frozen=True, slots=True)
class PopUp:
    """The system shows no notifications: this one is to be shown otherwise. `key`: the post it is about, "summary",
    or "test".

    `answer`, `got_it`: which buttons it has. `urgent`: it stays until it is pressed.
    """

    key: str
    title: str
    text: str
    answer: bool
    got_it: bool
    urgent: bool


@dataclass(frozen=True, slots=True)
class PopupGone:
    """What it was about was read, or said elsewhere."""

    key: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Somebody pressed a popup: the post is to be shown, `answering` with the caret where an answer is written."""

    key: str
    answering: bool


@dataclass(frozen=True, slots=True)
class FeedsChanged:
    """A feed came, went, was asked, or says something else of itself."""


@dataclass(frozen=True, slots=True)
class ForwardChanged:
    """A rule for the road came or went, or a carrier said what it does."""


@dataclass(frozen=True, slots=True)
class DigestDue:
    """There is a digest: how it begins, and a line for each of its parts."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Read:
    """The person has read these posts (ids), here or on another of their PCs."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnreadChanged:
    """How many posts are unread, by part of the timeline; of the newest of them, how many deserve a dot or more, and
    how many are for the person."""

    counts: Mapping[View, int]
    shown: int
    for_me: int


@dataclass(frozen=True, slots=True)
class SiteWritten:
    """The folder of the site was brought up to date: so many public posts are there, so many files changed; `feeds`:
    whether there are any."""

    folder: str
    posts: int
    written: int
    removed: int
    feeds: bool


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something a person must know. `where`: short name of the part of deskblog, for logs."""

    where: str
    what: str
    kept: str = ""
    next_step: str = ""


Event = (
    Ready
    | OfficeChanged
    | PeopleChanged
    | Newer
    | ProgramCame
    | Posted
    | Waits
    | RowsChanged
    | TimelineChanged
    | Copied
    | Coming
    | LateCame
    | Restored
    | Linked
    | Lost
    | Synced
    | InvitationChanged
    | Removed
    | PopUp
    | PopupGone
    | Wanted
    | ForwardChanged
    | DigestDue
    | FeedsChanged
    | Read
    | UnreadChanged
    | SiteWritten
    | Trouble
)
