"""The office's settings as a file that a person reads and changes: TOML, every line explained.

What a file does not name stays as it is; what it names is checked, and what is wrong is said with its line. A value
that holds already is never found fault with, whoever wrote it into the rule.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Callable, Mapping
from typing import Any

from deskblog import limits
from deskblog.engine.office_feeds import followed_address, why_not
from deskblog.errors import Refused
from deskblog.i18n import _
from deskblog.log import kinds
from deskblog.log.publicity import SETTING as TAGS
from deskblog.log.settings import (
    ANNOUNCEMENTS,
    ANY_HOUR,
    DAYS,
    DAYS_KEPT,
    FEEDS,
    LOCKED,
    LOCKS,
    QUIET,
    OfficeFeed,
    Settings,
    clock,
    same_hours,
    url_fits,
)
from deskblog.records import replace
from deskblog.store.marks import tags
from deskblog.values import Hours

NAME = "name"
USUAL, NONE = "usual", "none"
WIDE = 100
_LINE = re.compile(r"line (\d+)")
_CLOCK = re.compile(r"([01]?[0-9]|2[0-4]):([0-5][0-9])")


class Wrong(Exception):
    """`what` is wrong with a value; `at`: words of the file that stand in its line."""

    def __init__(self, what: str, at: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.at = at

    def alone(self) -> Refused:
        """Without a file."""
        return Refused(f"{self.what[:1].upper()}{self.what[1:]}.", kept=_("Nothing was changed."))


# --- written ----------------------------------------------------------------------------------------------
def written(settings: Settings, head: str) -> str:
    """`head`: of whom and when they are."""
    how = _("Change a line, then: deskblog office settings FILE. What the file does not name stays as it is.")
    told = _told()
    values = {
        NAME: _text(settings.name),
        DAYS_KEPT: str(settings.days),
        ANNOUNCEMENTS: str(settings.announcements),
        TAGS: _list(settings.tags),
        QUIET: _hours(settings.hours),
        FEEDS: _feeds(settings.feeds),
        LOCKED: _list(sorted(settings.locked)),
    }
    lines = (f"{_comment(*told[word])}{word} = {value}\n" for word, value in values.items())
    return "\n".join([_comment(head, how), *lines])


def _told() -> Mapping[str, tuple[str, ...]]:
    """What is said above each line."""
    shown = OfficeFeed("https://news.example.org/feed.xml", _("Trade"), _("Trade news"))
    return {
        NAME: (_("What the office is called."),),
        DAYS_KEPT: (_("For how many days posts are kept (1 to {n}); 0: for ever.").format(n=limits.RETENTION_DAYS),),
        ANNOUNCEMENTS: (
            _("How many announcements of one person a week interrupt others (0 to {n}).").format(
                n=limits.ANNOUNCED_MOST
            ),
        ),
        TAGS: (
            _("What is written with one of these tags is public, unless its author says no:"),
            _list(("shop", "menu")),
        ),
        QUIET: (
            _("When popups may come to whoever has chosen no hours of their own:"),
            _hours(Hours(450, 1080, (0, 1, 2, 3, 4))),
            _("or {none}: at any time, or {usual}: from 8 to 19, Monday to Friday.").format(
                none=_text(NONE), usual=_text(USUAL)
            ),
            _("Days are {days}.").format(days=", ".join(DAYS)),
        ),
        FEEDS: (
            _("Feeds that every PC follows, {n} at most, none of your own network:").format(n=limits.OFFICE_FEEDS),
            f"[{_feed(shown)}]",
            _("Without a title it is the feed's own; without a folder it stands in none."),
        ),
        LOCKED: (_("What of it nobody may choose otherwise:"), _list(LOCKS)),
    }


def _comment(*told: str) -> str:
    """Sentences are broken, what shows how a value is written is set in."""
    lines: list[str] = []
    for one in told:
        lines += [f"    {one}"] if one.startswith(("[", "{")) else textwrap.wrap(one, WIDE, break_on_hyphens=False)
    return "".join(f"# {line}\n" for line in lines)


def _text(said: str) -> str:
    """As TOML has it; JSON's strings are the same but for one character."""
    return json.dumps(said, ensure_ascii=False).replace("\x7f", "\\u007f")


