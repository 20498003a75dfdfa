"""The command line's words for the road: what is sent to one's phone while one's PC is off."""

from __future__ import annotations

import argparse
import re
import sys
from datetime import datetime
from typing import Any

from deskblog.attention.travel import Kind
from deskblog.cli_talk import Command, when
from deskblog.commands.forms import Json
from deskblog.i18n import _
from deskblog.limits import FORWARD_CAP


def add_forward(forward: Any, common: argparse.ArgumentParser, command: Command) -> None:
    """set, show, off, test, carriers, decline, under `deskblog forward`."""

    def word(name: str, do: str, given: Any, told: str) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = forward.add_parser(name, parents=[common], help=told, description=told)
        made.set_defaults(run=command(do, given))
        return made

    _add_set(word("set", "forward-set", _set_given, _("have it sent; what is left out stays as it was")))
    word("show", "forward-show", lambda a: {}, _("your rule, what was sent, and for whom this PC sends"))
    word("off", "forward-off", lambda a: {}, _("nothing is sent any more"))
    test = word("test", "forward-test", lambda a: {"url": _lines([a.url])[0]}, _("send a test message from this PC"))
    test.add_argument("url", metavar="URL|-", help=_("“-”: from the input"))
    word("carriers", "forward-carriers", lambda a: {}, _("the PCs of colleagues that can be chosen"))
    declining = word("decline", "forward-decline", _decline_given, _("this PC sends nothing for a colleague"))
    declining.add_argument("person", metavar="PERSON")
    declining.add_argument("--allow", action="store_true", help=_("it does again"))


def _add_set(parser: argparse.ArgumentParser) -> None:
    told = _("ntfy://ntfy.sh/TOPIC, freemobile://USER/KEY, mailtos://…; “-”: a line of the input each")
    parser.add_argument("urls", metavar="URL|-", nargs="*", help=told)
    parser.add_argument("--kinds", type=_kinds, metavar=",".join(Kind), help=_("what deserves a message"))
    parser.add_argument("--cap", type=_cap, metavar="N", help=_("messages a month at most"))
    parser.add_argument("--carrier", metavar="PERSON|PC", action="append", help=_("whose PC sends; may come again"))
    parser.add_argument("--hours", type=_hours, metavar="8-19", help=_("only in these hours; 0-24: at any"))
    parser.add_argument("--until", type=_until, metavar="WHEN", help=_("3d, 2026-12-01; “never”: for good"))
    parser.add_argument("--agreed", action="store_true", help=_("what those PCs learn was read"))


def _set_given(args: argparse.Namespace) -> Json:
    given: Json = {"urls": _lines(args.urls), "kinds": args.kinds, "cap": args.cap, "carriers": args.carrier}
    return {**given, "hours": args.hours, "until": args.until, "agreed": args.agreed}


def _decline_given(args: argparse.Namespace) -> Json:
    return {"person": args.person, "allow": args.allow}


def _lines(urls: list[str]) -> list[str]:
    """What was given; of “-” what stands in the input."""
    if urls != ["-"]:
        return urls
    return [line.strip() for line in sys.stdin if line.strip()] or [""]


def _kinds(text: str) -> list[str]:
    named = text.lower().split(",")
    if not set(named) <= {kind.value for kind in Kind}:
        raise argparse.ArgumentTypeError(_("kinds are {kinds}").format(kinds=",".join(Kind)))
    return named


def _cap(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= FORWARD_CAP:
        raise argparse.ArgumentTypeError(_("1 to {n} messages a month").format(n=FORWARD_CAP))
    return int(text)


def _hours(text: str) -> list[int]:
    found = re.fullmatch(r"(\d{1,2})-(\d{1,2})", text)
    if not found or max(int(found[1]), int(found[2])) > 24:
        raise argparse.ArgumentTypeError(_("hours are such as 8-19"))
    return [int(found[1]), int(found[2])]


def _until(text: str) -> int:
    try:
        return 0 if text == "never" else when(text)
    except ValueError:
        raise argparse.ArgumentTypeError(_("3d, 2026-12-01 or 2026-12-01T17:00")) from None


def forward_text(do: str, line: Json) -> str:
    """One line of what such a command answers."""
    match do:
        case "forward-test":
            return str(line["said"])
        case "forward-carriers":
            mark = "[x]" if line["chosen"] else "[ ]"
            return f"{mark} {_carrier_text(line)}"
        case "forward-decline":
            return _for_text(line)
    match line["what"]:
        case "rule":
            return _rule_text(line)
        case "sent":
            at = datetime.fromisoformat(line["at"]).astimezone()
            what = f"{line['person']}: {line['text']}" if line["person"] else _("(a post that is no more here)")
            by = _("by {person}'s PC").format(person=line["carrier"])
            return f"{at:%Y-%m-%d %H:%M}  {what}\n    {line['said']} ({by})"
        case _:
            return _for_text(line)


def _rule_text(line: Json) -> str:
    if not line["on"]:
        return _("Nothing is sent after you.")
    begins, ends = line["hours"]
    said = [
        _("Sent to: {addresses}").format(addresses=", ".join(line["addresses"])),
        _("What: {kinds}").format(kinds=", ".join(line["kinds"])),
        _("By: {carriers}").format(carriers=", ".join(map(_carrier_text, line["carriers"])) or _("nobody")),
        _("Hours: any")
        if begins == ends or (begins, ends) == (0, 24)
        else _("Hours: {a} to {b}").format(a=begins, b=ends),
        _("This month: {n} of {cap}").format(n=line["used"], cap=line["cap"]),
    ]
    if line["until"]:
        until = datetime.fromisoformat(line["until"]).astimezone()
        said.append(_("Until {time}").format(time=f"{until:%Y-%m-%d %H:%M}"))
    return "\n".join(said)


def _carrier_text(line: Json) -> str:
    name = _("{person}'s PC {id}").format(person=line["person"], id=line["device"][:8])
    return name + " (" + _("declines") + ")" if line["declined"] else name


def _for_text(line: Json) -> str:
    if line["declined"]:
        return _("This PC sends nothing for {person}.").format(person=line["person"])
    return _("This PC sends for {person}.").format(person=line["person"])
