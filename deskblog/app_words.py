"""What `deskblog-app` can be told as it starts."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from msgspec import Struct

from deskblog import doorbell
from deskblog.i18n import _


class AppWords(Struct, frozen=True):
    """What was said; mostly nothing was."""

    tell_version: bool = False
    verbose: bool = False
    data: str | None = None
    compose: bool = False
    hidden: bool = False
    demo: bool = False

    @property
    def bell(self) -> str:
        """What an app that runs already is to do."""
        return doorbell.COMPOSE if self.compose else doorbell.HIDDEN if self.hidden else doorbell.SHOW


def read(argv: Sequence[str] | None) -> AppWords:
    """Reads the words of a start, those of this process if none are given; ends it where they mean nothing."""
    said = sys.argv[1:] if argv is None else argv
    return _understood(said) if said else AppWords()


def _understood(said: Sequence[str]) -> AppWords:
    import argparse  # a third of a MiB, for a start that is told something

    from deskblog import about

    parser = argparse.ArgumentParser(prog="deskblog-app", description=_("Short posts between colleagues."))
    about.add_version(parser)
    parser.add_argument("--data", metavar="DIR", help=_("the data folder"))
    parser.add_argument("--compose", action="store_true", help=_("open the quick post"))
    parser.add_argument("--hidden", action="store_true", help=_("start in the tray"))
    parser.add_argument("--demo", action="store_true", help=_("an office of one with three lively colleagues"))
    return AppWords(**vars(parser.parse_args(said)))


def tell(said: AppWords) -> int:
    """Says which deskblog this is, which was all that was asked; the exit code."""
    from deskblog import about

    return about.tell(said.data, verbose=said.verbose)
