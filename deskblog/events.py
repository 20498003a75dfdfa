"""What the engine says, as frozen dataclasses. The window, the node's printout and the tests all listen here."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from deskblog.values import PersonRow, Row, View, Waiting


class Ready(Struct, frozen=True):
    """The engine serves: `port` is the TCP port it listens on (0: no network was asked for)."""

    device: str
    port: int
    office: str  # hex id, or "" while in no office
    office_name: str


class OfficeChanged(Struct, frozen=True):
    """This PC founded or joined an office, or its name or rules changed."""

    office: str
    name: str
    person: str


class PeopleChanged(Struct, frozen=True):
    """Somebody came, left, was renamed, removed or given a role."""

    people: tuple[PersonRow, ...]


class ProgramCame(Struct, frozen=True):
    """A newer deskblog came from colleagues and is the makers'; `file`: where its package lies."""

    version: str
    file: str


class Newer(Struct, frozen=True):
    """The PC of `person` runs a newer deskblog; said once of each version."""

    version: str
    person: str
    own: str  # what runs here


class Posted(Struct, frozen=True):
    """Rows stored just now, newest last; stored before they are shown."""

    rows: tuple[Row, ...]
    live: bool  # False: part of a history being fetched, not news


class Waits(Struct, frozen=True):
    """These own posts wait to leave, oldest first: one came, left, or was taken back."""

    waiting: tuple[Waiting, ...]


class RowsChanged(Struct, frozen=True):
    """These rows stay where they are and say something else: a reaction, an answer, a correction came or went."""

    rows: tuple[Row, ...]


class TimelineChanged(Struct, frozen=True):
    """Rows went from the timeline, or came back to it: what is shown is to be asked for again."""


class Copied(Struct, frozen=True):
    """Colleagues' PCs hold more of this PC's posts now. `only_here`: how many are on this PC alone."""

    only_here: int


class Coming(Struct, frozen=True):
    """A blob the person waits for: `come` bytes of `size` are here."""

    hash: str
    size: int
    come: int


class LateCame(Struct, frozen=True):
    """Posts came that do not count, of somebody removed or of a copy: a keyholder may count them after all."""


class Restored(Struct, frozen=True):
    """Own posts that this PC had lost came back from colleagues: the receipt of a restore."""

    count: int
    people: tuple[str, ...]


class Linked(Struct, frozen=True):
    """A link to a colleague's PC is up and judged. `seconds`: from seen on the LAN to linked, or -1."""

    device: str
    person: str
    address: str
    seconds: float


class Lost(Struct, frozen=True):
    device: str
    person: str
    reason: str


class Synced(Struct, frozen=True):
    """This PC now holds all that the PC at the other end had when asked."""

    device: str
    person: str


class InvitationChanged(Struct, frozen=True):
    """`state`: "open", "used" (then `person` is who came), "expired", "dead" (three wrong tries), "cancelled"."""

    code: str
    state: str
    person: str
    expires: int  # UTC ms
    device: str = ""  # the PC that came
    person_id: str = ""


class Removed(Struct, frozen=True):
    """This PC is in the office no more; told when it is learned, and at each start.

    `by`: a name, or empty for the recovery words. `what`, `kept`, `next_step`: the same in words.
    """

    by: str
    at: int  # UTC ms
    act: str
    what: str
    kept: str
    next_step: str


class PopUp(Struct, frozen=True):
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


class PopupGone(Struct, frozen=True):
    """What it was about was read, or said elsewhere."""

    key: str


class Wanted(Struct, frozen=True):
    """Somebody pressed a popup: the post is to be shown, `answering` with the caret where an answer is written."""

    key: str
    answering: bool


class FeedsChanged(Struct, frozen=True):
    """A feed came, went, was asked, or says something else of itself."""


class ForwardChanged(Struct, frozen=True):
    """A rule for the road came or went, or a carrier said what it does."""


class DigestDue(Struct, frozen=True):
    """There is a digest: how it begins, and a line for each of its parts."""

    title: str
    text: str


class Read(Struct, frozen=True):
    """The person has read these posts (ids), here or on another of their PCs."""

    ids: tuple[str, ...]


class UnreadChanged(Struct, frozen=True):
    """How many posts are unread, by part of the timeline; of the newest of them, how many deserve a dot or more, and
    how many are for the person."""

    counts: Mapping[View, int]
    shown: int
    for_me: int


class SiteWritten(Struct, frozen=True):
    """The folder of the site was brought up to date: so many public posts are there, so many files changed; `feeds`:
    whether there are any."""

    folder: str
    posts: int
    written: int
    removed: int
    feeds: bool


class Trouble(Struct, frozen=True):
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
