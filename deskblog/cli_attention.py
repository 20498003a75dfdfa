"""Words of the command line about popups and what is unread: quiet, mute, follow, unread, read."""

from __future__ import annotations

import argparse
import re
from datetime import datetime

from deskblog.cli_talk import Command, Word, when
from deskblog.commands import Json
from deskblog.commands.forms import COUNTED
from deskblog.i18n import _, plural
from deskblog.log.settings import DAYS
from deskblog.values import View


def add_attention(word: Word, command: Command) -> None:
    quiet = word("quiet", command("quiet", _quiet_args), _("when popups may come; without words: how it is"))
    quiet.add_argument("--from", dest="begins", type=_minutes, metavar="HH:MM")
    quiet.add_argument("--to", dest="ends", type=_minutes, metavar="HH:MM")
    quiet.add_argument("--days", type=_days, metavar="mon,tue,…")
    hours = quiet.add_mutually_exclusive_group()
    hours.add_argument("--off", dest="hours", action="store_false", default=None, help=_("popups at any hour"))
    hours.add_argument("--on", dest="hours", action="store_true", default=None, help=_("only in these hours"))
    hours.add_argument("--office", action="store_true", help=_("in those of the office"))
    told = quiet.add_mutually_exclusive_group()
    told.add_argument("--told", dest="told", action="store_true", default=None, help=_("colleagues know these hours"))
    told.add_argument("--untold", dest="told", action="store_false", default=None)
    popups = quiet.add_mutually_exclusive_group()
    popups.add_argument("--no-popups", dest="popups", action="store_false", default=None, help=_("but announcements"))
    popups.add_argument("--popups", dest="popups", action="store_true", default=None)
    pause = quiet.add_mutually_exclusive_group()
    pause.add_argument("--pause", type=when, metavar="WHEN", help=_("none until then: 2h, 3d, 2026-12-01"))
    pause.add_argument("--resume", dest="pause", action="store_const", const=0)
    mute = word("mute", command("mute", _mute_args), _("no popups of a colleague, a #tag or a thread"))
    mute.add_argument("what", metavar="PERSON|#TAG|ID")
    mute.add_argument("--until", type=when, metavar="WHEN", help=_("2h, 3d, 2026-12-01 or 2026-12-01T17:00"))
    mute.add_argument("--remove", action="store_true", help=_("not any more"))
    follow = word("follow", command("follow", _follow_args), _("popups of all that a colleague or a #tag says"))
    follow.add_argument("what", metavar="PERSON|#TAG|ID")
    follow.add_argument("--remove", action="store_true", help=_("not any more"))

    word("unread", command("unread", lambda _args: {}), _("how many posts are unread, by part of the timeline"))
    digest = word("digest", command("digest", _digest_args), _("what waits for you; and when you want to be told"))
    for name in ("morning", "back", "lunch"):
        digest.add_argument(f"--{name}", action=argparse.BooleanOptionalAction, default=None)
    digest.add_argument("--at", type=_hour, metavar="HH:MM|off", help=_("at this hour too"))
    read = word("read", command("read", _read_args), _("marks posts as read, on all your PCs"))
    which = read.add_mutually_exclusive_group(required=True)
    which.add_argument("ids", nargs="*", metavar="ID", default=[])
    which.add_argument("--all", dest="view", action="store_const", const=View.ALL.value, help=_("everything"))
    which.add_argument("--view", choices=[view.value for view in COUNTED])


def _digest_args(args: argparse.Namespace) -> Json:
    return {"morning": args.morning, "back": args.back, "lunch": args.lunch, "at": args.at}


def _hour(text: str) -> int:
    """Minutes since midnight, -1 for none."""
    return -1 if text == "off" else min(_minutes(text), 24 * 60 - 1)


def _read_args(args: argparse.Namespace) -> Json:
    return {"ids": args.ids, "view": args.view}


def _quiet_args(args: argparse.Namespace) -> Json:
    given = {"from": args.begins, "to": args.ends, "days": args.days}
    given["office"] = args.office
    return {**given, "hours": args.hours, "popups": args.popups, "pause": args.pause, "told": args.told}


def _mute_args(args: argparse.Namespace) -> Json:
    return {"what": args.what, "until": args.until, "remove": args.remove}


def _follow_args(args: argparse.Namespace) -> Json:
    return {"what": args.what, "remove": args.remove}


def _minutes(text: str) -> int:
    found = re.fullmatch(r"(\d{1,2})(?::(\d\d))?", text)
    hour, minute = (int(found[1]), int(found[2] or 0)) if found else (99, 0)
    if hour > 24 or minute > 59 or hour * 60 + minute > 24 * 60:
        raise argparse.ArgumentTypeError(_("a time of day is HH:MM"))
    return hour * 60 + minute


def _days(text: str) -> list[int]:
    named = text.lower().split(",")
    if any(day not in DAYS for day in named):
        raise argparse.ArgumentTypeError(_("days are {days}").format(days=",".join(DAYS)))
    return sorted({DAYS.index(day) for day in named})


def attention_text(do: str, line: Json) -> str | None:
    """How such a line reads; None for other commands."""
    if do in ("unread", "read"):
        return _unread_text(line)
    if do == "digest":
        return _digest_text(line)
    if do not in ("quiet", "mute", "follow"):
        return None
    said = [
        _("Popups: {state}").format(state=_("for what is for you") if line["popups"] else _("announcements alone"))
    ]
    hours = line["hours"]
    said.append(
        _("Hours: {begins} to {ends}, {days}").format(
            begins=hours["from"], ends=hours["to"], days=", ".join(hours["days"])
        )
        if hours
        else _("Hours: any")
    )
    if not line["own"]:
        said[-1] += " " + (_("(set by the office)") if line["locked"] else _("(as for everybody)"))
    if line["paused"]:
        when_ = datetime.fromisoformat(line["paused"]).astimezone()
        said.append(_("Paused until {time}").format(time=f"{when_:%Y-%m-%d %H:%M}"))
    said.append(_("It is quiet now.") if line["quiet"] else _("Popups come now."))
    if line["muted"]:
        said.append(_("Muted: {n}").format(n=", ".join(what[:12] for what in line["muted"])))
    if line["followed"]:
        said.append(_("Followed: {n}").format(n=", ".join(what[:12] for what in line["followed"])))
    return "\n".join(said)


def _unread_text(line: Json) -> str:
    """“12 unread posts: 2 open, 1 mentions”, and before it how many were read just now."""
    counts = line["unread"]
    of = [f"{n} {view}" for view, n in counts.items() if n and view != View.ALL.value]
    total = counts[View.ALL.value]
    said = plural("{n} unread post", "{n} unread posts", total) if total else _("Nothing is unread.")
    read = [plural("{n} post marked as read.", "{n} posts marked as read.", line["read"])] if "read" in line else []
    return "\n".join([*read, f"{said}: {', '.join(of)}" if of else said])


def _digest_text(line: Json) -> str:
    """Part by part, a line a post."""
    parts = {
        _("Announcements that wait for you"): line["announcements"],
        _("For you"): line["for_me"],
        _("Questions you could answer"): line["questions"],
        _("Most answered"): line["most_answered"],
        _("From your feeds"): line["feeds"],
    }
    said = []
    for heading, rows in parts.items():
        if rows:
            said += [
                heading,
                *(f"  {row['id'][:12]}  {row['person']}: {' '.join(row['text'].split())}" for row in rows),
            ]
    n = line["unread"]
    said.append(plural("{n} unread post", "{n} unread posts", n) if n else _("Nothing is unread."))
    return "\n".join(said)
