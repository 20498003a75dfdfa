"""The letter: what is inside a sealed text. Its content, who may read it, and of what closed group it is.

A closed group is a letter too, of kind `group`: its name is the content, its readers are the members, and what is
written in it names the letter's entry. So an outsider does not see that there is a group, and to delete it is to
withdraw one entry among others, which tells no name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

import msgspec

from deskblog import limits
from deskblog.errors import Malformed, Refused, TooLarge
from deskblog.i18n import _
from deskblog.log import act as a
from deskblog.log import boxes, codec, kinds
from deskblog.log.fold import person_admitted
from deskblog.log.forward import Declined, Forward, Sending, Sent, Word
from deskblog.log.keys import DeviceKeys
from deskblog.log.office import Office, Person
from deskblog.log.sealed import SALT, Dice, Sealed, read, seal, unseal
from deskblog.values import DeviceKey, EntryId, OfficeId, PersonId

MARK = 16  # first bytes of a person's id: 150 readers and the longest text fit one body
SEEN_MARK = 8  # first bytes of an entry's id: enough to find it among those held


class Group(msgspec.Struct, array_like=True, frozen=True):
    """A closed group; its members are the letter's readers."""

    name: a.Name


class Keys(msgspec.Struct, array_like=True, frozen=True):
    """Keys of older sealed entries, for a newer PC of the same person: (entry id, key)."""

    keys: Annotated[
        tuple[tuple[codec.Bytes32, codec.Bytes32], ...], msgspec.Meta(min_length=1, max_length=limits.KEYS)
    ]


class Seen(msgspec.Struct, array_like=True, frozen=True):
    """What a person has read on one of their PCs: how the ids of these entries begin, ascending."""

    marks: Annotated[tuple[codec.Bytes8, ...], msgspec.Meta(min_length=1, max_length=limits.SEEN)]


class Letter(msgspec.Struct, frozen=True):
    """One that is to be written: for these persons and its author; in a closed group, or changing one.

    `devices`: for the author's own PC and these alone, which are of those persons; none: for all of theirs.
    """

    persons: tuple[PersonId, ...]
    content: kinds.Post | kinds.Answer | Group | Seen | Word
    group: EntryId | None = None
    devices: tuple[DeviceKey, ...] = ()


Content = kinds.Post | kinds.Question | kinds.Answer | Group | Keys | Seen | Word
_OWN: dict[str, type[Group | Keys | Seen | Word]] = {
    "group": Group,
    "keys": Keys,
    "seen": Seen,
    "forward": Forward,
    "sending": Sending,
    "sent": Sent,
    "declined": Declined,
}
_NAMES = {shape: name for name, shape in _OWN.items()}
_SHOWN = frozenset({"post", "question", "answer"})


class _Inner(msgspec.Struct, array_like=True, frozen=True):
    kind: codec.KindName
    content: bytes
    readers: Annotated[tuple[codec.Bytes16, ...], msgspec.Meta(min_length=1, max_length=limits.BOXES)]
    group: Annotated[bytes, msgspec.Meta(max_length=32)]


class Closed(StrEnum):
    """Why a sealed entry is not read here."""

    MALFORMED = "malformed"  # no sealed body at all
    ELSEWHERE = "elsewhere"  # no box opens with this device's key
    DAMAGED = "damaged"  # a box opens, and the author did not put the text's key in it, or no letter behind it
    LATER = "later"  # it opens, and is of a kind this version does not know


@dataclass(frozen=True, slots=True)
class Opened:
    """A letter read. `readers` are marks, the author's among them; `secret` is what a later PC is given."""

    content: Content
    readers: tuple[bytes, ...]
    group: EntryId | None
    secret: bytes = field(repr=False)


class Reader(msgspec.Struct, frozen=True):
    """A reader a letter names: `person` None if not known here, `can_open` False if no box is theirs."""

    person: PersonId | None
    can_open: bool


# --- writing ----------------------------------------------------------------------------------------------
def readers(office: Office, persons: Iterable[PersonId], author: DeviceKey) -> tuple[bytes, ...]:
    """The seal keys of all devices in now of these persons and of the author, ascending.

    Refused, with nothing written, if there is nobody, somebody who could not read it, or too many devices.
    """
    wanted = [office.persons.get(person) for person in dict.fromkeys(persons)]
    me = office.person_of(author)
    if me is None or not office.is_in(author):
        raise Refused(_("This PC is not in the office any more."))
    if not wanted:
        raise Refused(_("A sealed text needs a reader."), next_step=_("Choose who may read it."))
    keys = {key for person in wanted for key in _seal_keys(office, person)}
    keys.update(_seal_keys(office, me))
    if len(keys) > limits.BOXES:
        raise Refused(
            _("This would be sealed for {n} PCs; {limit} is the most.").format(n=len(keys), limit=limits.BOXES),
            next_step=_("Choose fewer readers."),
        )
    return tuple(sorted(keys))


def _seal_keys(office: Office, person: Person | None) -> list[bytes]:
    if person is None or person.gone:
        name = person.name if person is not None else ""
        raise Refused(
            _("{name} is not in the office any more.").format(name=name or _("Somebody you chose")),
            next_step=_("Choose other readers."),
        )
    keys = [office.seal_keys[device] for device in person.devices if boxes.usable(office.seal_keys[device])]
    if not keys:
        raise Refused(
            _("No PC of {name} can open sealed texts.").format(name=person.name),
            next_step=_("Choose other readers, or have the PC invited anew."),
        )
    return keys


