"""What came of a bundle, in words: for the window and for the command line."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from deskblog.engine.options import BundleRead, BundleWritten
from deskblog.events import Trouble
from deskblog.i18n import _, long_date, plural

WRITTEN, READ, ANSWER = "bundle", "bundle-read", "bundle-answer"  # what a window may offer next hangs on these
_NAMES = 3  # people named before the others are counted


def written_words(done: BundleWritten) -> Trouble:
    """News, in the form in which trouble is told too."""
    name = Path(done.file).name
    if not done.posts:
        what = _("No post is new, but what was decided about the office is in {file}.").format(file=name)
    else:
        what = _("In {file}: {posts}.").format(file=name, posts=plural("{n} post", "{n} posts", done.posts))
    left_out = ""
    if done.against:
        left_out = _("What {people} had when they sent theirs is left out.").format(people=_names(done.against))
    if done.since:
        left_out += " " + _("What is older than {day} is left out.").format(day=_day(done.since))
    carry = _("Carry it over, or send it: only PCs of the office can read it, and only those that are in now.")
    return Trouble(WRITTEN, what, left_out.strip(), carry)


def read_words(done: BundleRead) -> Trouble:
    """How much was new and whose, and what is to be done next."""
    if done.new:
        what = plural("{n} post is new", "{n} posts are new", done.new)
        what = _("{posts}, from {people}.").format(posts=what, people=_names([name for name, _n in done.people]))
    else:
        what = _("No post in it is new.")
    known = plural("{n} was here already.", "{n} were here already.", done.known) if done.known else ""
    said = _("{person} wrote it on {day}.").format(person=done.writer, day=_day(done.at))
    place, following = _next(done)
    return Trouble(place, what, f"{known} {said}".strip(), following)


def _next(done: BundleRead) -> tuple[str, str]:
    if done.lacking:
        return WRITTEN, _(
            "It goes on from something that this PC does not have: ask {person} for a whole one. Nothing is lost."
        ).format(person=done.writer)
    if done.answer > 0:
        lacked = plural(
            "{n} post from here is still missing there.", "{n} posts from here are still missing there.", done.answer
        )
        return ANSWER, lacked + " " + _("Write a bundle back.")
    return READ, _("Nothing from here was missing there.") if done.answer == 0 else ""


def _names(names: tuple[str, ...] | list[str]) -> str:
    shown = list(names[:_NAMES])
    if len(names) > _NAMES:
        shown.append(plural("{n} more", "{n} more", len(names) - _NAMES))
    return shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + _(" and ") + shown[-1]


def _day(at: int) -> str:
    moment = datetime.fromtimestamp(min(at, 253_402_200_000_000) / 1000, UTC).astimezone()
    return long_date(moment)
