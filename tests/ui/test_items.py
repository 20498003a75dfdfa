"""Items of feeds among posts: told from them, read here, passed on, in parts of their own."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QColor, QDesktopServices, QImage
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from deskblog import limits
from deskblog.ui import feed_card, theme
from deskblog.ui.calm import CELLS, SHOWN, calm
from deskblog.ui.card import Card, Hit
from deskblog.ui.feed_files import file_text, read_more
from deskblog.ui.reading_pane import SIZES, ReadingPane
from deskblog.ui.sharing import shared
from deskblog.ui.spoken import row_text
from deskblog.ui.window import Window
from deskblog.values import Row, View
from tests.ui.desk import Colleague, Desk
from tests.ui.outside import brewery, follow, item, page, place_of, put, rss, titles
from tests.web.site import Site


@pytest.fixture
def window(anne: Desk, paul: Colleague, there: Site) -> Window:
    """A post of Paul's beside two items of the brewery."""
    made = anne.window()
    follow(anne, brewery(there))
    paul.post("Lunch?")
    anne.until(lambda: titles(made) == ["Lunch?", "Spring beer", "An older one"])
    made.timeline.setFocus()
    return made


def card_of(window: Window, title: str) -> Card:
    return window.timeline.card(window.rows.index(place_of(window, title)))


def press(window: Window, title: str, kind: str) -> None:
    """Presses what stands on a card."""
    index = window.rows.index(place_of(window, title))
    card, corner = window.timeline.card(index), window.timeline.visualRect(index).topLeft()
    place = card.buttons[card.does.index(kind)].center().toPoint()
    assert window.timeline._hit(corner + place)[1] == Hit(kind)
    window.timeline._gestures.press(index, Hit(kind), place.toPointF(), window.timeline.mapToGlobal(place))


# --- cards ------------------------------------------------------------------------------------------------
def test_an_item_is_told_from_a_post_by_eye_and_by_ear(window: Window, there: Site) -> None:
    post, beer = card_of(window, "Lunch?"), card_of(window, "Spring beer")
    assert not post.foreign and beer.foreign
    assert beer.does == ["share", "open", "read", "keep", "more"], "neither answered nor reacted to"
    assert beer.spans[0].kind == "title" and beer.spans[0].length == len("Spring beer")
    assert feed_card.site(beer.item.row) == there.address.removeprefix("http://")
    assert feed_card.byline(beer.item.row) == "by Zoé" and not beer.byline.isEmpty()
    assert card_of(window, "An older one").byline.isEmpty()
    said = row_text(beer.item.row)
    assert "The brewery, Feed" in said and "Spring beer" in said and said.endswith("; by Zoé")
    tip = window.timeline._gestures.tip
    assert [tip(beer.item.row, Hit(name)) for name in beer.does[:2]] == ["Share with my opinion", "Open on the site"]
    image = window.timeline.grab().toImage()
    ratio = image.devicePixelRatio()
    grounds = []
    for title in ("Lunch?", "Spring beer"):
        rect = window.timeline.visualRect(window.rows.index(place_of(window, title)))
        inside = card_of(window, title).frame.bottomLeft() + rect.topLeft().toPointF() + QPoint(20, -5).toPointF()
        grounds.append(image.pixelColor((inside * ratio).toPoint()).name())
    assert grounds == [theme.now().surface, theme.now().feed]


def test_what_an_item_says_with_a_hash_or_an_at_is_nobodys_here() -> None:
    row = Row(1, "ab", "feed", "F", "feed-1", "", 0, "#tag @Anne\nsee https://x.example/a #tag", title="#tag @Anne")
    assert [span.kind for span in feed_card.places(row, "see")] == ["title", "link", "found"]


def test_keys_on_an_item(window: Window, anne: Desk, qtbot: QtBot) -> None:
    window.timeline.setCurrentIndex(window.rows.index(1))
    for key in (Qt.Key.Key_A, Qt.Key.Key_R, Qt.Key.Key_E, Qt.Key.Key_Delete):
        qtbot.keyClick(window.timeline, key)
    assert not window.composer.answering.isVisible() and QApplication.activePopupWidget() is None
    qtbot.keyClick(window.timeline, Qt.Key.Key_B)
    anne.until(lambda: window.rows.row_at(1).kept)
    qtbot.keyClick(window.timeline, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text().startswith("Spring beer\nIt is here")
    qtbot.keyClick(window.timeline, Qt.Key.Key_O)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu) and menu.actions()[0].text().startswith("Open 127.0.0.1")
    menu.close()
    qtbot.keyClick(window.timeline, Qt.Key.Key_Return)
    assert page(anne, window).row.title == "Spring beer"
    window.feeds.page.accept()  # type: ignore[union-attr]


