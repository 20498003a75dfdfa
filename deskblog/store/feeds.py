"""The feeds this PC follows, and what came of them last; all of this PC alone."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from deskblog.store.database import Database
from deskblog.store.items import OWN, Came, Held, Items, Source
from deskblog.values import Row

_COLUMNS = "SELECT n, url, title, link, folder, words, every, muted, private, typed, said, state, shared FROM feed"


class KeptFeed(Struct, frozen=True):
    """`title`: the person's name for it, else its own. `every`: seconds the person asked for, 0: what suits it.
    `words`: an item needs one of them, and none that has a minus before it. `typed`: the person gave the address.
    `private`: never shared. `said`: what is wrong with it, in three lines. `state`: its schedule. `shared`: its copy,
    as it is handed on."""

    n: int
    url: str
    title: str
    link: str
    folder: str
    words: str
    every: int
    muted: bool
    private: bool
    typed: bool
    said: str
    state: bytes
    shared: bytes = b""


class Feeds:
    """Writes and reads the table `feed`; each call is a transaction of its own."""

    def __init__(self, database: Database, items: Items) -> None:
        self._database = database
        self.items = items

    def all(self) -> list[KeptFeed]:
        """By folder and title."""
        order = "folder COLLATE NOCASE, title COLLATE NOCASE, n"
        rows = self._database.rows(f"{_COLUMNS} WHERE followed = 1 ORDER BY {order}")
        return [_feed(row) for row in rows]

    def unread(self) -> dict[int, int]:
        """How many items are unread, by feed."""
        return dict(self._database.rows("SELECT feed, count(*) FROM item WHERE unread = 1 GROUP BY feed"))

    def add(self, url: str, title: str, link: str, folder: str, *, typed: bool, private: bool, state: bytes) -> int:
        """The number of a feed followed from now on, or of the one already followed at that address."""
        with self._database.transaction(durable=True):
            self._database.run(
                "INSERT INTO feed (url, title, link, folder, words, every, muted, private, typed, said, state)"
                " VALUES (?, ?, ?, ?, '', 0, 0, ?, ?, '', ?) ON CONFLICT (url) DO UPDATE SET followed = 1",
                (url, title, link, folder, private, typed, state),
            )
        return int(self._database.row("SELECT n FROM feed WHERE url = ?", (url,))[0])

    def remove(self, n: int) -> None:
        """With its items, but for those kept at hand."""
        with self._database.transaction(durable=True):
            self.items.remove(n)
            self._database.run("UPDATE feed SET followed = 0 WHERE n = ?", (n,))
            self._database.run("DELETE FROM feed WHERE n = ? AND n NOT IN (SELECT feed FROM item)", (n,))

    def change(self, n: int, **fields: object) -> None:
        """Sets some of title, link, folder, words, every, muted, private, said, state, shared, url."""
        assert fields.keys() <= set(KeptFeed.__struct_fields__) - {"n"}
        names = ", ".join(f"{name} = ?" for name in fields)
        with self._database.transaction(durable=False):
            self._database.run(f"UPDATE feed SET {names} WHERE n = ?", (*fields.values(), n))

    def hide(self, n: int, hidden: frozenset[int]) -> None:
        with self._database.transaction(durable=False):
            self.items.hide(n, hidden)

    def held(self, n: int) -> list[Held]:
        return self.items.held(n)

    def take(
        self, feed: KeptFeed, new: Sequence[Came], edited: Sequence[Came], before: int, source: Source = OWN
    ) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
        """(rows of what is new, of what says something else); `before`: what is older (UTC ms) and read goes."""
        with self._database.transaction(durable=False):
            added = self.items.add(feed.n, feed.url, new, source)
            changed = self.items.edit(feed.n, edited, source)
            self.items.thin(feed.n, before)
        return self.items.rows(added), self.items.rows(changed)


def _feed(row: Sequence[object]) -> KeptFeed:
    n, url, title, link, folder, words, every, muted, private, typed, said, state, shared = row
    return KeptFeed(
        int(str(n)), str(url), str(title), str(link), str(folder), str(words), int(str(every)), bool(muted),
        bool(private), bool(typed), str(said), bytes(state) if isinstance(state, bytes) else b"",
        bytes(shared) if isinstance(shared, bytes) else b"",
    )  # fmt: skip
