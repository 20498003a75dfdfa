"""How a row looks with all that is said of it."""

from __future__ import annotations

from deskblog.values import Row

MARK = " ~"
Picture = tuple[str, tuple[tuple[str, int, bool], ...], str, int, int, tuple[int, int, int] | None, bool]


def bare(text: str) -> str:
    """What a post said at first: a correction here only lengthens it."""
    return text.partition(MARK)[0]


def picture(row: Row) -> Picture:
    """All of a row that is not a name: somebody renamed is told by PeopleChanged."""
    signs = tuple((one.sign, len(one.people), one.mine) for one in row.reactions)
    said = row.announced
    have = (said.ends, len(said.got), len(said.waiting)) if said is not None else None
    return row.text, signs, row.solved, row.answers, row.first_answer, have, row.public
