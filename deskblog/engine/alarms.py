"""What is said when two PCs write with one key: it happens to nobody on purpose, and nobody expects it."""

from __future__ import annotations

from deskblog import events
from deskblog.i18n import _


def copied() -> events.Trouble:
    return events.Trouble(
        "copies",
        _("There are posts with the key of this PC that it did not write: it was restored, or it was copied."),
        _("Nothing is lost: both are kept, and what is written from now on stands apart."),
        _("If another PC runs on a copy of this one, have that PC join the office anew."),
    )


def twinned() -> events.Trouble:
    return events.Trouble(
        "twins",
        _("Another PC uses the same key as this one."),
        _("Both go on, each in a log of its own; nothing is lost."),
        _(
            "If a disk or a deskblog folder was copied, have the copy join the office as a new PC."
            " If nobody copied anything, the key was stolen: have a keyholder remove this PC, and join again."
        ),
    )


def twins(person: str) -> events.Trouble:
    return events.Trouble(
        "twins",
        _("Two PCs use the key of one PC of {person}.").format(person=person),
        _("Both go on, each in a log of its own; nothing is lost."),
        _("Ask {person}: one of them must join the office anew. If it is not theirs, remove that PC.").format(
            person=person
        ),
    )
