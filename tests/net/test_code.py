"""Invitation codes: 33 bits of words that can be spoken on the telephone and typed on any keyboard."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mnemonic import Mnemonic

from deskblog.errors import Refused
from deskblog.net.code import Code, bare, make_code, read_code, word_list

LANGUAGES = [("en", "english"), ("fr", "french")]
random8 = st.binary(min_size=8, max_size=8)


@pytest.mark.parametrize(("language", "book"), LANGUAGES)
def test_without_accents_no_two_words_of_a_list_are_the_same(language: str, book: str) -> None:
    words = word_list(language)
    assert len(set(words)) == len(words) == 2048
    assert all(word.isascii() and word.isalpha() and word.islower() for word in words)
    assert [bare(word) for word in Mnemonic(book).wordlist] == list(words)


@pytest.mark.parametrize(("language", "book"), LANGUAGES)
def test_each_word_is_read_however_a_keyboard_spells_it(language: str, book: str) -> None:
    for written, word in zip(Mnemonic(book).wordlist, word_list(language), strict=True):
        for form in ("NFC", "NFD"):
            typed = unicodedata.normalize(form, written)
            assert read_code(f"000 {typed} {typed.upper()} {typed.title()}").words == (word, word, word)


def test_the_words_are_thirty_three_bits_and_the_digits_three() -> None:
    """Counting up, digits come first, then word by word: each place takes each of its values."""
    assert [make_code(n.to_bytes(8, "big"), "en").digits for n in (0, 7, 999, 1000)] == ["000", "007", "999", "000"]
    english = word_list("en")
    for place, step in enumerate((1000, 1000 * 2048, 1000 * 2048**2)):
        words = [make_code((n * step).to_bytes(8, "big"), "en").words[place] for n in (0, 1, 2047)]
        assert words == [english[0], english[1], english[2047]]
    assert 1000 * 2048**3 < 2**54  # so ten bits are left over, and no code is more than 1/1000 likelier


@given(random8)
def test_a_language_we_have_no_words_in_speaks_english(random: bytes) -> None:
    assert make_code(random, "de") == make_code(random, "en")


@given(random8, st.sampled_from(["en", "fr"]), st.lists(st.sampled_from(" -_.,/\t\u00a0\u2019–"), min_size=4))
def test_any_separators_do_and_none_is_needed_behind_the_digits(
    random: bytes, language: str, marks: list[str]
) -> None:
    code = make_code(random, language)
    one, two, three = code.words
    assert read_code(f"{code.digits}{one}{marks[0]}{two}{marks[1]}{marks[2]}{three}{marks[3]}") == code


def test_what_is_shown_on_the_network_tells_nothing_of_the_password() -> None:
    code = Code("472", ("album", "lemon", "river"))
    assert code.text == "472 album lemon river"
    assert code.password == b"album-lemon-river"
    assert code.digits.encode() not in code.password


def test_the_example_shown_to_who_typed_something_else_is_a_code() -> None:
    with pytest.raises(Refused) as fault:
        read_code("hello")
    assert read_code(fault.value.next_step.split("“")[1].rstrip("”.")) == Code("472", ("album", "lemon", "river"))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("albun", "album"), ("lemmon", "lemon"), ("rivver", "river"), ("ecolle", "ecole"), ("élégnt", "elegant")],
)
def test_a_slip_of_the_finger_is_named_and_the_word_meant_offered(typed: str, meant: str) -> None:
    with pytest.raises(Refused) as fault:
        read_code(f"472 album {typed} river")
    assert f"“{bare(typed)}”" in fault.value.what
    assert fault.value.next_step == f"Did you mean “{meant}”?"


@pytest.mark.parametrize("text", ["472 album lemon river 5", "472 album 3 lemon river", "٤٧٢ album lemon river"])
def test_digits_anywhere_else_or_of_another_script_make_it_no_code(text: str) -> None:
    with pytest.raises(Refused):
        read_code(text)


def test_digits_of_a_wide_keyboard_are_digits() -> None:
    assert read_code("472　ＡＬＢＵＭ　lemon　river").words == ("album", "lemon", "river")


@given(st.text(max_size=80) | st.text("0123456789 albumé", max_size=40))
def test_whatever_is_typed_is_a_code_or_refused_with_a_sentence(text: str) -> None:
    try:
        code = read_code(text)
    except Refused as fault:
        sentence = fault.what
    else:
        assert read_code(code.text) == code
        return
    assert sentence.endswith(".")


@given(st.binary(min_size=8, max_size=8), st.sampled_from(["en", "fr"]))
def test_a_code_is_read_as_it_was_spoken(random: bytes, language: str) -> None:
    code = make_code(random, language)
    assert read_code(code.text) == code
    assert read_code(f"  {code.digits}-{'_'.join(code.words).upper()} ") == code


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "three digits"),
        ("abandon ability able", "three digits"),
        ("12 abandon ability able", "three digits"),
        ("1234 abandon ability able", "three digits"),
        ("123 abandon ability", "here are 2"),
        ("123 abandon ability able about", "here are 4"),
        ("123 abandon abilitty able", "Did you mean “ability”"),
        ("123 abandon ability qqqqqq", "not a word"),
    ],
)
def test_what_is_no_code_is_refused_in_words(text: str, says: str) -> None:
    with pytest.raises(Refused, match=says):
        read_code(text)
