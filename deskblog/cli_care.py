"""The command line's words for whoever looks after the office, and how their answers read."""

from __future__ import annotations

import argparse
from datetime import datetime

from deskblog.cli_office import Word, read_words
from deskblog.commands.forms import Json
from deskblog.i18n import _, plural

SHORT = 8  # digits of an id as shown


def add_care(word: Word) -> None:
    """Under `deskblog office`."""
    word("keyholders", lambda a: {}, _("whether there are enough keyholders, and whom to ask"))
    word("late", lambda a: {}, _("posts that came too late to count: of the removed, and of copies"))
    keep = word("keep", lambda a: {"person": a.person}, _("count a person's late posts after all"))
    keep.add_argument("person", metavar="PERSON")
    left = word("left", lambda a: {"person": a.person}, _("what the PCs of somebody who is out could still hold"))
    left.add_argument("person", metavar="PERSON")
    drill = word("drill", _drill_given, _("if this PC burned tonight, would the office come back?"))
    drill.add_argument(
        "--words", action="store_true", help=_("try the twelve recovery words too; they are asked for")
    )


def _drill_given(args: argparse.Namespace) -> Json:
    return {"words": read_words() if args.words else ""}


def care_text(do: str, line: Json) -> str:
    """One answer, as text."""
    match do:
        case "keyholders":
            return _gauge_text(line)
        case "late":
            return _late_text(line)
        case "keep":
            return plural("{n} post counts again.", "{n} posts count again.", line["kept"])
        case "left":
            return _left_text(line)
        case "drill":
            return f"{'✓' if line['ok'] else '✗'} {line['say']}"
        case _:
            return only_here_text(line["only_here"])


def only_here_text(count: int) -> str:
    if not count:
        return _("Each of your posts is on another PC too: this one may be closed.")
    return plural("{n} post of yours is only on this PC.", "{n} posts of yours are only on this PC.", count)


def _gauge_text(line: Json) -> str:
    lines = [plural("{n} keyholder.", "{n} keyholders.", line["count"])]
    if line["advice"]:
        lines.append(line["advice"])
    if line["proposed"]:
        lines.append(_("For example: {names}.").format(names=", ".join(line["proposed"])))
    return " ".join(lines)


def _late_text(line: Json) -> str:
    count = plural("{n} late post", "{n} late posts", len(line["posts"]))
    posts = [f"    {_when(post['at'])}  {' '.join(post['text'].split())}" for post in line["posts"]]
    return "\n".join([_("{name}: {posts}").format(name=line["name"], posts=count), *posts])


def _left_text(line: Json) -> str:
    head = _("{name} was removed on {when}. A copy of {n} posts may be left on these PCs:").format(
        name=line["name"], when=_when(line["removed_at"]), n=line["posts"]
    )
    devices = [
        f"    {one['device'][:SHORT]}  "
        + (_("last linked {when}").format(when=_when(one["heard"])) if one["heard"] else _("never linked here"))
        for one in line["devices"]
    ]
    return "\n".join([head, *devices])


def _when(text: str) -> str:
    return f"{datetime.fromisoformat(text).astimezone():%Y-%m-%d %H:%M}"
