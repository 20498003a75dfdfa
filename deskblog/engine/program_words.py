"""What is said of newer versions that colleagues hand on."""

from __future__ import annotations

from deskblog import events
from deskblog.errors import Refused, Unusable
from deskblog.i18n import _


def came_words(said: events.ProgramCame) -> events.Trouble:
    """For a banner or a line."""
    return events.Trouble(
        "program",
        _("deskblog {version} came from a colleague’s PC; its makers’ signature holds.").format(version=said.version),
        _("This PC runs on as before."),
        _("Install it when you like, as you did this one."),
    )


def no_key() -> Refused:
    return Refused(
        _("This deskblog knows no key of its makers: it cannot tell their packages from others."),
        next_step=_("Get newer versions from where you have this one."),
    )


def unsigned(file: str, signature: str) -> Refused:
    return Refused(
        _("{file} has no signature beside it.").format(file=file),
        next_step=_("Put {signature}, of the same download, into the same folder.").format(signature=signature),
    )


def not_theirs(file: str) -> Refused:
    return Refused(
        _("{file} is not what deskblog’s makers signed.").format(file=file),
        kept=_("It was not kept."),
        next_step=_("Do not install it; download it once more, with its signature."),
    )


def older(file: str, version: str) -> Refused:
    return Refused(
        _("{file} is older than what is kept for colleagues: {version}.").format(file=file, version=version)
    )


def no_room(version: str) -> Unusable:
    return Unusable(
        _("There is no room on the disk for deskblog {version}.").format(version=version),
        kept=_("All posts are kept."),
        next_step=_("Make room; it is fetched again when a colleague is back."),
    )


def cannot_keep(fault: OSError) -> Unusable:
    return Unusable(
        _("A newer deskblog cannot be kept on this PC: {why}.").format(why=fault.strerror or fault),
        kept=_("All posts are kept."),
        next_step=_("Make room; it is fetched again when a colleague is back."),
    )
