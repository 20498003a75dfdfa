"""From what a person drops onto a post to what is sent: bytes, a name, a preview, and a word of warning."""

from __future__ import annotations

from io import BytesIO

from msgspec import Struct

from deskblog import limits
from deskblog.errors import Refused
from deskblog.i18n import _
from deskblog.media.length import seconds_of
from deskblog.media.naming import safe_name
from deskblog.media.nature import HEAD, Nature, judge
from deskblog.media.photo import make_photo
from deskblog.values import Sort


class Enclosure(Struct, frozen=True):
    """What goes with a post. `notice`: what its author should know of it, already translated; empty: nothing."""

    name: str
    sort: Sort
    data: bytes
    width: int = 0
    height: int = 0
    seconds: int = 0
    preview: bytes = b""
    notice: str = ""


def enclose(name: str, data: bytes, still: bytes = b"") -> Enclosure:
    """Refused if it is empty or larger than can be sent, also after a photo was made smaller.

    `still`: of a film, a picture out of it, for its preview.
    """
    name = safe_name(name, _("file"))
    if not data:
        raise Refused(_("“{name}” is empty.").format(name=name), kept=_("Your text is kept."))
    verdict = judge(name, data[:HEAD])
    photo = make_photo(data) if verdict.nature is Nature.PICTURE and not verdict.runs else None
    if photo is not None:
        return Enclosure(
            _with_ending(name, photo.ending), Sort.PHOTO, photo.data, photo.width, photo.height, 0, photo.preview
        )
    if len(data) > limits.BLOB:
        raise too_large(name, len(data))
    sort = {Nature.SOUND: Sort.VOICE, Nature.FILM: Sort.FILM}.get(verdict.nature, Sort.FILE)
    seconds = seconds_of(BytesIO(data)) if sort in (Sort.VOICE, Sort.FILM) else 0
    notice = _notice(name, verdict.nature, disguised=verdict.disguised)
    seen = make_photo(still) if still else None
    if seen is None:
        return Enclosure(name, sort, data, seconds=seconds, notice=notice)
    return Enclosure(name, sort, data, seen.width, seen.height, seconds, seen.preview, notice)


def too_large(name: str, size: int) -> Refused:
    """For what cannot be sent for its size (bytes)."""
    return Refused(
        _("“{name}” has {n} MB; {limit} MB is the most.").format(
            name=name, n=-(-size // limits.MIB), limit=limits.BLOB // limits.MIB
        ),
        kept=_("Your text is kept."),
        next_step=_("Put the file where colleagues can fetch it, and post the place."),
    )


def _with_ending(name: str, ending: str) -> str:
    stem, dot, old = name.rpartition(".")
    if old.lower() in (ending, {"jpg": "jpeg"}.get(ending)):
        return name
    return f"{(stem if dot else name)[: limits.FILE_NAME - 5]}.{ending}"


def _notice(name: str, nature: Nature, *, disguised: bool) -> str:
    if nature is Nature.PROGRAM:
        return _("“{name}” is a program: colleagues are told so, and can only save it.").format(name=name)
    if nature is Nature.PICTURE:
        return _("“{name}” is sent as it is: what it says of where and when it was taken goes along.").format(
            name=name
        )
    if not disguised:
        return ""
    return _("“{name}” is not what its name says: {what}. It is sent as that.").format(name=name, what=called(nature))


def called(nature: Nature) -> str:
    """What a person calls it."""
    return {
        Nature.PICTURE: _("a picture"),
        Nature.SOUND: _("a sound"),
        Nature.FILM: _("a film"),
        Nature.DOCUMENT: _("a document"),
        Nature.ARCHIVE: _("an archive of files"),
        Nature.PROGRAM: _("a program"),
        Nature.OTHER: _("a file"),
    }[nature]
