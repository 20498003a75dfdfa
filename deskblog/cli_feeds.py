"""Words of the command line about outside feeds, and how their answers read."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from deskblog.cli_sharing import fetched_line
from deskblog.commands.forms import Json
from deskblog.i18n import _, plural

HOUR = 3600


def add_feeds(words: Any, common: argparse.ArgumentParser, command: Callable[..., Any]) -> None:
    """`deskblog feed …`."""

    def word(name: str, given: Callable[[argparse.Namespace], Json], told: str) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = words.add_parser(name, parents=[common], help=told, description=told)
        made.set_defaults(run=command(f"feed-{name}", given))
        return made

    add = word("add", lambda a: {"url": a.url, "folder": a.folder}, _("follow a feed, or that of a page"))
    add.add_argument("url", metavar="URL")
    add.add_argument("--folder", metavar="NAME")
    word("list", lambda _args: {}, _("the feeds this PC follows"))
    remove = word("remove", _which, _("follow a feed no more; its items go, but for those kept"))
    remove.add_argument("which", metavar="URL|TITLE")
    refresh = word("refresh", _which, _("ask now"))
    refresh.add_argument("which", metavar="URL|TITLE", nargs="?")
    change = word("set", _set, _("how a feed is followed"))
    change.add_argument("which", metavar="URL|TITLE")
    change.add_argument("--title", metavar="NAME")
    change.add_argument("--folder", metavar="NAME")
    change.add_argument("--words", metavar="WORDS", help=_("only items with one of these; and with none after a -"))
    change.add_argument("--every", type=_hours, metavar="HOURS", help=_("ask so often; 0: as suits the feed"))
    muted = change.add_mutually_exclusive_group()
    muted.add_argument("--mute", dest="muted", action="store_true", default=None, help=_("not in the timeline"))
    muted.add_argument("--unmute", dest="muted", action="store_false", default=None)
    change.add_argument("--keep", action="store_true", help=_("stays, also when the office follows it no more"))
    read = word("read", lambda a: {"id": a.id}, _("all of an item, in words"))
    read.add_argument("id", metavar="ID")
    for name, told in (
        ("import", _("follow the feeds of a list (OPML)")),
        ("export", _("write them as a list (OPML)")),
    ):
        word(name, _file, told).add_argument("file", metavar="FILE.opml")


def _which(args: argparse.Namespace) -> Json:
    return {"which": args.which or ""}


def _file(args: argparse.Namespace) -> Json:
    return {"file": str(Path(args.file).absolute())}


def _set(args: argparse.Namespace) -> Json:
    return {name: getattr(args, name) for name in ("which", "title", "folder", "words", "every", "muted", "keep")}


def _hours(text: str) -> int:
    try:
        hours = float(text)
    except ValueError:
        hours = -1.0
    if not 0 <= hours <= 24 * 31:
        raise argparse.ArgumentTypeError(_("hours from 0 to {most}").format(most=24 * 31))
    return round(hours * HOUR)


def feeds_text(do: str, line: Json) -> str | None:
    """How such a line reads; None for other commands."""
    if not do.startswith("feed-"):
        return None
    match do:
        case "feed-import":
            said = plural("{n} feed is followed now.", "{n} feeds are followed now.", line["added"])
            known = plural("{n} was before.", "{n} were before.", line["known"]) if line["known"] else ""
            out = plural("{n} line is none.", "{n} lines are none.", line["left_out"]) if line["left_out"] else ""
            return " ".join(part for part in (said, known, out) if part)
        case "feed-export":
            return _("Written: {file}").format(file=line["file"])
        case "feed-read":
            whence = fetched_line(line["fetched"]["by"], line["fetched"]["at"]) if line["fetched"] else ""
            head = (line["title"], line["author"], line["link"], whence)
            return "\n".join(part for part in (*head, "", line["text"]) if part)
        case _ if "offer" in line:
            return _("This page has a feed: {url} {title}").format(url=line["offer"], title=line["title"])
        case _:
            return _feed_text(line)


def _feed_text(line: Json) -> str:
    head = f"{line['title']}  ({line['url']})"
    unread = plural("{n} unread", "{n} unread", line["unread"]) if line["unread"] else ""
    due = datetime.fromisoformat(line["next"]).astimezone() if line["next"] else None
    next_ = _("next at {time}").format(time=f"{due:%Y-%m-%d %H:%M}") if due is not None else _("asked no more")
    muted = _("muted") if line["muted"] else ""
    private = _("shared with nobody") if line["private"] else ""
    whence = fetched_line(line["fetched_by"], line["fetched"])
    office = _("from the office") if line["office"] else ""
    parts = (line["folder"] or "", office, unread, whence, next_, muted, private)
    said = [head, "    " + " · ".join(part for part in parts if part)]
    if line["error"]:
        said.append("    " + " ".join(part for part in (line["error"], line["kept"], line["do"]) if part))
    return "\n".join(said)
