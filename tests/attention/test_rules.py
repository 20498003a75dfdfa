"""The table of what deserves attention: one line a case, read as (what came, what was chosen, how it is now)."""

from __future__ import annotations

import pytest

from deskblog.attention.rules import Moment, News, Show, Taste, Verdict, decide
from deskblog.records import replace
from deskblog.values import Hours, Urgency

AT_WORK = Moment()  # Monday, ten o'clock, six in the office, nothing in the way
EVENING = replace(AT_WORK, minute=20 * 60)
EARLY = replace(AT_WORK, minute=7 * 60 + 59)
EIGHT = replace(AT_WORK, minute=8 * 60)
SEVEN = replace(AT_WORK, minute=19 * 60)
SATURDAY = replace(AT_WORK, weekday=5)
PAUSED = replace(AT_WORK, paused=True)
DND = replace(AT_WORK, dnd=True)
LOCKED = replace(AT_WORK, locked=True)
FILM = replace(AT_WORK, full_screen=True)
LOOKING = replace(AT_WORK, looked_at=True)
LARGE = replace(AT_WORK, colleagues=80)
NIGHT_SHIFT = Hours(22 * 60, 6 * 60)
ANY = Taste()
NO_HOURS = Taste(hours=Hours(on=False))
NO_POPUPS = Taste(popups=False)
MUTES_PAUL = Taste(muted=frozenset({"paul"}))
MUTES_SALES = Taste(muted=frozenset({"#sales"}))
MUTES_THREAD = Taste(muted=frozenset({"t1"}))
MUTES_FEED = Taste(muted=frozenset({"f1"}))
FOLLOWS_PAUL = Taste(followed=frozenset({"paul"}))
FOLLOWS_SALES = Taste(followed=frozenset({"#sales"}))
BOTH = Taste(muted=frozenset({"#sales"}), followed=frozenset({"paul"}))

POST = News(person="paul", thread="t1")
QUESTION = replace(POST, kind="question")
ANSWER = replace(POST, kind="answer")
TO_ME = replace(ANSWER, to_me=True)
NAMES_ME = replace(POST, names_me=True)
SEALED = replace(POST, sealed=True)
SALES = replace(POST, tags=("#sales",))
MY_THREAD = replace(ANSWER, my_thread=True)
WATCHED = replace(POST, watched=True)
ITEM = News(kind="feed", feed="f1", thread="t2")
MILD = replace(POST, kind="announcement", urgency=Urgency.MILD)
USUAL = replace(MILD, urgency=Urgency.USUAL)
URGENT = replace(MILD, urgency=Urgency.URGENT)
OLD = 3_600_000

NOTHING, DIGEST, DOT, NUMBER, POPUP = (Verdict(show) for show in Show)
LATER = Verdict(Show.NUMBER, later=True)

