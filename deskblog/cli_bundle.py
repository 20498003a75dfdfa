"""The command line's words for bundles."""

from __future__ import annotations

import argparse
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from deskblog.cli_office import Command
from deskblog.commands.forms import Json
from deskblog.i18n import _

LONGEST = 36_500  # days


def add_bundle(bundle: Any, common: argparse.ArgumentParser, command: Command) -> None:
    """write, read, under `deskblog bundle`."""
    told = _("write what another site lacks into a file")
    write = bundle.add_parser("write", parents=[common], help=told, description=told)
    write.set_defaults(run=command("bundle-write", _write_given))
    write.add_argument("file", metavar="FILE")
    least = write.add_mutually_exclusive_group()
    least.add_argument(
        "--since", type=_since, metavar=_("DAYS|DATE"), help=_("leave out what is older: for who has the rest")
    )
    least.add_argument("--whole", action="store_true", help=_("everything, whatever the other site had"))
    told = _("take in what another site wrote")
    read = bundle.add_parser("read", parents=[common], help=told, description=told)
    read.set_defaults(run=command("bundle-read", lambda a: {"file": str(Path(a.file).absolute())}))
    read.add_argument("file", metavar="FILE")


def _write_given(args: argparse.Namespace) -> Json:
    return {"file": str(Path(args.file).absolute()), "since": args.since, "whole": args.whole}


def _since(text: str) -> int:
    """UTC ms of so many days ago, or of a day's first moment here."""
    try:
        if text.isdigit() and 1 <= int(text) <= LONGEST:
            moment = datetime.now().astimezone() - timedelta(days=int(text))
        else:
            moment = datetime.combine(date.fromisoformat(text), datetime.min.time()).astimezone()
        return max(1, int(moment.timestamp() * 1000))
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(_("a number of days, or a date such as 2026-11-23")) from None
