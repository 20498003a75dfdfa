"""Whole rows of what was found on the timeline: names, answers, reactions, attachments, who was quoted.

What goes with the rows is asked for together, one question a table, however many rows there are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from deskblog import limits
from deskblog.log import kinds
from deskblog.store import marks
from deskblog.store.about import AboutEntries, Said
from deskblog.store.announcements import KIND as ANNOUNCEMENT
from deskblog.store.announcements import Announcements, by_name
from deskblog.store.blobs import Blobs
from deskblog.store.database import Database
from deskblog.store.letters import Letters
from deskblog.store.logs import Logs
from deskblog.store.polls import Polls
from deskblog.store.publicity import Publicity
from deskblog.values import Announced, Attached, EntryId, Named, PersonId, Poll, Reaction, Row

QUOTE = 80  # characters of what is answered that go along with an answer
_Whose = tuple[PersonId, str, bool, str, str]
_NONE = (0, 0)  # answers
_Beside = tuple[tuple[Attached, ...], Poll | None, Announced | None, str]


class Rows:
    """Reads only. `kept`: the posts the person keeps at hand."""

    def __init__(
        self,
        database: Database,
        logs: Logs,
        about: AboutEntries,
        blobs: Blobs,
        letters: Letters,
        announcements: Announcements,
        publicity: Publicity,
        names: Callable[[bytes], tuple[str, bool]],
    ) -> None:
        """`names`: what a person is called, and whether it is oneself."""
        self._database = database
        self._logs = logs
        self._about = about
        self._blobs = blobs
        self._letters = letters
        self._announcements = announcements
        self._publicity = publicity
        self._polls = Polls(database, about, names)
        self._names = names
        self.kept: frozenset[bytes] = frozenset()

    def of(self, found: Sequence[Any]) -> tuple[Row, ...]:
        """The rows of what was selected as COLUMNS of the timeline says."""
        ids = [row[6] for row in found]
        said, answers, attached = self._about.of(ids), self._answers(ids), self._blobs.of(ids)
        polls = self._polls.of([row[6] for row in found if row[2] == "poll"])
        announced = self._announcements.of([row[6] for row in found if row[2] == ANNOUNCEMENT])
        quotes = self._quotes([*{row[5] for row in found if row[5]}])
        whose = {n: self._whose(n) for n in {row[1] for row in found}}
        rows = []
        for one in found:
            beside = attached.get(one[6], ()), polls.get(one[6]), announced.get(one[6]), quotes.get(one[5], "")
            rows.append(self._row(one, whose[one[1]], said.get(one[6], ()), answers.get(one[6], _NONE), beside))
        return tuple(rows)

    def _whose(self, n: int) -> _Whose:
        """(the author, as shown, whether it is oneself, as hex, the device as hex) of what is in a log."""
        log = self._logs.numbered(n)
        person = log.person or PersonId(b"")
        return person, *self._names(person), person.hex(), log.name.device.hex()

    def _answers(self, ids: Sequence[bytes]) -> dict[bytes, tuple[int, int]]:
        """(how many answers, when the first was written) by what they answer."""
        of = "SELECT target, at FROM timeline WHERE target"
        found: dict[bytes, tuple[int, int]] = {}
        for target, at in self._database.rows_among(of, ids):
            count, first = found.get(target, (0, at))
            found[target] = count + 1, min(first, at)
        return found

    def _row(self, found: Any, whose: _Whose, said: Sequence[Said], answers: tuple[int, int], beside: _Beside) -> Row:
        key, _n, kind, at, text, target, ident, readers, closed, unread = found
        kind, _space, source = kind.partition(" ")
        person, name, mine, person_id, device = whose
        files, poll, stands, quote = beside
        own = [one for one in said if one.person == person] if said else ()
        solved, corrected = _by_author(own, kind, at) if own else ("", False)
        tags = marks.tags(text)
        return Row(
            key=key,
            id=ident.hex(),
            kind="post" if kind == ANNOUNCEMENT and stands is None else kind,
            person=name,
            person_id=person_id,
            device=device,
            at=at,
            text=text,
            answer_to=target.hex() if target else "",
            quote=quote,
            tags=tags,
            mentions=marks.mentions(text),
            source=source or "office",
            mine=mine,
            public=bool(tags or own) and not readers and self._publicity.shows(kind, at, tags, own),
            unread=bool(unread),
            corrected=corrected,
            reactions=self._reactions(said) if said else (),
            solved=solved,
            answers=answers[0],
            first_answer=answers[1],
            sealed=bool(readers),
            readers=self._readers(readers, person) if readers else (),
            group=closed.hex() if closed else "",
            group_name=self._group_name(closed) if closed else "",
            attached=files,
            poll=poll,
            announced=stands,
            kept=ident in self.kept,
        )

    def _readers(self, said: bytes, author: bytes) -> tuple[Named, ...]:
        """Who may read a sealed text beside its author, by name."""
        people = self._letters.meant(said) - {author}
        named = (Named(one.hex(), *self._names(one)) for one in people if one)
        return tuple(sorted(named, key=by_name))

    def _group_name(self, root: bytes) -> str:
        group = self._letters.group(EntryId(root))
        return group.name if group is not None else ""

    def _reactions(self, said: Sequence[Said]) -> tuple[Reaction, ...]:
        """By sign, in the order in which the signs are offered."""
        found: dict[str, list[tuple[str, bool]]] = {}
        for one in said:
            if isinstance(one.content, kinds.React):
                found.setdefault(one.content.sign, []).append(self._names(one.person))
        return tuple(
            Reaction(sign, tuple(name for name, _mine in found[sign]), any(mine for _name, mine in found[sign]))
            for sign in kinds.SIGNS
            if sign in found
        )

    def _quotes(self, targets: Sequence[bytes]) -> dict[bytes, str]:
        """“Paul: Which form …” by what is answered; nothing of a post that is not here."""
        said = "SELECT e.id, t.log, t.text FROM entry e JOIN timeline t ON t.key = e.key WHERE e.id"
        found = self._database.rows_among(said, targets)
        people = {n: self._names(self._logs.numbered(n).person or b"")[0] for n in {row[1] for row in found}}
        return {ident: f"{people[n]}: {text[:QUOTE]}" for ident, n, text in found}


def _by_author(own: Sequence[Said], kind: str, at: int) -> tuple[str, bool]:
    """(the answer taken, whether it is marked as corrected) of a post, by what its author says of it."""
    solved = next((one.content for one in own if isinstance(one.content, kinds.Solve)), None)
    changes = (one.at for one in own if isinstance(one.content, kinds.Correct) and kind not in kinds.FINAL)
    answer = solved.answer.hex() if isinstance(solved, kinds.Solve) and kind == "question" else ""
    return answer, next(changes, at) > at + limits.CORRECT_MS
