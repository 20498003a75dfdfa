"""What is shown outside of the office, on the command line as typed. Without a network."""

from __future__ import annotations

from pathlib import Path

import pytest

from deskblog import commands, events
from deskblog.cli_text import event_text
from tests.test_cli_office import Shell, shell, words

__all__ = ["shell", "words"]
pytestmark = pytest.mark.usefixtures("words")


def test_a_post_is_made_public_and_taken_back(shell: Shell) -> None:
    ident = shell.lines("post", "Bread is ready")[0]["id"]
    assert not shell.lines("show", ident)[0]["public"]
    assert shell.text("public", ident[:12]).endswith("Anne: Bread is ready  (public)")
    assert shell.lines("timeline")[0]["public"]
    assert shell.text("public", ident, "--no").endswith("Anne: Bread is ready")
    assert "no post" in shell.refused("public", "abcdef123456")


def test_a_rule_names_tags_that_make_public(shell: Shell) -> None:
    said = shell.text("office", "rule", "--public-tags", "#shop, menu")
    assert said.endswith("week: 3. Public is what is written with #menu, #shop.")
    assert shell.text("post", "Soup #menu").startswith("Posted:")
    assert shell.text("timeline").endswith("Soup #menu  (public)")
    (line,) = shell.lines("office", "rule", "--days", "300")
    assert (line["days"], line["public_tags"]) == (300, ["menu", "shop"])
    assert "no tag" in shell.refused("office", "rule", "--public-tags", "a.b")
    (line,) = shell.lines("office", "rule", "--public-tags", "")
    assert (line["days"], line["public_tags"]) == (300, [])


def test_a_site_is_written_and_what_came_of_it_is_said(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ident = shell.lines("post", "Bread #shop")[0]["id"]
    assert "No folder was published" in shell.refused("publish")
    shell.text("public", ident)
    said = shell.text("publish", "web", "--public").splitlines()
    assert said[0].endswith("files written. 1 public post is there.")
    assert said[1] == "No feeds were written: they need the address the site will have on the web."
    assert (tmp_path / "web" / "index.html").exists()
    assert shell.text("publish").splitlines()[0] == "All is as it was. 1 public post is there."
    (line,) = shell.lines(
        "publish", "web", "--person", "anne", "--tag", "shop", "--address", "https://x.example", "--auto"
    )
    assert (line["feeds"], line["posts"], line["folder"]) == (True, 1, str(tmp_path / "web"))
    assert shell.text("publish", "web", "--tag", "none", "--no-auto").count("removed") == 1


def test_a_node_says_when_it_has_brought_the_site_up_to_date() -> None:
    (line,) = commands.event_lines(events.SiteWritten("/srv/web", 2, 5, 1, feeds=True))
    assert line["event"] == "site" and line["posts"] == 2
    assert event_text(line) == "/srv/web: 5 files written, 1 removed. 2 public posts are there."


def test_who_may_read_along_is_listed_with_an_address(shell: Shell) -> None:
    alone = "Feeds are served to programs on this PC alone."
    assert shell.text("subscribers") == alone
    mine, state = shell.text("subscribers", "add", "My phone").splitlines()
    assert mine.startswith("My phone: http://127.0.0.1:20180/") and state == alone
    assert shell.text("subscribers", "add", "Clients", "--public").splitlines()[1].endswith("/  (public posts alone)")
    one, two, last = shell.lines("subscribers", "open")
    assert (one["name"], one["public"], two["public"]) == ("My phone", False, True) and one["address"] != two[
        "address"
    ]
    assert last == {"opened": True, "port": 20180, "runs": False, "trouble": None}
    assert "Nothing hides them" in shell.text("subscribers").splitlines()[2]
    assert shell.text("subscribers", "close").splitlines()[2] == alone
    assert shell.lines("subscribers", "port", "4000")[2]["port"] == 4000
    assert "number from 1" in shell.refused("subscribers", "port", "x")
    assert len(shell.lines("subscribers", "revoke", "clients")) == 2
    assert "Nobody called" in shell.refused("subscribers", "revoke", "clients")
    assert "A name is needed" in shell.refused("subscribers", "add")


def test_the_shop_counter_is_picked_by_hand(shell: Shell) -> None:
    first, second = (shell.lines("post", text)[0]["id"] for text in ("Bread", "Cake"))
    assert "Only what is public" in shell.refused("counter", "add", first)
    for ident in (first, second):
        shell.text("public", ident)
        shell.text("counter", "add", ident)
    assert [line["text"] for line in shell.lines("counter")] == ["Cake", "Bread"]
    assert shell.text("counter", "remove", second).endswith("Bread  (public)")
    assert "which post" in shell.refused("counter", "add")
