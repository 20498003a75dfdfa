"""Words of the command line about who one is and with whom one talks: groups, group, readers, profile."""

from __future__ import annotations

import argparse
from pathlib import Path

from deskblog.cli_talk import Command, Word
from deskblog.commands import Json
from deskblog.i18n import _


def add_circles(word: Word, command: Command) -> None:
    word("groups", command("groups", lambda a: {}), _("the groups you are in, and the open ones"))
    group = word("group", command("group", _group_args), _("begin, change, join, leave or end a group"))
    group.add_argument(
        "do",
        choices=("new", "add", "remove", "rename", "end", "join", "leave"),
        help=_("join and leave: an open group, which is a #tag; the others: a closed one, whose messages are sealed"),
    )
    group.add_argument("name", metavar="GROUP")
    group.add_argument("people", metavar="PERSON", nargs="*", help=_("of rename: the new name"))
    readers = word("readers", command("readers", lambda a: {"id": a.id}), _("who can read a sealed message"))
    readers.add_argument("id", metavar="ID")
    keys_args = command("keys", lambda a: {"give": a.give, "refuse": a.refuse})
    keys = word("keys", keys_args, _("may another PC of yours read your earlier sealed messages?"))
    keys.add_argument("--give", metavar="PC", help=_("it is yours, and may"))
    keys.add_argument("--refuse", metavar="PC", help=_("it may not"))
    profile = word("profile", command("profile", _profile_args), _("what you, or a colleague, say of yourselves"))
    profile.add_argument("person", metavar="PERSON", nargs="?")
    profile.add_argument("--job", metavar="TEXT")
    profile.add_argument("--place", metavar="TEXT")
    profile.add_argument("--phone", metavar="TEXT")
    profile.add_argument("--picture", metavar="FILE", help=_("a photo; “”: none any more"))


def add_audience(post: argparse.ArgumentParser) -> None:
    """For whom a post is."""
    post.add_argument("--card", action="store_true", help=_("with the card of the first link in it"))
    post.add_argument("--coffee", action="store_true", help=_("in the coffee corner"))
    post.add_argument(
        "--to", metavar="PERSON", action="append", default=[], help=_("sealed for this person; may come again")
    )
    post.add_argument("--group", metavar="GROUP", help=_("sealed for this closed group"))


def _group_args(args: argparse.Namespace) -> Json:
    return {"do": args.do, "name": args.name, "people": args.people}


def _profile_args(args: argparse.Namespace) -> Json:
    picture = str(Path(args.picture).absolute()) if args.picture else args.picture
    return {"person": args.person, "job": args.job, "place": args.place, "phone": args.phone, "picture": picture}


def circle_text(do: str, line: Json) -> str | None:
    """How such a line reads; None for other commands."""
    match do:
        case "groups" | "group":
            members = ", ".join(line["members"]) or _("nobody")
            kind = _("closed") if line["closed"] else _("open")
            return f"{line['name']} ({kind}): {members}"
        case "readers":
            return line["person"] if line["can_open"] else _("{name} (cannot open it)").format(name=line["person"])
        case "keys":
            said = {"yes": _("may read them"), "no": _("may not read them"), None: _("you were not asked yet")}
            let_in = _("let in by {name}").format(name=line["let_in_by"])
            return f"{line['device'][:8]}, {let_in}: {said[line['answer']]}"
        case "profile":
            told = [line[key] for key in ("job", "place", "phone") if line[key]]
            return f"{line['name']}: {', '.join(told) or '–'}"
    return None
