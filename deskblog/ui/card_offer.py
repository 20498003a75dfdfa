"""Offers the card of a link that is being written: only a press asks its site."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton, QWidget

from deskblog.i18n import _
from deskblog.ui import icons, links, theme
from deskblog.ui.enclosing import Chosen
from deskblog.values import Sort


class CardOffer(QPushButton):
    """Hidden while there is no link, or its card is chosen already."""

    def __init__(self, chosen: Chosen, parent: QWidget) -> None:
        super().__init__(parent)
        self._chosen = chosen
        self._url = ""
        self.setProperty("kind", "fold")
        self.setText(_("Add a card of the link"))
        self.setToolTip(_("This PC asks the site once; whoever reads the post asks nobody."))
        self.clicked.connect(self._make)
        self.hide()

    def written(self, text: str, *, wanted: bool) -> None:
        """What is written now; not `wanted`: no card could go with it."""
        found = links.of(text) if wanted else []
        carded = {one.name for one in self._chosen.all if one.sort is Sort.LINK}
        self._url = next((url for url in found if links.host(url).split(":")[0] not in carded), "")
        if self._url:
            self.setText(_("Add a card of {host}").format(host=links.host(self._url)))
            self.restyle()
        self.setVisible(bool(self._url) and not self._chosen.busy)

    def restyle(self) -> None:
        """After a change of theme."""
        icons.dress(self, "link", theme.now().soft)

    def _make(self) -> None:
        self._chosen.add_card(self._url)
        self.hide()
