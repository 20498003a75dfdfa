"""What a card shows of a text of many lines."""

from __future__ import annotations

import pytest

from deskblog.store.excerpt import LENGTH, excerpt


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("One line", "One line"),
        ("It rains.\nSo we stay in.", "It rains. So we stay in."),
        (
            "What changes\nA tram stops here\n\nDogs are welcome",
            "What changes · A tram stops here · Dogs are welcome",
        ),
        ("Il a dit « Bonjour. »\nPuis rien", "Il a dit « Bonjour. » Puis rien"),
        ("Il a dit « Bonjour »\nPuis rien", "Il a dit « Bonjour » · Puis rien"),
        ("What changes:\n  a tram   stops\there", "What changes: a tram stops here"),
        ("  \n\n 40 €\n70 €\n", "40 € · 70 €"),
    ],
)
def test_lines_stand_apart_where_no_sentence_ends(text: str, shown: str) -> None:
    assert excerpt(text) == shown


def test_what_is_long_ends_after_a_word() -> None:
    shown = excerpt("word " * 100_000)
    assert shown == "word " * (LENGTH // 5 - 1) + "word …"


@pytest.mark.parametrize("before", range(LENGTH - 8, LENGTH + 1))
def test_a_cut_leaves_no_dot_behind(before: int) -> None:
    words = ("ab " * LENGTH)[:before].strip()
    shown = excerpt(f"{words}\nthe next line\nand one more\nand one more")
    assert len(shown) <= LENGTH + 2 and not shown.removesuffix(" …").endswith(("·", " "))


def test_a_text_without_an_end_of_a_word_is_cut_all_the_same() -> None:
    assert len(excerpt("x" * 5000)) == LENGTH + 2
