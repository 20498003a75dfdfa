"""What commands answer and a node prints, as plain JSON objects."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from msgspec.structs import asdict

from deskblog import events
from deskblog.engine.newer import newer_words
from deskblog.engine.program_words import came_words
from deskblog.log.settings import DAYS, clock
from deskblog.values import Announced, Attached, BlobState, GroupRow, Hours, PersonRow, Poll, Profile, Role, Row, View

Json = dict[str, Any]
COUNTED = (View.ALL, View.OFFICE, View.FEEDS, View.OPEN, View.ANNOUNCEMENTS, View.MENTIONS, View.SEALED, View.COFFEE)


def row_json(row: Row) -> Json:
    """A timeline row as design section 9 names it."""
    out: Json = {
        "id": row.id,
        "kind": row.kind,
        "person": row.person,
        "device": row.device,
        "at": time_json(row.at),
        "text": row.text,
        "answer_to": row.answer_to or None,
        "tags": list(row.tags),
        "mentions": list(row.mentions),
        "attachments": [_attached_json(one) for one in row.attached],
        "source": row.source,
        "corrected": row.corrected,
        "answer_count": row.answers,
        "kept": row.kept,
        "unread": row.unread,
        "sealed": row.sealed,
        "public": row.public,
        "reactions": {one.sign: list(one.people) for one in row.reactions},
    }
    if row.sealed:
        out["readers"] = [one.name for one in row.readers]
        out["group"] = row.group_name or row.group or None
    if row.poll is not None:
        out["poll"] = _poll_json(row.poll)
    if row.announced is not None:
        out["receipts"] = _receipts_json(row.announced)
    if row.kind == "feed":
        whose, at = row.fetched
        fetched = {"by": whose or None, "at": time_json(at)} if at else None
        out |= {"link": row.link or None, "title": row.title, "author": row.author, "fetched": fetched}
    if row.kind == "question":
        out["solved"] = row.solved or None
    return out


def _receipts_json(said: Announced) -> Json:
    return {
        "urgency": said.urgency.name.lower(),
        "ends": time_json(said.ends),
        "got": [one.name for one in said.got],
        "waiting": [one.name for one in said.waiting],
        "mine": time_json(said.mine) if said.mine else None,
    }


def _poll_json(poll: Poll) -> Json:
    options = [{"text": one.text, "people": list(one.people), "mine": one.mine} for one in poll.options]
    closes = time_json(poll.closes) if poll.closes else None
    return {"options": options, "closes": closes, "many": poll.many, "voters": poll.voters}


def _attached_json(one: Attached) -> Json:
    out: Json = {"name": one.name, "kind": one.sort.name.lower(), "size": one.blob.size, "hash": one.blob.hash}
    out["here"] = one.blob.state is BlobState.HERE
    if one.width and one.height:
        out |= {"width": one.width, "height": one.height}
    return out | ({"seconds": one.seconds} if one.seconds else {})


def time_json(ms: int) -> str:
    """RFC 3339, UTC, milliseconds; a time no calendar has is shown as the nearest one."""
    ms = min(ms, 253_402_300_799_999)
    moment = datetime.fromtimestamp(ms // 1000, UTC).replace(microsecond=ms % 1000 * 1000)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def profile_json(profile: Profile) -> Json:
    return {
        "job": profile.job,
        "place": profile.place,
        "phone": profile.phone,
        "picture": profile.picture.hash if profile.picture is not None else None,
        "hours": hours_json(profile.hours) if profile.hours is not None else None,
    }


def hours_json(hours: Hours) -> Json:
    """When popups may come: HH:MM, and names of weekdays."""
    return {"from": clock(hours.begins), "to": clock(hours.ends), "days": [DAYS[n] for n in hours.days]}


def group_json(row: GroupRow) -> Json:
    members = [one.name for one in row.members]
    keeper = row.keeper.name if row.keeper is not None else None
    out: Json = {"id": row.id, "name": row.name, "members": members, "joined": row.joined, "closed": row.closed}
    return out | ({"keeper": keeper} if row.closed else {})


def person_json(person: PersonRow) -> Json:
    role = {Role.MEMBER: "member", Role.ANNOUNCER: "announcer", Role.KEYHOLDER: "keyholder"}[person.role]
    return {
        "person": person.id,
        "name": person.name,
        "role": role,
        "devices": list(person.devices),
        "here": person.here,
        "away": person.away,
        "site": person.site or None,
        "status": person.status,
        **profile_json(person.profile),
        "me": person.me,
        "gone": person.gone,
        "removed_by": person.removed_by or None,
    }


def event_json(event: events.Event) -> Json:
    """One event as `deskblog node --json` prints it."""
    match event:
        case events.Posted():
            raise ValueError("one line a post: see event_lines")
        case events.Linked() | events.Lost() | events.Synced():
            return {"event": type(event).__name__.lower(), **asdict(event)}
        case events.Newer():
            return {"event": "newer", **asdict(event), **_in_words(newer_words(event))}
        case events.ProgramCame():
            return {"event": "program", **asdict(event), **_in_words(came_words(event))}
        case events.Ready() | events.Removed() | events.Trouble():
            return _grave(event)
        case events.PeopleChanged():
            return {"event": "people", "people": [person_json(p) for p in event.people]}
        case events.OfficeChanged():
            return {"event": "office", "office": event.office, "name": event.name, "person": event.person}
        case events.InvitationChanged():
            return {"event": "invitation", "code": event.code, "state": event.state, "person": event.person}
        case events.PopUp() | events.PopupGone() | events.Wanted() | events.Read() | events.DigestDue():
            return {"event": type(event).__name__.lower(), **asdict(event)}
        case events.SiteWritten():
            return {"event": "site", **asdict(event)}
        case events.FeedsChanged():
            return {"event": "feeds"}
        case events.ForwardChanged():
            return {"event": "forward"}
        case events.UnreadChanged():
            return {"event": "unread", **unread_json(event.counts), "for_me": event.for_me}
        case _:
            return _of_posts(event)


def unread_json(counts: Mapping[View, int]) -> Json:
    """How many are unread, by view; every view that has a count is named."""
    return {"unread": {view.value: counts.get(view, 0) for view in COUNTED}}


def _of_posts(
    event: events.Restored
    | events.LateCame
    | events.Copied
    | events.Coming
    | events.Waits
    | events.RowsChanged
    | events.TimelineChanged,
) -> Json:
    match event:
        case events.Restored():
            return {"event": "restored", "count": event.count, "people": list(event.people)}
        case events.LateCame():
            return {"event": "late"}
        case events.Copied():
            return {"event": "copied", "only_here": event.only_here}
        case events.Coming():
            return {"event": "coming", **asdict(event)}
        case events.Waits():
            return {"event": "waits", "count": len(event.waiting)}
        case events.RowsChanged():
            return {"event": "rows", "rows": [row_json(row) for row in event.rows]}
        case events.TimelineChanged():
            return {"event": "changed"}


def _in_words(said: events.Trouble) -> Json:
    return {"what": said.what, "kept": said.kept, "next": said.next_step}


def _grave(event: events.Ready | events.Removed | events.Trouble) -> Json:
    if isinstance(event, events.Ready):
        office = {"office": event.office, "name": event.office_name}
        return {"event": "ready", "port": event.port, "device": event.device, **office}
    said = {"what": event.what, "kept": event.kept, "next": event.next_step}
    if isinstance(event, events.Trouble):
        return {"event": "trouble", "where": event.where, **said}
    return {"event": "removed", "by": event.by, "at": time_json(event.at), "act": event.act, **said}


def event_lines(event: events.Event) -> list[Json]:
    """The lines one event is printed as: a line a post, one for everything else."""
    if isinstance(event, events.Posted):
        return [{"event": "post", "live": event.live, **row_json(row)} for row in event.rows]
    return [event_json(event)]
