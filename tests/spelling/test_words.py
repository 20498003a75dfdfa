"""Which words of a text are looked at, and where they stand."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskblog.spelling.words import words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A cup of tea, please.", ["cup", "of", "tea", "please"]),
        ("", []),
        ("l’école, d'été", ["école", "été"]),
        ("L’école et Qu’il, jusqu’à lorsqu'on", ["école", "et", "il", "on"]),
        ("aujourd’hui aujourd'hui d’aujourd’hui", ["aujourd’hui", "aujourd'hui", "aujourd’hui"]),
        ("quelqu’un, presqu’île, c’est-à-dire", ["quelqu’un", "presqu’île", "est-à-dire"]),
        ("don't, Anne's, ’quoted’ 'so', dogs'", ["don't", "Anne's", "quoted", "so", "dogs"]),
        ("arrière-plan - dit-il – oui", ["arrière-plan", "dit-il", "oui"]),
        ("ask @anne.martin and @Zoé, #sales-north", ["ask", "and"]),
        ("(@paul) (#tag) “@paul”", []),
        ("https://teh.example/wrnog?a=teh www.teh.example/wrnog ftp://x", []),
        ("mail anne.martin@firm.example, teh.example or report.pdf", ["mail", "or"]),
        ("/usr/lib and src\\main", ["and"]),
        ("cake :birthday: :+1: :cof", ["cake", "cof"]),
        ("12:30 r2d2 4G 3rd some_name", []),
        ("NATO l’ONU ÉCOLE", []),
        ("I a à y x", []),
        ("collègue·s tou·te·s", []),
        ("☕ teh 😀 wrnog", ["teh", "wrnog"]),
    ],
)
def test_what_is_looked_at(text: str, expected: list[str]) -> None:
    assert [word.text for word in words(text)] == expected


def test_accents_beside_their_letters_belong_to_the_word() -> None:
    (word,) = words(unicodedata.normalize("NFD", "“élève”"))
    assert unicodedata.normalize("NFC", word.text) == "élève"


@given(st.text(alphabet="abé'’-@#:/. 1A_\u0301😀\n"))
def test_each_word_stands_where_it_is_said_to(text: str) -> None:
    end = 0
    for word in words(text):
        assert text[word.start : word.start + word.length] == word.text
        assert word.start >= end and word.length > 1
        end = word.start + word.length
