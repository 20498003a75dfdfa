"""The words of a piece of HTML: paragraphs become lines, everything else is left out."""

from __future__ import annotations

from html.parser import HTMLParser

BREAKS = frozenset(
    {"p", "br", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "dt", "dd", "hr",
     "caption", "figcaption", "table", "ul", "ol"}
)  # fmt: skip
_SILENT = frozenset({"script", "style", "template", "head", "title"})


class AnyHTML(HTMLParser):
    """The standard library's parser, which trips over `<![` where browsers see a comment."""

    def parse_marked_section(self, i: int, report: int = 1) -> int:
        end = self.rawdata.find(">", i + 3)
        return end + 1 if end >= 0 else -1


class _Words(AnyHTML):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in _SILENT
        if tag in BREAKS and self.parts:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in _SILENT))

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(" ".join(data.split("\n")))


def plain_text(html: str) -> str:
    """Never raises: what is no HTML is text."""
    words = _Words()
    words.feed(html)
    words.close()
    lines = (" ".join(line.split()) for line in "".join(words.parts).split("\n"))
    return "\n".join(line for line in lines if line)