TABLE = [
    # one's own, coffee, what was brought in
    (replace(POST, mine=True), ANY, AT_WORK, NOTHING),
    (replace(QUESTION, mine=True), FOLLOWS_PAUL, AT_WORK, NOTHING),
    (replace(USUAL, mine=True), ANY, AT_WORK, NOTHING),
    (replace(POST, kind="coffee"), ANY, AT_WORK, NOTHING),
    (replace(NAMES_ME, kind="coffee"), ANY, AT_WORK, NOTHING),
    (replace(POST, kind="coffee"), FOLLOWS_PAUL, AT_WORK, NOTHING),
    (replace(POST, kind="past", age=OLD), ANY, AT_WORK, NOTHING),
    # announcements
    (MILD, ANY, AT_WORK, NUMBER),
    (USUAL, ANY, AT_WORK, POPUP),
    (URGENT, ANY, AT_WORK, POPUP),
    (USUAL, ANY, EVENING, LATER),
    (USUAL, ANY, SATURDAY, LATER),
    (USUAL, ANY, PAUSED, LATER),
    (USUAL, ANY, DND, LATER),
    (USUAL, ANY, LOCKED, LATER),
    (USUAL, ANY, FILM, LATER),
    (USUAL, NO_HOURS, EVENING, POPUP),
    (URGENT, ANY, EVENING, POPUP),
    (URGENT, ANY, SATURDAY, POPUP),
    (URGENT, ANY, PAUSED, POPUP),
    (URGENT, ANY, DND, LATER),
    (URGENT, ANY, LOCKED, LATER),
    (URGENT, ANY, FILM, LATER),
    (MILD, ANY, EVENING, NUMBER),
    (USUAL, MUTES_PAUL, AT_WORK, POPUP),
    (URGENT, MUTES_PAUL, EVENING, POPUP),
    (USUAL, NO_POPUPS, AT_WORK, POPUP),
    (replace(USUAL, got=True), ANY, AT_WORK, NOTHING),
    (replace(URGENT, got=True), ANY, AT_WORK, NOTHING),
    (replace(USUAL, over=True), ANY, AT_WORK, NUMBER),
    (replace(URGENT, over=True), ANY, AT_WORK, NUMBER),
    (replace(USUAL, age=OLD), ANY, AT_WORK, POPUP),
    (USUAL, ANY, LOOKING, NUMBER),
    (USUAL, ANY, LARGE, POPUP),
    # what is for me
    (NAMES_ME, ANY, AT_WORK, POPUP),
    (NAMES_ME, ANY, EVENING, NUMBER),
    (NAMES_ME, ANY, PAUSED, NUMBER),
    (NAMES_ME, ANY, LOCKED, NUMBER),
    (NAMES_ME, ANY, LOOKING, NOTHING),
    (NAMES_ME, MUTES_PAUL, AT_WORK, POPUP),
    (NAMES_ME, MUTES_THREAD, AT_WORK, POPUP),
    (NAMES_ME, NO_POPUPS, AT_WORK, NUMBER),
    (NAMES_ME, ANY, LARGE, POPUP),
    (replace(NAMES_ME, age=OLD), ANY, AT_WORK, NUMBER),
    (TO_ME, ANY, AT_WORK, POPUP),
    (TO_ME, MUTES_PAUL, AT_WORK, NOTHING),
    (TO_ME, ANY, SATURDAY, NUMBER),
    (SEALED, ANY, AT_WORK, POPUP),
    (SEALED, MUTES_PAUL, AT_WORK, NUMBER),
    (SEALED, ANY, EVENING, NUMBER),
    (WATCHED, ANY, AT_WORK, NUMBER),
    (WATCHED, MUTES_PAUL, AT_WORK, NOTHING),
    (WATCHED, ANY, LOOKING, NOTHING),
    # what I take part in, and follow
    (MY_THREAD, ANY, AT_WORK, POPUP),
    (MY_THREAD, MUTES_THREAD, AT_WORK, NOTHING),
    (MY_THREAD, ANY, LARGE, POPUP),
    (MY_THREAD, ANY, FILM, NUMBER),
    (POST, FOLLOWS_PAUL, AT_WORK, POPUP),
    (POST, FOLLOWS_PAUL, EVENING, NUMBER),
    (SALES, FOLLOWS_SALES, AT_WORK, POPUP),
    (SALES, BOTH, AT_WORK, NOTHING),
    (POST, BOTH, AT_WORK, POPUP),
    # the rest
    (POST, ANY, AT_WORK, DOT),
    (POST, ANY, EVENING, DOT),
    (POST, ANY, LOOKING, NOTHING),
    (POST, MUTES_PAUL, AT_WORK, NOTHING),
    (SALES, MUTES_SALES, AT_WORK, NOTHING),
    (ANSWER, ANY, AT_WORK, DOT),
    (QUESTION, ANY, AT_WORK, POPUP),
    (QUESTION, ANY, EVENING, NUMBER),
    (QUESTION, ANY, LARGE, DOT),
    (QUESTION, FOLLOWS_PAUL, LARGE, POPUP),
    (QUESTION, MUTES_PAUL, AT_WORK, NOTHING),
    (replace(QUESTION, age=OLD), ANY, AT_WORK, NUMBER),
    (ITEM, ANY, AT_WORK, DIGEST),
    (ITEM, MUTES_FEED, AT_WORK, NOTHING),
    (ITEM, ANY, EVENING, DIGEST),
    (replace(ITEM, watched=True), ANY, AT_WORK, NUMBER),
    # the edges of the day
    (NAMES_ME, ANY, EARLY, NUMBER),
    (NAMES_ME, ANY, EIGHT, POPUP),
    (NAMES_ME, ANY, SEVEN, NUMBER),
    (NAMES_ME, Taste(hours=NIGHT_SHIFT), replace(AT_WORK, minute=23 * 60), POPUP),
    (NAMES_ME, Taste(hours=NIGHT_SHIFT), AT_WORK, NUMBER),
    (NAMES_ME, Taste(hours=NIGHT_SHIFT), replace(SATURDAY, minute=5 * 60), POPUP),
    (NAMES_ME, Taste(hours=NIGHT_SHIFT), replace(SATURDAY, minute=23 * 60), NUMBER),
    (NAMES_ME, Taste(hours=NIGHT_SHIFT), replace(AT_WORK, minute=5 * 60), NUMBER),
    (NAMES_ME, Taste(hours=Hours(0, 0)), replace(AT_WORK, minute=0), POPUP),
    (NAMES_ME, Taste(hours=Hours(0, 0)), SATURDAY, NUMBER),
]


@pytest.mark.parametrize(("news", "taste", "now", "verdict"), TABLE)
def test_the_table(news: News, taste: Taste, now: Moment, verdict: Verdict) -> None:
    assert decide(news, taste, now) == verdict


def test_the_table_is_as_long_as_it_should_be() -> None:
    assert len(TABLE) >= 60 and len({(n, t, m) for n, t, m, _v in TABLE}) == len(TABLE)
