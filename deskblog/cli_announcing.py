"""Words of the command line about announcements: post --announce, got, close, report."""

from __future__ import annotations

import argparse
from pathlib import Path

from deskblog.cli_talk import Command, Word
from deskblog.commands import Json
from deskblog.i18n import _
from deskblog.limits import ANNOUNCED_DAYS
from deskblog.values import Urgency

URGENCIES = tuple(one.name.lower() for one in Urgency)


def add_announcing(word: Word, command: Command) -> None:
    got = word(
        "got", command("got", lambda a: {"id": a.id, "undo": a.undo}), _("say that you have read an announcement")
    )
    got.add_argument("id", metavar="ID")
    got.add_argument("--undo", action="store_true", help=_("take it back, up to five minutes later"))
    close = word("close", command("close", lambda a: {"id": a.id}), _("end the term of your announcement"))
    close.add_argument("id", metavar="ID")
    report = word("report", command("report", _report_args), _("who has read an announcement, and who has not"))
    report.add_argument("id", metavar="ID")
    report.add_argument("--csv", metavar="FILE", help=_("write it into a file for a spreadsheet"))


def add_announce(post: argparse.ArgumentParser) -> None:
    """What makes a post an announcement."""
    post.add_argument("--announce", action="store_true", help=_("to everybody, each asked to say “Got it”"))
    post.add_argument("--for", dest="days", type=int, default=1, metavar="DAYS", choices=range(1, ANNOUNCED_DAYS + 1))
    post.add_argument("--urgency", choices=URGENCIES, default="usual", help=_("urgent: also in quiet hours"))
    post.add_argument("--yes", dest="sure", action="store_true", help=_("urgent though others have quiet hours now"))


def announce_args(args: argparse.Namespace) -> Json:
    attach = [str(Path(file).absolute()) for file in args.attach]
    return {"text": args.text, "days": args.days, "urgency": args.urgency, "sure": args.sure, "attach": attach}


def _report_args(args: argparse.Namespace) -> Json:
    return {"id": args.id, "csv": str(Path(args.csv).absolute()) if args.csv else None}


def announcing_text(do: str, line: Json) -> str | None:
    """How such a line reads; None for other commands."""
    if do not in ("announce", "got", "close", "report"):
        return None
    said = line["receipts"]
    out = [f"{line['id'][:12]}  {line['person']}: {line['text']}", receipts_text(said)]
    if do == "report":
        out += [f"  ✓ {name}" for name in said["got"]] + [f"  – {name}" for name in said["waiting"]]
    if line.get("file"):
        out.append(_("Written: {file}").format(file=line["file"]))
    return "\n".join(out)


def receipts_text(said: Json) -> str:
    """“12 of 28 have it”."""
    return _("{n} of {all} have it").format(n=len(said["got"]), all=len(said["got"]) + len(said["waiting"]))
