"""Which posts are public, as the law has it (log/publicity.py).

Nothing of it is kept: it hangs on the office's rule, and on what authors say of their posts, which may come later.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from deskblog.log import kinds
from deskblog.log.office import Office
from deskblog.log.publicity import is_public, public_tags
from deskblog.store.about import Said


class Publicity:
    """Judges single rows. `tags`: that make public what is written with them, and since when."""

    def __init__(self) -> None:
        self.tags: dict[str, int] = {}

    def know(self, office: Office) -> None:
        self.tags = public_tags(office.settings)

    def differs(self, office: Office) -> bool:
        """Whether rows that are shown may be public there that are not here, or the other way round."""
        return public_tags(office.settings) != self.tags

    def shows(self, kind: str, at: int, tags: Iterable[str], own: Sequence[Said]) -> bool:
        """Of an open row. `own`: what its author said of it."""
        said = next((one.content.on for one in own if isinstance(one.content, kinds.Public)), None)
        return is_public(kind, at, tags, said, self.tags)
