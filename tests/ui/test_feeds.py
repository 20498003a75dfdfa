"""The page where feeds are followed: added, changed, removed, in and out as lists; and what is wrong with them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from deskblog.engine.feeds import FeedRow
from deskblog.feeds.offer import Offer
from deskblog.ui import feed_add, feed_list, feed_once, feeds
from deskblog.ui.elided import Elided
from deskblog.ui.feed_edit import FeedEdit
from deskblog.ui.feeds import FeedsDialog
from deskblog.ui.window import Window
from tests.ui.desk import Desk
from tests.ui.outside import brewery, follow, item, page, put, rss, titles
from tests.web.site import Site


# --- the page of feeds ------------------------------------------------------------------------------------
@pytest.fixture
def dialog(anne: Desk, there: Site) -> FeedsDialog:
    window = anne.window()
    window.feeds.open()
    assert window.feeds.dialog is not None
    anne.until(lambda: window.feeds.dialog is not None and not window.feeds.dialog._asked)
    return window.feeds.dialog


def test_a_feed_is_followed_and_the_button_waits_with_it(anne: Desk, dialog: FeedsDialog, there: Site) -> None:
    assert dialog.pages.currentIndex() == 1 and not dialog.refresh.isVisible()
    dialog.add.address.line.setText(brewery(there))
    dialog.add.folder.line.setText("Drinks")
    dialog.add.go.click()
    assert dialog.add.busy and dialog.add.go.text() == "Asking…"
    dialog.add.add()
    anne.until(lambda: not dialog.add.busy and len(dialog.rows) == 1)
    assert dialog.add.address.line.text() == "" and dialog.said.text() == "“The brewery” is followed from now on."
    assert dialog.list.feeds.lines[0] == "Drinks" and dialog.pages.currentIndex() == 0
    anne.until(lambda: dialog.list.chosen is not None)
    assert there.asked == ["/feed"], "asked once"
    said = dialog.list.feeds.data(dialog.list.feeds.index(1), Qt.ItemDataRole.AccessibleTextRole)
    assert said.startswith("The brewery, 2 unread items, 127.0.0.1") and "asked next" in said
    dialog.add.address.line.setText(f"{there.address}/feed")
    dialog.add.go.click()
    anne.until(lambda: not dialog.add.busy)
    assert dialog.said.text() == "“The brewery” is followed already."


@pytest.mark.parametrize(("address", "says"), [("not an address", "no address"), ("/gone", "Check the address.")])
def test_what_cannot_be_is_said_beside_the_field_and_stays_there(
    anne: Desk, dialog: FeedsDialog, there: Site, address: str, says: str
) -> None:
    typed = there.address + address if address.startswith("/") else address
    dialog.add.address.line.setText(typed)
    dialog.add.go.click()
    anne.until(lambda: not dialog.add.busy)
    assert dialog.add.address.problem.isVisible() and says in dialog.add.address.problem.text()
    assert dialog.add.address.line.text() == typed and dialog.add.go.text() == "Follow"


def test_of_a_page_with_several_feeds_one_is_chosen(
    anne: Desk, dialog: FeedsDialog, there: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    brewery(there)
    links = "".join(
        f'<link rel="alternate" type="application/rss+xml" title="{t}" href="/{h}">'
        for t, h in (("Posts", "feed"), ("Talk", "talk"))
    )
    put(there, "/home", f"<html><head><title>Brewers</title>{links}</head>".encode(), "text/html")
    offered: list[list[str]] = []

    def first(_parent: object, _what: str, _more: str, lines: Sequence[str], _go: str) -> int:
        offered.append(list(lines))
        return 0

    monkeypatch.setattr(feed_add, "choose", first)
    dialog.add.address.line.setText(f"{there.address}/home")
    dialog.add.go.click()
    anne.until(lambda: len(dialog.rows) == 1)
    assert offered == [[f"Posts – {there.address}/feed", f"Talk – {there.address}/talk"]]
    assert dialog.rows[0].title == "The brewery"


def test_what_is_wrong_with_a_feed_stands_on_its_line(anne: Desk, dialog: FeedsDialog, there: Site) -> None:
    row = follow(anne, brewery(there))
    put(there, "/feed", b"this is no feed at all", "text/html")
    anne.until(lambda: len(dialog.rows) == 1)
    calm_line = dialog.list.sizeHintForIndex(dialog.list.feeds.index(0)).height()
    dialog.menu(row).actions()[2].trigger()
    anne.until(lambda: bool(dialog.rows[0].said))
    fault = feed_list.fault_text(dialog.rows[0])
    assert fault.startswith(dialog.rows[0].said) and dialog.rows[0].next_step in fault
    assert dialog.list.sizeHintForIndex(dialog.list.feeds.index(0)).height() > calm_line
    anne.until(lambda: dialog.said.text() == "1 feed did not come: see there.")
    dialog.list.grab()


def test_name_folder_words_and_how_often(anne: Desk, dialog: FeedsDialog, there: Site) -> None:
    row = follow(anne, brewery(there))
    anne.until(lambda: len(dialog.rows) == 1)
    dialog.edit(row)
    edit = dialog.findChild(FeedEdit)
    assert edit is not None and edit.name.line.text() == "The brewery"
    edit.name.line.setText("Beer & more")
    edit.folder.line.setText("Drinks")
    edit.words.line.setText("spring")
    edit.often.setCurrentIndex(edit.often.findData(3600))
    edit.muted.setChecked(True)
    edit.go.click()
    anne.until(lambda: dialog.rows[0].title == "Beer & more")
    now = anne.ask(anne.bridge.engine.feeds.rows())[0]
    assert (now.folder, now.words, now.every, now.muted, now.unread) == ("Drinks", "spring", 3600, True, 1)
    state = feed_list.state_text(now, 0)
    assert "muted" in state and "only what fits “spring”" in state


def test_a_feed_is_pressed_read_muted_and_removed(
    anne: Desk, there: Site, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    window = anne.window()
    row = follow(anne, brewery(there))
    window.feeds.open(row.id)
    dialog = window.feeds.dialog
    assert dialog is not None
    anne.until(lambda: dialog.list.chosen is not None)
    read = next(one for one in dialog.menu(row).actions() if one.text() == "Mark it as read")
    read.trigger()
    anne.until(lambda: dialog.rows[0].unread == 0)
    mute = next(one for one in dialog.menu(row).actions() if one.text() == "Mute it")
    mute.trigger()
    anne.until(lambda: dialog.rows[0].muted)
    place = dialog.list.visualRect(dialog.list.feeds.index(0)).center()
    qtbot.mouseClick(dialog.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    anne.until(lambda: window.feeds.dialog is None and titles(window) == ["Spring beer", "An older one"])
    window.where.feeds.click()
    again = window.feeds.dialog
    assert again is not None
    anne.until(lambda: len(again.rows) == 1)
    monkeypatch.setattr(feeds, "sure", lambda *_said: False)
    again.list.point_at(row.id)
    qtbot.keyClick(again.list, Qt.Key.Key_Delete)
    monkeypatch.setattr(feeds, "sure", lambda *_said: True)
    assert again.rows
    qtbot.keyClick(again.list, Qt.Key.Key_Delete)
    anne.until(lambda: not again.rows and again.pages.currentIndex() == 1)
    again.accept()


def test_lists_in_and_out(
    anne: Desk, dialog: FeedsDialog, there: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = put(there, "/other", rss("Other", [item("x", "y")]))
    opml = tmp_path / "feeds.opml"
    opml.write_text(
        f'<opml version="2.0"><body><outline text="Work"><outline text="Other" xmlUrl="{other}"/></outline></body>'
        "</opml>"
    )
    dialog.take_list(opml)
    anne.until(lambda: dialog.said.text().startswith("1 feed is followed from now on"))
    anne.until(lambda: dialog.list.feeds.lines[:1] == ("Work",))
    dialog.take_list(tmp_path / "none")
    anne.until(lambda: dialog.said.text().startswith("This file cannot be read."))
    told: list[str] = []
    monkeypatch.setattr(feeds, "tell", lambda _w, what, _more: told.append(what))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_asked: (str(tmp_path / "out.opml"), ""))
    dialog.giving.click()
    anne.until(lambda: bool(told))
    assert told == ["The list is in “out.opml”."] and other in (tmp_path / "out.opml").read_text()


def test_many_changes_are_one_question_more(anne: Desk, dialog: FeedsDialog, there: Site) -> None:
    asked: list[int] = []
    show = dialog.show_feeds

    def shown(rows: Sequence[FeedRow]) -> None:
        asked.append(len(rows))
        show(rows)

    dialog.show_feeds = shown  # type: ignore[method-assign]
    for _time in range(50):
        dialog.look()
    anne.until(lambda: not dialog._asked)
    assert len(asked) <= 2


def test_folders_stand_above_what_is_in_them() -> None:
    def feed(n: int, folder: str) -> FeedRow:
        return FeedRow(f"feed-{n}", "", f"f{n}", "", folder, 0, 0, 0, "", False, False)

    rows = [feed(1, ""), feed(2, "A"), feed(3, "A"), feed(4, "B")]
    assert feed_list.lines_of(rows) == (rows[0], "A", rows[1], rows[2], "B", rows[3])


def test_what_a_page_offers_is_one_line_each_however_long_it_is() -> None:
    assert feed_add.offer_text(Offer("https://a.example/f", "Posts")) == "Posts – https://a.example/f"
    long = feed_add.offer_text(Offer("https://a.example/" + "x" * 3000, "T" * 1000, guessed=True))
    assert len(long) < 150 and long.startswith("T" * 60 + "… – https://a.example/") and long.endswith("(a guess)")


def test_names_without_end_make_no_window_wider(anne: Desk, dialog: FeedsDialog, there: Site) -> None:
    name = "&T " * 90
    row = follow(anne, put(there, "/long", rss(name, [item("W" * 900, "x")])))
    anne.until(lambda: len(dialog.rows) == 1)
    wide = dialog.width()
    dialog._added(row, False)
    dialog.list.grab()
    assert dialog.width() == wide and dialog.minimumSizeHint().width() <= wide
    window = dialog.parent()
    assert isinstance(window, Window)
    dialog.accept()
    anne.until(lambda: "W" * 900 in titles(window))
    menu = window.feeds.menu(window.rows.row_at(0), "")
    assert menu.sizeHint().width() < 500
    menu.close()
    window.timeline.grab()
    window.feeds.read(window.rows.row_at(0))
    shown = page(anne, window)
    assert shown.minimumSizeHint().width() <= 760 and "&T &T" in shown.findChildren(Elided)[0].text()
    shown.grab()
    shown.accept()


def test_fetching_once_for_the_office_is_chosen_with_what_it_means(
    anne: Desk, dialog: FeedsDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    sharing = anne.bridge.engine.feeds.sharing
    answers = [False, True]
    asked: list[str] = []

    def answer(_parent: object, _question: str, more: str, _yes: str) -> bool:
        asked.append(more)
        return answers.pop(0)

    monkeypatch.setattr(feed_once, "sure", answer)
    assert not dialog.once.isChecked() and not sharing.on
    dialog.once.click()
    assert not dialog.once.isChecked() and "never shared" in asked[0] and not sharing.on
    dialog.once.click()
    anne.until(lambda: sharing.on)
    dialog.once.click()
    anne.until(lambda: not sharing.on)
    assert len(asked) == 2
