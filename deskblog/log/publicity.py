"""What is public: which of the office's posts may be shown outside of it. Pure; docs/protocol.md, “Public”.

It hangs on a post's author alone: by what they said of it, or by writing it with a tag of which the office had said
before that it makes public.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from deskblog import limits

SETTING = "public-tags"
KINDS = frozenset({"post", "question", "answer", "poll", "announcement", "past"})  # that can be public at all
_TAG = re.compile(rf"(?P<tag>[^\s:]{{1,{limits.TAG}}}):(?P<since>[0-9]{{1,16}})\Z", re.ASCII)


def public_tags(settings: Mapping[str, str | int]) -> dict[str, int]:
    """The tags that make public what is written with them, and since when (UTC ms); of what cannot be read none."""
    said = settings.get(SETTING, "")
    found: dict[str, int] = {}
    parts = said.split(" ") if isinstance(said, str) else []
    for part in [one for one in map(_TAG.match, parts) if one is not None][: limits.PUBLIC_TAGS]:
        found[part["tag"]] = max(int(part["since"]), found.get(part["tag"], 0))
    return found


def written_tags(tags: Mapping[str, int]) -> str:
    """As the setting says them."""
    return " ".join(f"{tag}:{since}" for tag, since in sorted(tags.items()))


def is_public(kind: str, at: int, tags: Iterable[str], said: bool | None, office: Mapping[str, int]) -> bool:
    """Whether a post that is open to the whole office is public. `at`: when it was written (UTC ms); `said`: what its
    author last said, None: nothing; `office`: `public_tags`."""
    if kind not in KINDS:
        return False
    if said is not None:
        return said
    return kind != "past" and any(at > office[tag] for tag in tags if tag in office)
