"""The office's settings on the command line, as typed: printed, changed, taken, refused. Without a network."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.test_cli_office import Shell, shell, words
from tests.test_i18n import french

__all__ = ["french", "shell", "words"]
pytestmark = pytest.mark.usefixtures("words")

FILE = """
retention-days = 400
public-tags = ["shop"]
quiet-hours = { from = "07:30", to = "18:00", days = ["mon", "tue", "wed", "thu"] }
feeds = [{ address = "https://brew.example/feed.xml", folder = "Trade" }]
locked = ["feeds", "quiet-hours"]
"""


@pytest.fixture
def taken(shell: Shell, words: str, tmp_path: Path) -> str:
    assert words
    (tmp_path / "office.toml").write_text(FILE)
    return shell.text("office", "settings", str(tmp_path / "office.toml"))


def test_what_is_printed_can_be_kept_and_taken_again(shell: Shell, tmp_path: Path) -> None:
    printed = shell.text("office", "settings")
    assert printed.startswith("# What holds for the whole office, as set by Anne on ")
    assert '\nname = "Dupont & fils"\n' in printed and '\nquiet-hours = "usual"\n' in printed
    path = tmp_path / "office.toml"
    path.write_text(printed)
    assert shell.text("office", "settings", str(path)) == "All is as it was."
    (line,) = shell.lines("office", "settings", str(path))
    assert line["changed"] == []


def test_what_a_file_changes_is_said_line_by_line(shell: Shell, taken: str, tmp_path: Path) -> None:
    assert taken.splitlines() == [
        "Posts are kept: 400 days (before: for ever).",
        "Tags that make public: #shop (before: none).",
        "Popups may come: 07:30 to 18:00, Mon–Thu (before: as usual, 08:00 to 19:00, Mon–Fri).",
        "The same for everybody: Popups may come, Feeds (before: none).",
        "Every PC follows https://brew.example/feed.xml (Trade).",
        "So it is on every PC.",
    ]
    (line,) = shell.lines("office", "settings")
    assert line["toml"] == shell.text("office", "settings") + "\n" and "changed" not in line
    assert (line["name"], line["days"], line["announcements"], line["public_tags"]) == (
        "Dupont & fils", 400, 3, ["shop"],
    )  # fmt: skip
    assert line["quiet_hours"] == {"from": "07:30", "to": "18:00", "days": ["mon", "tue", "wed", "thu"]}
    assert line["feeds"] == [{"url": "https://brew.example/feed.xml", "folder": "Trade", "title": None}]
    assert line["locked"] == ["feeds", "quiet-hours"] and line["set_by"] == "Anne" and line["set"].endswith("Z")
    (tmp_path / "two.toml").write_text("retention-days = 0")
    (line,) = shell.lines("office", "settings", str(tmp_path / "two.toml"))
    (change,) = line["changed"]
    assert (change["setting"], change["before"], change["now"]) == ("retention-days", "400 days", "for ever")


def test_what_is_wrong_is_refused_with_its_line(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "office.toml"
    path.write_text('name = "x"\n\nfeeds = [\n  { address = "http://10.0.0.1/feed" },\n]\n')
    said = shell.refused("office", "settings", str(path))
    assert "Line 4 of the file: “http://10.0.0.1/feed” leads into your own network" in said
    assert "Nothing was changed." in said and "“deskblog office settings” shows" in said
    assert "cannot be read" in shell.refused("office", "settings", str(tmp_path / "none.toml"))


@pytest.mark.usefixtures("taken")
def test_locked_hours_and_feeds_are_said_to_be_the_offices(shell: Shell) -> None:
    assert "Hours: 07:30 to 18:00, mon, tue, wed, thu (set by the office)" in shell.text("quiet")
    (line,) = shell.lines("quiet")
    assert (line["own"], line["locked"]) == (False, True)
    assert "The office has set when popups may come." in shell.refused("quiet", "--from", "9")
    assert "Trade · from the office" in shell.text("feed", "list")
    (line,) = shell.lines("feed", "list")
    assert (line["office"], line["locked"]) == (True, True)
    assert "The office follows this feed on every PC." in shell.refused("feed", "remove", line["url"])
    assert shell.lines("feed", "set", line["url"], "--mute")[0]["muted"]


def test_one_goes_by_the_offices_hours_again(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "office.toml"
    path.write_text('quiet-hours = "none"')
    shell.text("office", "settings", str(path))
    assert "Hours: any (as for everybody)" in shell.text("quiet")
    assert "Hours: 09:00 to 10:00, mon" in shell.text("quiet", "--from", "9", "--to", "10", "--days", "mon", "--on")
    assert shell.lines("quiet")[0]["own"]
    assert "Hours: any (as for everybody)" in shell.text("quiet", "--office")


def test_a_feed_that_is_kept_stays(shell: Shell, tmp_path: Path, taken: str) -> None:
    assert taken
    shell.text("feed", "set", "https://brew.example/feed.xml", "--keep")
    path = tmp_path / "office.toml"
    path.write_text("feeds = []")
    assert "The office follows https://brew.example/feed.xml (Trade) no more." in shell.text(
        "office", "settings", str(path)
    )
    assert shell.lines("feed", "list")[0]["office"] is False


def test_who_holds_no_key_reads_and_does_not_set(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "office.toml"
    path.write_text(shell.text("office", "settings"))
    shell.text("office", "role", "Anne", "member", "--sure")
    assert shell.text("office", "settings").startswith("# What holds")
    assert "Only a keyholder" in shell.refused("office", "settings", str(path))


@pytest.mark.usefixtures("french")
def test_in_french_all_is_explained_in_french_and_what_is_to_be_read_stays(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESKBLOG_LANGUAGE", "fr")
    printed = shell.text("office", "settings")
    assert printed.startswith("# Ce qui vaut pour tout le bureau, décidé par Anne le ")
    for line in ('name = "Dupont & fils"', 'quiet-hours = "usual"', "feeds = []", "locked = []"):
        assert f"\n{line}" in printed
    path = tmp_path / "office.toml"
    path.write_text(printed)
    assert shell.text("office", "settings", str(path)) == "Tout est comme avant."
    path.write_text("retention-days = 3\nname 'x'\n")
    assert "La ligne 2 du fichier ne peut pas être lue." in shell.refused("office", "settings", str(path))
