"""The `outbox.json` of a Mastodon archive: an ActivityPub collection of what one wrote (W3C ActivityStreams 2.0)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from deskblog.history.found import Found, Past
from deskblog.plain_text import plain_text

_PUBLIC = ("https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public")


def is_outbox(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("orderedItems"), list)


def read_outbox(value: dict[str, Any]) -> Found:
    """Public posts of one's own; what was for some alone, shared, or an answer to somebody is counted, and left."""
    posts, left_out = [], 0
    actor = str(value.get("id", "")).rsplit("/", 1)[0]
    for item in value["orderedItems"]:
        post = _post(item, actor)
        if post is None:
            left_out += 1
        else:
            posts.append(post)
    return Found(tuple(sorted(posts, key=lambda one: one.at)), left_out)


def _post(item: Any, actor: str) -> Past | None:
    if not isinstance(item, dict) or item.get("type") != "Create" or not isinstance(item.get("object"), dict):
        return None
    note = item["object"]
    readers = [*_list(note.get("to")), *_list(note.get("cc"))]
    answered = note.get("inReplyTo")
    own_thread = isinstance(answered, str) and bool(actor) and answered.startswith(actor)
    if not any(one in _PUBLIC for one in readers) or (answered and not own_thread):
        return None
    warning = str(note.get("summary") or "").strip()
    text = plain_text(str(note.get("content") or ""))
    text = f"{warning}\n{text}" if warning else text
    return Past(moment(note.get("published")), text, "mastodon") if text.strip() else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def moment(text: Any) -> int:
    """UTC ms of an ISO 8601 time; 0 if it is none."""
    try:
        return int(datetime.fromisoformat(str(text)).timestamp() * 1000)
    except (ValueError, OverflowError, OSError):
        return 0


def decode(data: bytes) -> Any:
    """JSON, or None."""
    try:
        return msgspec.json.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
