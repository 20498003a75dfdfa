"""Words of the command line about feeds fetched once for the office: share, check."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from deskblog.commands.forms import Json
from deskblog.engine.feed_row import fetched_text
from deskblog.i18n import _, plural


def add_sharing(words: Any, common: argparse.ArgumentParser, command: Callable[..., Any]) -> None:
    """`deskblog feed share|check`."""
    told = _("fetch feeds once for the office: on, off, or how it is")
    share = words.add_parser("share", parents=[common], help=told, description=told)
    share.set_defaults(run=command("feed-share", _share))
    share.add_argument("on", nargs="?", choices=("on", "off"))
    told = _("compare what a colleague’s PC handed on with the site")
    check = words.add_parser("check", parents=[common], help=told, description=told)
    check.set_defaults(run=command("feed-check", lambda args: {"which": args.which}))
    check.add_argument("which", metavar="URL|TITLE")


def _share(args: argparse.Namespace) -> Json:
    return {"on": None if args.on is None else args.on == "on"}


def fetched_line(whose: str | None, at: str | None) -> str:
    """By whose PC and when, of a feed or an item; `at` as answers of commands say it."""
    ms = round(datetime.fromisoformat(at).timestamp() * 1000) if at else 0
    return fetched_text(whose or "", ms, round(time.time() * 1000))


def sharing_text(do: str, line: Json) -> str | None:
    """How such a line reads; None for other commands."""
    match do:
        case "feed-share" if line["ask"]:
            return str(line["ask"])
        case "feed-share" if line["share"]:
            count = plural("{n} feed is shared now.", "{n} feeds are shared now.", line["feeds"])
            return _("Feeds are fetched once for the office.") + " " + count
        case "feed-share":
            return _("This PC shares no feed.")
        case "feed-check":
            said = {True: _("It is what the site says."), False: _("The site says otherwise: what it says is kept.")}
            return f"{line['title']}  ({line['url']})\n    " + said.get(
                line["right"], _("Just now that cannot be told.")
            )
    return None
