"""What is set aside of each log, to be looked at: late letters of the removed, unclaimed ends of forks."""

from __future__ import annotations

from msgspec import Struct

from deskblog.log import kinds
from deskblog.log.entry import decode_entry
from deskblog.store.archive import Archive
from deskblog.store.logs import HeldLog
from deskblog.values import LogName, PersonId, Point


class Aside(Struct, frozen=True):
    """One end that does not count: whose, of which log, up to where, and the posts that would count with it.

    `posts`: (time in UTC ms, text), oldest first.
    """

    person: PersonId
    log: LogName
    end: Point
    posts: tuple[tuple[int, str], ...]


def all_aside(archive: Archive) -> list[Aside]:
    """All that is set aside here and has posts in it, of persons the office knows."""
    found = []
    for chain in archive.logs.all():
        if chain.set_aside and chain.person is not None:
            posts = _posts(archive, chain)
            if posts:
                found.append(Aside(chain.person, chain.name, chain.head, posts))
    return found


def _posts(archive: Archive, chain: HeldLog) -> tuple[tuple[int, str], ...]:
    posts = []
    for raw, body in archive.entries.of_log(chain):
        header = decode_entry(raw).header
        if header.seq <= chain.counted_to or body is None:
            continue
        content = kinds.decode_body(header.kind, body)
        if isinstance(content, kinds.Shown):
            posts.append((header.time, kinds.shown_text(content.text)))
    return tuple(posts)
