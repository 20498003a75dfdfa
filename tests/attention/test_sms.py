"""One SMS, whatever was written: a table of French cases, and laws for any text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskblog.attention.message import compose
from deskblog.attention.sms import MORE, SEPTETS, UNITS, fits, septets, signs, sms_text, units
from deskblog.attention.travel import Kind

FAMILY = "👨\u200d👩\u200d👧\u200d👦"
LONG = "Le garçon a fêté Noël à la forêt. " * 8


@pytest.mark.parametrize(
    ("announcer", "text", "office", "said"),
    [
        # whole, and all of it in GSM: as it is, with the office
        ("Anne", "Réunion à 10 h, là où ça se passe d'habitude ?", "Dupont", None),
        ("Anne", "La réunion est à 10 h.", "Dupont & fils", "Anne (Dupont & fils): La réunion est à 10 h."),
        ("Anne", "è é à ù ì ò É Ç Ä ö ñ ü ß", "", "Anne: è é à ù ì ò É Ç Ä ö ñ ü ß"),
        # typographic marks are made plain at no cost
        ("Anne", "C’est « prêt » — enfin…", "D", 'Anne (D): C\'est "prêt" - enfin...'),
        ("Anne", "“Oui”, dit\u202f: 20\u202f%\u00a0!", "D", 'Anne (D): "Oui", dit : 20 % !'),
        # short ones keep their letters, in UCS-2
        ("Anne", "Le garçon fête son cœur", "D", "Anne (D): Le garçon fête son cœur"),
        ("Zoë", "Bravo 🎉", "D", "Zoë (D): Bravo 🎉"),
        # the office goes before a letter does
        ("Anne", "ç" * 60, "Dupont", f"Anne: {'ç' * 60}"),
        # too long for 70: plain letters carry it whole
        ("Anne", "Œuvre, cœur, garçon, forêt, Noël, dîner, août, île, ambiguë : 20 °C, ÊÂÎÔÛ", "D",
         "Anne (D): OEuvre, coeur, garcon, foret, Noel, diner, aout, ile, ambigue : 20 oC, EAIOU"),
        # the pictures go before the words do
        ("Anne", "🎉🎉 La cantine est fermée demain, merci à tous de prévoir de quoi déjeuner ❤️ et à lundi", "D",
         "Anne (D): La cantine est fermée demain, merci à tous de prévoir de quoi déjeuner et à lundi"),
        # too long for anything: cut at a word
        ("Anne", LONG, "D",
         "Anne: Le garcon a feté Noel à la foret. Le garcon a feté Noel à la foret. Le garcon a feté Noel à la "
         "foret. Le garcon a feté Noel à la foret. Le garcon a..."),
        # one word without an end: cut in it
        ("Anne", "x" * 300, "D", f"Anne: {'x' * 151}..."),
        # what the extension table holds counts twice
        ("Anne", "€" * 77, "", f"Anne: {'€' * 77}"),
        ("Anne", "€" * 78, "", f"Anne: {'€' * 75}..."),
        # letters that have no plain likeness
        ("Анна", "Собрание в десять часов, приходите все вовремя, пожалуйста, не опаздывайте", "Офис",
         "Анна: Собрание в десять часов, приходите все вовремя, пожалуйста..."),
        # pictures alone, too many: whole ones
        ("Anne", FAMILY * 20, "D", f"Anne: {FAMILY * 5}..."),
        # a name without an end leaves room for the text
        ("N" * 64, LONG, "D", None),
        # lines become one, what is invisible goes, nothing at all stays
        ("Anne", "un\n\ndeux\t\u200btrois\u202e\x07", "D", "Anne (D): un deux trois"),
        ("Anne", "e\u0301te\u0301", "", "Anne: été"),
        ("", "", "", ": "),
    ],
)  # fmt: skip
def test_a_text_is_made_one_sms(announcer: str, text: str, office: str, said: str | None) -> None:
    made = sms_text(announcer, text, office)
    assert fits(made)
    if said is not None:
        assert made == said


def test_a_sealed_text_does_not_leave_the_office() -> None:
    made = compose(Kind.SEALED, "Anne", "the secret", "Dupont")
    assert "secret" not in f"{made}" and made.short == "Anne (Dupont): A sealed message waits for you."
    open_ = compose(Kind.MENTIONS, "Anne", LONG, "Dupont")
    assert open_.body == LONG and open_.title == "Anne (Dupont)" and open_.short == sms_text("Anne", LONG, "Dupont")
    assert compose(Kind.ANNOUNCEMENTS, "Anne", "x", "").title == "Anne"


def test_septets_and_units_are_counted_as_the_standards_do() -> None:
    assert septets("aé{}") == 6 and septets("€") == 2 and septets("") == 0
    assert septets("ê") is None and septets("…") is None and septets("ç") is None and septets("Ç") == 1
    assert units("aê") == 2 and units("🎉") == 2
    assert fits("a" * SEPTETS) and not fits("a" * (SEPTETS + 1))
    assert fits("ê" * UNITS) and not fits("ê" * (UNITS + 1)) and fits("🎉" * 35) and not fits("🎉" * 36)


def test_a_long_name_leaves_three_quarters_to_the_text() -> None:
    made = sms_text("N" * 64, LONG, "D")
    name, text = made.split(": ", 1)
    assert len(name) <= SEPTETS // 4 and name.endswith(MORE) and len(text) > SEPTETS // 2


def test_what_is_one_sign_to_the_eye_is_one() -> None:
    parts = ["a", "e\u0301\u0323", FAMILY, "👍🏽", "🇫🇷", "🇩🇪", "❤\ufe0f", "1\ufe0f\u20e3"]
    assert list(signs("".join(parts))) == parts


LETTERS = st.text(st.sampled_from("aéçœê€{ ’…🎉🇫🇷👨\u200d👩🏽\ufe0fБ日\u0301\n .,"), max_size=200)


@given(st.text(max_size=70), st.one_of(st.text(max_size=400), LETTERS), st.text(max_size=64))
def test_any_text_is_one_sms_that_any_phone_can_show(announcer: str, text: str, office: str) -> None:
    made = sms_text(announcer, text, office)
    assert fits(made)
    made.encode("utf-8")  # no half of a pair
    assert "\n" not in made and "\x00" not in made


SIGNS = ("Б", "a", "日", "e\u0323\u0302", FAMILY, "👍🏽", "🇫🇷", "❤\ufe0f")


@given(st.binary(max_size=80))
def test_what_is_cut_off_is_cut_between_signs(dice: bytes) -> None:
    parts = [SIGNS[one % len(SIGNS)] for one in dice]
    text = "Б" + "".join(parts) + "Б" * UNITS
    made = sms_text("A", text, "")
    assert made.startswith("A: ") and made.endswith(MORE)
    kept = list(signs(made[3 : -len(MORE)]))
    assert kept == list(signs(unicodedata.normalize("NFC", text)))[: len(kept)]
    assert units(made) > UNITS - 11, "no more was cut than had to be: the widest sign has eleven units"


@given(st.text(st.sampled_from("aéàùç ê'"), max_size=140))
def test_what_fits_loses_no_word(text: str) -> None:
    made = sms_text("Anne", text, "Office")
    assert len(made.split(": ", 1)[1].split()) == len(text.split())
