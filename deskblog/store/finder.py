"""Looking for rows of the timeline: by words, people, tags, days and kinds; questions like another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from deskblog.i18n import alphabetical
from deskblog.records import replace
from deskblog.store import marks, wordindex
from deskblog.store.database import Database
from deskblog.store.logs import HeldLog
from deskblog.store.search import WORD, Asked, alike, fits, telling, unindexed
from deskblog.store.timeline import COLUMNS, LAST, TIE_BITS, WHAT, Timeline, before_key
from deskblog.values import Page, Row, Sort

NEWEST = 2000  # posts looked at for questions like another
LOOKED_AT = 4  # times a page, to fill it with what begins as no index knows
LIKE = 20  # questions of which it is looked who answered them
_OF_KIND = {
    "question": " AND t.kind = 'question'",
    "open": " AND t.key IN (SELECT key FROM question)",
    "poll": " AND t.kind = 'poll'",
    "coffee": " AND t.kind = 'coffee'",
    "sealed": " AND t.readers IS NOT NULL",
}
ROUNDS = 20  # pages looked through for one page of a search by tag


class Finder:
    """Reads only."""

    def __init__(self, database: Database, timeline: Timeline) -> None:
        self._database = database
        self._timeline = timeline

    def search(self, asked: Asked, before: int | None, limit: int, logs: Sequence[HeldLog] | None) -> Page:
        """Rows that fit, newest first; `logs`: of these alone."""
        end = min(before_key(before), (asked.until << TIE_BITS) or LAST)
        if logs is None and (newest := self._newest_beginning(asked, end, limit)) is not None:
            return newest
        told = wordindex.phrases(asked.match)
        if not (asked.tags or told):
            return self._timeline.cut(self._fitting(asked, end, limit + 1, logs), limit)
        return self._sifted(
            asked, end, limit, logs, lambda text: fits(asked.tags, marks.tags(text)) and wordindex.stand(told, text)
        )

    def _newest_beginning(self, asked: Asked, end: int, limit: int) -> Page | None:
        """A page of what has a word that begins so, if the newest few posts that may fill it.

        Nearly always they do, and the index, which knows beginnings of two letters and of three, would put together
        all that was ever written of the others. None: the index is to be asked.
        """
        beginning = unindexed(asked.match)
        if beginning is None or asked.tags:
            return None
        part = self._fitting(replace(asked, match=beginning[0]), end, LOOKED_AT * limit, None)
        found = [row for row in part if beginning[1].search(row[4])]
        return self._timeline.cut(found[: limit + 1], limit) if len(found) > limit else None

    def mentioning(self, name: str, before: int | None, limit: int) -> Page:
        """Rows that name a person so called."""
        first = " ".join(WORD.findall(name.split()[0])) if name.split() else ""
        if not first:
            return Page((), None)
        return self._sifted(
            Asked(f'"{first}"'), before_key(before), limit, None,
            lambda text: any(marks.means(one, name) for one in marks.mentions(text)),
        )  # fmt: skip

    def _sifted(
        self, asked: Asked, end: int, limit: int, logs: Sequence[HeldLog] | None, fitting: Callable[[str], bool]
    ) -> Page:
        """What the index finds, and of that what fits."""
        found: list[Any] = []
        for _round in range(ROUNDS):
            part = self._fitting(asked, end, limit + 1, logs)
            found += [row for row in part if fitting(row[4])]
            if len(found) > limit or len(part) <= limit:
                return self._timeline.cut(found, limit)
            end = part[-1][0]
        return Page(self._timeline.shown(found[:limit]), end)  # what fits is rare among what has its words

    def _fitting(self, asked: Asked, end: int, limit: int, logs: Sequence[HeldLog] | None) -> list[Any]:
        """Rows that fit in all but their tags, which the index knows as words only."""
        since = f" AND t.key >= {asked.since << TIE_BITS}" if asked.since else ""
        kind = _OF_KIND.get(asked.kind, " AND t.kind <> 'coffee'")
        if asked.beside is not None:
            sorts = ",".join(str(int(sort)) for sort in asked.beside or Sort)
            kind += f" AND EXISTS (SELECT 1 FROM attached a WHERE a.entry = e.id AND a.kind IN ({sorts}))"
        if asked.match:
            of_logs = "" if logs is None else f" AND t.log IN ({','.join(str(log.n) for log in logs)})"
            return wordindex.rows(
                self._database,
                f"{WHAT} FROM words"
                " JOIN timeline t ON t.key = words.rowid JOIN entry e ON e.log = t.log AND e.seq = t.seq"
                f" WHERE words MATCH ? AND words.rowid < ?{since}{of_logs}{kind}"
                " ORDER BY words.rowid DESC LIMIT ?",
                asked.match, end, limit,
            )  # fmt: skip
        if logs is not None:
            return self._timeline.of_logs(logs, end, limit, since + kind)
        return self._database.rows(
            f"{COLUMNS} WHERE t.key < ?{since}{kind} ORDER BY t.key DESC LIMIT ?", (end, limit)
        )

    def like(self, text: str, limit: int) -> tuple[Row, ...]:
        """Earlier questions with at least half of a text's telling words: answered ones first, then those with most
        of them, then the newest. Of what has any of the words only the newest few thousand are looked at."""
        words = telling(text)
        if not words:
            return ()
        match = " OR ".join(f'"{word}"' for word in words)
        found = wordindex.rows(
            self._database,
            f"{WHAT} FROM (SELECT rowid AS key FROM words WHERE words MATCH ? ORDER BY rowid DESC LIMIT ?) w"
            " JOIN timeline t ON t.key = w.key JOIN entry e ON e.log = t.log AND e.seq = t.seq"
            " WHERE t.kind = 'question'",
            match, NEWEST,
        )  # fmt: skip
        shared = {row[0]: alike(words, row[4]) for row in found}
        best = sorted(
            (row for row in found if shared[row[0]]), key=lambda row: (shared[row[0]], row[0]), reverse=True
        )
        rows = self._timeline.shown(best[: 4 * limit])
        return tuple(sorted(rows, key=lambda row: not row.solved)[:limit])

    def i_know(self, text: str, apart: str) -> bool:
        """Whether an answer of one's own was taken to an earlier question like a text; `apart`: an id left out."""
        taken = [bytes.fromhex(row.solved) for row in self.like(text, LIKE) if row.solved and row.id != apart]
        answers = self._timeline.shown(self._database.rows_among(f"{COLUMNS} WHERE e.id", taken))
        return any(row.mine for row in answers)

    def most_answered(self, since: int, limit: int) -> tuple[Row, ...]:
        """Posts that others have answered at least twice since then (UTC ms), the most answered first."""
        counted = self._database.rows(
            "SELECT target, count(*) FROM timeline WHERE target IS NOT NULL AND key >= ? AND kind <> 'coffee'"
            " GROUP BY target HAVING count(*) > 1 ORDER BY count(*) DESC, max(key) DESC LIMIT ?",
            (since << TIE_BITS, limit),
        )
        held = self._timeline.shown(self._database.rows_among(f"{COLUMNS} WHERE e.id", [row[0] for row in counted]))
        order = {target.hex(): n for n, (target, _count) in enumerate(counted)}
        return tuple(sorted(held, key=lambda row: order[row.id]))

    def knows(self, text: str, limit: int) -> tuple[tuple[str, int], ...]:
        """(name, how many) of others whose answers were taken to earlier questions like a text, most first."""
        taken = [bytes.fromhex(row.solved) for row in self.like(text, LIKE) if row.solved]
        answers = self._timeline.shown(self._database.rows_among(f"{COLUMNS} WHERE e.id", taken))
        counted = Counter(row.person for row in answers if not row.mine)
        return tuple(sorted(counted.items(), key=lambda one: (-one[1], alphabetical(one[0])))[:limit])
