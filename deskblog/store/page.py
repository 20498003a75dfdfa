"""All posts as one page for any browser: newest first, searched without a server, with signed bytes to check it by.

Whatever a colleague wrote is text: it is escaped, and the page forbids its browser to load anything, or to run more
than the one script that filters. Without scripts everything is shown.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape

from deskblog.i18n import _, language
from deskblog.store.search import WORD, plain
from deskblog.values import Row

_STYLE = """
:root { color-scheme: light dark; --soft: #675c53; --line: #e6ded4; --accent: #9a4a14; }
@media (prefers-color-scheme: dark) { :root { --soft: #b5aa9f; --line: #38322c; --accent: #f0a468; } }
body { font: 16px/1.45 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; }
input { font: inherit; width: 100%; box-sizing: border-box; padding: .5rem .7rem; margin: .5rem 0 1rem; }
article { border-top: 1px solid var(--line); padding: .8rem 0; overflow-wrap: anywhere; }
article[hidden] { display: none; }
p { margin: .2rem 0; white-space: pre-wrap; }
small, .quote { color: var(--soft); font-size: .88rem; }
.quote { border-left: 3px solid var(--accent); padding-left: .6rem; }
@media print { input { display: none; } }
"""
_SCRIPT = """
const fold = t => t.normalize("NFKD").replace(/\\p{M}/gu, "").toLowerCase();
const field = document.querySelector("input"), all = [...document.querySelectorAll("article")];
field.hidden = false;
field.addEventListener("input", () => {
  const asked = fold(field.value).match(/[\\p{L}\\p{N}]+/gu) || [];
  for (const one of all) {
    const held = one.dataset.words.split(" ");
    one.hidden = !asked.every(word => held.some(other => other.startsWith(word)));
  }
});
"""


def page(office: str, rows: Sequence[Row], lines: Iterable[str]) -> str:
    """The whole page. `rows`: newest first; `lines`: the signed entries, each as JSON (export.py)."""
    policy = f"default-src 'none'; style-src {_allowed(_STYLE)}; script-src {_allowed(_SCRIPT)}"
    signed = ",\n".join(line.replace("<", "\\u003c") for line in lines)
    search = escape(_("Search"))
    parts = [
        f'<!doctype html>\n<html lang="{escape(language())}">\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">',
        '<meta name="viewport" content="width=device-width">',
        f"<title>{escape(office)}</title>\n<style>{_STYLE}</style>\n<h1>{escape(office)}</h1>",
        f'<input hidden type="search" autofocus aria-label="{search}" placeholder="{search}">',
        *(_article(row) for row in rows),
        f'<script type="application/json" id="signed">[\n{signed}\n]</script>',
        f"<script>{_SCRIPT}</script>\n</html>\n",
    ]
    return "\n".join(parts)


def _allowed(text: str) -> str:
    """That text, and no other, may stand there."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _article(row: Row) -> str:
    names = " ".join(one.name for one in row.attached)
    words = " ".join(dict.fromkeys(WORD.findall(plain(f"{row.person} {row.text} {names}"))))
    when = datetime.fromtimestamp(row.at / 1000).astimezone().strftime("%Y-%m-%d %H:%M")
    marks = [when, _("Question") if row.kind == "question" else "", _("corrected") if row.corrected else ""]
    lines = [
        f'<article id="{row.id}" data-words="{escape(words)}">',
        f"<b>{escape(row.person)}</b> <small>{escape(' · '.join(mark for mark in marks if mark))}</small>",
        _quote(row) if row.answer_to else "",
        f'<p class="text">{escape(row.text)}</p>',
        *(_small(f"📎 {one.name}") for one in row.attached),
        *(_small(f"{one.text}: {len(one.people)}") for one in (row.poll.options if row.poll else ())),
        *(_small(f"{one.sign} {', '.join(one.people)}") for one in row.reactions),
        "</article>",
    ]
    return "\n".join(line for line in lines if line)


def _quote(row: Row) -> str:
    quote = escape(row.quote or _("An answer"))
    return f'<p class="quote"><a href="#{row.answer_to}">{quote}</a></p>'


def _small(text: str) -> str:
    return f"<small>{escape(text)}</small><br>"