def test_all_of_it_is_in_the_menu_too(window: Window, anne: Desk) -> None:
    menu = window.timeline._menu(window.rows.index(1), "")
    said = [action.text().partition("\t")[0] for action in menu.actions() if action.text()]
    assert said[:4] == ["Read it here", "Share with my opinion", "Keep it at hand", "Copy text"]
    assert said[4].startswith("Open 127.0.0.1") and said[5] == "Copy link"
    assert said[-2:] == ["All of “The brewery”", "This feed…"] and "Answer" not in said
    menu.actions()[-2].trigger()
    anne.until(lambda: titles(window) == ["Spring beer", "An older one"])
    assert window.where.title.text() == "The brewery" and window.where.feeds.isVisible()
    menu.close()


# --- reading ----------------------------------------------------------------------------------------------
def test_an_item_is_read_here(window: Window, anne: Desk, qtbot: QtBot, there: Site) -> None:
    anne.until(lambda: anne.bridge.engine.unread.said.counts.get(View.FEEDS) == 2)
    press(window, "Spring beer", "read")
    shown = page(anne, window)
    said = shown.pane.toPlainText()
    assert said.startswith("Spring beer\nBy Zoé · ") and said.endswith("It is here, see the dog.")
    assert shown.files.lines[0].accessibleName() == "one two.mp3 · audio/mpeg · 24 MB · air.example"
    assert not shown.talk.isHidden() and not shown.site.isHidden()
    anne.until(lambda: anne.bridge.engine.unread.said.counts.get(View.FEEDS) == 1)
    shown.keep.click()
    anne.until(lambda: shown.row.kept)
    assert shown.keep.accessibleName() == "Keep it no more"
    shown.files.lines[0].click()
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu) and menu.actions()[0].text() == "Open air.example"
    menu.close()
    assert there.asked == ["/feed"], "nothing was fetched by being shown"
    shown.accept()
    anne.until(lambda: window.feeds.page is None)


def test_the_size_of_the_text_is_chosen_and_kept(window: Window, anne: Desk, qtbot: QtBot) -> None:
    press(window, "Spring beer", "read")
    shown = page(anne, window)
    usual = shown.pane.document().defaultFont().pointSizeF()
    for _time in SIZES:
        shown.larger.click()
    assert shown.pane.document().defaultFont().pointSizeF() > 1.9 * usual and not shown.larger.isEnabled()
    shown.accept()
    anne.until(lambda: window.feeds.page is None)
    press(window, "An older one", "read")
    shown = page(anne, window)
    assert shown.pane.step == len(SIZES) - 1
    qtbot.keyClick(shown, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert shown.pane.step == theme.READ_USUAL
    shown.accept()


def test_nothing_is_fetched_or_opened_by_being_shown(
    qtbot: QtBot, theme: theme.Theme, tmp_path: Path, there: Site
) -> None:
    """Qt opens `file:`, plain paths and `data:` by itself; what came past the cleaning must not."""
    red = QImage(40, 40, QImage.Format.Format_RGB32)
    red.fill(QColor("#ff0000"))
    path = tmp_path / "red.png"
    assert red.save(str(path))
    data = f"data:image/png;base64,{b64encode(path.read_bytes()).decode()}"
    addresses = [str(path), path.as_uri(), data, f"{there.address}/photo.jpg", f"//{there.address}/photo.jpg"]
    html = "".join(
        f'<img width="40" height="40" src="{one}"><table background="{one}"><tr><td>x' for one in addresses
    )
    html += "".join(
        f'<p style="background-image: url({one})">y</p><link rel="stylesheet" href="{one}">' for one in addresses
    )
    pane = ReadingPane()
    qtbot.addWidget(pane)
    pane.resize(400, 400)
    pane.show_article("<img src='" + str(path) + "'>", "", html, "")
    pane.show()
    assert "<img" not in pane.toHtml() and "red.png" not in pane.toHtml().replace(f"'{path}'", "")
    assert "#ff0000" not in colours(pane) and there.asked == []
    pane.setHtml(html)
    assert "#ff0000" not in colours(pane) and there.asked == []
    for one in addresses:
        assert pane.document().resource(2, QUrl(one)) is None, "not even if Qt asks for it"


def colours(pane: ReadingPane) -> set[str]:
    image = pane.grab().toImage()
    return {image.pixelColor(x, y).name() for x in range(0, image.width(), 4) for y in range(0, image.height(), 4)}


def test_links_of_an_article_lead_outside_after_a_question_alone(
    window: Window, anne: Desk, monkeypatch: pytest.MonkeyPatch, there: Site
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    press(window, "Spring beer", "read")
    pane = page(anne, window).pane
    pane.anchorClicked.emit(QUrl("file:///etc/passwd"))
    pane.anchorClicked.emit(QUrl("javascript:alert(1)"))
    assert QApplication.activePopupWidget() is None
    pane.anchorClicked.emit(QUrl(f"{there.address}/dog"))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu) and not opened
    menu.actions()[0].trigger()
    assert opened == [f"{there.address}/dog"] and pane.toPlainText().startswith("Spring beer")
    menu.close()
    window.feeds.page.accept()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ('<a href="https://x.example/?a=1&amp;b=2">x</a>', '<a href="https://x.example/?a=1&amp;b=2">x</a>'),
        ('<a href="javascript:x">x</a>', "x</a>"),
        ('<p onclick="x" style="color: red">x</p>', "<p>x</p>"),
        ("<img src=x><script>y</script>", "  y "),
        ("a < b", "a &lt; b"),
    ],
)
def test_markup_is_held_to_what_is_known(html: str, shown: str) -> None:
    assert calm(html) == (shown, True)


