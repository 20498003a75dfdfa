"""What is said in the banner though it is no trouble."""

from __future__ import annotations

from deskblog import events
from deskblog.i18n import _, plural


def restored(event: events.Restored) -> events.Trouble:
    """Own posts came back from colleagues."""
    posts = plural("{n} post of yours came back.", "{n} posts of yours came back.", event.count)
    said = _("From {people}: nothing is lost.").format(people=_(" and ").join(event.people))
    return events.Trouble("restored", posts, said)


def namesakes(name: str) -> events.Trouble:
    """Two people have one name now."""
    return events.Trouble(
        "namesakes",
        _("There are two people called {name} now.").format(name=name),
        "",
        _("If they are one person with two PCs, say so in the menu of either: “The same person as”."),
    )
