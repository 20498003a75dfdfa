"""The office's words on the command line, as typed: answers, questions, refusals. Without a network."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from deskblog import cli


class Terminal(io.StringIO):
    """A stdin that somebody sits at."""

    def isatty(self) -> bool:
        return True


class Shell:
    """Runs commands on a folder of its own."""

    def __init__(self, folder: Path, capture: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch) -> None:
        self._folder = folder
        self._capture = capture
        self._patch = patch

    def run(self, *words: str, stdin: io.StringIO | None = None) -> tuple[int, str, str]:
        self._patch.setattr("sys.stdin", stdin or io.StringIO())
        self._capture.readouterr()
        code = cli.main(["--data", str(self._folder), *words])
        said = self._capture.readouterr()
        return code, said.out, said.err

    def text(self, *words: str, stdin: io.StringIO | None = None) -> str:
        code, out, errors = self.run(*words, stdin=stdin)
        assert code == 0, errors
        return out.rstrip("\n")

    def lines(self, *words: str, stdin: io.StringIO | None = None) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text("--json", *words, stdin=stdin).splitlines()]

    def refused(self, *words: str, stdin: io.StringIO | None = None) -> str:
        code, out, errors = self.run(*words, stdin=stdin)
        assert (code, out) == (1, ""), out
        return errors


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return Shell(tmp_path / "data", capsys, monkeypatch)


@pytest.fixture
def words(shell: Shell) -> str:
    """An office of Anne's; its recovery words."""
    return " ".join(shell.lines("office", "found", "Dupont & fils", "--me", "Anne")[0]["recovery"])


@pytest.mark.usefixtures("words")
def test_people_are_shown_with_their_pcs_and_the_advice_to_have_two_keyholders(shell: Shell) -> None:
    person, advice = shell.lines("office", "people")
    assert person["this"] == person["devices"][0] and person["removed_by"] is None
    assert (advice["keyholders"], "Two keyholders" in advice["advice"]) == (1, True)
    shown = shell.text("office", "people").splitlines()
    device = person["this"][:8]
    assert shown[0] == f"{person['person'][:8]}  Anne (here, keyholder, you)  PC: {device} (this PC)"
    assert shown[1] == advice["advice"]


@pytest.mark.usefixtures("words")
def test_names_of_people_and_of_the_office_are_changed(shell: Shell) -> None:
    assert shell.lines("office", "rename", "anne", "Anne B.")[0]["name"] == "Anne B."
    assert shell.text("office", "rename", "Anne B.", "Anne") == "Anne (here, keyholder, you)"
    said = "The office is called “Chez nous”; posts are kept: for ever; announcements of one person a week: 3."
    assert shell.text("office", "rule", "--name", "Chez nous") == said
    assert "Nobody here is called “Zoé”" in shell.refused("office", "rename", "Zoé", "Z")
    assert "takes two" in shell.refused("office", "merge", "Anne")


@pytest.mark.usefixtures("words")
def test_no_code_is_open_where_nothing_runs(shell: Shell) -> None:
    assert shell.lines("office", "invitations") == []
    assert shell.text("office", "cancel") == "No code is open here."


@pytest.mark.usefixtures("words")
def test_a_role_is_one_of_three_and_the_last_key_is_not_given_away_unmeant(shell: Shell) -> None:
    with pytest.raises(SystemExit) as wrong:
        shell.run("office", "role", "Anne", "king")
    assert wrong.value.code == 2
    assert "--sure" in shell.refused("office", "role", "Anne", "member")
    assert shell.lines("office", "role", "Anne", "announcer", "--sure")[0]["role"] == "announcer"
    assert "Only a keyholder" in shell.refused("office", "role", "Anne", "keyholder")
    assert "Nobody holds a key" in shell.text("office", "people")


@pytest.mark.parametrize("answer", ["\n", "n\n", "no\n", ""])
@pytest.mark.usefixtures("words")
def test_on_a_terminal_it_is_asked_first_and_only_yes_is_yes(shell: Shell, answer: str) -> None:
    for word in (("remove", "Anne"), ("leave",)):
        errors = shell.refused("office", *word, "--sure", stdin=Terminal(answer))
        assert "[y/N]" in errors and "Nothing was changed." in errors
    assert not shell.lines("office", "people")[0]["gone"]


@pytest.mark.parametrize("how", ["asked", "told not to ask", "no terminal"])
def test_who_has_left_is_told_so_and_comes_back_with_the_words(shell: Shell, words: str, how: str) -> None:
    flags = ["--yes"] if how == "told not to ask" else []
    stdin = io.StringIO() if how == "no terminal" else Terminal("yes\n")
    assert "Anne (has left)" in shell.text("office", "leave", "--sure", *flags, stdin=stdin)
    errors = shell.refused("post", "Still me")
    assert "You took this PC out of the office on" in errors and "Everything on this PC is kept." in errors
    assert "not recovery words" in shell.refused("office", "recover", stdin=io.StringIO("one two three\n"))
    on_lines = Terminal("\n".join(words.split()) + "\nmore\n")
    assert shell.text("office", "recover", stdin=on_lines) == "This PC is in, and Anne holds the key."
    assert shell.text("post", "Back").startswith("Posted:")


def test_the_words_are_never_an_argument(shell: Shell, words: str) -> None:
    with pytest.raises(SystemExit) as wrong:
        shell.run("office", "recover", words)
    assert wrong.value.code == 2


@pytest.mark.parametrize("who", ["person", "device"])
@pytest.mark.usefixtures("words")
def test_the_beginning_of_an_id_is_enough_and_three_digits_are_not(shell: Shell, who: str) -> None:
    person = shell.lines("office", "people")[0]
    ident = person["person"] if who == "person" else person["this"]
    assert "Nobody here" in shell.refused("office", "remove", ident[:3], "--sure")
    assert shell.lines("office", "remove", ident[:4], "--sure")[0]["gone"]


# --- what one is doing --------------------------------------------------------------------------------------
@pytest.mark.usefixtures("words")
def test_a_status_is_said_shown_and_cleared(shell: Shell) -> None:
    assert shell.lines("status", "  Accounts,\nuntil noon ") == [{"status": "Accounts, until noon"}]
    person = shell.lines("office", "people")[0]
    assert (person["status"], person["away"], person["site"]) == ("Accounts, until noon", False, None)
    assert "Anne (here, keyholder, you)  “Accounts, until noon”  PC: " in shell.text("office", "people")
    assert "Accounts" not in shell.text("timeline") + shell.text("search", "Accounts")
    assert shell.text("status", "Lunch") == "Colleagues see: Lunch"
    assert shell.text("status", "") == "Cleared."
    assert shell.lines("office", "people")[0]["status"] == ""


@pytest.mark.usefixtures("words")
def test_a_status_that_is_too_long_is_refused_and_the_old_one_stays(shell: Shell) -> None:
    shell.text("status", "x" * 140)
    assert "This status has 141 characters; 140 is the most." in shell.refused("status", "x" * 141)
    assert shell.lines("office", "people")[0]["status"] == "x" * 140
