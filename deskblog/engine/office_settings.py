"""What holds for the whole office: who set it and when, and how a keyholder sets it anew, from a window or a file."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from deskblog import limits
from deskblog.engine import settings_file as file
from deskblog.engine.membership import Membership
from deskblog.engine.office_feeds import followed
from deskblog.engine.quiet import hours_text
from deskblog.engine.standing import Standing
from deskblog.engine.vault import Vault
from deskblog.errors import Refused, Unusable
from deskblog.i18n import _, long_date, plural
from deskblog.log import settings as s
from deskblog.log.clerk import keyholder_warrants, owner
from deskblog.log.office import Office
from deskblog.log.publicity import SETTING as TAGS
from deskblog.log.publicity import public_tags, written_tags
from deskblog.log.settings import NOTHING, OfficeFeed, Settings
from deskblog.records import replace
from deskblog.values import USUAL_HOURS

LATEST = 253_402_200_000_000  # ms; the last day any calendar knows


class Change(Struct, frozen=True):
    """`word`: which setting; before and now in words, empty: there was or is none."""

    word: str
    before: str
    now: str

    @property
    def text(self) -> str:
        if self.word == s.FEEDS and not (self.before and self.now):
            said = _("Every PC follows {feed}") if self.now else _("The office follows {feed} no more")
            return (said + ".").format(feed=self.now or self.before)
        return _("{setting}: {now} (before: {before}).").format(
            setting=setting_name(self.word), now=self.now, before=self.before
        )


class SetBy(Struct, frozen=True):
    """Who wrote the rule in force, and when (UTC ms, as their PC's clock had it)."""

    person: str
    at: int


class OfficeSettings:
    """Lives on the engine's loop. `now`: UTC ms."""

    def __init__(self, vault: Vault, standing: Standing, membership: Membership, now: Callable[[], int]) -> None:
        self._vault = vault
        self._standing = standing
        self._membership = membership
        self._now_ms = now

    @property
    def now(self) -> Settings:
        """What holds, as far as it can be followed."""
        office = self._vault.office
        if office is None:
            return NOTHING
        feeds = tuple(replace(one, url=url) for url, one in followed(office.says).items())
        return replace(office.says, feeds=feeds, locked=office.says.locked - (set() if feeds else {s.FEEDS}))

    @property
    def set_by(self) -> SetBy:
        office = self._vault.office
        if office is None or office.rule is None:
            return SetBy("", 0)
        author = owner(office, office.rule.author)
        words = _("the recovery words")
        name = words if office.rule.author == office.recovery else author.name if author is not None else ""
        return SetBy(name, min(office.rule.time, LATEST))

    @property
    def may_set(self) -> bool:
        """Whether oneself is a keyholder."""
        office = self._vault.office
        held = office is not None and office.warrants(self._vault.keys.device, keyholder=True) is not None
        return held and self._standing.removal is None

    def _office(self) -> Office:
        if self._vault.office is None:
            raise Refused(_("This PC is in no office yet."), next_step=_("Found one or join one first."))
        return self._vault.office

    # --- setting it ---------------------------------------------------------------------------------------
    async def set(self, wanted: Settings) -> tuple[Change, ...]:
        """One act for all of it, none if nothing changes; what did. For keyholders."""
        office = self._office()
        await self._standing.check()
        keyholder_warrants(self._vault.keys, office)
        now = self.now
        changes = await asyncio.to_thread(changes_between, now, wanted)  # it reads names of days
        if changes:
            name = wanted.name if wanted.name != now.name else ""
            await self._membership.rule(name=name, settings=self._said(office, now, wanted))
        return changes

    def _said(self, office: Office, now: Settings, wanted: Settings) -> dict[str, str | int]:
        """What the rule is to say otherwise."""
        before = public_tags(office.settings)
        tags = {tag: before.get(tag, self._now_ms()) for tag in wanted.tags}
        said: dict[str, tuple[bool, str | int]] = {
            s.DAYS_KEPT: (wanted.days != now.days, wanted.days),
            s.ANNOUNCEMENTS: (wanted.announcements != now.announcements, wanted.announcements),
            TAGS: (wanted.tags != now.tags, written_tags(tags)),
            s.QUIET: (wanted.hours != now.hours, s.written_hours(wanted.hours)),
            s.FEEDS: (set(wanted.feeds) != set(now.feeds), s.written_feeds(wanted.feeds)),
        }
        given = {word: value for word, (other, value) in said.items() if other}
        kept = office.settings.get(s.LOCKED)
        words = set(kept.split(" ")) if isinstance(kept, str) and kept else set()
        locks = (words - set(s.LOCKS)) | wanted.locked  # a newer program may know more that can be locked
        return given | ({s.LOCKED: s.written_locks(locks)} if locks != words else {})

    # --- as a file ----------------------------------------------------------------------------------------
    async def text(self) -> str:
        """All of it as a file that can be changed and taken."""
        return await asyncio.to_thread(self._written, self.now, self.set_by)

    @staticmethod
    def _written(now: Settings, by: SetBy) -> str:
        moment = datetime.fromtimestamp(by.at / 1000, UTC)
        day = long_date(moment)
        head = _("What holds for the whole office, as set by {person} on {day}.").format(person=by.person, day=day)
        return file.written(now, head)

    async def take(self, text: str) -> tuple[Change, ...]:
        """Sets what a file says. Refused, with the line, where it is wrong."""
        self._office()
        return await self.set(file.read(text, self.now))

    async def take_file(self, path: Path) -> tuple[Change, ...]:
        return await self.set(await self.read_file(path))

    async def read_file(self, path: Path) -> Settings:
        """What it says, without setting it."""
        self._office()
        return file.read(await asyncio.to_thread(_read, path), self.now)

    async def give_file(self, path: Path) -> None:
        await asyncio.to_thread(_write, path, await self.text())


def _read(path: Path) -> str:
    try:
        with path.open("rb") as opened:
            body = opened.read(limits.OFFICE_FILE + 1)
    except OSError as fault:
        raise Unusable(
            _("{file} cannot be read: {why}.").format(file=path, why=fault.strerror or fault),
            next_step=_("Name another file."),
        ) from None
    none = Refused(
        _("{file} holds no settings of an office.").format(file=path.name),
        kept=_("Nothing was changed."),
        next_step=_("It is to be a text in UTF-8, as “deskblog office settings” prints it."),
    )
    if len(body) > limits.OFFICE_FILE:
        raise none
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise none from None


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as fault:
        raise Unusable(
            _("{file} cannot be written: {why}.").format(file=path, why=fault.strerror or fault),
            next_step=_("Name another file."),
        ) from None


# --- in words ---------------------------------------------------------------------------------------------
def setting_name(word: str) -> str:
    return {
        file.NAME: _("Name of the office"),
        s.DAYS_KEPT: _("Posts are kept"),
        s.ANNOUNCEMENTS: _("Announcements of one person a week"),
        TAGS: _("Tags that make public"),
        s.QUIET: _("Popups may come"),
        s.FEEDS: _("Feeds"),
        s.LOCKED: _("The same for everybody"),
    }[word]


def in_words(one: Settings) -> dict[str, str]:
    """Each setting but the feeds."""
    none = _("none")
    locked = [setting_name(word) for word in s.LOCKS if word in one.locked]
    return {
        file.NAME: one.name,
        s.DAYS_KEPT: plural("{n} day", "{n} days", one.days) if one.days else _("for ever"),
        s.ANNOUNCEMENTS: str(one.announcements),
        TAGS: ", ".join(f"#{tag}" for tag in one.tags) or none,
        s.QUIET: hours_text(one.hours) if one.hours else _("as usual, {hours}").format(hours=hours_text(USUAL_HOURS)),
        s.LOCKED: ", ".join(locked) or none,
    }


def feed_words(one: OfficeFeed) -> str:
    """Its address, and in brackets what the office calls it and where it puts it."""
    more = ", ".join(part for part in (one.title, one.folder) if part)
    return f"{one.url} ({more})" if more else one.url


def changes_between(before: Settings, now: Settings) -> tuple[Change, ...]:
    """In the order of the file."""
    old, new = in_words(before), in_words(now)
    changes = [Change(word, old[word], new[word]) for word in old if old[word] != new[word]]
    was, are = ({feed.url: feed_words(feed) for feed in one.feeds} for one in (before, now))
    urls = [*was, *(url for url in are if url not in was)]  # in whatever order they stand
    feeds = [Change(s.FEEDS, was.get(url, ""), are.get(url, "")) for url in urls]
    return (*changes, *(one for one in feeds if one.before != one.now))
