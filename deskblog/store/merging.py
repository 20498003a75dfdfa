"""Pages of two timelines as one, newest first. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from deskblog.values import Page


def merged(pages: Sequence[Page], limit: int) -> Page:
    """What is behind the end of one page waits until that page has gone on: nothing is passed over."""
    ends = [page.next_before for page in pages if page.next_before is not None]
    horizon = max(ends, default=0)
    rows = sorted((row for page in pages for row in page.rows), key=lambda row: row.key, reverse=True)
    shown = tuple(row for row in rows if row.key >= horizon)[:limit]
    if not shown:
        return Page((), horizon or None)
    return Page(shown, shown[-1].key if ends or len(shown) < len(rows) else None)