def _chosen(office: Office, devices: Iterable[DeviceKey], author: DeviceKey) -> tuple[bytes, ...]:
    """The seal keys of these devices and the author's, of those that are in and can open anything, ascending."""
    if office.person_of(author) is None or not office.is_in(author):
        raise Refused(_("This PC is not in the office any more."))
    keys = {office.seal_keys[device] for device in (*devices, author) if office.is_in(device)}
    keys = {key for key in keys if boxes.usable(key)}
    if not keys or len(keys) > limits.BOXES:
        raise Refused(_("No PC could open this."))
    return tuple(sorted(keys))


def write_letter(
    office: Office,
    author: DeviceKey,
    persons: Iterable[PersonId],
    content: Content,
    dice: Dice,
    group: EntryId | None = None,
    devices: Iterable[DeviceKey] = (),
) -> bytes:
    """The body of a new `sealed` entry; the text is cleaned already (kinds.written_text). Refused as `readers` is.

    `devices`: for these and the author's alone, those of them that are in.
    """
    persons, devices = tuple(persons), tuple(devices)
    seal_keys = _chosen(office, devices, author) if devices else readers(office, persons, author)
    return compose(office, author, persons, seal_keys, content, dice, group)


def compose(
    office: Office,
    author: DeviceKey,
    persons: Iterable[PersonId],
    seal_keys: Iterable[bytes],
    content: Content,
    dice: Dice,
    group: EntryId | None = None,
) -> bytes:
    """As `write_letter`, for seal keys chosen already."""
    me = office.person_of(author)
    assert me is not None
    marks = tuple(sorted({person[:MARK] for person in (*persons, me.id)}))
    inner = _Inner(_kind_of(content), codec.encode(content), marks, group or b"")
    return seal(office.id, author, seal_keys, codec.encode(inner), dice)


def _kind_of(content: Content) -> str:
    if isinstance(content, kinds.Post | kinds.Question | kinds.Answer):
        return kinds.kind_of(content)
    return _NAMES[type(content)]


# --- reading ----------------------------------------------------------------------------------------------
def open_sealed(office: OfficeId, author: DeviceKey, body: bytes, keys: DeviceKeys) -> Opened | Closed:
    """What the body says to this device, or why it says nothing."""
    sealed = read(body)
    if sealed is None:
        return Closed.MALFORMED
    secret, mine = boxes.open_boxes(sealed.boxes, sealed.commitment, keys)
    if secret is None:
        return Closed.DAMAGED if mine else Closed.ELSEWHERE
    return _open(office, author, sealed, secret)


def open_with(office: OfficeId, author: DeviceKey, body: bytes, secret: bytes) -> Opened | Closed:
    """As `open_sealed`, with a key that an older PC of the same person gave."""
    sealed = read(body)
    return Closed.MALFORMED if sealed is None else _open(office, author, sealed, secret)


def _open(office: OfficeId, author: DeviceKey, sealed: Sealed, secret: bytes) -> Opened | Closed:
    plain = unseal(office, author, sealed, secret)
    if plain is None:
        return Closed.DAMAGED
    try:
        inner = codec.decode_prefix(plain, _Inner, limits.BODY)
        content = _content(inner)
    except (Malformed, TooLarge):
        return Closed.DAMAGED
    if not codec.strictly_sorted(inner.readers) or len(inner.group) not in (0, 32):
        return Closed.DAMAGED
    if content is None:
        return Closed.LATER
    return Opened(content, inner.readers, EntryId(inner.group) if inner.group else None, secret)


def _content(inner: _Inner) -> Content | None:
    """None for a kind this version does not know; Malformed if it is not what its kind should be."""
    if inner.kind in _OWN:
        own = codec.decode_prefix(inner.content, _OWN[inner.kind], limits.BODY)
        if isinstance(own, Group) and not kinds.shown_text(own.name):
            raise Malformed("group: no name")
        return own
    if inner.kind not in _SHOWN:
        return None
    shown = kinds.decode_body(inner.kind, bytes(SALT) + inner.content)
    if not isinstance(shown, kinds.Post | kinds.Question | kinds.Answer):
        raise Malformed("letter: content")
    return shown


# --- looking whether it is true ---------------------------------------------------------------------------
def named_readers(office: Office, body: bytes, opened: Opened) -> tuple[Reader, ...]:
    """Each reader the letter names, and whether a box is really theirs: the boxes are made again and compared."""
    sealed = read(body)
    held = frozenset(sealed.boxes) if sealed is not None else frozenset()
    seen: dict[PersonId | bytes, Reader] = {}
    known, seals = _ever_admitted(office)
    for mark in opened.readers:
        person = known.get(mark)
        keys = seals.get(person, frozenset()) if person is not None else frozenset()
        can = any(boxes.usable(key) and boxes.make_box(opened.secret, key) in held for key in keys)
        seen[person or mark] = Reader(person, can)
    return tuple(seen.values())


def known_marks(office: Office) -> Mapping[bytes, PersonId]:
    """Who is meant by each mark."""
    return _ever_admitted(office)[0]


def _ever_admitted(office: Office) -> tuple[Mapping[bytes, PersonId], Mapping[PersonId, frozenset[bytes]]]:
    """Persons by their marks, merged ones as one, and all seal keys each ever had: a reader may have left since."""
    marks: dict[bytes, PersonId] = {}
    seals: dict[PersonId, frozenset[bytes]] = {}
    for act in office.acts.values():
        match act.fields:
            case a.Found():
                devices: tuple[tuple[bytes, bytes], ...] = ((act.fields.device, act.fields.seal_key),)
            case a.Admit():
                devices = act.fields.devices
            case _:
                continue
        person = office.author(devices[0][0], act.id)
        if person is not None:
            marks[person_admitted(act)[:MARK]] = person
            seals[person] = seals.get(person, frozenset()) | {seal_key for _device, seal_key in devices}
    return marks, seals
