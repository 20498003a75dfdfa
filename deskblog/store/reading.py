"""The timeline as a person reads it: colleagues' posts and items of feeds, by part, by search, by id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from deskblog.errors import Refused
from deskblog.i18n import _
from deskblog.store.archive import Archive
from deskblog.store.items import TIE_BITS, Items
from deskblog.store.logs import HeldLog
from deskblog.store.merging import merged
from deskblog.store.search import Asked, asked, midnight, named
from deskblog.store.timeline import before_key
from deskblog.values import DeviceKey, Page, PersonId, Row, Status, View

OF_FEED = "feed-"  # with its number: who an item is by


class Reading(Struct, frozen=True):
    """`people`: names by id; `person`: oneself, None while that is not known; `me`: this device."""

    archive: Archive
    items: Items
    people: Mapping[bytes, str]
    person: PersonId | None
    me: DeviceKey

    def page(self, before: int | None, limit: int, view: View) -> Page:
        """Rows older than `before`, newest first."""
        timeline, end = self.archive.timeline, before_key(before)
        match view:
            case View.MENTIONS:
                return self.archive.finder.mentioning(self.people.get(self.person or b"", ""), before, limit)
            case View.FEEDS:
                return self.items.page(end, limit, muted=True)
            case View.ALL:
                items = self.items.page(end, limit, muted=False)
                return merged((timeline.page(before, limit, view, ()), items), limit)
            case View.KEPT:
                kept = [row for row in self.items.with_ids(list(self.items.kept)) if row.key < end]
                items = Page(tuple(reversed(kept)), None)
                return merged((timeline.page(before, limit, view, ()), items), limit)
            case _:
                return timeline.page(before, limit, view, self._mine())

    def _mine(self) -> Sequence[HeldLog]:
        logs = self.archive.logs
        return logs.of_person(self.person) if self.person else logs.of_device(self.me)

    # --- search -------------------------------------------------------------------------------------------
    def search(self, words: str, before: int | None, limit: int, person: str | None) -> Page:
        """What fits, newest first; `person`: a name, the beginning of an id, or a feed."""
        wanted, end = asked(words, midnight), before_key(before)
        if person is not None and person.startswith(OF_FEED):
            return self.items.of_feed(int(person.removeprefix(OF_FEED)), end, limit)
        if wanted.nothing or (wanted.empty and not person):
            return Page((), None)
        people = self._find_people(person) if person else [PersonId(ident) for ident in self.people]
        people = [who for who in people if all(named(name, self.people[who]) for name in wanted.people)]
        logs = [log for who in people for log in self.archive.logs.of_person(who)]
        if wanted.kind == "feed":
            return self._items(wanted, end, limit)
        posts = self.archive.finder.search(wanted, before, limit, logs if person or wanted.people else None)
        if person or wanted.people or wanted.tags or wanted.kind or wanted.beside is not None:
            return posts
        return merged((posts, self._items(wanted, end, limit)), limit)

    def _items(self, wanted: Asked, before: int, limit: int) -> Page:
        until = wanted.until << TIE_BITS if wanted.until else before
        return self.items.search(wanted.match, wanted.since, min(before, until), limit)

    def status_history(self, person: str, limit: int) -> tuple[str, tuple[Status, ...]]:
        """(name, what they have said they are doing, newest first); `person`: a name or an id's beginning, empty: me.

        Refused if there is nobody so called.
        """
        who = self._find_people(person) if person else [self.person] if self.person else []
        said = [one for ident in who for one in self.archive.newest.history(ident, limit)]
        return self.people.get(who[0], "") if who else "", tuple(sorted(said, key=lambda one: -one.at)[:limit])

    def _find_people(self, person: str) -> list[PersonId]:
        wanted = person.strip().casefold()
        found = [
            PersonId(ident)
            for ident, name in self.people.items()
            if name.casefold() == wanted or (len(wanted) >= 4 and ident.hex().startswith(wanted))
        ]
        if not found:
            raise Refused(_("Nobody here is called “{name}”.").format(name=person.strip()))
        return found

    # --- by id --------------------------------------------------------------------------------------------
    def find(self, id_prefix: str) -> Row | None:
        """The post or item whose id begins so; Refused if several do or it is no beginning of an id."""
        text = id_prefix.strip().lower()
        even = text[: len(text) & ~1]
        try:
            low = bytes.fromhex(even)
        except ValueError:
            raise Refused(_("“{id}” is not the beginning of an id.").format(id=id_prefix)) from None
        if len(even) < 4 or len(low) > 32:
            raise Refused(_("“{id}” is too short or too long for an id.").format(id=id_prefix))
        high = low + b"\xff" * (32 - len(low))
        keys = self.archive.timeline.keys_between(low, high)
        found = [key for ident, key in keys if ident.hex().startswith(text)]
        items = [row for row in self.items.between(low, high) if row.id.startswith(text)]
        if len(found) + len(items) > 1:
            raise Refused(_("Several posts begin with “{id}”.").format(id=id_prefix), next_step=_("Give more of it."))
        return next(iter((*self.archive.timeline.rows(found), *items)), None)
