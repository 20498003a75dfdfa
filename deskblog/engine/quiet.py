"""When popups may come to the person: hours of their own, else those of the office, else the usual ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from deskblog.errors import Refused
from deskblog.i18n import _, language
from deskblog.log.settings import QUIET, Settings, clock, hours_of, same_hours
from deskblog.values import USUAL_HOURS, Hours

CLOCK = frozenset({"begins", "ends", "days", "hours"})


class Chosen(msgspec.Struct, frozen=True):
    """`hours`: there are quiet ones; `own`: the person chose them, None: kept by a version that did not ask that.
    `told`: to colleagues too. `muted`: what until when (UTC ms, 0: for good). `paused`: no popups until then."""

    begins: int = USUAL_HOURS.begins
    ends: int = USUAL_HOURS.ends
    days: tuple[int, ...] = USUAL_HOURS.days
    hours: bool = True
    told: bool = True
    popups: bool = True
    muted: dict[str, int] = {}
    followed: tuple[str, ...] = ()
    paused: int = 0
    own: bool | None = None


def own_hours(chosen: Chosen) -> Hours | None:
    """Those of the person; None: they have chosen none, or go by the office's again."""
    hours = Hours(chosen.begins, chosen.ends, chosen.days, chosen.hours)
    own = chosen.own if chosen.own is not None else hours != USUAL_HOURS
    return hours if own else None


def with_hours(chosen: Chosen, says: Settings, changes: dict[str, Any]) -> dict[str, Any]:
    """What the person's changes come to: no hours of their own where these stay as they are. Refused if the office
    has locked its own."""
    now = hours_of(own_hours(chosen), says)
    new = Hours(
        changes.get("begins", now.begins),
        changes.get("ends", now.ends),
        tuple(changes.get("days", now.days)),
        changes.get("hours", now.on),
    )
    others = {name: value for name, value in changes.items() if name not in CLOCK}
    if same_hours(new) == same_hours(now):
        return others
    if QUIET in says.locked:
        raise Refused(
            _("The office has set when popups may come."),
            kept=_("Nothing was changed."),
            next_step=_("Ask a keyholder to change it, or pause popups for a while."),
        )
    return {**others, "begins": new.begins, "ends": new.ends, "days": new.days, "hours": new.on, "own": True}


def hours_text(hours: Hours) -> str:
    """In words."""
    if not hours.on:
        return _("at any time")
    days = days_text(hours.days)
    if hours.begins == hours.ends:
        return _("all day, {days}").format(days=days)
    return _("{begins} to {ends}, {days}").format(begins=clock(hours.begins), ends=clock(hours.ends), days=days)


def days_text(days: Sequence[int]) -> str:
    """“Mon–Fri”, “Mon, Wed–Thu”: runs of days by their ends."""
    from babel import dates

    names = dates.get_day_names("abbreviated", "stand-alone", locale=language())
    runs: list[list[int]] = []
    for day in sorted(days):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    ends = [dict.fromkeys((run[0], run[-1])) for run in runs]
    return ", ".join("–".join(str(names[day]).rstrip(".") for day in run) for run in ends)
