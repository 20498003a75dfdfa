"""How the command line says things to people: one line a thing, readable, without JSON."""

from __future__ import annotations

from datetime import UTC, datetime

from deskblog.commands.forms import Json
from deskblog.i18n import _, plural


def line_text(do: str, line: Json) -> str:
    """One answer of a command, as text."""
    if do == "found":
        return _found_text(line)
    if do == "invite":
        return _invite_text(line)
    if do == "join":
        return _("You are in the office “{name}” now, {person}.").format(**line)
    if do == "people":
        return _person_text(line)
    if do == "post":
        return _("Posted: {id}").format(id=line["id"][:12])
    if do == "withdraw":
        return _("Withdrawn: {id}. Its text goes from each PC that hears of it.").format(id=line["id"][:12])
    if do == "show":
        return "\n    ".join([row_text(line), *(row_text(answer) for answer in line["answers"])])
    return row_text(line)


def row_text(line: Json) -> str:
    when = datetime.fromisoformat(line["at"]).replace(tzinfo=UTC).astimezone()
    text = line["text"].replace("\n", " ⏎ ")
    mark = "? " if line["kind"] == "question" else ""
    return f"{line['id'][:12]}  {when:%Y-%m-%d %H:%M}  {line['person']}: {mark}{text}"


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
        return _("{name} has joined.").format(name=line["admitted"])
    when = datetime.fromisoformat(line["expires"]).astimezone()
    return "\n".join(
        [
            _("Tell your colleague this code: {code}").format(code=line["code"]),
            _("It works once, until {time}, while this runs.").format(time=f"{when:%H:%M}"),
        ]
    )


def _person_text(line: Json) -> str:
    roles = {"member": "", "announcer": _("announcer"), "keyholder": _("keyholder")}
    here = _("gone") if line["gone"] else _("here") if line["here"] else _("off")
    words = [here, *([roles[line["role"]]] if roles[line["role"]] else []), *([_("you")] if line["me"] else [])]
    return f"{line['name']} ({', '.join(words)})"


def only_here_text(count: int) -> str:
    if not count:
        return _("Each of your posts is on another PC too: this one may be closed.")
    return plural("{n} post of yours is only on this PC.", "{n} posts of yours are only on this PC.", count)


def event_text(line: Json) -> str:
    """One event of a running node, as text."""
    match line["event"]:
        case "ready":
            text = _("Ready on port {port}.") if line["port"] else _("Ready, without network.")
            office = _("Office: {name}").format(name=line["name"]) if line["name"] else _("In no office yet.")
            return f"{text.format(port=line['port'])} {office}"
        case "linked":
            return _("{person} is here ({address}).").format(**line)
        case "lost":
            return _("{person} is off ({reason}).").format(**line)
        case "synced":
            return _("Level with {person}.").format(**line)
        case "post":
            return row_text(line)
        case "copied":
            return only_here_text(line["only_here"])
        case "changed":
            return _("Posts were withdrawn, or count again.")
        case "people":
            return _("People: {names}").format(names=", ".join(_person_text(p) for p in line["people"]))
        case "office":
            return _("You are in the office “{name}” now, {person}.").format(**line)
        case "invitation":
            return _("Invitation {code}: {state}").format(**line)
        case _:
            return " ".join(line[key] for key in ("what", "kept", "next") if line.get(key))
