"""The command line's words about the office, and how their answers read."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from deskblog.commands.forms import Json
from deskblog.errors import Refused
from deskblog.i18n import _, plural

Run = Callable[[argparse.Namespace], int]
Given = Callable[[argparse.Namespace], Json]
Word = Callable[[str, Given, str], argparse.ArgumentParser]
Command = Callable[[str, Given], Run]  # the engine's command of that name, given what was typed

ROLES = ("keyholder", "announcer", "member")
WORDS = 12
SHORT = 8  # digits of an id as shown


def add_words(office: Any, common: argparse.ArgumentParser, command: Command) -> Word:
    """found, invite, join, people and what keyholders do, under `deskblog office`; adds more words there."""

    def word(name: str, given: Given, help_text: str) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = office.add_parser(
            name, parents=[common], help=help_text, description=help_text
        )
        made.set_defaults(run=command(name, given))
        return made

    _add_joining(word)
    _add_people(word)
    _add_removing(word)
    rule = word(
        "rule",
        lambda a: {name: getattr(a, name) for name in ("name", "days", "announcements", "public_tags")},
        _("change what holds for the whole office"),
    )
    rule.add_argument("--name", metavar="NAME", help=_("the office's name"))
    rule.add_argument("--days", type=int, metavar="N", help=_("keep posts for so many days; 0: for ever"))
    rule.add_argument("--announcements", type=int, metavar="N", help=_("so many a week of each announcer"))
    tags_help = _("what is written with these is public from now on, unless its author says no; “”: nothing")
    rule.add_argument("--public-tags", metavar="#TAG,…", help=tags_help)
    settings = word(
        "settings",
        lambda a: {"file": str(Path(a.file).absolute()) if a.file else ""},
        _("all that holds for the office, as a file; with a file: set what it says"),
    )
    settings.add_argument("file", metavar="FILE", nargs="?", help=_("as printed, with lines changed; for keyholders"))
    return word


def _add_joining(word: Word) -> None:
    found = word("found", lambda a: {"name": a.name, "me": a.me}, _("found an office"))
    found.add_argument("name", metavar="NAME")
    found.add_argument("--me", required=True, metavar="PERSON", help=_("your name"))
    invite = word(
        "invite", lambda a: {"minutes": a.minutes, "as": a.as_person}, _("print a code and wait until it is used")
    )
    invite.add_argument("--as", dest="as_person", metavar="PERSON", help=_("another PC of this person"))
    invite.add_argument("--minutes", type=int, default=10)
    word("invitations", lambda a: {}, _("the code that is open on this PC"))
    word("cancel", lambda a: {}, _("close the code that is open on this PC"))
    join = word("join", lambda a: {"code": " ".join(a.code), "me": a.me, "at": a.at}, _("join with a code"))
    join.add_argument("code", metavar="CODE", nargs="+")
    join.add_argument("--me", required=True, metavar="PERSON", help=_("your name"))
    join.add_argument("--at", metavar="HOST:PORT", help=_("where the inviting PC is, if it cannot be heard"))


def _add_people(word: Word) -> None:
    word("people", lambda a: {}, _("everybody, their PCs, and who is here"))
    role = word("role", lambda a: {"person": a.person, "role": a.role, "sure": a.sure}, _("say what a person may do"))
    role.add_argument("person", metavar="PERSON")
    role.add_argument("role", choices=ROLES)
    _add_sure(role)
    rename = word("rename", lambda a: {"person": a.person, "name": a.name}, _("give a person another name"))
    rename.add_argument("person", metavar="PERSON")
    rename.add_argument("name", metavar="NAME")
    merge = word("merge", lambda a: {"persons": a.persons}, _("say that several persons are one"))
    merge.add_argument("persons", metavar="PERSON", nargs="+")


def _add_removing(word: Word) -> None:
    remove = word("remove", _remove_given, _("take a person, or one PC, out of the office"))
    remove.add_argument("who", metavar="PERSON|DEVICE")
    remove.add_argument("--yes", action="store_true", help=_("do not ask"))
    _add_sure(remove)
    readmit = word("readmit", lambda a: {"who": a.who}, _("take back a person or PC that was removed"))
    readmit.add_argument("who", metavar="PERSON|DEVICE")
    leave = word("leave", _leave_given, _("leave the office with all your PCs"))
    leave.add_argument("--copy", metavar="FILE", help=_("write a signed copy of your own posts first"))
    leave.add_argument("--hand-to", metavar="PERSON", help=_("who takes on your questions that nobody has answered"))
    leave.add_argument("--yes", action="store_true", help=_("do not ask"))
    _add_sure(leave)
    recover = word("recover", _recover_given, _("with the recovery words, hold the key on this PC (words on stdin)"))
    recover.add_argument("--without", metavar="PERSON|DEVICE", help=_("remove this lost or stolen one once more"))
    recover.add_argument(
        "--restore", metavar="PERSON|DEVICE", action="append", default=[], help=_("take back who was thrown out")
    )


def _add_sure(word: argparse.ArgumentParser) -> None:
    word.add_argument("--sure", action="store_true", help=_("even if nobody holds a key then"))


# --- asked of the person ----------------------------------------------------------------------------------
def _remove_given(args: argparse.Namespace) -> Json:
    question = _("Take “{who}” out of the office? Their posts up to now stay.").format(who=args.who)
    _confirm(args, question)
    return {"who": args.who, "sure": args.sure}


def _leave_given(args: argparse.Namespace) -> Json:
    _confirm(args, _("Leave the office with all your PCs? Your posts up to now stay."))
    return {"sure": args.sure, "hand_to": args.hand_to, "copy": str(Path(args.copy).absolute()) if args.copy else ""}


def _confirm(args: argparse.Namespace, question: str) -> None:
    """On a terminal only; a script that asks for it means it. Refused unless the answer is yes."""
    if args.yes or not sys.stdin.isatty():
        return
    sys.stderr.write(_("{question} [y/N] ").format(question=question))
    sys.stderr.flush()
    if sys.stdin.readline().strip().casefold() not in ("y", "yes", _("yes"), _("yes")[:1]):
        raise Refused(_("Nothing was changed."))


def _recover_given(args: argparse.Namespace) -> Json:
    return {"words": read_words(), "without": args.without, "restore": args.restore}


def read_words() -> str:
    """The words come on stdin, on one line or several: whatever is an argument, every program here can read."""
    if sys.stdin.isatty():
        sys.stderr.write(_("The twelve recovery words: "))
        sys.stderr.flush()
    words: list[str] = []
    while len(words) < WORDS and (line := sys.stdin.readline()):
        words += line.split()
    return " ".join(words)


# --- answers ----------------------------------------------------------------------------------------------
def office_text(do: str, line: Json) -> str | None:
    """One answer of a command about the office, as text; None for other commands."""
    match do:
        case "found":
            return _found_text(line)
        case "invite":
            return _invite_text(line)
        case "join":
            return _("You are in the office “{name}” now, {person}.").format(**line)
        case "people" if "advice" in line:
            return str(line["advice"])
        case "people":
            return _person_and_pcs(line)
        case "remove" | "leave" | "role" | "rename" | "merge" | "readmit":
            return person_text(line)
        case "recover":
            return _recover_text(line)
        case "invitations":
            return _open_text(line)
        case "cancel":
            return _("The code is closed.") if line["cancelled"] else _("No code is open here.")
        case "rule":
            kept = plural("{n} day", "{n} days", line["days"]) if line["days"] else _("for ever")
            said = _(
                "The office is called “{name}”; posts are kept: {kept}; announcements of one person a week: {n}."
            )
            tags = ", ".join(f"#{tag}" for tag in line["public_tags"])
            more = " " + _("Public is what is written with {tags}.").format(tags=tags) if tags else ""
            return said.format(name=line["name"], kept=kept, n=line["announcements"]) + more
        case "settings" if "changed" in line:
            changed = [one["say"] for one in line["changed"]]
            return "\n".join([*changed, _("So it is on every PC.")]) if changed else _("All is as it was.")
        case "settings":
            return str(line["toml"]).rstrip("\n")
    return None


def _open_text(line: Json) -> str:
    when = datetime.fromisoformat(line["expires"]).astimezone()
    text = _("{code}, until {time}, tries left: {n}").format(
        code=line["code"], time=f"{when:%H:%M}", n=line["tries_left"]
    )
    return _("{code} (a PC of {person})").format(code=text, person=line["person"]) if line["person"] else text


def _recover_text(line: Json) -> str:
    text = _("This PC is in, and {person} holds the key.").format(person=line["person"])
    if not line["thrown_out"]:
        return text
    names = ", ".join(line["thrown_out"])
    return "\n".join(
        [text, _("Still out: {names}. Take back whom you want with “office readmit”.").format(names=names)]
    )


def _found_text(line: Json) -> str:
    words = line["recovery"]
    table = "\n".join(
        "    " + "  ".join(f"{i + 1:2} {words[i]:<12}" for i in range(start, start + 3)).rstrip()
        for start in range(0, len(words), 3)
    )
    return "\n".join(
        [
            _("The office “{name}” is founded; you are its first keyholder, {person}.").format(**line),
            "",
            _("These twelve words bring the office back if every keyholder is lost. They are shown only now:"),
            "",
            table,
            "",
            _("Write them on paper. If they are lost, nothing replaces them."),
        ]
    )


def _invite_text(line: Json) -> str:
    if "admitted" in line:
        joined = _("{name} has joined.").format(name=line["admitted"])
        if not line["namesakes"]:
            return joined
        return "\n".join([joined, _same_name(line["admitted"])])
    when = datetime.fromisoformat(line["expires"]).astimezone()
    said = [
        _("Tell your colleague this code: {code}").format(code=line["code"]),
        _("It works once, until {time}, while this runs.").format(time=f"{when:%H:%M}"),
    ]
    if line["address"]:
        said.append(_("If the other PC asks for an address: {address}").format(address=line["address"]))
    return "\n".join(said)


def _same_name(name: str) -> str:
    again = _(
        "There is another {name} in the office. If they are one person: deskblog office merge “{name}” “{name}”"
    )
    return again.format(name=name)


def person_text(line: Json) -> str:
    """Name, and in brackets what there is to know."""
    roles = {"member": "", "announcer": _("announcer"), "keyholder": _("keyholder")}
    role = roles[line["role"]] if not line["gone"] else ""
    site = [line["site"]] if line["site"] and not line["gone"] else []
    words = [_here(line), *site, *([role] if role else []), *([_("you")] if line["me"] else [])]
    return f"{line['name']} ({', '.join(words)})"


def _here(line: Json) -> str:
    if not line["gone"]:
        return (_("away") if line["away"] else _("here")) if line["here"] else _("off")
    if line["removed_by"] == line["name"]:
        return _("has left")
    return _("removed by {name}").format(name=line["removed_by"]) if line["removed_by"] else _("gone")


def _person_and_pcs(line: Json) -> str:
    """A person, and the ids by which one of several PCs can be named."""
    pcs = [
        _("{id} (this PC)").format(id=device[:SHORT]) if device == line["this"] else device[:SHORT]
        for device in line["devices"]
    ]
    status = [_("“{text}”").format(text=line["status"])] if line["status"] else []
    return "  ".join(
        [f"{line['person'][:SHORT]}  {person_text(line)}", *status, *([f"PC: {', '.join(pcs)}"] if pcs else [])]
    )