def _quoted(said: str) -> str:
    return _("“{text}”").format(text=_text(said)[1:-1])


def _list(words: Any) -> str:
    return "[" + ", ".join(_text(word) for word in words) + "]"


def _hours(hours: Hours | None) -> str:
    if hours is None:
        return _text(USUAL)
    if hours == ANY_HOUR:
        return _text(NONE)
    days = _list(DAYS[n] for n in hours.days)
    return f'{{ from = "{clock(hours.begins)}", to = "{clock(hours.ends)}", days = {days} }}'


def _feeds(feeds: tuple[OfficeFeed, ...]) -> str:
    return "[\n" + "".join(f"    {_feed(one)},\n" for one in feeds) + "]" if feeds else "[]"


def _feed(one: OfficeFeed) -> str:
    said = {"address": one.url, "folder": one.folder, "title": one.title}
    return "{ " + ", ".join(f"{word} = {_text(value)}" for word, value in said.items() if value) + " }"


# --- read -------------------------------------------------------------------------------------------------
def read(text: str, now: Settings) -> Settings:
    """What is to hold after it; Refused says which line is wrong."""
    said = _toml(text)
    wanted = now
    for word, value in said.items():
        try:
            wanted = _taken(word, value, wanted)
        except Wrong as fault:
            raise _refused(text, word, fault) from None
    lacking = [word for word, there in ((QUIET, wanted.hours), (FEEDS, wanted.feeds)) if not there]
    for word in lacking:
        if LOCKED in said and word in wanted.locked:
            raise _refused(text, LOCKED, Wrong(_("{word} is locked, but not set").format(word=_quoted(word))))
    return replace(wanted, locked=wanted.locked - set(lacking))


def _taken(word: str, value: Any, now: Settings) -> Settings:
    if word not in _READ:
        raise Wrong(_("“{word}” is no setting").format(word=kinds.status_text(word)[:40]))
    return _READ[word](value, now)


def _toml(text: str) -> Mapping[str, Any]:
    import tomllib

    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as fault:
        found = _LINE.search(str(fault))
        line = int(found[1]) if found else text.count("\n") + 1
        raise Refused(
            _("Line {n} of the file cannot be read.").format(n=line),
            kept=_("Nothing was changed."),
            next_step=_("Look for a quotation mark, comma or bracket that is missing, there or in the line above."),
        ) from None


def _refused(text: str, word: str, fault: Wrong) -> Refused:
    return Refused(
        _("Line {n} of the file: {what}.").format(n=_line(text, word, fault.at), what=fault.what),
        kept=_("Nothing was changed."),
        next_step=_("“deskblog office settings” shows how it may be written."),
    )


def _line(text: str, word: str, at: str) -> int:
    """Where a word is set, or in what follows `at` stands."""
    found = re.search(rf"^[ \t]*\[*[ \t]*[\"']?{re.escape(word)}[\"']?[ \t]*[=.\]]", text, re.M)
    start = found.start() if found else 0
    place = text.find(at, start) if at else -1
    return text.count("\n", 0, place if place >= 0 else start) + 1


def checked(word: str, value: Any, now: Settings) -> Settings:
    """The settings with one of them as a person wants it; Refused says what is wrong with it."""
    try:
        return _READ[word](value, now)
    except Wrong as fault:
        raise fault.alone() from None


def _name(value: Any, now: Settings) -> Settings:
    if value == now.name:
        return now
    if not isinstance(value, str):
        raise Wrong(_("the name is to be a text"))
    try:
        return replace(now, name=kinds.written_name(value))
    except Refused as fault:
        raise Wrong(fault.what.rstrip(".")) from None


def _days(value: Any, now: Settings) -> Settings:
    return replace(now, days=_number(value, limits.RETENTION_DAYS))


def _announcements(value: Any, now: Settings) -> Settings:
    return replace(now, announcements=_number(value, limits.ANNOUNCED_MOST))


def _number(value: Any, most: int) -> int:
    if type(value) is not int or not 0 <= value <= most:
        raise Wrong(_("this is to be a number from 0 to {most}").format(most=most))
    return value


