"""Each command as the command line and the local socket know it: plain values in, plain JSON objects out."""

from __future__ import annotations

from deskblog.commands import (
    announcing,
    attaching,
    attention,
    bundle,
    care,
    circles,
    feeds,
    forward,
    keeping,
    keepsakes,
    office,
    outbox,
    places,
    polls,
    posts,
    programs,
    publishing,
    sharing,
    talk,
)
from deskblog.commands.forms import Json, event_json, event_lines, person_json, row_json, time_json
from deskblog.commands.office import Command, Hear

COMMANDS: dict[str, Command] = {
    **office.COMMANDS,
    **outbox.COMMANDS,
    **care.COMMANDS,
    **announcing.COMMANDS,
    **attaching.COMMANDS,
    **attention.COMMANDS,
    **feeds.COMMANDS,
    **circles.COMMANDS,
    **forward.COMMANDS,
    **keepsakes.COMMANDS,
    **polls.COMMANDS,
    **keeping.COMMANDS,
    **bundle.COMMANDS,
    **places.COMMANDS,
    **posts.COMMANDS,
    **programs.COMMANDS,
    **publishing.COMMANDS,
    **sharing.COMMANDS,
    **talk.COMMANDS,
}
NEED_NETWORK = frozenset({"invite", "join", "doctor", "sites", "site", "road", "save"})

__all__ = [
    "COMMANDS",
    "NEED_NETWORK",
    "Command",
    "Hear",
    "Json",
    "event_json",
    "event_lines",
    "person_json",
    "row_json",
    "time_json",
]
