"""What holds for the whole office: a keyholder sets it, as a file or piece by piece, and it holds on every PC."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import pytest

from deskblog import limits
from deskblog.engine import settings_file as file
from deskblog.engine.office_settings import changes_between
from deskblog.errors import Refused, Unusable
from deskblog.log import act as a
from deskblog.log import charter
from deskblog.log.settings import ANY_HOUR, FEEDS, LOCKS, NOTHING, QUIET, OfficeFeed, Settings
from deskblog.records import replace
from deskblog.values import USUAL_HOURS, Hours, Role
from tests.engine.desk import Desk, desks
from tests.engine.test_membership import digest, level

BREW = OfficeFeed("https://brew.example/feed.xml", "Trade", "Brew “&” <b>\\")
EARLY = Hours(7 * 60, 16 * 60 + 30, (0, 1, 3))
FULL = Settings("Dupont & fils", 300, 5, ("menu", "shop"), EARLY, (BREW, OfficeFeed("http://b.example/")),
                frozenset(LOCKS))  # fmt: skip

MANY = tuple(OfficeFeed(f"https://a.example/{n}") for n in range(40))


async def force(desk: Desk, **words: str | int) -> None:
    """A rule as a program of somebody's own would write it."""
    vault = desk.engine._vault
    assert vault.office is not None
    settings = {word.replace("_", "-"): value for word, value in words.items()}
    await desk.engine.membership._write(charter.ruling(vault.keys, vault.office, vault.office.name, settings, 9))


def rules(desk: Desk) -> int:
    office = desk.engine._vault.office
    return sum(isinstance(act.fields, a.Rule) for act in office.acts.values()) if office is not None else 0


# --- the file -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "settings",
    [
        Settings("Office"),
        FULL,
        replace(FULL, hours=ANY_HOUR, feeds=(), locked=frozenset({QUIET})),
        replace(FULL, name='"quoted" \\ [x] = # é ü', hours=USUAL_HOURS, locked=frozenset({FEEDS})),
        replace(FULL, hours=Hours(0, 0, (6,)), feeds=tuple(OfficeFeed(f"https://a.example/{n}") for n in range(40))),
    ],
)
def test_what_is_printed_is_read_as_it_was(settings: Settings) -> None:
    text = file.written(settings, "As set by \u2028 Anne.\nname = 'x'")
    assert file.read(text, settings) == settings
    assert file.read(text.replace("\n", "\r\n"), replace(NOTHING, name="x")) == settings
    lines = text.splitlines()
    assert max(map(len, lines[:30])) <= 118
    for word in ("name", "retention-days", "announcements-week", "public-tags", "quiet-hours", "feeds", "locked"):
        at = next(n for n, line in enumerate(lines) if line.startswith(f"{word} = "))
        assert lines[at - 1].startswith("# "), "each is explained"


def test_each_example_in_a_comment_can_be_taken() -> None:
    text = file.written(Settings("Office"), "")
    examples = re.findall(r"^#     (.*)$", text, re.M)
    read = file.read("\n".join(f"{word} = {one}" for word, one in zip(
        ("public-tags", "quiet-hours", "feeds", "locked"), examples, strict=True)), NOTHING)  # fmt: skip
    assert read.tags == ("menu", "shop") and read.hours == Hours(450, 1080, (0, 1, 2, 3, 4))
    assert read.feeds[0].url == "https://news.example.org/feed.xml" and read.locked == frozenset(LOCKS)


def test_what_a_file_does_not_name_stays() -> None:
    assert file.read("", FULL) == FULL
    assert file.read("retention-days = 0", FULL) == replace(FULL, days=0)
    assert file.read("quiet-hours = 'usual'", FULL) == replace(FULL, hours=None, locked=frozenset({FEEDS}))
    assert file.read("feeds = []\nlocked = ['quiet-hours']", FULL).locked == {QUIET}
    table = (
        "[quiet-hours]\nfrom = '8:00'\nto = '24:00'\ndays = ['SAT', 'mon', 'sat']\n[[feeds]]\naddress = 'a.example/x'"
    )
    read = file.read(table, NOTHING)
    assert read.hours == Hours(480, 0, (0, 5)) and read.feeds == (OfficeFeed("https://a.example/x"),)


