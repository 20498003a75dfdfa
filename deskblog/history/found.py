"""What was found in a file of somebody's history."""

from __future__ import annotations

from msgspec import Struct


class Past(Struct, frozen=True):
    """One post of former days. `at`: UTC ms, 0 if the file does not say; `source`: mastodon, twitter, feed, text."""

    at: int
    text: str
    source: str


class Found(Struct, frozen=True):
    """Oldest first. `left_out`: how many were not public, were somebody else's, or answered somebody there."""

    posts: tuple[Past, ...]
    left_out: int = 0
