"""Lists of feeds (OPML) for and from other readers, and a feed named by a person."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from msgspec import Struct

from deskblog import limits
from deskblog.errors import Refused
from deskblog.feeds.addresses import feed_address
from deskblog.feeds.fetching import read_list
from deskblog.feeds.listed import Listed
from deskblog.i18n import _, plural
from deskblog.store.feeds import KeptFeed


class Taken(Struct, frozen=True):
    """Of a list: (address, title, folder) of those not known before, how many there are, what was none."""

    fresh: tuple[tuple[str, str, str], ...]
    total: int
    left_out: int


async def read_feeds(body: bytes, known: Callable[[str], bool]) -> Taken:
    """Refused if it is no such list."""
    found, fetched = await read_list(body)
    if found is None:
        raise Refused(fetched.said, next_step=fetched.next_step)
    named = (*found.feeds, *found.pages)
    fresh = tuple((one.url, one.title, " / ".join(one.folders[0]) if one.folders else "") for one in named)
    return Taken(tuple(one for one in fresh if not known(one[0])), len(named), found.left_out)


def check_room(feeds: int) -> None:
    """Refused where that is more than a PC follows."""
    if feeds > limits.FEEDS_FOLLOWED:
        raise Refused(
            plural("{n} feed is the most.", "{n} feeds are the most.", limits.FEEDS_FOLLOWED),
            kept=_("Those followed stay."),
            next_step=_("Remove some of them."),
        )


def written(feeds: Iterable[KeptFeed], now: datetime) -> bytes:
    from deskblog.feeds.opml_written import write_opml

    listed = [
        Listed(kept.url, kept.title, (tuple(kept.folder.split(" / ")),) if kept.folder else ()) for kept in feeds
    ]
    return write_opml(_("Feeds followed by deskblog"), listed, now)


def named(feeds: Iterable[KeptFeed], which: str) -> int:
    """The one with that id, address or title; Refused where there is none or several are called so."""
    url = feed_address(which)
    found = [
        kept.n
        for kept in feeds
        if which in (f"feed-{kept.n}", kept.url) or url == kept.url or which.casefold() == kept.title.casefold()
    ]
    if len(found) != 1:
        words = _("No feed is called “{name}”.") if not found else _("Several feeds are called “{name}”.")
        raise Refused(words.format(name=which), next_step=_("“deskblog feed list” shows their addresses."))
    return found[0]
