"""What the files of a site are called: of the thing alone, so that an address stays, and safe on any system. Pure."""

from __future__ import annotations

import re
import unicodedata
from hashlib import blake2b

from deskblog import limits
from deskblog.publish.published import Beside

_SHORT = 32  # hex digits: nobody can make two things that share so many
_PLAIN = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}\Z")
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)\Z")  # of Windows, under any ending
_HASH = re.compile(r"[0-9a-f]{64}\Z")
PHOTOS = {"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp"}
_OTHERS = {
    "audio/mpeg": ".mp3", "audio/ogg": ".ogg", "audio/mp4": ".m4a", "audio/wav": ".wav", "audio/flac": ".flac",
    "video/mp4": ".mp4", "video/webm": ".webm", "application/pdf": ".pdf", "application/zip": ".zip",
}  # fmt: skip
NO_TYPE = "application/octet-stream"


def post(ident: str) -> str:
    return f"posts/{ident[:_SHORT]}.html"


def person(ident: str) -> str:
    return f"people/{ident[:_SHORT]}"


def tag(name: str) -> str:
    """A tag that is a plain word is called so; others have a dot in it, which no tag has."""
    if _PLAIN.match(name) and not _DEVICES.match(name):
        return f"tags/{name}"
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", bare).strip("-")[:30]
    return f"tags/{stem or 'tag'}.{blake2b(name.encode('utf-8', 'replace'), digest_size=8).hexdigest()}"


def file(beside: Beside) -> str:
    """Of an attachment that may be handed out; "" where it may not: a program, or bytes that are not here."""
    fits = beside.nature != "program" and 0 < beside.size <= limits.BLOB and bool(_HASH.match(beside.hash))
    if beside.file is None or not fits:
        return ""
    ending = PHOTOS.get(beside.media_type) if is_photo(beside) else _OTHERS.get(beside.media_type)
    return f"files/{beside.hash[:_SHORT]}{ending or '.bin'}"


def media_type(name: str) -> str:
    """Of a file so called here: by its ending alone, which is ours; a browser runs none of these."""
    ending = name[name.rfind(".") :]
    return next((kind for kind, known in (PHOTOS | _OTHERS).items() if known == ending), NO_TYPE)


def is_photo(beside: Beside) -> bool:
    """Whether it is shown as one: its bytes are a picture, of a kind that browsers know."""
    return beside.nature == "picture" and beside.media_type in PHOTOS
