"""#tags and @mentions, as people write them."""

from __future__ import annotations

import pytest

from deskblog.store.marks import mentions, tags


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("#coffee", ("coffee",)),
        ("(#coffee)", ("coffee",)),
        ("#Café #café #CAFÉ", ("café",)),
        ("#b2b #a #b2b", ("b2b", "a")),
        ("#end-of-year-", ("end-of-year",)),
        ("#2026", ("2026",)),
        ("#日本", ("日本",)),
        ("C# a#b page/#top &#39; ##double", ()),
        ("# alone #", ()),
        ("#_hidden", ()),
        ("#" + "x" * 60, ("x" * 50,)),
    ],
)
def test_a_tag_is_a_word_after_a_hash_in_lower_case(text: str, found: tuple[str, ...]) -> None:
    assert tags(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@Anne", ("Anne",)),
        ("(@Anne),@Zoé: look", ("Anne", "Zoé")),
        ("@Jean-Paul.", ("Jean-Paul",)),
        ("@j.dupont @Anne @Anne", ("j.dupont", "Anne")),
        ("mail@example.org @@x .@y @2 @_z @ !", ()),
    ],
)
def test_a_mention_is_a_name_after_an_at_sign(text: str, found: tuple[str, ...]) -> None:
    assert mentions(text) == found
