"""Items of feeds: what outside sites say, beside colleagues' posts and never among their entries.

An item is of this PC alone: it is fetched, read and kept here, and no signature vouches for it. Its key follows time
as that of a post does, so that both are one timeline, newest first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from typing import Any

from msgspec import Struct

from deskblog import limits
from deskblog.log.letter import SEEN_MARK
from deskblog.store.database import Database
from deskblog.store.excerpt import excerpt
from deskblog.values import EntryId, Page, Row

KIND = "feed"
TIE_BITS = 20
_WHAT = (
    "SELECT i.key, i.id, i.at, i.url, i.title, i.text, i.author, i.unread, f.url, f.title, f.n,"
    " i.fetched_by, i.fetched_at"
)
_COLUMNS = f"{_WHAT} FROM item i JOIN feed f ON f.n = i.feed"


class Held(Struct, frozen=True):
    """Of an item kept here: under which key, what else it is told by, and the digest of what is kept."""

    ident: str
    also: tuple[str, ...]
    digest: str


class Came(Struct, frozen=True):
    """An item to keep. `at`: under which time, UTC ms. `more`: JSON of what is not searched (files, comments).
    `hidden`: the feed's words leave it out."""

    ident: str
    also: tuple[str, ...]
    digest: str
    at: int
    url: str
    title: str
    text: str
    html: str
    author: str
    more: str
    unread: bool
    hidden: bool = False


class Source(Struct, frozen=True):
    """Where a feed came from: `person`: whose PC asked the site, empty: this one; `at`: when, UTC ms."""

    person: bytes = b""
    at: int = 0


OWN = Source()


class Article(Struct, frozen=True):
    """All of an item. `html`: cleaned, without pictures."""

    row: Row
    html: str
    text: str
    author: str
    more: str


def item_id(feed: str, ident: str) -> EntryId:
    """The same on all PCs that follow a feed at one address."""
    named = f"deskblog/1 item\0{feed}\0{ident}".encode("utf-8", "replace")
    return EntryId(hashlib.blake2b(named, digest_size=32).digest())


