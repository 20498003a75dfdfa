"""What can be clicked in a text, and what it says it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskblog.ui import links
from deskblog.ui.marks import initials, spans, utf16


def found(text: str, kind: str, words: str = "") -> list[str]:
    return [span.value for span in spans(text, words) if span.kind == kind]


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("see https://example.org/a.", "https://example.org/a"),
        ("(https://example.org/a)", "https://example.org/a"),
        ("https://example.org/a_(b) is it", "https://example.org/a_(b)"),
        ("“https://example.org”", "https://example.org"),
        ("HTTP://EXAMPLE.ORG!", "HTTP://EXAMPLE.ORG"),
    ],
)
def test_a_link_ends_where_the_sentence_goes_on(text: str, link: str) -> None:
    assert found(text, "link") == [link]


@pytest.mark.parametrize("text", ["file:///etc/passwd", "javascript:alert(1)", "//share/x", "smb://x/y", "www.x.org"])
def test_only_the_web_can_be_a_link(text: str) -> None:
    assert found(text, "link") == []
    assert links.host(text) == ""


def test_the_host_shown_is_the_one_that_would_be_asked() -> None:
    assert links.host("https://bank.example@evil.example/login") == "evil.example"
    assert links.host("https://xn--pple-43d.example/") == "xn--pple-43d.example"
    assert links.host("https://аpple.example/") == "xn--pple-43d.example"  # a Cyrillic first letter
    assert links.host("http://intranet:8080/x") == "intranet:8080"


def test_places_are_counted_as_qt_counts_them() -> None:
    (tag,) = spans("🎂🎂 #cake")
    assert (tag.start, tag.length, tag.value) == (5, 5, "#cake")


def test_tags_and_mentions_stand_out_but_not_in_addresses() -> None:
    assert found("#plan with @Zoé, not a@b.example nor https://x.example/#top", "tag") == ["#plan"]
    assert found("#plan with @Zoé, not a@b.example", "mention") == ["@Zoé"]


def test_words_searched_for_are_found_without_their_accents() -> None:
    assert found("L’été à Évreux", "found", "ete EVR") == ["été", "Évr"]


@given(st.text(), st.text(max_size=8))
def test_every_place_lies_within_its_text(text: str, words: str) -> None:
    for span in spans(text, words):
        assert span.start >= 0 and span.length > 0 and span.start + span.length <= utf16(text)


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Anne Martin", "AM"), ("Zoé", "Z"), ("jean-luc  de la tour", "JT"), ("", "?"), ("***", "?"), ("李 明", "李明")],
)
def test_initials_are_one_or_two_letters(name: str, letters: str) -> None:
    assert initials(name) == letters
