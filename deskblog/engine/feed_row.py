"""A feed as shown and as kept, and what came of an address."""

from __future__ import annotations

from datetime import datetime

import msgspec

from deskblog.feeds.offer import Offer
from deskblog.feeds.schedule import Following
from deskblog.i18n import _
from deskblog.records import replace
from deskblog.store.feeds import KeptFeed


class Whose(msgspec.Struct, frozen=True):
    """`office`: its rule names the feed; `locked`: no person may remove it; `given`: it goes with the rule."""

    office: bool = False
    locked: bool = False
    given: bool = False


class FeedRow(msgspec.Struct, frozen=True):
    """A feed as shown. `unread`: items. `said`, `kept`, `next_step`: what is wrong with it, empty if nothing is.
    `due`: when it is asked next, UTC ms, 0: never. `every`: seconds the person asked for, 0: what suits it. `words`:
    what an item needs one of, and with a minus none of. `private`: shared with nobody. `id`: who its items are by.
    Its site was asked last at `fetched_at` (UTC ms, 0: never) by a PC of `fetched_by`, empty: by this one."""

    id: str
    url: str
    title: str
    link: str
    folder: str
    unread: int
    due: int
    every: int
    words: str
    muted: bool
    private: bool
    said: str = ""
    kept: str = ""
    next_step: str = ""
    fetched_by: str = ""
    fetched_at: int = 0
    whose: Whose = Whose()


def kept_state(following: Following) -> bytes:
    return msgspec.msgpack.encode(following)


def read_state(kept: KeptFeed, now: datetime) -> Following:
    """What was kept; where it makes no sense, as if it were followed since now."""
    try:
        return replace(msgspec.msgpack.decode(kept.state, type=Following), url=kept.url)
    except msgspec.MsgspecError:
        return Following(kept.url, now, now)


class Added(msgspec.Struct, frozen=True):
    """What came of an address: the feed that is followed now, or those that a page names, to choose one of."""

    feed: FeedRow | None
    offers: tuple[Offer, ...] = ()
    title: str = ""


def shown(
    kept: KeptFeed, following: Following, unread: int, doubt: tuple[str, str], fetched: tuple[str, int], office: Whose
) -> FeedRow:
    """`doubt`: what is wrong with what colleagues hand on, and what is done; `fetched`: whose PC asked last, when."""
    due = 0 if following.ended is not None else _ms(following.due)
    said, stays, step = [*kept.said.split("\n"), "", ""][:3] if kept.said else (*doubt, "")
    whose, at = fetched
    return FeedRow(
        f"feed-{kept.n}", kept.url, kept.title or kept.url, kept.link, kept.folder, unread, due, kept.every,
        kept.words, kept.muted, kept.private, said, stays, step, whose,
        at or (_ms(following.read) if following.read is not None else 0), office,
    )  # fmt: skip


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def fetched_text(whose: str, at: int, now: int) -> str:
    """By whose PC (empty: this one) and when its site was asked. UTC ms; `at` 0: not known, nothing is said."""
    if not at:
        return ""
    told, today = (datetime.fromtimestamp(ms / 1000).astimezone() for ms in (at, now))
    time = f"{told:%H:%M}" if told.date() == today.date() else f"{told:%Y-%m-%d %H:%M}"
    if not whose:
        return _("fetched by this PC, {time}").format(time=time)
    return _("fetched by {name}’s PC, {time}").format(name=whose, time=time)
