"""Outside sites on loopback, with feeds that are as good and as bad as real ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape

from deskblog.engine.feeds import FeedRow
from deskblog.ui.article import ArticlePage
from deskblog.ui.window import Window
from tests.ui.desk import Desk
from tests.web.site import Site, answer, site

POD = '<enclosure url="https://air.example/one%20two.mp3?t=1" length="24000000" type="audio/mpeg"/>'


def rss(title: str, items: Sequence[str], link: str = "") -> bytes:
    return (
        '<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>{escape(title)}</title><link>{link}</link>{''.join(items)}</channel></rss>"
    ).encode()


def item(title: str, html: str, *, link: str = "", author: str = "", ago: int = 0, more: str = "") -> str:
    """`ago`: minutes."""
    when = format_datetime(datetime.now(UTC) - timedelta(minutes=ago))
    by = f"<dc:creator>{escape(author)}</dc:creator>" if author else ""
    return (
        f"<item><title>{escape(title)}</title><link>{link}</link><guid isPermaLink='false'>{escape(title)}</guid>"
        f"<pubDate>{when}</pubDate>{by}<description>{escape(html)}</description>{more}</item>"
    )


def put(made: Site, path: str, body: bytes, kind: str = "application/rss+xml") -> str:
    """Serves it; its address."""
    made.pages[path] = lambda one: answer(one, body, kind)
    return made.address + path


@contextmanager
def outside() -> Iterator[Site]:
    with site() as made:
        yield made


def brewery(there: Site) -> str:
    link = f"{there.address}/beer"
    items = [
        item("Spring beer", "<p>It is <b>here</b>, see <a href='/dog'>the dog</a>.</p>", link=link, author="Zoé",
             more=POD + f"<comments>{link}#talk</comments>"),
        item("An older one", "Words", link=f"{link}/2", ago=5),
    ]  # fmt: skip
    return put(there, "/feed", rss("The brewery", items, there.address))


def follow(anne: Desk, address: str, folder: str = "") -> FeedRow:
    added = anne.ask(anne.bridge.engine.feeds.add(address, folder=folder))
    assert added.feed is not None
    return added.feed


def titles(window: Window) -> list[str]:
    rows = [window.rows.row_at(n) for n in range(window.rows.rowCount())]
    return [row.title or row.text for row in rows]


def place_of(window: Window, title: str) -> int:
    return titles(window).index(title)


def page(anne: Desk, window: Window) -> ArticlePage:
    anne.until(lambda: window.feeds.page is not None)
    assert window.feeds.page is not None
    return window.feeds.page
