"""The beginning of a text of many lines, as a card has it: one run of words in which headings still stand apart."""

from __future__ import annotations

LENGTH = 280  # characters of an item's text that stand on its card
_END = ".,;:!?…"
_CLOSING = "»”’\"') \u00a0\u202f"  # a sentence in quotes or brackets has ended, too


def excerpt(text: str) -> str:
    """At most LENGTH characters and an ellipsis; a dot stands where a line ends that no stop ends."""
    lines = (" ".join(line.split()) for line in text[: 4 * LENGTH].splitlines())
    said = ""
    for line in filter(None, lines):
        said += (" " if not said or said.rstrip(_CLOSING)[-1:] in _END else " · ") + line
    said = said.strip()
    return said if len(said) <= LENGTH else said[:LENGTH].rsplit(" ", 1)[0].rstrip(" ·") + " …"
