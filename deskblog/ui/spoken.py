"""A post in words, for who hears the window instead of seeing it."""

from __future__ import annotations

from deskblog.i18n import _, plural
from deskblog.ui import chips, moments
from deskblog.ui.sizes import length_text
from deskblog.values import Attached, Row, Sort


def row_text(row: Row) -> str:
    """“Anne Martin, question, 10:31: Who has the key?; 2 answers (👍 Paul)”."""
    corrected = _("corrected") if row.corrected else ""
    public = _("public") if row.public else ""
    unread = _("unread") if row.unread else ""
    told = row.person, kind_text(row), moments.clock(row.at), corrected, public, unread
    head = ", ".join(part for part in told if part)
    parts = [f"{head}: {row.text}", *map(_attached, row.attached)]
    if row.author:
        parts.append(_("by {name}").format(name=row.author))
    if row.poll is not None:
        parts += [f"{option.text}: {len(option.people)}" for option in row.poll.options]
    if row.announced is not None:
        said = row.announced
        parts.append(_("{n} of {all} have it").format(n=len(said.got), all=len(said.got) + len(said.waiting)))
    if row.answers:
        parts.append(plural("{n} answer", "{n} answers", row.answers))
    signs = chips.spoken(row.reactions)
    return "; ".join(parts) + (f" ({signs})" if signs else "")


def news_text(row: Row) -> str:
    """“Anne Martin, question: Who has the key?”, as it is read out when it comes."""
    head = ", ".join(part for part in (row.person, kind_text(row)) if part)
    return "; ".join([f"{head}: {row.text}", *map(_attached, row.attached)])


def kind_text(row: Row) -> str:
    """“Question”, “An answer”; nothing for a post like most."""
    if row.sealed:
        return _("Sealed")
    asked = _("Answered") if row.solved else _("Question")
    return {
        "question": asked,
        "answer": _("An answer"),
        "poll": _("Poll"),
        "announcement": _("Announcement"),
        "coffee": _("Coffee corner"),
        "past": _("Brought in"),
        "feed": _("Feed"),
    }.get(row.kind, "")


def _attached(one: Attached) -> str:
    called = {Sort.PHOTO: _("a photo"), Sort.VOICE: _("a sound"), Sort.FILM: _("a film"), Sort.LINK: _("a link")}
    length = f", {length_text(one.seconds)}" if one.seconds else ""
    what = called.get(one.sort, _("a file"))
    return f"{what}: {one.name}{length}"
