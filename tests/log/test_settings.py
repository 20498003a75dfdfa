"""What a rule says, read: what makes no sense says nothing, whoever wrote it, and the usual holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskblog import limits
from deskblog.log import act as a
from deskblog.log.office import fold
from deskblog.log.settings import (
    ANY_HOUR,
    FEEDS,
    LOCKED,
    LOCKS,
    NOTHING,
    QUIET,
    OfficeFeed,
    Settings,
    hours_of,
    read_feeds,
    read_hours,
    read_settings,
    written_feeds,
    written_hours,
    written_locks,
)
from deskblog.values import USUAL_HOURS, Hours, Role
from tests.log.chronicle import office_of

BREW = "https://brew.example/feed.xml"


def said(**words: str | int) -> Settings:
    return read_settings("Office", {word.replace("_", "-"): value for word, value in words.items()})


def test_hours_are_three_numbers_and_whatever_else_is_none() -> None:
    assert read_hours("480 1140 31") == USUAL_HOURS
    assert read_hours("1320 360 127") == Hours(1320, 360, (0, 1, 2, 3, 4, 5, 6))
    assert read_hours("0 0 127") == read_hours("600 600 127") == ANY_HOUR
    for wrong in (
        "", "480", "480 1140", "480 1140 0", "480 1140 128", "1440 0 1", "0 1441 1", "-1 0 1", "0480 1140 31",
        "٤ 9 1", "480  1140 31", " 480 1140 31", "480 1140 31 ", "480 1140 31\n", "4e2 1140 31",
        "9" * 5000, "<b>8</b> 9 1",
    ):  # fmt: skip
        assert read_hours(wrong) is None, wrong


@given(st.integers(0, 1439), st.integers(0, 1440), st.sets(st.integers(0, 6), min_size=1))
def test_hours_written_are_read_again(begins: int, ends: int, days: set[int]) -> None:
    hours = read_hours(written_hours(Hours(begins, ends, tuple(sorted(days)))))
    assert hours is not None and read_hours(written_hours(hours)) == hours
    for minute in (0, 1, begins, max(0, ends - 1), 1439):
        for weekday in range(7):
            assert hours.quiet(weekday, minute) == Hours(begins, ends, tuple(sorted(days))).quiet(weekday, minute)


def test_of_feeds_the_lines_that_read_so_count_and_few() -> None:
    lines = [
        f"{BREW}\tTrade\tBrew",
        "ftp://brew.example/\t\t",
        "javascript:alert(1)\t\t",
        "https://brew.example/a b\t\t",
        "https://brew.example/\x00\t\t",
        "https://brew.example/two\tonly",
        f"{BREW}\tAgain\t",
        f"https://brew.example/{'x' * 500}\t\t",
        f"https://brew.example/long\t{'x' * 65}\t",
        "http://brew.example/é\t\u202e<b>Fol</b>\x1b[31mder\t  a\u2028b ",
    ]
    assert read_feeds("\n".join(lines)) == (
        OfficeFeed(BREW, "Trade", "Brew"),
        OfficeFeed("http://brew.example/é", "<b>Fol</b>[31mder", "a b"),
    )
    many = tuple(OfficeFeed(f"{BREW}?{n}") for n in range(limits.OFFICE_FEEDS + 9))
    assert read_feeds(written_feeds(many)) == many[: limits.OFFICE_FEEDS]
    for length, there in ((limits.OFFICE_FEED, 1), (limits.OFFICE_FEED + 1, 0)):
        assert len(read_feeds(f"{BREW}{'é' * 200}{'x' * (length - len(BREW) - 400)}\t\t")) == there
    for length, there in ((limits.OFFICE_FEED_NAME, 2), (limits.OFFICE_FEED_NAME + 1, 0)):
        assert len(read_feeds(f"{BREW}\t{'x' * length}\t\n{BREW}?2\t\t{'x' * length}")) == there


def test_as_many_feeds_as_there_may_be_fit_an_act_at_their_longest() -> None:
    feeds = [
        OfficeFeed(f"{BREW}?{n:02}{'x' * (limits.OFFICE_FEED - len(BREW) - 3)}", "𝕏" * 64, "𝕏" * 64)
        for n in range(limits.OFFICE_FEEDS)
    ]
    tags = " ".join(f"{n:02}{'é' * 48}:{10**15}" for n in range(limits.PUBLIC_TAGS))
    book = office_of()
    settings = {"feeds": written_feeds(feeds), "locked": "feeds quiet-hours", "public-tags": tags}
    settings["quiet-hours"] = "480 1140 31"
    book.write("anne", a.Rule("é" * 64, tuple(sorted(settings.items()))))
    assert len(book.office().says.feeds) == limits.OFFICE_FEEDS and len(book.acts[-1].raw) < limits.ACT - 2048


def test_a_lock_counts_where_its_setting_says_something() -> None:
    assert said(locked="feeds quiet-hours future").locked == frozenset()
    assert said(locked="quiet-hours", quiet_hours="nonsense").locked == frozenset()
    assert said(locked="quiet-hours", quiet_hours="0 0 127").locked == {QUIET}
    assert said(locked="feeds  other", feeds=f"{BREW}\t\t").locked == {FEEDS}
    assert said(locked=7, feeds=f"{BREW}\t\t").locked == frozenset()
    assert written_locks({FEEDS, QUIET}) == "feeds quiet-hours" and set(LOCKS) == {FEEDS, QUIET}


def test_locked_hours_are_everybodys_and_others_are_for_whoever_says_none() -> None:
    own, office = Hours(0, 60, (6,)), "420 1020 15"
    assert hours_of(own, NOTHING) == own and hours_of(None, NOTHING) == USUAL_HOURS
    assert hours_of(own, said(quiet_hours=office)) == own
    assert hours_of(None, said(quiet_hours=office)) == Hours(420, 1020, (0, 1, 2, 3))
    assert hours_of(own, said(quiet_hours=office, locked="quiet-hours")) == Hours(420, 1020, (0, 1, 2, 3))


@pytest.mark.parametrize("word", ["retention-days", "announcements-week", "public-tags", QUIET, FEEDS, LOCKED])
@pytest.mark.parametrize(
    "value", [0, limits.SEQ, "", "x" * 40_000, "\t\t\n" * 9000, "<b>&amp;\x00\x1b[2J\u202e", "1 1"]
)
def test_a_setting_of_another_type_or_size_is_as_if_it_were_not_there(word: str, value: str | int) -> None:
    read = read_settings("Office", {word: value, "of-another-time": value})
    usual = Settings("Office", announcements=read.announcements, days=read.days)
    assert read == usual and 0 <= read.days <= limits.RETENTION_DAYS
    assert 0 <= read.announcements <= limits.ANNOUNCED_MOST


values = st.one_of(st.integers(0, limits.SEQ), st.text(), st.from_regex(r"[0-9 ]{0,12}"), st.just(f"{BREW}\t\t"))


@given(st.dictionaries(st.sampled_from(["retention-days", "public-tags", QUIET, FEEDS, LOCKED, "else"]), values))
def test_whatever_a_rule_says_can_be_read_and_said_again(settings: dict[str, str | int]) -> None:
    read = read_settings("Office", settings)
    again = read_settings(
        "Office",
        {
            "retention-days": read.days,
            "public-tags": settings.get("public-tags", ""),
            QUIET: written_hours(read.hours),
            FEEDS: written_feeds(read.feeds),
            LOCKED: written_locks(read.locked),
        },
    )
    assert again == read


def test_of_two_rules_at_once_all_pcs_follow_one_and_a_next_one_knows_both() -> None:
    book = office_of("bruno")
    book.role("bruno", Role.KEYHOLDER)
    before = [book.acts[-1]]
    for name, hours in (("anne", "420 1020 31"), ("bruno", "480 1080 31")):
        book.write(name, a.Rule("Office", ((QUIET, hours),)), after=before)
    acts = book.acts
    one, other = fold(acts), fold([*acts[:-2], acts[-1], acts[-2]])
    assert one.says == other.says and one.rule is not None
    assert one.rule.id == min(acts[-2].id, acts[-1].id)
    book.write("anne", a.Rule("Office", ((FEEDS, f"{BREW}\t\t"),)))
    assert book.office().says == Settings("Office", feeds=(OfficeFeed(BREW),))
