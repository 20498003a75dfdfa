"""How the command line says things to people: one line a thing, readable, without JSON."""

from __future__ import annotations

from datetime import UTC, datetime

from deskblog.cli_announcing import announcing_text, receipts_text
from deskblog.cli_attention import attention_text
from deskblog.cli_care import care_text, only_here_text, restored_text
from deskblog.cli_circles import circle_text
from deskblog.cli_feeds import feeds_text
from deskblog.cli_forward import forward_text
from deskblog.cli_keeping import keeping_text
from deskblog.cli_office import office_text, person_text
from deskblog.cli_places import places_text
from deskblog.cli_programs import programs_text
from deskblog.cli_publishing import publishing_text, site_text
from deskblog.cli_sharing import sharing_text
from deskblog.cli_talk import attached_text, marks_text, poll_text, saved_text, version_text, waiting_text
from deskblog.commands import bundle, care, forward, keeping, places, programs
from deskblog.commands.forms import Json
from deskblog.i18n import _, plural


def line_text(do: str, line: Json) -> str:
    """One answer of a command, as text."""
    if (text := office_text(do, line)) is not None:
        return text
    if (text := announcing_text(do, line)) is not None:
        return text
    if (text := sharing_text(do, line) or feeds_text(do, line)) is not None:
        return text
    if (text := attention_text(do, line)) is not None:
        return text
    if (text := circle_text(do, line)) is not None:
        return text
    if (text := publishing_text(do, line)) is not None:
        return text
    if do in keeping.COMMANDS:
        return keeping_text(do, line)
    if do in bundle.COMMANDS:
        return str(line["say"])
    if do in forward.COMMANDS:
        return forward_text(do, line)
    if do in places.COMMANDS:
        return places_text(do, line)
    if do in programs.COMMANDS:
        return programs_text(line)
    if do in care.COMMANDS:
        return care_text(do, line)
    if do == "waiting" or (do == "post" and "leaves" in line):
        return waiting_text(line)
    if do == "post":
        return _("Posted: {id}").format(id=line["id"][:12])
    if do == "status" and "at" in line:
        return version_text({"at": line["at"], "text": line["status"] or "–"})
    if do == "status":
        return _("Colleagues see: {text}").format(text=line["status"]) if line["status"] else _("Cleared.")
    if do == "withdraw":
        return _("Withdrawn: {id}. Its text goes from each PC that hears of it.").format(id=line["id"][:12])
    if do == "save":
        return saved_text(line)
    if do == "who":
        return plural("{n} answer", "{n} answers", line["answers"]) + f": {line['person']}"
    if do == "saved":
        return f"{line['name']}: {line['words']}"
    if do == "watch":
        return str(line["word"])
    if do == "versions":
        return version_text(line)
    if do == "show":
        return "\n    ".join([row_text(line), *(row_text(answer) for answer in line["answers"])])
    return row_text(line)


def row_text(line: Json) -> str:
    when = datetime.fromisoformat(line["at"]).replace(tzinfo=UTC).astimezone()
    text = line["text"].replace("\n", " ⏎ ")
    mark = "? " if line["kind"] == "question" else sealed_text(line)
    mark = f"! [{receipts_text(line['receipts'])}] " if line.get("receipts") else mark
    beside = attached_text(line) + marks_text(line) + poll_text(line)
    return f"{line['id'][:12]}  {when:%Y-%m-%d %H:%M}  {line['person']}: {mark}{text}{beside}"


def sealed_text(line: Json) -> str:
    """Of a sealed message, before its words, who can read it; of the coffee corner a cup."""
    if line["kind"] == "past":
        return f"[{line['source']}] "
    if not line["sealed"]:
        return "☕ " if line["kind"] == "coffee" else ""
    return f"🔒 [{line['group'] or ', '.join(line['readers'])}] "


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
        case "restored":
            return restored_text(line["count"], line["people"])
        case "late":
            return _("Posts came too late to count; see “deskblog office late”.")
        case "copied":
            return only_here_text(line["only_here"])
        case "waits":
            return plural("{n} post waits to leave.", "{n} posts wait to leave.", line["count"])
        case "rows":
            return "\n".join(row_text(row) for row in line["rows"])
        case "site":
            return site_text(line)
        case "changed":
            return _("Posts were withdrawn, or count again.")
        case "forward":
            return _("Word of the road came; see “deskblog forward show”.")
        case "people":
            return _("People: {names}").format(names=", ".join(person_text(p) for p in line["people"]))
        case "office":
            return _("You are in the office “{name}” now, {person}.").format(**line)
        case "invitation":
            return _("Invitation {code}: {state}").format(**line)
        case _:
            return " ".join(line[key] for key in ("what", "kept", "next", "file") if line.get(key))