def _tags(value: Any, now: Settings) -> Settings:
    found: set[str] = set()
    for one in _words(value):
        tag = one.removeprefix("#").lower()
        if tag not in now.tags and tags(f"#{tag}") != (tag,):
            raise Wrong(_("{word} is no tag").format(word=_quoted(one)), one)
        found.add(tag)
    if len(found) > limits.PUBLIC_TAGS:
        raise Wrong(_("{n} tags are the most").format(n=limits.PUBLIC_TAGS))
    return replace(now, tags=tuple(sorted(found)))


def _words(value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise Wrong(_("this is to be a list of texts"))
    return value


def _locked(value: Any, now: Settings) -> Settings:
    for one in _words(value):
        if one not in LOCKS:
            raise Wrong(_("{word} cannot be locked").format(word=_quoted(one)), one)
    return replace(now, locked=frozenset(value))


def _quiet(value: Any, now: Settings) -> Settings:
    if value in (USUAL, NONE):
        return replace(now, hours=ANY_HOUR if value == NONE else None)
    if not isinstance(value, dict) or value.keys() != {"from", "to", "days"}:
        raise Wrong(_("this is to say from, to and days"))
    begins, ends = _minutes(value["from"], 1439, "from"), _minutes(value["to"], 1440, "to")
    days = _words(value["days"])
    wrong = [day for day in days if day.lower() not in DAYS]
    if wrong or not days:
        raise Wrong(_("days are {days}, one at least").format(days=", ".join(DAYS)), "days")
    chosen = tuple(sorted({DAYS.index(day.lower()) for day in days}))
    hours = same_hours(Hours(begins, ends, chosen))
    return replace(now, hours=hours)


def _minutes(value: Any, most: int, at: str) -> int:
    found = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    minutes = int(found[1]) * 60 + int(found[2]) if found else 1441
    if minutes > most:
        raise Wrong(_("a time of day is a text like {form}").format(form='"08:30"'), at)
    return minutes


def _followed(value: Any, now: Settings) -> Settings:
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise Wrong(_("this is to be a list of feeds"))
    if len(value) > limits.OFFICE_FEEDS:
        raise Wrong(_("{n} feeds are the most").format(n=limits.OFFICE_FEEDS))
    found: list[OfficeFeed] = []
    for one in value:
        feed = checked_feed(one)
        if any(feed.url == other.url for other in found):
            raise Wrong(_("{feed} stands there twice").format(feed=_quoted(feed.url)), str(one["address"]))
        found.append(feed)
    return replace(now, feeds=tuple(found))


def checked_feed(said: Mapping[str, Any]) -> OfficeFeed:
    """A feed as the rule may name it; Wrong says why not."""
    address = said.get("address", "")
    at = address if isinstance(address, str) else ""
    strange = [word for word in said if word not in ("address", "folder", "title")]
    if strange or not all(isinstance(value, str) for value in said.values()):
        raise Wrong(_("a feed has an address, a folder and a title, all texts"), at or next(iter(strange), ""))
    url = followed_address(address)
    if reason := why_not(url):
        raise Wrong(reason.format(address=_quoted(kinds.status_text(address)[:80])), at)
    folder, title = (kinds.status_text(said.get(word, "")) for word in ("folder", "title"))
    if not url_fits(url) or max(len(folder), len(title)) > limits.OFFICE_FEED_NAME:
        raise Wrong(
            _("an address has at most {n} characters, a folder and a title {m}").format(
                n=limits.OFFICE_FEED, m=limits.OFFICE_FEED_NAME
            ),
            at,
        )
    return OfficeFeed(url, folder, title)


def named_feed(address: str, folder: str) -> OfficeFeed:
    """A feed as a person names it in the window. Refused says what is wrong with it."""
    try:
        return checked_feed({"address": address, "folder": folder})
    except Wrong as fault:
        raise fault.alone() from None


_READ: Mapping[str, Callable[[Any, Settings], Settings]] = {
    NAME: _name,
    DAYS_KEPT: _days,
    ANNOUNCEMENTS: _announcements,
    TAGS: _tags,
    QUIET: _quiet,
    FEEDS: _followed,
    LOCKED: _locked,
}