def test_markup_that_qt_would_lay_out_for_ever_is_made_flat() -> None:
    assert calm("<table><tr><td>" * 80 + "x" + "</td></tr></table>" * 80)[0].count("<table>") == 2
    assert calm("<table>" + "<tr><td>x</td></tr>" * 10_000 + "</table>")[0].count("<td>") == CELLS
    assert max(map(len, calm("y" * 5000)[0].split("&#8203;"))) == 400
    shown, whole = calm("word " * SHOWN)
    assert not whole and len(shown) == SHOWN
    assert calm("x" * (SHOWN - 3) + "<strong>y</strong>")[0].endswith("x"), "no half of a tag"


def test_files_say_what_the_feed_says_and_lead_to_the_web_alone() -> None:
    kept = '{"files": [["https://a.example/b/c.pdf?d", "application/pdf", 0, ""], ["file:///etc/passwd", "", 1, "x"],'
    kept += '["https://a.example/", "", 1000000000000000000000000, ""]], "comments": "javascript:x"}'
    more = read_more(kept)
    assert [file_text(one) for one in more.files] == ["c.pdf · application/pdf · a.example", "a.example · a.example"]
    assert more.comments == "" and read_more("nonsense").files == ()


# --- passing on -------------------------------------------------------------------------------------------
def test_an_item_is_passed_on_beneath_ones_own_line_and_never_by_itself(
    window: Window, anne: Desk, paul: Colleague, qtbot: QtBot, there: Site
) -> None:
    before = len(anne.ask(anne.bridge.engine.timeline(limit=50, view=View.OFFICE)).rows)
    window.timeline.setCurrentIndex(window.rows.index(1))
    qtbot.keyClick(window.timeline, Qt.Key.Key_S)
    field = window.composer.field
    assert field.toPlainText() == f"\nSpring beer\n{there.address}/beer" and field.textCursor().position() == 0
    assert window.composer.counter.text().endswith("/ 140")
    assert len(anne.ask(anne.bridge.engine.timeline(limit=50, view=View.OFFICE)).rows) == before
    qtbot.keyClicks(field, "Shall we?")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    anne.until(lambda: any(t.startswith("Shall we?") for t in titles(window)))
    row = window.rows.row_at(0)
    assert row.text == f"Shall we?\nSpring beer\n{there.address}/beer" and row.kind == "post"


def test_what_was_written_already_stays_above() -> None:
    row = Row(1, "ab", "feed", "F", "feed-1", "", 0, "T\nx", title="T", link="https://a.example/")
    assert shared(row, "I say \n") == ("I say\nT\nhttps://a.example/", 5)
    assert shared(row, "🍺") == ("🍺\nT\nhttps://a.example/", 2), "as Qt counts"


