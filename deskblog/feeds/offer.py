"""A feed that a page leads to, for the person to choose."""

from __future__ import annotations

from msgspec import Struct


class Offer(Struct, frozen=True):
    """`guessed`: the page did not say it is a feed."""

    url: str
    title: str = ""
    type: str = ""
    guessed: bool = False
