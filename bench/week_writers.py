"""The colleagues whose PCs are no programs here: their keys, their logs, and the entries they sign."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from bench.measure import babble
from bench.stores import Author
from bench.week_plan import Deed
from deskblog.log import kinds
from deskblog.log.office import Office
from deskblog.log.run import Run
from deskblog.store.store import Held
from deskblog.values import EntryId

LATELY = 60  # what is answered and reacted to is one of so many
Bundle = tuple[Run, list[bytes | None], list[Held]]


class Writers:
    def __init__(self, office: Office, people: Sequence[int], at: int) -> None:
        self._authors = {n: Author(n, office, at) for n in people}
        self._texts = babble(1_000_000)
        self._lately: deque[EntryId] = deque(maxlen=LATELY)  # of anybody
        self._own: dict[int, deque[EntryId]] = {n: deque(maxlen=LATELY) for n in people}
        self._poll: EntryId | None = None
        self.announced: EntryId | None = None

    def openings(self) -> list[Bundle]:
        """The beginning of each log."""
        return [self._taken(author) for author in self._authors.values()]

    def said(self, ident: EntryId) -> None:
        """Somebody else said something that may be answered."""
        self._lately.append(ident)

    def do(self, deed: Deed, at: int) -> Bundle | None:
        """What comes of a deed; None if there is nothing yet that it could be about."""
        author, content = self._authors[deed.writer], self._content(deed)
        if content is None:
            return None
        ident = author.write(content, at)
        if isinstance(content, kinds.Post | kinds.Question | kinds.Answer):
            self._lately.append(ident)
            self._own[deed.writer].append(ident)
        elif isinstance(content, kinds.Poll):
            self._poll = ident
        elif isinstance(content, kinds.Withdraw):
            self._forget(EntryId(content.target))
        return self._taken(author)

    def _content(self, deed: Deed) -> kinds.Content | None:
        text, target = next(self._texts)[:140], _one(self._lately, deed.which)
        own = _one(self._own[deed.writer], deed.which)
        match deed.what:
            case "question":
                return kinds.Question(text)
            case "answer" if target:
                return kinds.Answer(text, target)
            case "react" if target:
                return kinds.React(target, kinds.SIGNS[int(deed.which * len(kinds.SIGNS))])
            case "correct" if own:
                return kinds.Correct(own, text)
            case "withdraw" if own:
                return kinds.Withdraw(own)
            case "status":
                return kinds.Status(text[:40])
            case "coffee":
                return kinds.Coffee(text)
            case "poll":
                return kinds.Poll(text, ("Monday", "Tuesday", "Never"))
            case "vote" if self._poll:
                return kinds.Vote(self._poll, (int(deed.which * 3),))
            case "receipt" if self.announced:
                return kinds.Receipt((self.announced,))
            case "post":
                return kinds.Post(text)
            case _:
                return None

    def _forget(self, ident: EntryId) -> None:
        for held in (self._lately, *self._own.values()):
            if ident in held:
                held.remove(ident)

    @staticmethod
    def _taken(author: Author) -> Bundle:
        held = author.take()
        run = Run(author.log, tuple(one.entry for one in held), held[-1].signature or b"")
        return run, [one.body for one in held], held


def _one(held: deque[EntryId], which: float) -> EntryId | None:
    return held[int(which * len(held))] if held else None
