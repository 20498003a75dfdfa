"""What an entry's body says, kind by kind.

A body is 16 random bytes, then a MessagePack array: the salt keeps the hash that erasure leaves behind from telling
anything of a short text. Readers pass over array items they do not know, so a kind can grow; a kind or a body that
cannot be read is kept and passed on but not shown, which every PC decides alike from the bytes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Annotated

import msgspec

from deskblog import limits
from deskblog.errors import Malformed, Refused, TooLarge
from deskblog.i18n import _
from deskblog.log import codec
from deskblog.log.attachment import Attachment

SALT = 16
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=limits.POST)]
Caption = Annotated[str, msgspec.Meta(max_length=limits.POST)]  # empty only beside an attachment

# Zero-width and direction-changing characters that can make a text look like another, and fillers that look blank.
# ZWJ and ZWNJ stay: emoji and Persian need them.
_INVISIBLE = (
    "\u200b\u2060\u2061\u2062\u2063\u2064\ufeff\u00ad\u061c\u180e\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2066\u2067\u2068\u2069\u206a\u206b\u206c\u206d\u206e\u206f\u3164\uffa0\ufff9\ufffa\ufffb"
)
# Control characters, surrogates, and those of private use: which they are, no version of Unicode changes.
_CONTROLS = "\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"
_DROPPED = re.compile(f"[{_INVISIBLE}{_CONTROLS}]")
# What most posts are wholly made of, and is shown as it is: a look at each text that comes, many times over.
_PLAIN = re.compile("[ -~\u00a0-\u00ac\u00ae-\u024f\u2010-\u2027\u202f\u20ac]*")
_LINES = {ord("\t"): " ", ord("\u2028"): "\n", ord("\u2029"): "\n"}
_OTHERWISE = re.compile(f"[{_INVISIBLE}{_CONTROLS}\u2028\u2029]")  # dropped, or shown as another


LogPoint = tuple[codec.Bytes8, codec.Seq, codec.Bytes32]  # log number, seq, entry id
Ordinal = Annotated[int, msgspec.Meta(ge=1, le=limits.ORDINALS)]


class Open(msgspec.Struct, array_like=True, frozen=True, tag=None):
    """Entry 1 of each log: the act that admitted the device, and how far it holds its own earlier logs."""

    admission: codec.Bytes32
    before: tuple[LogPoint, ...] = ()
    ordinal: Ordinal = 1


class Claim(msgspec.Struct, array_like=True, frozen=True):
    """Points of this device's earlier logs that count though those logs are forked."""

    points: tuple[LogPoint, ...]


class Post(msgspec.Struct, array_like=True, frozen=True):
    text: Caption
    attachments: tuple[Attachment, ...] = ()


class Question(msgspec.Struct, array_like=True, frozen=True):
    text: Caption
    attachments: tuple[Attachment, ...] = ()


class Answer(msgspec.Struct, array_like=True, frozen=True):
    text: Caption
    target: codec.Bytes32
    attachments: tuple[Attachment, ...] = ()


class Announcement(msgspec.Struct, array_like=True, frozen=True):
    """What everybody is to read. `role`: the act by which its person may announce; `days`: how long it is in term."""

    text: Text
    role: codec.Bytes32
    days: Annotated[int, msgspec.Meta(ge=1, le=limits.ANNOUNCED_DAYS)]
    urgency: Annotated[int, msgspec.Meta(ge=0, le=2)]
    attachments: tuple[Attachment, ...] = ()


class Coffee(msgspec.Struct, array_like=True, frozen=True):
    """Said at the coffee machine: apart from the other posts, and let go of soon; it may answer such a one."""

    text: Caption
    target: Annotated[bytes, msgspec.Meta(max_length=32)] = b""
    attachments: tuple[Attachment, ...] = ()


class Past(msgspec.Struct, array_like=True, frozen=True):
    """What its person wrote elsewhere and brought in: it stands at its old time, marked with where it comes from."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=limits.PAST)]
    at: codec.Time  # UTC ms
    source: codec.KindName  # mastodon, twitter, feed or text; another is shown as it is


class Withdraw(msgspec.Struct, array_like=True, frozen=True):
    """Erases the body of what it names, for ever."""

    target: codec.Bytes32


class Status(msgspec.Struct, array_like=True, frozen=True):
    """What a person is doing: the newest is shown beside their name; empty: nothing is said."""

    text: Annotated[str, msgspec.Meta(max_length=limits.STATUS)]


class WorkHours(msgspec.Struct, array_like=True, frozen=True):
    """When a person is not to be left in quiet: minutes of the day, and bit n of `days` for weekday n (0: Monday)."""

    begins: Annotated[int, msgspec.Meta(ge=0, le=1440)]
    ends: Annotated[int, msgspec.Meta(ge=0, le=1440)]
    days: Annotated[int, msgspec.Meta(ge=0, le=127)]


class Profile(msgspec.Struct, array_like=True, frozen=True):
    """What a person says of themselves; the newest counts."""

    job: Annotated[str, msgspec.Meta(max_length=limits.PROFILE)] = ""
    place: Annotated[str, msgspec.Meta(max_length=limits.PROFILE)] = ""
    phone: Annotated[str, msgspec.Meta(max_length=limits.PHONE)] = ""
    picture: Attachment | None = None
    hours: WorkHours | None = None


class Follow(msgspec.Struct, array_like=True, frozen=True):
    """A person follows a tag, or does no more: those who do are an open group."""

    tag: Annotated[str, msgspec.Meta(min_length=1, max_length=limits.TAG)]
    follows: bool


class Road(msgspec.Struct, array_like=True, frozen=True):
    """An address at which a PC of another site is to be dialled, by everybody who is to; `leads` false: no more."""

    host: Annotated[str, msgspec.Meta(min_length=1, max_length=limits.HOST)]
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)]
    leads: bool


class React(msgspec.Struct, array_like=True, frozen=True):
    """One of the few signs at another's entry; empty: taken back."""

    target: codec.Bytes32
    sign: Annotated[str, msgspec.Meta(max_length=8)]


