"""Words of the command line about what is said of posts: react, solve, correct, versions."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from deskblog.commands import Json
from deskblog.i18n import _
from deskblog.log.kinds import SIGNS

Word = Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]
Command = Callable[[str, Callable[[argparse.Namespace], Json]], Callable[[argparse.Namespace], int]]


def add_talk(word: Word, command: Command) -> None:
    react = word("react", command("react", lambda a: {"id": a.id, "sign": a.sign}), _("put a sign at a post"))
    react.add_argument("id", metavar="ID")
    react.add_argument(
        "sign", metavar="SIGN", help=_("one of {signs}; “”: take it back").format(signs=" ".join(SIGNS))
    )
    solve = word("solve", command("solve", lambda a: {"id": a.id, "answer": a.answer}), _("take an answer"))
    solve.add_argument("id", metavar="ID", help=_("a question of yours"))
    solve.add_argument("answer", metavar="ANSWER", nargs="?", help=_("left out: the question is open again"))
    correct = word("correct", command("correct", lambda a: {"id": a.id, "text": a.text}), _("correct a post"))
    correct.add_argument("id", metavar="ID")
    correct.add_argument("text", metavar="TEXT")
    save = word("save", command("save", _save_args), _("save the photos and files of a post"))
    save.add_argument("id", metavar="ID")
    save.add_argument("folder", metavar="FOLDER")
    save.add_argument("--number", type=int, metavar="N", help=_("only this one; they are counted from 1"))
    save.add_argument("--wait", type=float, metavar="SECONDS", default=20.0, help=_("… for what is not here yet"))
    versions = word("versions", command("versions", lambda a: {"id": a.id}), _("all that a post has said"))
    versions.add_argument("id", metavar="ID")


def _save_args(args: argparse.Namespace) -> Json:
    folder = str(Path(args.folder).absolute())
    return {"id": args.id, "folder": folder, "number": args.number, "wait": args.wait}


def attached_text(line: Json) -> str:
    """What goes with a post, each with its number."""
    return "".join(f"  [{n}: {one['name']}]" for n, one in enumerate(line["attachments"], 1))


def version_text(line: Json) -> str:
    when = datetime.fromisoformat(line["at"]).astimezone()
    return f"{when:%Y-%m-%d %H:%M}  {line['text']}"


def marks_text(line: Json) -> str:
    """What stands behind a post: that it was corrected, who put which sign, whether an answer was taken."""
    marks = [_("corrected")] if line["corrected"] else []
    marks += [f"{sign} {', '.join(people)}" for sign, people in line["reactions"].items()]
    if line["kind"] == "question":
        marks += [_("answered")] if line["solved"] else [_("open")]
    return f"  ({'; '.join(marks)})" if marks else ""
