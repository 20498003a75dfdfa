"""What closing the window is to mean: asked the first time, changed in Preferences."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from deskblog.i18n import _
from deskblog.ui.bridge import Bridge
from deskblog.ui.sure import Box

KEY = "on-close"


class Closing:
    """`choice`: what closing means, "" while it was not asked. `fixed`: it cannot be chosen, as in a demo."""

    def __init__(self, bridge: Bridge, window: QWidget, choice: str = "") -> None:
        self._bridge, self._window = bridge, window
        self.choice = choice
        self.fixed = bool(choice)

    def load(self) -> None:
        """Once the engine is there."""
        self._bridge.ask(self._bridge.engine.remembered(KEY), self._take)

    def _take(self, kept: str) -> None:
        self.choice = self.choice or kept

    def choose(self, choice: str) -> None:
        """It holds from now on, and is kept; "": it is asked again."""
        self.choice = choice
        self._bridge.ask(self._bridge.engine.remember(KEY, choice))

    def ask(self) -> str:
        """What it means now; "" if the person thought better of it."""
        if not self.choice:
            choice = closing_means(self._window)
            if choice:
                self.choose(choice)
        return self.choice


def closing_means(parent: QWidget) -> str:
    """keep, quit, or "" for neither."""
    box = Box(
        parent,
        _("Keep deskblog in the background?"),
        _("Then posts of your colleagues arrive while the window is closed. Starting deskblog again opens it."),
    )
    box.offer(_("Cancel"))
    box.offer(_("Quit"))
    box.offer(_("Keep it running"), default=True, kind="primary")
    return {_("Keep it running"): "keep", _("Quit"): "quit"}.get(box.ask(), "")