class Solve(msgspec.Struct, array_like=True, frozen=True):
    """The asker takes an answer to a question; empty: the question is open again."""

    target: codec.Bytes32
    answer: Annotated[bytes, msgspec.Meta(max_length=32)]


class Correct(msgspec.Struct, array_like=True, frozen=True):
    """What an own entry says from now on."""

    target: codec.Bytes32
    text: Text


class Poll(msgspec.Struct, array_like=True, frozen=True):
    """A question with its answers, of which each person chooses one, or several."""

    text: Text
    options: tuple[Annotated[str, msgspec.Meta(min_length=1, max_length=limits.OPTION)], ...]
    closes: codec.Time = 0  # UTC ms; 0: never
    many: bool = False


class Vote(msgspec.Struct, array_like=True, frozen=True):
    """The options of a poll that a person chooses, by their places; none: taken back."""

    target: codec.Bytes32
    options: tuple[Annotated[int, msgspec.Meta(ge=0, lt=limits.OPTIONS)], ...] = ()


class Receipt(msgspec.Struct, array_like=True, frozen=True):
    """“Got it”, of these announcements."""

    targets: tuple[codec.Bytes32, ...]


class Close(msgspec.Struct, array_like=True, frozen=True):
    """The term of an own announcement is over."""

    target: codec.Bytes32


class Public(msgspec.Struct, array_like=True, frozen=True):
    """Whether the author of an entry wants it shown outside the office too."""

    target: codec.Bytes32
    on: bool


SIGNS = ("👍", "❤️", "😄", "🎉", "☕", "👀")
Carrying = Post | Question | Answer | Coffee | Announcement  # attachments may be beside them
Shown = Carrying | Poll | Past
Worded = Shown | Correct  # somebody's words, that a search may find
About = React | Solve | Correct | Vote | Receipt | Close | Public  # says something of what it names; on no timeline
Newest = (
    Status | Road | Profile | Follow
)  # kinds of which the newest alone says what holds, and none is on the timeline
Content = Open | Claim | Withdraw | Shown | Newest | About
KINDS: dict[str, type[Content]] = {
    "open": Open,
    "claim": Claim,
    "withdraw": Withdraw,
    "post": Post,
    "question": Question,
    "answer": Answer,
    "coffee": Coffee,
    "announcement": Announcement,
    "past": Past,
    "status": Status,
    "profile": Profile,
    "follow": Follow,
    "road": Road,
    "react": React,
    "solve": Solve,
    "correct": Correct,
    "poll": Poll,
    "vote": Vote,
    "receipt": Receipt,
    "close": Close,
    "public": Public,
}
FINAL = frozenset({"poll", "announcement"})  # what others vote on or acknowledge is not corrected
LASTING = frozenset({"open", "claim", "withdraw"})  # what other entries rest on: never erased, never dropped
_NAMES = {shape: name for name, shape in KINDS.items()}


def attachments(content: Content | None) -> tuple[Attachment, ...]:
    """What travels beside a body that says this."""
    if isinstance(content, Profile):
        return (content.picture,) if content.picture is not None else ()
    return content.attachments if isinstance(content, Carrying) else ()


def target_of(content: Content) -> bytes:
    """What a line of the timeline answers; empty: nothing."""
    return content.target if isinstance(content, (Answer, Coffee)) else b""


def targets_of(content: About) -> tuple[bytes, ...]:
    """The entries of which something is said."""
    return content.targets if isinstance(content, Receipt) else (content.target,)


def kind_of(content: Content) -> str:
    return _NAMES[type(content)]


def encode_body(content: Content, salt: bytes) -> bytes:
    """The body's bytes; `salt` is 16 fresh random bytes."""
    if len(salt) != SALT:
        raise ValueError("a salt has 16 bytes")
    return salt + codec.encode(content)


