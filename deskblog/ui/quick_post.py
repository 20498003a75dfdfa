"""The quick post, as the app holds it: made when it is first wanted, or when nothing else is to be done."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint

from deskblog.ui.bridge import Bridge
from deskblog.ui.draft import Draft
from deskblog.ui.flyout import Flyout
from deskblog.values import PersonRow


class QuickPost:
    def __init__(self, bridge: Bridge, draft: Draft) -> None:
        self._bridge, self._draft = bridge, draft
        self._made: Flyout | None = None
        self._people: Sequence[PersonRow] = ()

    @property
    def flyout(self) -> Flyout:
        """Made by the first who asks; the engine is there."""
        if self._made is None:
            self._made = made = Flyout(self._bridge, self._draft)
            made.composer.spelling.load()
            made.composer.spelling.know(self._people)
        return self._made

    @property
    def open(self) -> bool:
        return self._made is not None and self._made.isVisible()

    def press(self, near: QPoint) -> None:
        """Opens beside a place, or closes: the click that closes it shall not open it again."""
        if self.flyout.isVisible() or self.flyout.just_left:
            self.flyout.hide()
        else:
            self.flyout.open_at(near)

    def know(self, people: Sequence[PersonRow]) -> None:
        """Whose names are never marked as misspelt."""
        self._people = people
        if self._made is not None:
            self._made.composer.spelling.know(people)

    def restyle(self) -> None:
        """After a change of theme."""
        if self._made is not None:
            self._made.composer.restyle()

    def leave(self) -> None:
        if self._made is not None:
            self._made.leave()

    def hide(self) -> None:
        if self._made is not None:
            self._made.hide()
