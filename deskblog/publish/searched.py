"""What the search of a site looks through: all posts, in files of so many, of which a new post changes one.

They are scripts that hand over data, for a page opened from a disk may load nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape

from deskblog import limits
from deskblog.i18n import _
from deskblog.publish import names, pages, words
from deskblog.publish.pages import Page
from deskblog.publish.published import Published
from deskblog.publish.shown import Frame, when


def parts(posts: Sequence[Published], frame: Frame) -> dict[str, bytes]:
    """`posts`: oldest first."""
    made = {}
    for n, begin in enumerate(range(0, len(posts), limits.SEARCH_PART), 1):
        rows = [_row(post, frame) for post in posts[begin : begin + limits.SEARCH_PART]]
        data = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).replace("\u2028", "").replace("\u2029", "")
        made[f"search/{n}.js"] = f"deskblog({n},{data});\n".encode()
    return made


def _row(post: Published, frame: Frame) -> list[str]:
    names_beside = " ".join(words.flat(one.name) for one in post.beside)
    text = words.clean(post.text) or names_beside
    return [names.post(post.id), words.name(post), when(post, frame), text, names_beside]


def page(count: int) -> Page:
    """`count`: how many files there are."""
    without = escape(_("The search needs JavaScript. All posts are here, month by month:"))
    broken = escape(_("A part of the posts could not be read."))
    found, none = escape(_("Posts found:")), escape(_("Nothing was found."))
    more, months = escape(_("Show more")), escape(_("Months"))
    body = (
        f'<div id="search" data-parts="{count}" data-found="{found}" data-none="{none}" data-part="{broken}">'
        '<p id="status" role="status"></p><div id="results"></div>'
        f'<p><button type="button" id="more" hidden>{more}</button></p></div>'
        f'<noscript><p>{without} <a href="archive.html#months">{months}</a></p></noscript>'
    )
    return Page(_("Search"), body, root="", script="search.js" if count else "")


def script() -> bytes:
    return pages.asset("search.js").encode()
