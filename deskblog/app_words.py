"""What `deskblog-app` can be told as it starts."""

from __future__ import annotations

import argparse

from deskblog import about, doorbell
from deskblog.i18n import _


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="deskblog-app", description=_("Short posts between colleagues."))
    about.add_version(made)
    made.add_argument("--data", metavar="DIR", help=_("the data folder"))
    made.add_argument("--compose", action="store_true", help=_("open the quick post"))
    made.add_argument("--hidden", action="store_true", help=_("start in the tray"))
    made.add_argument("--demo", action="store_true", help=_("an office of one with three lively colleagues"))
    return made


def word(args: argparse.Namespace) -> str:
    """What an app that runs already is to do."""
    return doorbell.COMPOSE if args.compose else doorbell.HIDDEN if args.hidden else doorbell.SHOW
