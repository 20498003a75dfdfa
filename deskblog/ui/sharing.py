"""Watch post: an item of a feed passed on, with one's own line above it. Pure."""

from __future__ import annotations

from deskblog import limits
from deskblog.log.kinds import shown_text
from deskblog.ui import links
from deskblog.ui.marks import utf16
from deskblog.values import Row

OWN = 100  # characters that are left for one's own line, where the address leaves so many
LEAST = 24  # of a title; less of it says nothing


def shared(row: Row, written: str) -> tuple[str, int]:
    """What is to stand in the field, and where the caret (in UTF-16 units, as Qt counts): what was written already
    stays, the item beneath it. A title that is too long is cut, an address never."""
    own = written.rstrip()
    link = row.link if links.host(row.link) else ""
    room = limits.POST - max(len(own), OWN) - len(link) - 2
    title = _cut(" ".join((row.title or shown_text(row.text)).split()), room)
    return "\n".join([own, *(part for part in (title, link) if part)]), utf16(own)


def _cut(title: str, room: int) -> str:
    if len(title) <= room:
        return title
    return f"{title[: room - 1].rstrip()}…" if room >= LEAST else ""
