"""The keyring: how a person's newer PC comes to read what was sealed before it was let in.

A PC of the same person gives it the keys of older letters, in letters of their own (kind `keys`) that nobody can tell
from others. A key given is believed only if the text commits to it; of another person none is taken.
"""

from __future__ import annotations

from collections.abc import Mapping

from deskblog import limits
from deskblog.errors import Refused
from deskblog.i18n import _
from deskblog.log import boxes
from deskblog.log.letter import Keys, Opened, compose
from deskblog.log.office import Office
from deskblog.log.sealed import Dice
from deskblog.values import DeviceKey, EntryId


def give_keys(
    office: Office, author: DeviceKey, to: DeviceKey, held: Mapping[EntryId, bytes], dice: Dice
) -> tuple[bytes, ...]:
    """Bodies of as many `sealed` entries as it takes; Refused unless both are PCs of one person, in now."""
    me, other = office.person_of(author), office.person_of(to)
    if me is None or other is None or me.id != other.id or not {author, to} <= set(me.devices):
        raise Refused(_("Keys of sealed texts are given to your own PCs alone."))
    seal_keys = {office.seal_keys[device] for device in (author, to)}
    if not all(boxes.usable(key) for key in seal_keys):
        raise Refused(_("This PC cannot open sealed texts."), next_step=_("Have it invited anew."))
    pairs = tuple(sorted(held.items()))
    parts = (pairs[n : n + limits.KEYS] for n in range(0, len(pairs), limits.KEYS))
    return tuple(compose(office, author, (me.id,), seal_keys, Keys(part), dice) for part in parts)


def of_one_person(office: Office, one: DeviceKey, other: DeviceKey) -> bool:
    """Whether two devices are of the same person, as the office is now."""
    first, second = office.person_of(one), office.person_of(other)
    return first is not None and second is not None and first.id == second.id


def keys_given(office: Office, author: DeviceKey, me: DeviceKey, opened: Opened) -> Mapping[EntryId, bytes]:
    """The keys in a letter, by the entries they are for; none unless it is by a PC of the same person."""
    if not isinstance(opened.content, Keys) or not of_one_person(office, author, me):
        return {}
    return {EntryId(entry): key for entry, key in opened.content.keys}
