"""Words of the command line about what is said of posts: react, solve, correct, versions."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from deskblog.commands import Json
from deskblog.i18n import _
from deskblog.log.kinds import SIGNS
from deskblog.media.enclosing import called
from deskblog.media.nature import Nature

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
    like = word("like", command("like", lambda a: {"text": a.text}), _("earlier questions like a text"))
    like.add_argument("text", metavar="TEXT")
    asking = command("who", lambda a: {"text": a.text})
    who = word("who", asking, _("who may know: whose answers to such questions were taken"))
    who.add_argument("text", metavar="TEXT")
    versions = word("versions", command("versions", lambda a: {"id": a.id}), _("all that a post has said"))
    versions.add_argument("id", metavar="ID")


def add_polls(word: Word, command: Command) -> None:
    poll = word("poll", command("poll", _poll_args), _("ask everybody to choose"))
    poll.add_argument("text", metavar="TEXT")
    poll.add_argument("options", metavar="ANSWER", nargs="+")
    poll.add_argument("--many", action="store_true", help=_("several may be chosen"))
    poll.add_argument("--closes", metavar="WHEN", type=when, help=_("2h, 3d, 2026-12-01 or 2026-12-01T17:00"))
    vote = word("vote", command("vote", lambda a: {"id": a.id, "numbers": a.numbers}), _("choose in a poll"))
    vote.add_argument("id", metavar="ID")
    vote.add_argument("numbers", metavar="N", type=int, nargs="*", help=_("counted from 1; none: take it back"))


def add_keepsakes(word: Word, command: Command) -> None:
    keep = word("keep", command("at-hand", lambda a: {"id": a.id, "remove": a.remove}), _("keep a post at hand"))
    keep.add_argument("id", metavar="ID")
    keep.add_argument("--remove", action="store_true", help=_("not any more"))
    saved = word("saved", command("saved", _saved_args), _("the searches that are kept"))
    saved.add_argument("--add", nargs=2, metavar=("NAME", "WORDS"), help=_("keep one"))
    saved.add_argument("--remove", metavar="NAME", help=_("not any more"))
    watch = word(
        "watch", command("watch", lambda a: {"add": a.add, "remove": a.remove}), _("the words that are watched")
    )
    watch.add_argument("--add", action="append", metavar="WORD", help=_("a word, a #tag, or a beginning*"))
    watch.add_argument("--remove", action="append", metavar="WORD", help=_("not any more"))


def add_outbox(word: Word, command: Command) -> None:
    waiting = word("waiting", command("waiting", _waiting_args), _("posts that have not left yet"))
    waiting.add_argument("--undo", metavar="ID", help=_("take one back"))
    waiting.add_argument("--send", metavar="ID", help=_("let one leave now"))
    waiting.add_argument("--seconds", type=int, metavar="N", help=_("for so long posts wait from now on, 0 to 30"))


def _waiting_args(args: argparse.Namespace) -> Json:
    return {"undo": args.undo, "send": args.send, "seconds": args.seconds}


def waiting_text(line: Json) -> str:
    """A post that has not left, and when it does."""
    if line.get("taken_back"):
        return _("Taken back: {text}").format(text=line["text"])
    leaves = datetime.fromisoformat(line["leaves"]).astimezone() if line["leaves"] else None
    when_ = _("leaves at {time}").format(time=f"{leaves:%H:%M:%S}") if leaves else _("could not leave")
    return f"{line['id']}  {line['text']}  ({when_})"


def _saved_args(args: argparse.Namespace) -> Json:
    name, words = args.add or (args.remove, "")
    return {"name": name, "words": words}


def _poll_args(args: argparse.Namespace) -> Json:
    return {"text": args.text, "options": args.options, "many": args.many, "closes": args.closes or 0}


def when(text: str) -> int:
    """UTC ms of so many hours or days from now, of a date (its end), or of a date and time, in this PC's zone."""
    if (found := re.fullmatch(r"(\d{1,4})([hd])", text)) is not None:
        hours = int(found[1]) * (24 if found[2] == "d" else 1)
        return round((datetime.now().astimezone() + timedelta(hours=hours)).timestamp() * 1000)
    moment = datetime.fromisoformat(text)
    if len(text) <= len("2026-12-01"):
        moment = moment.replace(hour=23, minute=59, second=59)
    return round(moment.astimezone().timestamp() * 1000)


def poll_text(line: Json) -> str:
    """A line an answer: its number, how many chose it, and who."""
    poll = line.get("poll")
    if not poll:
        return ""
    lines = [
        f"\n    {n}. {one['text']}: {len(one['people'])}"
        + (f" ({', '.join(one['people'])})" if one["people"] else "")
        for n, one in enumerate(poll["options"], 1)
    ]
    return "".join(lines)


def _save_args(args: argparse.Namespace) -> Json:
    folder = str(Path(args.folder).absolute())
    return {"id": args.id, "folder": folder, "number": args.number, "wait": args.wait}


def attached_text(line: Json) -> str:
    """What goes with a post, each with its number."""
    return "".join(f"  [{n}: {one['name']}]" for n, one in enumerate(line["attachments"], 1))


def saved_text(line: Json) -> str:
    """Where it was saved; a program, or what is not what its name says, is called so."""
    nature = Nature(line["what"])
    said = _("Saved: {file}").format(file=line["file"])
    if line["disguised"]:
        return said + "  (" + _("{what}, not what its name says").format(what=called(nature)) + ")"
    return f"{said}  ({called(nature)})" if nature is Nature.PROGRAM else said


def version_text(line: Json) -> str:
    when = datetime.fromisoformat(line["at"]).astimezone()
    return f"{when:%Y-%m-%d %H:%M}  {line['text']}"


def marks_text(line: Json) -> str:
    """What stands behind a post: that it is public, corrected, who put which sign, whether an answer was taken."""
    marks = [_("public")] if line["public"] else []
    marks += [_("corrected")] if line["corrected"] else []
    marks += [f"{sign} {', '.join(people)}" for sign, people in line["reactions"].items()]
    if line["kind"] == "question":
        marks += [_("answered")] if line["solved"] else [_("open")]
    return f"  ({'; '.join(marks)})" if marks else ""
