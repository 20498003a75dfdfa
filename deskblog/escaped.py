"""Text as HTML that shows it, for what every start loads.

`html.escape` does the same, and brings a table of two thousand names of characters with it: half a MiB.
"""

from __future__ import annotations


def escaped(text: str) -> str:
    """To stand between tags, not in a tag."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