WRONG = {
    "name = 3": "text",
    "name = ''": "name is needed",
    f"name = '{'x' * 65}'": "65 characters",
    "retention-days = -1": "0 to 36500",
    "retention-days = 36501": "0 to 36500",
    "retention-days = true": "0 to 36500",
    "retention-days = 1.5": "0 to 36500",
    "announcements-week = '3'": "0 to 50",
    "announcements-week = 51": "0 to 50",
    "public-tags = 'shop'": "list of texts",
    "public-tags = ['shop', 'a b']": "no tag",
    f"public-tags = {[f't{n}' for n in range(17)]}": "16 tags",
    "quiet-hours = 8": "from, to and days",
    "quiet-hours = { from = '8:00', to = '19:00' }": "from, to and days",
    "quiet-hours = { from = '8', to = '19:00', days = ['mon'] }": "time of day",
    "quiet-hours = { from = '8:00', to = '24:01', days = ['mon'] }": "time of day",
    "quiet-hours = { from = '24:00', to = '8:00', days = ['mon'] }": "time of day",
    "quiet-hours = { from = 8, to = '19:00', days = ['mon'] }": "time of day",
    "quiet-hours = { from = 08:00:00, to = '19:00', days = ['mon'] }": "time of day",
    "quiet-hours = { from = '8:00', to = '19:00', days = [] }": "one at least",
    "quiet-hours = { from = '8:00', to = '19:00', days = ['lundi'] }": "one at least",
    "feeds = 'https://a.example/'": "list of feeds",
    "feeds = ['https://a.example/']": "list of feeds",
    "feeds = [{ folder = 'x' }]": "no address",
    "feeds = [{ address = 3 }]": "all texts",
    "feeds = [{ address = 'https://a.example/', muted = true }]": "all texts",
    "feeds = [{ address = 'file:///etc/passwd' }]": "no address",
    "feeds = [{ address = 'https://anne:x@a.example/' }]": "password",
    "feeds = [{ address = 'http://127.0.0.1/feed' }]": "own network",
    "feeds = [{ address = 'http://[::1]/feed' }]": "own network",
    "feeds = [{ address = 'http://192.168.1.1/feed' }]": "own network",
    "feeds = [{ address = 'http://intranet/feed' }]": "own network",
    "feeds = [{ address = 'http://wiki.local/feed' }]": "own network",
    "feeds = [{ address = 'https://a.example' }, { address = 'https://A.example:443/' }]": "twice",
    f"feeds = [{{ address = 'https://a.example/{'x' * 500}' }}]": "500 characters",
    f"feeds = [{{ address = 'https://a.example/', title = '{'x' * 65}' }}]": "64",
    f"feeds = {[f'https://a.example/{n}' for n in range(41)]}".replace("'h", "{ address = 'h").replace(
        "',", "' },").replace("']", "' }]"): "40 feeds",
    "locked = ['retention-days']": "cannot be locked",
    "locked = ['feeds']": "not set",
    "colour = 'red'": "no setting",
    "[colour]": "no setting",
    "'\u202e<b>' = 1": "no setting",
}  # fmt: skip


@pytest.mark.parametrize("line", WRONG)
def test_what_is_wrong_is_said_with_its_line_and_the_next_step(line: str) -> None:
    with pytest.raises(Refused) as fault:
        file.read(f"# a comment\n\n{line}\n", Settings("Office"))
    assert fault.value.what.startswith("Line 3 of the file: ") and WRONG[line] in fault.value.what
    assert fault.value.kept == "Nothing was changed." and "office settings" in fault.value.next_step
    assert not set("\u202e\n\x1b") & set(fault.value.what)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("name = 'x'\nname = 'y'", 2),
        ("name = 'x'\n\nfeeds = [\n", 4),
        ("name = \x00", 1),
        ("\nlocked = ['feeds'", 2),
        ("x = " + "[" * 100_000, 1),
        ("x = " + "9" * 5000, 1),
    ],
)
def test_what_is_no_toml_is_said_with_its_line(text: str, line: int) -> None:
    with pytest.raises(Refused, match=f"Line {line} of the file cannot be read."):
        file.read(text, NOTHING)


def test_in_a_long_list_the_line_is_that_of_the_feed() -> None:
    text = "feeds = [\n  { address = 'https://a.example/' },\n  { address = 'http://10.0.0.1/' },\n]\n"
    with pytest.raises(Refused, match="Line 3 of the file"):
        file.read(text, NOTHING)


