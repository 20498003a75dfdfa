"""How both programs begin. Where the app runs already, it is told and that is all: nothing else is loaded for it.

So `deskblog --compose`, bound to a key of the desktop, has the quick post on the screen in less than a tenth of a
second.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from deskblog import doorbell, paths
from deskblog.unswept import load

WORDS = {"--compose": doorbell.COMPOSE, "--hidden": doorbell.HIDDEN}


def main() -> int:
    """`deskblog`."""
    if rung(sys.argv[1:]):
        return 0
    return int(load("deskblog.cli").main())


def app() -> int:
    """`deskblog-app`."""
    if rung(sys.argv[1:]):
        return 0
    return int(load("deskblog.app").main())


def rung(argv: Sequence[str]) -> bool:
    """True if these words only open the app, and one that runs has heard them."""
    word, folder, words = doorbell.SHOW, None, iter(argv)
    for said in words:
        if said in WORDS:
            word = WORDS[said]
        elif said == "--data":
            folder = next(words, "")
        elif said.startswith("--data="):
            folder = said.removeprefix("--data=")
        else:
            return False
    return folder != "" and doorbell.ring(paths.data_folder(folder), word)