def test_a_long_title_leaves_room_for_an_opinion_and_an_address_is_never_cut() -> None:
    link = "https://a.example/" + "x" * 100
    row = Row(1, "ab", "feed", "F", "feed-1", "", 0, "T " * 300, title="T " * 300, link=link)
    text, caret = shared(row, "")
    assert text.endswith(f"…\n{link}") and len(text) <= limits.POST - 90 and caret == 0
    far = Row(1, "ab", "feed", "F", "feed-1", "", 0, "T " * 300, title="T " * 300, link=link * 2)
    assert shared(far, "")[0] == f"\n{link * 2}"
    assert shared(Row(1, "ab", "feed", "F", "feed-1", "", 0, "T", title="T", link="javascript:x"), "")[0] == "\nT"


def test_shared_from_the_page_it_is_read_on(window: Window, anne: Desk) -> None:
    press(window, "Spring beer", "read")
    page(anne, window).share.click()
    anne.until(lambda: window.feeds.page is None)
    assert window.composer.field.toPlainText().startswith("\nSpring beer")


# --- parts ------------------------------------------------------------------------------------------------
def test_colleagues_and_feeds_are_parts_with_their_counts(
    window: Window, anne: Desk, paul: Colleague, there: Site
) -> None:
    anne.until(lambda: window.views._counts == {View.ALL: 3, View.OFFICE: 1, View.FEEDS: 2})
    lines = [action.text() for action in window.views.menu_now().actions()]
    assert lines[:3] == ["All posts (3 unread)", "Colleagues (1 unread)", "Feeds (2 unread)"]
    window.browse.show_view(View.OFFICE)
    anne.until(lambda: titles(window) == ["Lunch?"])
    follow(anne, put(there, "/other", rss("Other", [item("From elsewhere", "x")])))
    paul.post("At one")
    anne.until(lambda: titles(window) == ["At one", "Lunch?"])
    window.browse.show_view(View.FEEDS)
    anne.until(lambda: set(titles(window)) == {"From elsewhere", "Spring beer", "An older one"})
    assert window.where.feeds.isVisible()
    follow(anne, put(there, "/third", rss("Third", [item("One more", "x")])))
    paul.post("At two")
    anne.until(lambda: "One more" in titles(window))
    assert "At two" not in titles(window)
    window.show_all()
    anne.until(lambda: "At two" in titles(window) and "One more" in titles(window))


def test_what_is_muted_is_not_among_all_posts(window: Window, anne: Desk, there: Site) -> None:
    row = anne.ask(anne.bridge.engine.feeds.rows())[0]
    anne.ask(anne.bridge.engine.feeds.change(row.id, muted=True))
    anne.until(lambda: titles(window) == ["Lunch?"])
    window.browse.show_view(View.FEEDS)
    anne.until(lambda: titles(window) == ["Spring beer", "An older one"])
    link = f"{there.address}/third"
    put(there, "/feed", rss("The brewery", [item("A third", "x", link=link)], there.address))
    window.timeline.setCurrentIndex(window.rows.index(1))
    anne.ask(anne.bridge.engine.feeds.refresh(row.id))
    anne.until(lambda: "A third" in titles(window))
    assert window.timeline.currentIndex().row() == titles(window).index("An older one"), "nobody loses their place"
    window.show_all()
    anne.until(lambda: titles(window) == ["Lunch?"])


def test_posts_and_items_are_searched_together(window: Window, anne: Desk, paul: Colleague) -> None:
    paul.post("Beer at five")
    anne.until(lambda: "Beer at five" in titles(window))
    window.search.setText("beer")
    anne.until(lambda: titles(window) == ["Beer at five", "Spring beer"])
    assert [span.kind for span in card_of(window, "Spring beer").spans] == ["title", "found"]


def test_the_digest_leads_to_an_item(window: Window, anne: Desk) -> None:
    window.digest.open_page()
    anne.until(lambda: window.digest.page is not None and bool(window.digest.page.lines))
    assert window.digest.page is not None
    (line, *_more) = [one for one in window.digest.page.lines if one.row.kind == "feed"]
    line.grab()
    line.click()
    assert page(anne, window).row.id == line.row.id
    window.feeds.page.accept()  # type: ignore[union-attr]
