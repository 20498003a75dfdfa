"""Real dictionaries, French and English."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from deskblog import limits
from deskblog.spelling.dictionaries import Dictionary, Found, Lacking, chosen, find
from deskblog.spelling.speller import Speller


class Counting:
    """A dictionary that counts what it is asked."""

    def __init__(self, within: Dictionary) -> None:
        self._within = within
        self.asked: list[str] = []

    def check(self, word: str) -> bool:
        self.asked.append(word)
        return self._within.check(word)

    def suggest(self, word: str) -> Sequence[str]:
        return self._within.suggest(word)


@pytest.fixture
def both() -> Speller:
    return Speller(find(["fr-FR", "en-US"]).dictionaries)


@pytest.mark.parametrize(
    ("word", "right"),
    [
        ("école", True),
        ("e\u0301cole", True),
        ("aujourd’hui", True),
        ("aujourd'hui", True),
        ("quelqu’un", True),
        ("presqu’île", True),
        ("rendez-vous", True),
        ("est-à-dire", True),
        ("a-t-il", True),
        ("meeting-salle", True),
        ("arrière\u2011plan", True),
        ("Bonjour", True),
        ("don’t", True),
        ("server's", True),
        ("kolègue", False),
        ("wrnog", False),
        ("arriére-plan", False),
        ("aujourdhui", False),
    ],
)
def test_right_is_what_any_language_knows(both: Speller, word: str, right: bool) -> None:
    assert both.right(word) is right


def test_one_language_alone_does_not_know_the_other() -> None:
    french, english = Speller(find(["fr"]).dictionaries), Speller(find(["en"]).dictionaries)
    assert french.right("école") and not french.right("meeting's")
    assert english.right("meeting's") and not english.right("école")


def test_suggestions_are_few_and_keep_the_apostrophe(both: Speller) -> None:
    assert "collègue" in both.suggest("kolègue")
    assert "wrong" in both.suggest("wrnog")
    assert len(both.suggest("tes")) <= 5
    assert "aujourd’hui" in both.suggest("aujourd’hiu")
    assert "aujourd'hui" in both.suggest("aujourd'hiu")
    assert both.suggest("xxxxqqqqzzzzpppp") == []


def test_colleagues_names_are_right(both: Speller) -> None:
    assert not both.right("Wojciech")
    assert both.know(["Wojciech Brzęczyszczykiewicz-Dvořáková", "Gaëlle d’Arthuys"])
    for name in ("Wojciech", "wojciech", "Wojciech’s", "Dvořáková", "Arthuys", "Brzęczyszczykiewicz-Dvořáková"):
        assert both.right(name), name
    assert not both.know(["Gaëlle d’Arthuys", "Wojciech Brzęczyszczykiewicz-Dvořáková"]), "the same as before"
    assert both.know(["Anne Martin"]) and not both.right("Wojciech")


def test_own_words_are_right_until_they_are_removed(both: Speller) -> None:
    both.add(["Deskblog", "l’Hexagonne"])
    assert both.right("deskblog") and both.right("DeskBlog") and both.has_own("deskblog")
    assert both.own == ("deskblog", "l'hexagonne")
    both.forget("deskBlog")
    assert not both.right("deskblog")


def test_of_too_many_own_words_the_oldest_go(both: Speller) -> None:
    both.add(f"zz{n}" for n in range(limits.OWN_WORDS + 3))
    assert len(both.own) == limits.OWN_WORDS and both.own[0] == "zz3"


def test_a_word_is_looked_up_once_and_only_so_many_are_remembered() -> None:
    (french,) = find(["fr"]).dictionaries
    counting = Counting(french)
    speller = Speller([counting])
    assert [speller.right("kolègue") for _again in range(3)] == [False] * 3
    assert counting.asked == ["kolègue"]
    for n in range(limits.SPELT):
        speller.right(f"zz{n}")
    assert len(speller._known) == limits.SPELT
    speller.right("kolègue")
    assert counting.asked.count("kolègue") == 2, "it was the oldest"


def test_without_a_dictionary_nothing_is_wrong() -> None:
    assert Speller().right("wrnog") and Speller().suggest("wrnog") == []


@pytest.mark.parametrize(
    ("languages", "expected"),
    [
        (["fr-Latn-CH", "fr-CH", "fr-Latn", "fr", "en-Latn-GB", "en-GB", "en"], {"fr": "fr_CH", "en": "en_GB"}),
        (["fr", "en"], {"fr": "fr", "en": "en_US"}),
        (["fr-CD"], {"fr": "fr"}),
        (["de_DE"], {"de": "de_DE"}),
        (["nb"], {"nb": "nb_NO"}),
        (["pt-AO"], {"pt": "pt_BR"}),
        (["C", "", "en"], {"en": "en_US"}),
        (["xx-YY"], {"xx": ""}),
    ],
)
def test_each_language_has_one_dictionary_that_of_the_region_first(
    languages: list[str], expected: dict[str, str]
) -> None:
    held = ["fr", "fr_CH", "fr_FR", "en_AU", "en_GB", "en_US", "de_AT", "de_DE", "nb_NO", "pt_BR"]
    assert chosen(languages, held) == expected


def test_a_language_without_a_dictionary_is_told_and_no_other_speaks_for_it() -> None:
    assert find(["xx", "en"]) == Found(lacking=Lacking.DICTIONARY, language="xx")
    assert find(["en", "xx"]) == Found(lacking=Lacking.DICTIONARY, language="xx")
    assert len(find(["C", "fr", "en"]).dictionaries) == 2


def test_english_may_lack_beside_another() -> None:
    """Enchant as on a PC that has French dictionaries alone."""
    code = (
        "from deskblog.spelling import dictionaries as d; import enchant; held = enchant.list_languages; "
        "enchant.list_languages = lambda: [one for one in held() if one[:2] == 'fr']; "
        "print(len(d.find(['fr', 'en']).dictionaries), d.find(['en']).language)"
    )
    assert _python(code) == "1 en\n"


SAY = "from deskblog.spelling.dictionaries import find; print(find(['fr']))"
NONE = "Found(dictionaries=(), lacking=<Lacking.{}>, language='')\n"


def test_without_the_extra_there_are_no_dictionaries() -> None:
    done = _python(f"import sys; sys.modules['enchant'] = None; {SAY}")
    assert done == NONE.format("EXTRA: 1")


def test_without_its_library_there_are_none_either(tmp_path: Path) -> None:
    (tmp_path / "broken.so").write_text("no library")
    assert _python(SAY, PYENCHANT_LIBRARY_PATH=str(tmp_path / "broken.so")) == NONE.format("LIBRARY: 2")


def _python(code: str, **env: str) -> str:
    words = [sys.executable, "-c", code]
    return subprocess.run(words, capture_output=True, text=True, check=True, env={**os.environ, **env}).stdout