async def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        settings = anne.engine.office_settings
        assert settings.now == NOTHING and not settings.may_set
        with pytest.raises(Refused, match="no office"):
            await settings.set(FULL)
        await anne.found()
        path = tmp_path / "settings.toml"
        with pytest.raises(Unusable, match="cannot be read"):
            await settings.take_file(path)
        for body in (b"\xff\xfe", b"#" * (limits.OFFICE_FILE + 1)):
            path.write_bytes(body)
            with pytest.raises(Refused, match="holds no settings"):
                await settings.take_file(path)
        path.write_bytes(b"\xef\xbb\xbfretention-days = 9\r\n" + b"#" * (limits.OFFICE_FILE - 24))
        assert [one.word for one in await settings.take_file(path)] == ["retention-days"]
        with pytest.raises(Unusable, match="cannot be written"):
            await settings.give_file(tmp_path)


# --- setting it ---------------------------------------------------------------------------------------------
async def test_it_is_one_act_and_none_if_nothing_changed_and_everybody_has_it(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        settings, before = anne.engine.office_settings, rules(anne)
        changes = await settings.take(file.written(FULL, ""))
        assert [one.word for one in changes] == [
            "retention-days", "announcements-week", "public-tags", QUIET, "locked", FEEDS, FEEDS,
        ]  # fmt: skip
        assert changes[0].text == "Posts are kept: 300 days (before: for ever)."
        assert changes[-1].text == "Every PC follows http://b.example/."
        assert rules(anne) == before + 1
        await level(anne, paul)
        assert paul.engine.office_settings.now == settings.now == FULL
        by = paul.engine.office_settings.set_by
        assert by.person == "Anne" and by.at > 0 and not paul.engine.office_settings.may_set
        for again in (file.written(FULL, ""), await paul.engine.office_settings.text(), ""):
            assert await settings.take(again) == ()
        assert rules(anne) == before + 1
        for wanted in (FULL, replace(FULL, days=1)):
            with pytest.raises(Refused, match="Only a keyholder"):
                await paul.engine.office_settings.set(wanted)
        assert paul.engine.office_settings.now == FULL
        assert [one.text for one in await settings.set(Settings("Chez nous", 300, 5, FULL.tags))] == [
            "Name of the office: Chez nous (before: Dupont & fils).",
            "Popups may come: as usual, 08:00 to 19:00, Mon–Fri (before: 07:00 to 16:30, Mon–Tue, Thu).",
            "The same for everybody: none (before: Popups may come, Feeds).",
            f"The office follows {BREW.url} ({BREW.title}, Trade) no more.",
            "The office follows http://b.example/ no more.",
        ]  # fmt: skip
        await paul.until(lambda: paul.engine.office_name == "Chez nous")
        assert set(paul.engine._vault.office.settings) == {  # type: ignore[union-attr]
            "retention-days", "announcements-week", "public-tags",
        }  # fmt: skip


def test_a_feed_that_is_called_otherwise_is_neither_new_nor_gone() -> None:
    (change,) = changes_between(FULL, replace(FULL, feeds=(FULL.feeds[1], replace(BREW, title="", folder=""))))
    assert change.text == f"Feeds: {BREW.url} (before: {BREW.url} ({BREW.title}, Trade))."


async def test_what_a_program_does_not_know_stays_when_it_writes_a_rule(tmp_path: Path) -> None:
    """As an older one does with the words of this one: they are of another time to it."""
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        future: dict[str, str | int] = {"of-another-time": "x\ty", "and-more": 7}
        await force(anne, **future, quiet_hours="420 990 11", locked="future quiet-hours", feeds="?")
        await anne.engine.membership.rule(settings={"retention-days": 30})
        office = anne.engine._vault.office
        assert office is not None and dict(office.settings) == {
            **future, "quiet-hours": "420 990 11", "locked": "future quiet-hours", "feeds": "?", "retention-days": 30,
        }  # fmt: skip
        settings = anne.engine.office_settings
        await settings.set(replace(settings.now, locked=frozenset()))
        office = anne.engine._vault.office
        assert office is not None and office.settings["locked"] == "future" and office.settings["feeds"] == "?"
        await settings.set(replace(settings.now, feeds=(BREW,)))
        assert settings.now.feeds == (BREW,) and settings.now.locked == frozenset()


async def test_a_lock_that_waits_for_its_setting_is_not_set_unsaid(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        await force(anne, locked="feeds quiet-hours")
        settings = anne.engine.office_settings
        await settings.set(replace(settings.now, feeds=(BREW,)))
        assert settings.now.locked == frozenset()


async def test_what_does_not_fit_an_act_is_refused(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        await force(anne, of_another_time="x" * (limits.ACT - 1000))
        settings = anne.engine.office_settings
        feeds = tuple(OfficeFeed(f"https://a.example/{n}{'x' * 400}") for n in range(40))
        with pytest.raises(Refused, match="more than the office's rule can hold"):
            await settings.set(replace(settings.now, feeds=feeds))
        assert settings.now.feeds == ()


HOSTILE: dict[str, dict[str, str | int]] = {
    "types": {"quiet_hours": 7, "feeds": limits.SEQ, "locked": 3, "public_tags": 1, "retention_days": "x"},
    "huge": {"feeds": "https://a.example/\t\t\n" * 2200, "locked": "feeds quiet-hours"},
    "numbers": {"retention_days": limits.SEQ, "announcements_week": limits.SEQ, "quiet_hours": "99999 1 1"},
    "markup": {
        "feeds": "https://a.example/\t<b>x</b>\t<img src='file://x'>\x1b[2J\n",
        "public_tags": "<b>:1 \u202eshop:2 menu:3",
        "locked": "feeds <script>",
    },
    "inside": {
        "feeds": "http://127.0.0.1:1/\t\t\nhttp://10.1.2.3/\tx\t\nhttp://u:p@a.example/\t\t\nhttp://nas/\t\t\n"
        "http://[::ffff:10.0.0.1]/\t\t\nhttp://2130706433/\t\t\nhttp://a..b:99999/\t\t\nhttps://[\t\t",
        "locked": "feeds",
    },
}


@pytest.mark.parametrize("kind", HOSTILE)
async def test_a_hostile_keyholders_rule_harms_nobody_and_can_be_set_right(tmp_path: Path, kind: str) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        await anne.engine.membership.role("Paul", Role.KEYHOLDER)
        await level(anne, paul)
        await force(anne, **HOSTILE[kind])
        await level(anne, paul)
        settings = paul.engine.office_settings
        text = await settings.text()
        assert not set("\x1b\u202e\x00") & set(text)
        now, before = settings.now, rules(paul)
        assert await settings.take(text) == () and rules(paul) == before, "exact, also of what is hostile"
        assert paul.engine.attention.hours == USUAL_HOURS
        urls = [row.url for row in await paul.engine.feeds.rows()]
        assert urls == ([] if kind in ("types", "numbers", "inside") else ["https://a.example/"])
        assert (await paul.engine.announcing.standing()).allowed >= 0
        await settings.set(replace(now, feeds=(BREW,), days=9, locked=frozenset()))
        await level(paul, anne)
        assert anne.engine.office_settings.now == settings.now
        await paul.engine.post("Still here")


async def test_two_keyholders_at_once_and_all_follow_one(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul", "Karim") as people:
        anne, paul, karim = people
        await anne.found()
        await anne.admit(paul)
        await anne.engine.membership.role("Paul", Role.KEYHOLDER)
        await level(anne, paul)
        await paul.admit(karim)
        await level(paul, anne, karim)
        anne_s, paul_s = anne.engine.office_settings, paul.engine.office_settings
        vault = paul.engine._vault
        assert vault.office is not None
        said = {QUIET: "420 990 31", FEEDS: "https://p.example/\t\t"}
        at_once = charter.ruling(vault.keys, vault.office, "Paul's", said, 9)  # before he knows of hers
        await anne_s.set(replace(anne_s.now, hours=EARLY, feeds=(BREW,), locked=frozenset(LOCKS)))
        await paul.engine.membership._write(at_once)
        await level(anne, karim)
        for desk in people:
            await desk.until(lambda: len({digest(one) for one in people}) == 1)
        assert anne_s.now == paul_s.now == karim.engine.office_settings.now
        hers = anne_s.now.hours == EARLY
        wanted = {BREW.url} if hers else {"https://p.example/"}
        for desk in people:
            await until_followed(desk, wanted)
        await paul_s.set(replace(paul_s.now, feeds=(), locked=frozenset()))
        for desk in people:
            await until_followed(desk, set())


async def until_followed(desk: Desk, urls: set[str]) -> None:
    await desk.until(lambda: {kept.url for kept in desk.engine.feeds.kept.values()} == urls)


# --- quiet hours --------------------------------------------------------------------------------------------
async def test_the_offices_hours_hold_for_whoever_has_chosen_none(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        settings, his = anne.engine.office_settings, paul.engine.attention
        await his.mute("#noise", until=0)
        await his.choose(popups=True, hours=True, begins=480, ends=1140, days=(0, 1, 2, 3, 4), told=True)
        assert his.hours == USUAL_HOURS
        assert not his.chosen.own
        await settings.set(replace(settings.now, hours=EARLY))
        await level(anne, paul)
        assert (his.hours, his.own, his.locked) == (EARLY, False, False)
        assert paul.engine.profiles.mine.hours is None
        await his.choose(ends=20 * 60)
        assert (his.hours, his.own) == (replace(EARLY, ends=1200), True), "from what held"
        await until_told(anne, his.hours)
        await settings.set(replace(settings.now, hours=ANY_HOUR))
        await level(anne, paul)
        assert his.hours == replace(EARLY, ends=1200)
        await his.choose(own=False)
        assert his.hours == ANY_HOUR and paul.engine.profiles.mine.hours is None
        await settings.set(replace(settings.now, hours=None))
        await level(anne, paul)
        assert his.hours == USUAL_HOURS


async def test_locked_hours_are_everybodys_and_own_ones_wait(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        settings, his = anne.engine.office_settings, paul.engine.attention
        own = Hours(0, 60, (6,))
        await his.choose(begins=0, ends=60, days=(6,))
        await until_told(anne, own)
        await settings.set(replace(settings.now, hours=EARLY, locked=frozenset({QUIET})))
        await level(anne, paul)
        assert (his.hours, his.locked, his.own) == (EARLY, True, True)
        assert told(anne) == EARLY, "a colleague is told those that hold"
        for changes in ({"begins": 0}, {"hours": False}, {"days": (6,)}):
            with pytest.raises(Refused, match="office has set"):
                await his.choose(**changes)
        await his.choose(popups=False, begins=EARLY.begins, ends=EARLY.ends, days=EARLY.days, hours=True, told=True)
        assert not his.chosen.popups and paul.engine.profiles.mine.hours == own
        await settings.set(replace(settings.now, locked=frozenset()))
        await level(anne, paul)
        assert his.hours == own and told(anne) == own


async def test_whose_hours_an_urgent_announcement_breaks_follows_the_office(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        settings, announcing = anne.engine.office_settings, anne.engine.announcing
        for hours, resting in ((ANY_HOUR, ()), (_never_now(announcing._now()), ("Paul",))):
            await settings.set(replace(settings.now, hours=hours))
            assert (await announcing.standing()).resting == resting


def _never_now(now: int) -> Hours:
    """One minute of a day that is not today, by whatever zone."""
    day = (now // 86_400_000 + 3 + 3) % 7  # 1 January 1970 was a Thursday; three days on
    return Hours(0, 1, (day,))


def told(desk: Desk) -> Hours | None:
    (paul,) = (one for one in desk.engine._people() if one.name == "Paul")
    return paul.profile.hours


async def until_told(desk: Desk, hours: Hours) -> None:
    await desk.until(partial(_is_told, desk, hours))


def _is_told(desk: Desk, hours: Hours) -> bool:
    return told(desk) == hours


async def test_hours_that_an_older_version_kept_are_ones_own_if_they_are_not_the_usual_ones(tmp_path: Path) -> None:
    for kept, own in (('{"begins":480,"muted":{"x":0}}', False), ('{"begins":420}', True), ('{"hours":false}', True)):
        async with desks(tmp_path, "Anne", network=False) as (anne,):
            if not anne.engine.in_office:
                await anne.found()
            await anne.engine._vault.call(anne.engine._vault.store.put, "ui-attention", kept)
        async with desks(tmp_path, "Anne", network=False) as (anne,):
            assert anne.engine.attention.own is own
