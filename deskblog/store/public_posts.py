"""Where public posts stand, found without a look at all others; which of them are public, their rows say."""

from __future__ import annotations

from collections.abc import Sequence

from deskblog.log import kinds
from deskblog.store import wordindex
from deskblog.store.about import AboutEntries
from deskblog.store.database import Database
from deskblog.store.publicity import Publicity
from deskblog.store.search import WORD
from deskblog.store.timeline import TIE_BITS
from deskblog.values import Row

DAY = 86_400_000


class PublicPosts:
    """Finds where public posts may stand, without a look at all others."""

    def __init__(self, database: Database, about: AboutEntries, publicity: Publicity) -> None:
        self._database = database
        self._about = about
        self._publicity = publicity

    def keys(self) -> list[int]:
        """Of what somebody said that it is public, or may be by a tag: newest first."""
        said = self._database.rows("SELECT DISTINCT target FROM about WHERE kind = 'public'")
        held = "SELECT key FROM entry WHERE key IS NOT NULL AND id"
        found = {row[0] for row in self._database.rows_among(held, [target for (target,) in said])}
        for tag, since in self._publicity.tags.items():
            words = " ".join(WORD.findall(tag))
            if (
                words
            ):  # the index knows a tag as words; a clock that differs by a day shifts what is sorted at arrival
                of_tag = "SELECT rowid FROM words WHERE words MATCH ? AND rowid >= ?"
                rows = wordindex.rows(self._database, of_tag, f'"{words}"', max(since - DAY, 0) << TIE_BITS)
                found |= {row[0] for row in rows}
        return sorted(found, reverse=True)

    def corrected(self, rows: Sequence[Row]) -> dict[str, int]:
        """When those that say something else now said so last (UTC ms), by id."""
        people = {bytes.fromhex(row.id): row.person_id for row in rows if row.kind not in kinds.FINAL}
        said = self._about.of(people, "correct")
        last = {ident: [one.at for one in of if one.person.hex() == people[ident]] for ident, of in said.items()}
        return {ident.hex(): max(times) for ident, times in last.items() if times}
