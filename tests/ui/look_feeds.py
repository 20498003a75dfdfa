"""Scenes for eyes: outside feeds among posts, an item read here, the page where feeds are followed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.ui.look import Look
    from tests.web.site import Site

ARTICLE = (
    "<p>For the third year the <b>spring market</b> stands on the quay. Some forty makers come, from as far as "
    "<a href='/ghent'>Ghent</a> and Arras, with bread, cheese, pottery and the first asparagus.</p>"
    "<h2>What is new</h2><ul><li>A tram stops at the gate from eight</li><li>Dogs are welcome, on a lead</li></ul>"
    "<blockquote>“We had to turn people away last year. This time there is room.”</blockquote>"
    "<p>Stalls can be booked until the end of the month:</p>"
    "<table><tr><th>Size</th><th>Price</th></tr><tr><td>Two metres</td><td>40 €</td></tr>"
    "<tr><td>Four metres</td><td>70 €</td></tr></table>"
    "<p>Those who come by bicycle find a guarded place behind the lock-keeper's house. "
    "It is free, and open as long as the market.</p>"
    + "<p>The school band plays at eleven and at three. Whoever wants to bake along brings a bowl and an apron: "
    "the baker of the rue Basse shows how his rye bread is made, and everybody takes a loaf home. The ferry goes "
    "every twenty minutes; its first ride of the day is free for children.</p>" * 3
)
FRENCH_ARTICLE = (
    "<p>Pour la troisième année, le <b>marché de printemps</b> s’installe sur le quai. Quarante artisans viennent, "
    "même de <a href='/ghent'>Gand</a> et d’Arras, avec pain, fromage, poterie et les premières asperges.</p>"
    "<h2>Ce qui change</h2><ul><li>Un tram s’arrête à l’entrée dès huit heures</li>"
    "<li>Les chiens sont les bienvenus, en laisse</li></ul>"
    "<blockquote>« L’an dernier, il a fallu refuser du monde. Cette fois, il y a de la place. »</blockquote>"
    "<p>Les étals se réservent jusqu’à la fin du mois :</p>"
    "<table><tr><th>Taille</th><th>Prix</th></tr><tr><td>Deux mètres</td><td>40 €</td></tr>"
    "<tr><td>Quatre mètres</td><td>70 €</td></tr></table>"
    "<p>Qui vient à vélo trouve une place gardée derrière la maison de l’éclusier. C’est gratuit.</p>"
    + "<p>La fanfare de l’école joue à onze heures et à quinze heures. Pour pétrir soi-même, apporter un saladier et "
    "un tablier : le boulanger de la rue Basse montre comment se fait son pain de seigle, et chacun repart avec le "
    "sien. Le bac passe toutes les vingt minutes ; la première traversée du jour est offerte aux enfants.</p>" * 3
)
SOUND = '<enclosure url="https://radio.example/one.mp3" length="24000000" type="audio/mpeg"/>'
PAPER = '<enclosure url="https://town.example/plan.pdf" length="340000" type="application/pdf"/>'


NEWS = (
    "The spring market is back on the quay",
    "Water off on Thursday in the rue des Fossés",
    "From nine to noon. ",
    "Oak up by four per cent, larch steady: what the March sales say of the year, and why the saw mills of the north "
    "wait before they buy",
    "The sale at Compiègne was the first of the season. ",
    "The editors",
    "An hour on bread, with a baker who never sleeps.",
    "Town of Lille: news",
    "Timber trade",
)
FRENCH_NEWS = (
    "Le marché de printemps revient sur le quai",
    "Coupure d’eau jeudi, rue des Fossés",
    "De neuf heures à midi. ",
    "Le chêne gagne quatre pour cent, le mélèze tient : ce que disent les ventes de mars, et pourquoi les scieries "
    "du nord attendent avant d’acheter",
    "La vente de Compiègne a ouvert la saison. ",
    "La rédaction",
    "Une heure sur le pain, avec un boulanger qui ne dort jamais.",
    "Ville de Lille : actualités",
    "Marché du bois",
)


def _serve(there: Site, *, french: bool) -> dict[str, str]:
    from tests.ui.outside import item, put, rss

    at = there.address
    talk = "<comments>https://town.example/market#talk</comments>"
    said = FRENCH_NEWS if french else NEWS
    town = [
        item(said[0], FRENCH_ARTICLE if french else ARTICLE, link="https://town.example/market",
             author="Claire Dubois", ago=3, more=PAPER + SOUND + talk),
        item(said[1], said[2] * 5, link=f"{at}/w", ago=47),
    ]  # fmt: skip
    timber = [item(said[3], said[4] * 12, link="https://www.timber-trade.example/2026/oak", author=said[5], ago=12)]
    radio = [item("", said[6], link="https://radio.example/1", ago=95)]
    return {
        "town": put(there, "/town", rss(said[7], town, "https://town.example/")),
        "timber": put(there, "/timber", rss(said[8], timber, "https://www.timber-trade.example/")),
        "radio": put(there, "/radio", rss("Radio Canal & co", radio, "https://radio.example/")),
    }


def outside_feeds(look: Look, window: Any, others: dict[str, Any]) -> None:
    """First without any, then with some among the posts of colleagues."""
    from tests.ui.outside import outside, put

    bridge, desk = window._bridge, window.feeds
    with outside() as there:
        french = look.french
        addresses = _serve(there, french=french)
        desk.open()
        look.until(lambda: not desk.dialog._asked)
        look.shoot(desk.dialog, "feeds-empty")
        desk.dialog.add.address.line.setText(f"{there.address}/nothing")
        desk.dialog.add.go.click()
        look.shoot(desk.dialog, "feeds-asking")
        look.until(lambda: not desk.dialog.add.busy)
        look.shoot(desk.dialog, "feeds-refused")
        work = "Travail" if french else "Work"
        for name, folder in (("town", ""), ("timber", work), ("radio", work)):
            look.ask(window, bridge.engine.feeds.add(addresses[name], folder=folder))
        look.until(lambda: len(desk.dialog.rows) == 3)
        put(there, "/radio", b"<html>gone", "text/html")
        radio = next(row for row in desk.dialog.rows if row.title.startswith("Radio"))
        words = "pain -football" if french else "bread -football"
        look.ask(window, bridge.engine.feeds.change(radio.id, words=words))
        look.ask(window, bridge.engine.feeds.refresh(radio.id))
        desk.dialog.add.address.line.clear()
        desk.dialog.add.address.refuse("")
        desk.dialog.look()
        look.until(lambda: any(row.said for row in desk.dialog.rows))
        desk.dialog.list.point_at(radio.id)
        desk.dialog.list.setFocus()
        look.shoot(desk.dialog, "feeds")
        menu = desk.dialog.menu(radio)
        menu.popup(desk.dialog.mapToGlobal(desk.dialog.rect().center()))
        look.wait(0.3)
        look.shoot(menu, "feed-menu")
        menu.close()
        _editing(look, desk, radio)
        rows = desk.dialog.rows
        desk.dialog.accept()
        look.until(lambda: desk.dialog is None)
        _among_posts(look, window)
        for row in rows:
            look.ask(window, bridge.engine.feeds.remove(row.id))
    window.show_all()
    look.wait(0.5)


def _editing(look: Look, desk: Any, feed: Any) -> None:
    from deskblog.ui.feed_edit import FeedEdit

    desk.dialog.edit(feed)
    edit = desk.dialog.findChild(FeedEdit)
    assert edit is not None
    look.wait(0.2)
    look.shoot(edit, "feed-edit")
    edit.reject()


def _among_posts(look: Look, window: Any) -> None:
    from deskblog.values import View

    desk = window.feeds
    looked_at, window.sight._looked_at = window.sight._looked_at, lambda: False
    window.show_all()
    window.timeline.to_newest()
    look.wait(0.5)
    place = next(n for n in range(window.rows.rowCount()) if window.rows.row_at(n).author == "Claire Dubois")
    window.timeline.setCurrentIndex(window.rows.index(place))
    window.timeline.setFocus()
    window.activateWindow()
    look.shoot(window, "feed-items")
    menu = window.timeline._menu(window.rows.index(place), "")
    menu.popup(window.mapToGlobal(window.rect().center()))
    look.wait(0.3)
    look.shoot(menu, "item-menu")
    menu.close()
    menu = window.views.menu_now()
    menu.popup(window.mapToGlobal(window.rect().center()))
    look.wait(0.3)
    look.shoot(menu, "views-menu-feeds")
    menu.close()
    window.browse.show_view(View.FEEDS)
    look.wait(0.5)
    window.resize(520, 620)
    look.shoot(window, "feeds-view-narrow")
    window.resize(940, 720)
    row = next(r for r in map(window.rows.row_at, range(window.rows.rowCount())) if r.author == "Claire Dubois")
    desk.read(row)
    look.until(lambda: desk.page is not None)
    look.shoot(desk.page, "article")
    for _time in range(3):
        desk.page.larger.click()
    look.shoot(desk.page, "article-large")
    desk.page._resize(-3)
    desk.page.share.click()
    window.show_all()
    look.wait(0.4)
    look.shoot(window, "sharing")
    window.composer.field.clear()
    window.digest.open_page()
    look.until(lambda: bool(window.digest.page.said.text()))
    look.shoot(window.digest.page, "digest-feeds")
    window.digest.page.accept()
    window.sight._looked_at = looked_at
