"""What deserves a popup, a number, a dot, a line of the digest, or nothing. Pure: the table in the tests is its text.

One order of rules, the first that fits decides:

1. what is one's own, coffee, and what was brought in from elsewhere: nothing;
2. an announcement in term is for everybody, muted or not. Mild, or beyond its author's allowance: a number. Usual: a
   popup, which waits while it is to be quiet. Urgent: a popup that quiet hours and a pause do not hold back, while
   the system's own do-not-disturb, a locked screen and a full-screen program do;
3. a mention of oneself beats a mute: a popup;
4. what is muted: nothing, but a sealed message to oneself a number;
5. what is sealed to oneself, and what answers oneself: a popup; a word that is watched: a number;
6. feed items: a line of the digest;
7. threads one takes part in, people and tags one follows: a popup;
8. a question in a small office: a popup; all else: a dot.

A popup becomes a number while it is to be quiet, and while it is no news any more; what is being looked at is seen.
"""

from __future__ import annotations

from enum import IntEnum

from msgspec import Struct

from deskblog.values import USUAL_HOURS, Hours, Urgency

SMALL = 12  # people: up to here everybody's questions pop up
NEWS_MS = 900_000  # older than that a post is no news, and told of by a number alone


class Show(IntEnum):
    """How it is told of; each has what those before it have."""

    NOTHING = 0
    DIGEST = 1
    DOT = 2
    NUMBER = 3  # it is for me
    POPUP = 4


class News(Struct, frozen=True):
    """What came. `person`, `thread` and `feed` are ids; `to_me`: it answers me; `names_me`; `watched`: has a word I
    watch; `my_thread`: I wrote in it; `urgency`: of an announcement in term, else None; `over`: beyond its author's
    allowance; `got`: I have said “Got it”; `age`: ms since it was written."""

    kind: str = "post"
    person: str = ""
    thread: str = ""
    tags: tuple[str, ...] = ()
    feed: str = ""
    mine: bool = False
    names_me: bool = False
    to_me: bool = False
    watched: bool = False
    sealed: bool = False
    my_thread: bool = False
    urgency: Urgency | None = None
    over: bool = False
    got: bool = False
    age: int = 0


class Taste(Struct, frozen=True):
    """What the person chose. Ids of people, tags in lower case, threads, feeds, each muted or followed."""

    hours: Hours = USUAL_HOURS
    muted: frozenset[str] = frozenset()
    followed: frozenset[str] = frozenset()
    popups: bool = True


class Moment(Struct, frozen=True):
    """How it is now. `colleagues`: how many; `looked_at`: it stands in the window, which has the focus."""

    weekday: int = 0
    minute: int = 10 * 60
    colleagues: int = 5
    paused: bool = False
    dnd: bool = False
    locked: bool = False
    full_screen: bool = False
    looked_at: bool = False


class Verdict(Struct, frozen=True):
    """`later`: it is to pop up when it is no more to be quiet."""

    show: Show
    later: bool = False


def decide(news: News, taste: Taste, now: Moment) -> Verdict:
    """How something new is told of."""
    if news.mine or news.kind in ("coffee", "past"):
        return Verdict(Show.NOTHING)
    if news.urgency is not None:
        return _announcement(news, taste, now)
    if now.looked_at:
        return Verdict(Show.NOTHING)
    wanted = _wanted(news, taste, now)
    if wanted is Show.POPUP and (not taste.popups or news.age > NEWS_MS or quiet(taste, now)):
        return Verdict(Show.NUMBER)
    return Verdict(wanted)


def quiet(taste: Taste, now: Moment) -> bool:
    """Whether nothing but an urgent announcement may pop up."""
    return now.paused or taste.hours.quiet(now.weekday, now.minute) or held_back(now)


def held_back(now: Moment) -> bool:
    """Whether not even that may."""
    return now.dnd or now.locked or now.full_screen


def _announcement(news: News, taste: Taste, now: Moment) -> Verdict:
    if news.got:
        return Verdict(Show.NOTHING)
    if news.urgency is Urgency.MILD or news.over or now.looked_at:
        return Verdict(Show.NUMBER)
    waits = held_back(now) if news.urgency is Urgency.URGENT else quiet(taste, now)
    return Verdict(Show.NUMBER, later=True) if waits else Verdict(Show.POPUP)


def _wanted(news: News, taste: Taste, now: Moment) -> Show:
    """Were it not quiet."""
    if news.names_me:
        return Show.POPUP
    about = {news.person, news.thread, news.feed, *news.tags} - {""}
    if about & taste.muted:
        return Show.NUMBER if news.sealed else Show.NOTHING
    if news.sealed or news.to_me:
        return Show.POPUP
    if news.watched:
        return Show.NUMBER
    if news.kind == "feed":
        return Show.DIGEST
    if news.my_thread or about & taste.followed:
        return Show.POPUP
    if news.kind == "question" and now.colleagues <= SMALL:
        return Show.POPUP
    return Show.DOT
