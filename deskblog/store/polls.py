"""Polls as they are shown: the options from their bodies, the votes from the table `about`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from deskblog.log import kinds
from deskblog.store.about import AboutEntries
from deskblog.store.database import Database
from deskblog.values import Option, PersonId, Poll


class Polls:
    """Reads; everything is written where entries about others are."""

    def __init__(self, database: Database, about: AboutEntries, names: Callable[[bytes], tuple[str, bool]]) -> None:
        """`names`: what a person is called, and whether it is oneself."""
        self._database = database
        self._about = about
        self._names = names

    def of(self, ids: Sequence[bytes]) -> dict[bytes, Poll]:
        """The polls among these entries, by id; two questions to the store, none if `ids` is empty."""
        polls: dict[bytes, kinds.Poll] = {}
        for ident, body in self._database.rows_among("SELECT id, body FROM entry WHERE id", ids) if ids else ():
            content = kinds.decode_body("poll", body) if body is not None else None
            if isinstance(content, kinds.Poll):
                polls[ident] = content
        votes = self._about.votes(polls) if polls else {}
        return {ident: self._shown(poll, votes.get(ident, {})) for ident, poll in polls.items()}

    def _shown(self, poll: kinds.Poll, votes: Mapping[PersonId, tuple[int, ...]]) -> Poll:
        chosen: list[list[tuple[str, bool]]] = [[] for _option in poll.options]
        for person, places in votes.items():
            for place in places:
                chosen[place].append(self._names(person))
        options = tuple(
            Option(kinds.status_text(text), tuple(name for name, _me in people), any(me for _name, me in people))
            for text, people in zip(poll.options, chosen, strict=True)
        )
        return Poll(options, poll.closes, poll.many, sum(bool(places) for places in votes.values()))
