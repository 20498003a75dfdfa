"""Popups that come together: of one thread the newest, of many threads one summary. Pure."""

from __future__ import annotations

from msgspec import Struct

from deskblog.attention.popup import Popup
from deskblog.i18n import plural

WINDOW_MS = 1500  # for so long it is waited whether more comes with it
SINGLE = 3  # threads that pop up one by one; more are one summary
SUMMARY = "summary"  # its key


class _Held(Struct, frozen=True):
    popup: Popup
    people: tuple[str, ...]
    count: int


class Gather:
    """Times are UTC ms."""

    def __init__(self) -> None:
        self._held: dict[str, _Held] = {}
        self._since = 0

    def add(self, popup: Popup, person: str, now: int) -> None:
        """Of one key the newest is shown, and how many there were."""
        if not self._held:
            self._since = now
        before = self._held.pop(popup.key, _Held(popup, (), 0))
        people = tuple(dict.fromkeys((*before.people, person)))
        self._held[popup.key] = _Held(popup, people, before.count + 1)

    def drop(self, key: str) -> None:
        """It was read meanwhile."""
        self._held.pop(key, None)

    def wait(self, now: int) -> int | None:
        """In how many ms something is due; None: nothing is held."""
        return max(0, self._since + WINDOW_MS - now) if self._held else None

    def take(self) -> tuple[Popup, ...]:
        """All that is held, announcements one by one, the others together if they are many."""
        held, self._held = list(self._held.values()), {}
        apart = [one.popup for one in held if one.popup.got_it]
        others = [one for one in held if not one.popup.got_it]
        if len(others) <= SINGLE:
            return (*apart, *(one.popup for one in others))
        count = sum(one.count for one in others)
        people = list(dict.fromkeys(name for one in others for name in one.people))
        return (
            *apart,
            Popup(SUMMARY, plural("{n} new post for you", "{n} new posts for you", count), _names(people)),
        )


def _names(people: list[str]) -> str:
    """“Anne, Paul, Karim and 4 more”."""
    first, more = people[:SINGLE], len(people) - SINGLE
    shown = ", ".join(first)
    return shown if more <= 0 else f"{shown} " + plural("and {n} more", "and {n} more", more)
