"""The command line's words about the network and its sites, and how their answers read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from deskblog.cli_office import Word
from deskblog.commands.forms import Json
from deskblog.i18n import _


def add_places(office_word: Word, word: Callable[..., Any], command: Callable[..., Any]) -> None:
    """`deskblog doctor`, and under `deskblog office` what is about sites."""
    word("doctor", command("doctor", lambda a: {}), _("why is a colleague not here? examines the network"))
    office_word("sites", lambda a: {}, _("who is at which site, and how sites are joined"))
    site = office_word("site", lambda a: {"name": a.name}, _("say what the site is called where this PC stands"))
    site.add_argument("name", metavar="NAME")
    road = office_word(
        "road", lambda a: {"at": a.at, "remove": a.remove}, _("join another site, for all, by an address")
    )
    road.add_argument("at", metavar="HOST:PORT")
    road.add_argument("--remove", action="store_true", help=_("nobody dials there any more"))


def places_text(do: str, line: Json) -> str:
    """One answer, as text."""
    match do:
        case "doctor":
            more = "".join(f"\n    {line[key]}" for key in ("do", "send") if line[key])
            return f"{'✓' if line['ok'] else '✗'} {line['say']}{more}"
        case "site":
            return _("This site is called “{name}” now.").format(name=line["name"])
        case _ if "road" in line:
            return _road_text(line)
        case _:
            return _site_text(line)


def _road_text(line: Json) -> str:
    if line["leads"]:
        return _("Dialled by all: {road}").format(road=line["road"])
    return _("Dialled by nobody any more: {road}").format(road=line["road"])


def _site_text(line: Json) -> str:
    name = line["name"] or (_("This site") if line["mine"] else _("Another site"))
    people = ", ".join(line["people"]) or _("nobody here")
    off = _("off: {names}").format(names=", ".join(line["off"])) if line["off"] else ""
    return f"{name}: " + " · ".join(part for part in (people, off, _carried(line)) if part)


def _carried(line: Json) -> str:
    """By whom a site is joined, or was."""
    if not line["carrier"]:
        return ""
    if line["here"]:
        return _("carried by {name}'s PC").format(name=line["carrier"])
    if not line["at"]:
        return _("never reached yet")
    at = f"{datetime.fromisoformat(line['at']).astimezone():%Y-%m-%d %H:%M}"
    return _("nothing since {when}, carried then by {name}'s PC").format(when=at, name=line["carrier"])
