"""Scenes with sealed messages, groups, the coffee corner and people's pages, for `look.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.ui.look_files import landscape, until

if TYPE_CHECKING:
    from tests.ui.look import Look


def circles(look: Look, window: Any, others: dict[str, Any]) -> None:
    """A sealed talk, a group being made, a person's page, a tag's, the coffee corner."""
    from deskblog.engine.vault import now_ms
    from deskblog.ui.aim import COFFEE
    from deskblog.values import Audience, View

    engine = window._bridge.engine
    french = look.french
    lea, karim = others["Léa Fontaine"], others["Karim Haddad"]
    me = next(person.id for person in window.people if person.me)
    says = (
        ("L’augmentation est de 4 %, à dire lundi.", "Merci de me le dire à moi d’abord.", "Ordre du jour pour jeudi")
        if french
        else ("The raise is 4 %, to be told on Monday.", "Thank you for telling me first.", "Agenda for Thursday")
    )
    cakes = ("Il reste du gâteau !", "Au citron ?") if french else ("There is cake left!", "The lemon one?")
    job = ("Comptabilité", "Lyon, 2ᵉ étage") if french else ("Accounts", "Lyon, second floor")

    async def talk() -> None:
        for one in (lea, karim):
            one._vault.pen._now = now_ms
        await lea.profiles.say(job=job[0], place=job[1], phone="+33 4 72 00 00 00")
        await lea.profiles.show_picture(landscape((600, 500), 70))
        first = await lea.post(says[0], to=Audience(people=(me,)))
        await until(engine, lambda row: row.id == first.id)
        await engine.post(says[1], answer_to=first.id)
        group = await karim.groups.begin("CSE" if french else "Works council", [me])
        last = await karim.post(says[2], to=Audience(group=group.id))
        await until(engine, lambda row: row.id == last.id)
        cake = await karim.post(cakes[0], to=COFFEE)
        await until(engine, lambda row: row.id == cake.id, view=View.COFFEE)
        await engine.post(cakes[1], to=COFFEE, answer_to=cake.id)
        await lea.groups.follow("planning")

    look.ask(window, talk(), 30)
    look.wait(1.0)
    writing(look, window, "À lundi, donc." if french else "Until Monday, then.")
    if look.wants("card"):
        link(look, window)
    places(look, window)


def writing(look: Look, window: Any, text: str) -> None:
    """A sealed message being written, and its boxes."""
    from functools import partial

    from PySide6.QtCore import QPoint
    from PySide6.QtWidgets import QApplication

    from deskblog.values import Audience

    window.write_to(next(person.id for person in window.people if person.name == "Léa Fontaine"))
    window.composer.field.setPlainText(text)
    look.wait(0.5)
    look.shoot(window, "sealed")
    window.composer.aim.open()
    look.until(lambda: QApplication.activePopupWidget() is not None)
    menu = QApplication.activePopupWidget()
    assert menu is not None
    menu.move(window.composer.aim.mapToGlobal(QPoint(0, window.composer.aim.height())))
    look.wait(0.4)
    look.shoot_together(window, menu, "audience")
    menu.close()
    window.composer.field.clear()
    look.shoot_box("new-group", partial(window.composer.aim.begin_group))
    window.composer.aim.aim_at(Audience())
    look.shoot_box("profile", window.members.edit_profile)


def link(look: Look, window: Any) -> None:
    """The card of a link being offered, and on a post."""
    from tests.web.site import answer, site

    with site() as made:
        made.pages["/photo.jpg"] = lambda one: answer(one, landscape((900, 700), 20), "image/jpeg")
        text = "Pour demain : " if look.french else "For tomorrow: "
        window.composer.field.setPlainText(f"{text}{made.address}/page")
        look.wait(0.4)
        look.shoot(window, "card-offer")
        window.composer.card_offer.click()
        look.until(lambda: len(window.composer.chosen_bar.tiles) == 1, 15)
        window.composer.send(at_once=True)
        look.until(lambda: window.rows.row_at(0).text.startswith(text.strip()), 15)
    look.wait(0.8)
    look.shoot(window, "card")


def places(look: Look, window: Any) -> None:
    """The coffee corner, a person's page, a tag's."""
    from deskblog.values import View

    window.browse.show_view(View.COFFEE)
    look.wait(0.6)
    look.shoot(window, "coffee")
    window.browse.show_person(next(person for person in window.people if person.name == "Léa Fontaine"))
    look.wait(0.8)
    look.shoot(window, "person")
    window.search.setText("#planning")
    look.wait(0.8)
    look.shoot(window, "tag")
    window.show_all()
    look.wait(0.4)
