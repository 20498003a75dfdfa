"""Scenes for eyes: a public post, the word before one is written, and the dialog of all that leaves the office."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.ui.look import Look


def publishing(look: Look, window: Any) -> None:
    """First with nothing chosen, then with all there can be."""
    from PySide6.QtWidgets import QApplication, QScrollArea

    from deskblog.ui.publishing import PublishingDialog

    french = look.french
    bridge = window._bridge
    engine = bridge.engine
    window.show_all()

    def opened(name: str, at: str = "") -> PublishingDialog:
        window.office_menu.publishing()
        look.until(lambda: isinstance(QApplication.activeModalWidget(), PublishingDialog))
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, PublishingDialog)
        look.wait(0.5)
        look.shoot(dialog, name)
        return dialog

    opened("publishing-empty").accept()
    words = (
        ("Le pain de seigle est prêt #boutique", "Fermé lundi pour inventaire, ouvert mardi dès 7 h #boutique")
        if french
        else (
            "Rye bread is ready #shop",
            "Closed on Monday for the inventory, open again on Tuesday from seven #shop",
        )
    )
    tag = "boutique" if french else "shop"

    async def fill() -> None:
        await engine.publishing.set_tags(tag)
        for text in words:
            row = await engine.post(text)
            await engine.publishing.pick(row.id)
        await engine.publishing.publish(
            look.folder / ("Site de la boutique" if french else "Site of the shop"),
            address="https://dupont.example/",
            counter=True,
        )
        await engine.publishing.serving.use_port(0)
        await engine.publishing.serving.add("Mon téléphone" if french else "My phone")
        await engine.publishing.serving.add("Les clients" if french else "Clients at the counter", public=True)

    look.ask(window, fill())
    look.until(lambda: window.rows.row_at(0).public)
    window.composer.field.setPlainText(words[0])
    look.wait(0.4)
    look.shoot(window, "public")
    window.composer.field.clear()
    dialog = opened("publishing")
    dialog.site.publish()
    look.until(lambda: dialog.site.now.isEnabled())
    area = dialog.findChild(QScrollArea)
    assert area is not None
    area.ensureWidgetVisible(dialog.readers)
    look.wait(0.3)
    look.shoot(dialog, "publishing-readers")
    look.shoot_box("publishing-open", lambda: dialog.readers._set_open(True))
    area.ensureWidgetVisible(dialog.site)
    dialog.site._refuse(_fault())
    look.wait(0.2)
    look.shoot(dialog, "publishing-refused")
    dialog.accept()
    post = next(row for n in range(window.rows.rowCount()) if (row := window.rows.row_at(n)).mine and not row.public)
    look.shoot_box("public-warning", lambda: window.timeline.post_actions.public._warn(post, ""))


def _fault() -> Any:
    from deskblog.errors import Refused

    return Refused(
        "“/srv/www/index.html” was not written by deskblog, or was changed since.",
        kept="Nothing was published, and nothing was changed.",
        next_step="Move it elsewhere, or publish into a folder of its own.",
    )
