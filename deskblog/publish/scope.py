"""What a reader asks for: the posts of which part of the office."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Kind(StrEnum):
    TEAM = "team"
    PERSON = "person"
    TAG = "tag"
    COUNTER = "counter"
    FILE = "file"


class Scope(Struct, frozen=True):
    """What is asked for; `of`: the person's id (hex), the tag, or how the hash of a file begins (32 hex digits)."""

    kind: Kind
    of: str = ""