class Items:
    """Writes and reads the table `item` and its full-text index."""

    def __init__(self, database: Database, names: Callable[[bytes], tuple[str, bool]]) -> None:
        self._database = database
        self.names = names
        self.kept: frozenset[bytes] = frozenset()  # at hand by the person's wish

    # --- writing, inside the caller's transaction ---------------------------------------------------------
    def held(self, feed: int) -> list[Held]:
        rows = self._database.rows("SELECT ident, also, digest FROM item WHERE feed = ?", (feed,))
        return [Held(ident, tuple(also.split("\n")) if also else (), digest) for ident, also, digest in rows]

    def add(self, feed: int, url: str, came: Sequence[Came], source: Source = OWN) -> list[int]:
        """Keeps new items; their keys. What another PC of one's own has read is read."""
        marks = [item_id(url, one.ident)[:SEEN_MARK] for one in came]
        read = {row[0] for row in self._database.rows_among("SELECT mark FROM read_mark WHERE mark", marks)}
        keys = []
        for one in came:
            ident = item_id(url, one.ident)
            key = self._free(one.at << TIE_BITS | int.from_bytes(ident[:3], "big") >> 4)
            unread = one.unread and not one.hidden and ident[:SEEN_MARK] not in read
            self._database.run(
                "INSERT OR IGNORE INTO item (key, id, feed, ident, also, digest, at, url, title, text, html, author,"
                " more, unread, hidden, fetched_by, fetched_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (key, ident, feed, one.ident, "\n".join(one.also), one.digest, one.at, one.url, one.title, one.text,
                 one.html, one.author, one.more, unread, one.hidden, source.person, source.at),
            )  # fmt: skip
            self._database.run(
                "INSERT INTO item_words (rowid, title, text) VALUES (?, ?, ?)", (key, one.title, one.text)
            )
            keys.append(key)
        return keys

    def _free(self, key: int) -> int:
        taken = "SELECT 1 FROM item WHERE key = ? UNION ALL SELECT 1 FROM timeline WHERE key = ?"
        while self._database.row(taken, (key, key)) is not None:
            key += 1
        return key

    def edit(self, feed: int, came: Sequence[Came], source: Source = OWN) -> list[int]:
        """What says something else now keeps its place, and is read if it was; the keys."""
        keys = []
        for one in came:
            row = self._database.row(
                "SELECT key, title, text FROM item WHERE feed = ? AND ident = ?", (feed, one.ident)
            )
            if row is None:
                continue
            self._forget_words([row])
            self._database.run(
                "UPDATE item SET also = ?, digest = ?, url = ?, title = ?, text = ?, html = ?, author = ?, more = ?,"
                " hidden = ?, fetched_by = ?, fetched_at = ? WHERE key = ?",
                ("\n".join(one.also), one.digest, one.url, one.title, one.text, one.html, one.author, one.more,
                 one.hidden, source.person, source.at, row[0]),
            )  # fmt: skip
            self._database.run(
                "INSERT INTO item_words (rowid, title, text) VALUES (?, ?, ?)", (row[0], one.title, one.text)
            )
            keys.append(row[0])
        return keys

    def _forget_words(self, rows: Collection[tuple[int, str, str]]) -> None:
        self._database.run_many(
            "INSERT INTO item_words (item_words, rowid, title, text) VALUES ('delete', ?, ?, ?)", rows
        )

    def hide(self, feed: int, hidden: frozenset[int]) -> None:
        """By the words the person chose for a feed now."""
        self._database.run("UPDATE item SET hidden = 0 WHERE feed = ?", (feed,))
        self._database.run_many("UPDATE item SET hidden = 1, unread = 0 WHERE key = ?", [(key,) for key in hidden])

    def remove(self, feed: int) -> None:
        self._drop("WHERE feed = ?", (feed,))

    def thin(self, feed: int, before: int) -> None:
        """Lets go of what is old (UTC ms) and read, and of what is past the ceiling; what is kept at hand stays."""
        self._drop("WHERE feed = ? AND unread = 0 AND key < ?", (feed, before << TIE_BITS))
        row = self._database.row(
            "SELECT key FROM item WHERE feed = ? ORDER BY key DESC LIMIT 1 OFFSET ?", (feed, limits.FEED_KEPT)
        )
        if row is not None:
            self._drop("WHERE feed = ? AND key <= ?", (feed, row[0]))

    def _drop(self, where: str, values: Sequence[Any]) -> None:
        rows = self._database.rows(f"SELECT key, title, text, id FROM item {where}", values)
        gone = [row for row in rows if row[3] not in self.kept]
        self._forget_words([row[:3] for row in gone])
        self._database.run_many("DELETE FROM item WHERE key = ?", [(row[0],) for row in gone])

    # --- reading ------------------------------------------------------------------------------------------
    def page(self, before: int, limit: int, *, muted: bool) -> Page:
        """Newest first; `muted`: those of muted feeds too."""
        loud = "" if muted else " AND f.muted = 0"
        found = self._database.rows(
            f"{_COLUMNS} WHERE i.key < ? AND i.hidden = 0{loud} ORDER BY i.key DESC LIMIT ?", (before, limit + 1)
        )
        return self._cut(found, limit)

    def of_feed(self, feed: int, before: int, limit: int) -> Page:
        found = self._database.rows(
            f"{_COLUMNS} WHERE i.feed = ? AND i.key < ? AND i.hidden = 0 ORDER BY i.key DESC LIMIT ?",
            (feed, before, limit + 1),
        )
        return self._cut(found, limit)

    def search(self, match: str, since: int, before: int, limit: int) -> Page:
        """`match`: an FTS5 expression, or nothing for all; `since`: UTC ms."""
        if match:
            found = self._database.rows(
                f"{_WHAT} FROM item_words JOIN item i ON i.key = item_words.rowid JOIN feed f ON f.n = i.feed"
                " WHERE item_words MATCH ? AND item_words.rowid < ? AND item_words.rowid >= ? AND i.hidden = 0"
                " ORDER BY item_words.rowid DESC LIMIT ?",
                (match, before, since << TIE_BITS, limit + 1),
            )
        else:
            found = self._database.rows(
                f"{_COLUMNS} WHERE i.key < ? AND i.key >= ? AND i.hidden = 0 ORDER BY i.key DESC LIMIT ?",
                (before, since << TIE_BITS, limit + 1),
            )
        return self._cut(found, limit)

    def _cut(self, found: Sequence[Any], limit: int) -> Page:
        rows = tuple(self._row(one) for one in found[:limit])
        return Page(rows, rows[-1].key if len(found) > limit else None)

    def _row(self, found: Any) -> Row:
        key, ident, at, url, title, text, author, unread, feed, called, n, fetched_by, fetched_at = found
        return Row(
            key=key,
            id=ident.hex(),
            kind=KIND,
            person=called or feed,
            person_id=f"feed-{n}",
            device="",
            at=at,
            text="\n".join(part for part in (title, excerpt(text)) if part),
            source=feed,
            kept=ident in self.kept,
            unread=bool(unread),
            link=url,
            title=title,
            author=author,
            fetched=(self.names(fetched_by)[0] if fetched_by else "", fetched_at),
        )

    def rows(self, keys: Sequence[int]) -> tuple[Row, ...]:
        """Oldest first."""
        return tuple(self._row(one) for one in sorted(self._database.rows_among(f"{_COLUMNS} WHERE i.key", keys)))

    def with_ids(self, ids: Sequence[bytes]) -> tuple[Row, ...]:
        """Oldest first."""
        return tuple(self._row(one) for one in sorted(self._database.rows_among(f"{_COLUMNS} WHERE i.id", list(ids))))

    def between(self, low: bytes, high: bytes) -> tuple[Row, ...]:
        """Those whose ids lie there."""
        found = self._database.rows(f"{_COLUMNS} WHERE i.id BETWEEN ? AND ? LIMIT 300", (low, high))
        return tuple(self._row(one) for one in found)

    def article(self, ident: bytes) -> Article | None:
        rows = self.with_ids([ident])
        found = self._database.row("SELECT html, text, author, more FROM item WHERE id = ?", (ident,))
        return Article(rows[0], *found) if rows and found else None

    def texts(self, feed: int) -> list[tuple[int, str]]:
        """(key, title and text) of all of a feed."""
        rows = self._database.rows("SELECT key, title, text FROM item WHERE feed = ?", (feed,))
        return [(key, f"{title}\n{text}") for key, title, text in rows]

    # --- unread -------------------------------------------------------------------------------------------
    def unread_ids(self, limit: int, *, muted: bool) -> list[EntryId]:
        loud = "" if muted else " AND f.muted = 0"
        rows = self._database.rows(
            f"SELECT i.id FROM item i JOIN feed f ON f.n = i.feed WHERE i.unread = 1{loud}"
            " ORDER BY i.key DESC LIMIT ?",
            (limit,),
        )
        return [EntryId(row[0]) for row in rows]

    def unread_of(self, feed: int, limit: int) -> list[EntryId]:
        rows = self._database.rows(
            "SELECT id FROM item WHERE feed = ? AND unread = 1 ORDER BY key DESC LIMIT ?", (feed, limit)
        )
        return [EntryId(row[0]) for row in rows]

    def count_unread(self) -> tuple[int, int]:
        """(of all feeds, of those not muted)."""
        row = self._database.row(
            "SELECT count(*), coalesce(sum(f.muted = 0), 0) FROM item i JOIN feed f ON f.n = i.feed"
            " WHERE i.unread = 1"
        )
        return int(row[0]), int(row[1])

    def let_go(self, ids: Sequence[bytes]) -> list[EntryId]:
        """Read from now on; those that were not. Inside the caller's transaction."""
        rows = self._database.rows_among("SELECT id FROM item WHERE unread = 1 AND id", list(ids))
        self._database.run_many("UPDATE item SET unread = 0 WHERE id = ?", rows)
        return [EntryId(row[0]) for row in rows]

    def with_mark(self, mark: bytes) -> list[EntryId]:
        """The items whose ids begin so."""
        last = mark + b"\xff" * (32 - len(mark))
        rows = self._database.rows("SELECT id FROM item WHERE id BETWEEN ? AND ?", (mark, last))
        return [EntryId(row[0]) for row in rows]