def decode_body(kind: str, body: bytes) -> Content | None:
    """What the body says, or None if this version cannot show it."""
    shape = KINDS.get(kind)
    if shape is None or len(body) < SALT:
        return None
    try:
        content = codec.decode_prefix(body[SALT:], shape, limits.BODY)
    except (Malformed, TooLarge):
        return None
    match content:
        case Post() | Question() | Answer() | Coffee() | Announcement():
            fits = len(content.attachments) <= limits.ATTACHMENTS and all(map(_stands, content.attachments))
            fits = fits and len(target_of(content)) in (0, 32)
            may_be_blank = bool(content.attachments) and not isinstance(content, Announcement)
            return content if fits and (may_be_blank or _shows(content.text)) else None
        case Open():
            return content if len(content.before) <= limits.BEFORE else None
        case Claim():
            return content if 1 <= len(content.points) <= limits.CLAIMS else None
        case Withdraw() | Status() | Road() | Follow() | Close() | Public():
            return content
        case Profile():
            return content if content.picture is None or content.picture.blob.size <= limits.PREVIEW else None
        case React():
            return content if content.sign in ("", *SIGNS) else None
        case Solve():
            return content if len(content.answer) in (0, 32) else None
        case Receipt():
            stands = 1 <= len(content.targets) <= limits.RECEIPTS and codec.strictly_sorted(content.targets)
            return content if stands else None
        case Vote():
            return content if codec.strictly_sorted(content.options) else None
        case Poll():
            return content if _shows(content.text) and options_stand(content.options) else None
        case _:
            return content if _shows(content.text) else None


def options_stand(options: Sequence[str]) -> bool:
    """Whether a poll may have these: few, none blank, no two that look alike."""
    shown = {status_text(one) for one in options}
    return 2 <= len(options) <= limits.OPTIONS and len(shown) == len(options) and "" not in shown


def _stands(attachment: Attachment) -> bool:
    return attachment.preview is None or attachment.preview.size <= limits.PREVIEW


def _shows(text: str) -> bool:
    """Whether anything of a text is shown: what begins as most do is not looked at twice."""
    return "!" <= text[:1] <= "~" or bool(shown_text(text))


def shown_text(text: str) -> str:
    """The text as it may be shown: composed, without control, zero-width or direction-changing characters.

    Characters this Python's Unicode does not know yet stay: next year's emoji is no reason to lose a post, and what
    is shown must not depend on the reader's version.
    """
    if _PLAIN.fullmatch(text):
        return text.strip()
    kept = _DROPPED.sub("", text.replace("\r\n", "\n").translate(_LINES)) if _OTHERWISE.search(text) else text
    if kept.count("\n") > 2:
        kept = _without_blank_lines(kept)
    return unicodedata.normalize("NFC", kept).strip()


def _without_blank_lines(text: str) -> str:
    """No more than one empty line follows another."""
    out, newlines = [], 0
    for c in text:
        if c == "\n":
            newlines += 1
            if newlines > 2:
                continue
        elif not c.isspace():
            newlines = 0
        out.append(c)
    return "".join(out)


def written_text(text: str, *, alone: bool = True) -> str:
    """The text as a person may post it; Refused, with the count, if blank or too long. Never cuts.

    `alone`: there is nothing beside it, and it may not be blank.
    """
    clean = shown_text(text)
    if not clean and alone:
        raise Refused(_("There is nothing to post yet."), next_step=_("Write a word or two first."))
    if len(clean) > limits.POST:
        raise Refused(
            _("This post has {n} characters; {limit} is the most.").format(n=len(clean), limit=limits.POST),
            next_step=_("Shorten it, or say the rest in a second post."),
        )
    return clean


def status_text(text: str) -> str:
    """A status as it may be shown: on one line."""
    return " ".join(shown_text(text).split())


def written_status(text: str) -> str:
    """A status as a person may set it, empty to clear it; Refused, with the count, if too long."""
    clean = status_text(text)
    if len(clean) > limits.STATUS:
        raise Refused(
            _("This status has {n} characters; {limit} is the most.").format(n=len(clean), limit=limits.STATUS),
            next_step=_("Shorten it."),
        )
    return clean


def written_line(text: str, most: int) -> str:
    """What a person says of themselves, on one line; Refused, with the count, if too long."""
    clean = status_text(text)
    if len(clean) > most:
        raise Refused(
            _("“{text}” has {n} characters; {limit} is the most.").format(text=clean, n=len(clean), limit=most),
            kept=_("What is written stays."),
            next_step=_("Shorten it."),
        )
    return clean


def written_name(name: str) -> str:
    """A person's or office's name as it may be kept; Refused if blank or too long."""
    clean = " ".join(shown_text(name).split())
    if not clean:
        raise Refused(_("A name is needed."))
    if len(clean) > limits.NAME:
        raise Refused(_("This name has {n} characters; {limit} is the most.").format(n=len(clean), limit=limits.NAME))
    return clean
