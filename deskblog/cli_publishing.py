"""Words of the command line about what is shown outside of the office: public, publish, subscribers, counter."""

from __future__ import annotations

import argparse
from pathlib import Path

from deskblog.cli_talk import Command, Word
from deskblog.commands import Json
from deskblog.engine.publishing import Outcome, feeds_text, outcome_text
from deskblog.i18n import _

DOES = ("add", "revoke", "open", "close", "port")


def add_publishing(word: Word, command: Command) -> None:
    public = word(
        "public", command("public", lambda a: {"id": a.id, "no": a.no}), _("show a post of yours to anybody")
    )
    public.add_argument("id", metavar="ID")
    public.add_argument("--no", action="store_true", help=_("not any more"))
    publish = word("publish", command("publish", _publish_args), _("write the public posts as a site into a folder"))
    publish.add_argument("folder", metavar="DIR", nargs="?", help=_("left out: the one published last"))
    publish.add_argument("--person", metavar="PERSON", help=_("only what this person wrote"))
    publish.add_argument("--tag", metavar="TAG", help=_("only what has this tag"))
    publish.add_argument("--address", metavar="URL", help=_("where the site will be; feeds need it"))
    publish.add_argument("--counter", action="store_true", help=_("with the page for the shop counter"))
    publish.add_argument("--auto", action=argparse.BooleanOptionalAction, default=None, help=_("follow changes"))
    publish.add_argument("--public", action="store_true", help=_("said for clarity: there is never anything else"))
    readers = word("subscribers", command("subscribers", _reader_args), _("who may read along by RSS from this PC"))
    readers.add_argument("do", nargs="?", choices=DOES, metavar="|".join(DOES))
    readers.add_argument("name", nargs="?", metavar="NAME", help=_("whom to add or revoke; of “port” a number"))
    readers.add_argument("--public", action="store_true", help=_("only what is public, as for clients"))
    counter = word("counter", command("counter", lambda a: {"do": a.do, "id": a.id}), _("posts on the shop counter"))
    counter.add_argument("do", nargs="?", choices=("add", "remove"), metavar="add|remove")
    counter.add_argument("id", nargs="?", metavar="ID")


def _publish_args(args: argparse.Namespace) -> Json:
    folder = str(Path(args.folder).absolute()) if args.folder else ""
    given = {name: getattr(args, name) for name in ("person", "tag", "address", "counter", "auto")}
    return {"folder": folder, **given}


def _reader_args(args: argparse.Namespace) -> Json:
    return {"do": args.do, "name": args.name, "public": args.public}


def publishing_text(do: str, line: Json) -> str | None:
    """How such a line reads; None for other commands."""
    if do == "publish":
        done = Outcome(**line)
        return "\n".join(text for text in (outcome_text(done), feeds_text(done)) if text)
    if do == "subscribers":
        return _reader_text(line) if "name" in line else _state_text(line)
    return None


def site_text(line: Json) -> str:
    """What a node says when it has brought the site up to date."""
    numbers = {name: line[name] for name in ("folder", "posts", "written", "removed", "feeds")}
    return f"{line['folder']}: {outcome_text(Outcome(**numbers, left=0))}"


def _reader_text(line: Json) -> str:
    said = f"{line['name']}: {line['address']}"
    return said + "  (" + _("public posts alone") + ")" if line["public"] else said


def _state_text(line: Json) -> str:
    if line["trouble"]:
        return str(line["trouble"])
    if not line["opened"]:
        return _("Feeds are served to programs on this PC alone.")
    return _(
        "Feeds are open to the network, at port {port}. Nothing hides them on their way: whoever listens there can"
        " read along, and use the address."
    ).format(port=line["port"])
