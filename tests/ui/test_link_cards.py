"""The card of a link in the window: offered, made on a press alone, shown with the host it leads to."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF
from PySide6.QtWidgets import QApplication, QMenu

from deskblog.ui.card import Hit
from deskblog.ui.link_card import HEIGHT, card_at
from deskblog.ui.window import Window
from deskblog.values import Sort
from tests.ui.desk import Colleague, Desk
from tests.web.site import site


def test_it_is_offered_made_on_a_press_and_shown(anne: Desk, paul: Colleague) -> None:
    window = anne.window()
    composer = window.composer
    anne.until(lambda: len(window.people) == 2)
    with site() as made:
        composer.field.setPlainText(f"Trains: {made.address}/page")
        assert composer.card_offer.isVisible()
        assert composer.card_offer.text() == f"Add a card of {made.address.removeprefix('http://')}"
        assert made.asked == [], "only a press asks"
        composer.card_offer.click()
        anne.until(lambda: len(composer.chosen_bar.tiles) == 1)
        assert not composer.card_offer.isVisible(), "it has one"
        composer.send(at_once=True)
        anne.until(lambda: window.rows.rowCount() == 1)
    row = window.rows.row_at(0)
    assert [one.sort for one in row.attached] == [Sort.LINK]
    card = window.timeline._delegate.card(window.rows.index(0))
    (place,) = card.enclosed.places
    assert place.height() == HEIGHT and card.hit(place.center()) == Hit("attached", "0")
    window.timeline.grab()
    shown = card_at(anne.bridge.engine.attaching.place(row.attached[0].blob))
    assert shown is not None and shown.title == "Grève des trains & plan B"
    window.files.press(row, 0, QPoint(10, 10))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu) and menu.actions()[0].text().startswith("Open 127.0.0.1")
    menu.close()
    assert card.hit(QPointF(-5, -5)) is None


def test_it_is_not_offered_for_what_carries_none(anne: Desk, paul: Colleague) -> None:
    window: Window = anne.window()
    anne.until(lambda: len(window.people) == 2)
    composer = window.composer
    composer.field.setPlainText("no link")
    assert not composer.card_offer.isVisible()
    composer.field.setPlainText("https://example.org/page")
    assert composer.card_offer.isVisible()
    window.write_to(next(person.id for person in window.people if not person.me))
    assert not composer.card_offer.isVisible(), "a sealed message asks nobody"
