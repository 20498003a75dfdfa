"""The shop counter: one page of posts chosen by hand, for clients who wait. Large type, no script."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from html import escape
from typing import Final

from deskblog import limits
from deskblog.i18n import _, language
from deskblog.publish import names, words
from deskblog.publish.pages import asset
from deskblog.publish.published import Beside, Published

_STYLE: Final = asset("counter.css")
_HASH: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
# The page may show its photos and look as we have it look; nothing else.
POLICY: Final = f"default-src 'none'; img-src 'self'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'"


def page(title: str, posts: Sequence[Published], file: Callable[[Beside], str], *, refresh: int = 0) -> bytes:
    """`posts`: in the order they are shown in. `file`: where a photo is, seen from the page. `refresh`: seconds after
    which the page is loaded anew, 0: never."""
    shown = [_article(post, file) for post in posts[: limits.COUNTER_POSTS]]
    nothing = escape(_("Nothing has been published yet."))
    return framed(title, "\n".join(shown) or f"<p>{nothing}</p>", refresh=refresh)


def framed(title: str, body: str, *, refresh: int = 0) -> bytes:
    """A page that looks so; `body`: HTML of our own."""
    name = escape(words.flat(title) or "deskblog")
    parts = [
        f'<!doctype html>\n<html lang="{escape(language())}">\n<head>\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">\n<meta name="robots" content="noindex">',
        f'<meta http-equiv="refresh" content="{max(refresh, limits.COUNTER_REFRESH)}">' if refresh > 0 else "",
        f"<title>{name}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{name}</h1>",
        body,
        "</main>\n</body>\n</html>\n",
    ]
    return "\n".join(part for part in parts if part).encode()


def _article(post: Published, file: Callable[[Beside], str]) -> str:
    photos = [one for one in post.beside if names.is_photo(one) and file(one)]
    shown = "".join(f'<img src="{escape(file(one))}" alt="{escape(words.flat(one.name))}">' for one in photos)
    text = f'<div dir="auto">{words.html(post.text)}</div>'
    return f'<article>{text}{shown}<p class="who">{escape(words.name(post))}</p></article>'
