"""Links in posts: never opened unseen. What is shown is the host that would really be asked."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from deskblog.i18n import _
from deskblog.ui.marks import spans


def of(text: str) -> list[str]:
    """The addresses in a text that can be opened, each once."""
    found = dict.fromkeys(span.value for span in spans(text) if span.kind == "link")
    return [address for address in found if host(address)]


def host(address: str) -> str:
    """The host of an http or https address in its plain ASCII form; "" if there is none to be trusted."""
    url = QUrl(address, QUrl.ParsingMode.StrictMode)
    if not url.isValid() or url.scheme().lower() not in ("http", "https"):
        return ""
    name = url.host(QUrl.ComponentFormattingOption.FullyEncoded)
    return f"{name}:{url.port()}" if url.port() > 0 and name else name


def fill(menu: QMenu, address: str, key: str = "") -> None:
    """Adds what can be done with an address; `key`: the one that does it."""
    name = host(address)
    if name:
        shown = name.replace("&", "&&")
        said = _("Open {host}").format(host=shown) + (f"\t{key}" if key else "")
        menu.addAction(said, lambda: QDesktopServices.openUrl(QUrl(address)))
    menu.addAction(_("Copy link"), lambda: QGuiApplication.clipboard().setText(address))


def menu(address: str, parent: QWidget) -> QMenu:
    """What a click on a link brings: where it leads, before it leads there."""
    made = QMenu(parent)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    fill(made, address)
    return made
