"""What the papers name is there."""

from __future__ import annotations

import argparse
import importlib.util
import re
import shlex
from importlib.machinery import SourceFileLoader
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from deskblog import i18n
from deskblog.cli import make_parser

ROOT = Path(__file__).parents[1]
PAPERS = sorted([*ROOT.glob("docs/*.md"), ROOT / "README.md"])


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.name)
def test_each_file_a_paper_names_exists(paper: Path) -> None:
    text = paper.read_text(encoding="utf-8")
    named = re.findall(r"`((?:tests|deskblog|docs|bench)/[\w./-]+)`", text)
    linked = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    missing = [name for name in named if name != "deskblog/1" and not (ROOT / name).exists()]
    missing += [link for link in linked if not (paper.parent / link).exists()]
    assert not missing


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.name)
def test_each_place_a_paper_points_at_exists(paper: Path) -> None:
    links = re.findall(r"\]\(([^)#: ]*)#([^)]+)\)", paper.read_text(encoding="utf-8"))
    assert [
        f"{file}#{place}" for file, place in links if place not in places(paper.parent / (file or paper.name))
    ] == []


def places(paper: Path) -> set[str]:
    """What its headings are called in links."""
    headings = re.findall(r"^#+ (.+)$", paper.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_each_promise_names_the_test_that_holds_it() -> None:
    rows = [
        line
        for line in (ROOT / "docs/threats.md").read_text().splitlines()
        if line.startswith("| ") and "---" not in line
    ]
    promises = [row for row in rows if not row.startswith("| promise")]
    assert len(promises) > 25
    assert all(re.search(r"`(tests|deskblog)/", row.split("|")[2]) for row in promises)


# --- commands and buttons ---------------------------------------------------------------------------------
GUIDES = {"en": ("guide.md", "keyholder.md"), "fr": ("guide.fr.md", "keyholder.fr.md")}
QUOTED = {"en": re.compile("“([^”]+)”"), "fr": re.compile("«[\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE} ]([^»]+).»")}
SPACES = re.compile(r"\s+")  # of every kind and length: a line may break in a name


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.name)
def test_each_command_a_paper_names_can_be_typed(paper: Path) -> None:
    text = paper.read_text(encoding="utf-8")
    typed = [
        *re.findall(r"`(deskblog [^`]+)`", text),
        *re.findall(r"^ {4}(?:\.venv/bin/)?(deskblog .*)$", text, re.M),
    ]
    i18n.use("en")
    parser = make_parser()
    assert [(line, wrong) for line in typed if (wrong := wrong_word(parser, SPACES.sub(" ", line)))] == []


def wrong_word(parser: argparse.ArgumentParser, line: str) -> str:
    """The first word of a command line that deskblog would not know; what stands for something may be anything."""
    typed = iter(shlex.split(line.split("  ")[0].removesuffix(" &"))[1:])
    for word in typed:
        options, words = parser._option_string_actions, subcommands(parser)
        if word.startswith("--"):
            if word not in options:
                return word
            if options[word].nargs != 0:
                next(typed, "")
        elif words:
            if word not in words:
                return word
            parser = words[word]
    return ""


def subcommands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    found = [one for one in parser._actions if isinstance(one, argparse._SubParsersAction)]
    return dict(found[0].choices) if found else {}


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.name)
def test_each_word_of_run_a_paper_names_is_one(paper: Path) -> None:
    loader = SourceFileLoader("run_words", str(ROOT / "run"))
    spec = importlib.util.spec_from_loader("run_words", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    text = paper.read_text(encoding="utf-8")
    assert {word for word in re.findall(r"\./run ([a-z]+)", text) if word not in module.JOBS} == set()


@pytest.mark.parametrize(("language", "name"), [(lang, name) for lang, names in GUIDES.items() for name in names])
def test_each_button_a_guide_names_is_in_the_window(language: str, name: str) -> None:
    """In the guides marks of quotation stand around words of the window, and around nothing else."""
    text = without_code((ROOT / "docs" / name).read_text(encoding="utf-8"))
    with (ROOT / "deskblog/locale/fr/LC_MESSAGES/deskblog.po").open("rb") as file:
        catalogue = read_po(file)
    shown: set[str] = set()
    for message in catalogue:
        said = message.id if language == "en" else message.string
        shown |= {like(one) for one in ([said] if isinstance(said, str) else said or ())}
    quoted = {like(one) for one in QUOTED[language].findall(text)}
    assert len(quoted) > 20
    assert {one for one in quoted if one not in shown} == set()


def like(text: str) -> str:
    """With an ellipsis for what the window fills in."""
    return re.sub("…+", "…", SPACES.sub(" ", re.sub(r"\{\w+\}", "…", text))).strip()


def without_code(text: str) -> str:
    return re.sub(r"`[^`]*`", "", text)
