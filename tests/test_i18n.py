"""Everything deskblog says is said in each language there is a catalogue for: whole, with the same things filled
in, about as short, in good typography. A new language is a new folder in deskblog/locale: all this holds for it too.
"""

from __future__ import annotations

import ast
import gettext
import re
import string
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po

from deskblog import i18n

ROOT = Path(__file__).parents[1] / "deskblog"
MODULES = sorted(ROOT.rglob("*.py"))
CATALOGUES = sorted((ROOT / "locale").glob("*/LC_MESSAGES/deskblog.po"))
KEYWORDS = {"_": None, "plural": (1, 2)}
SHOWING = {
    *(
        "setText",
        "setPlaceholderText",
        "setToolTip",
        "setWindowTitle",
        "setAccessibleName",
        "setAccessibleDescription",
    ),
    *("setStatusTip", "setTitle", "setInformativeText", "setDetailedText", "showMessage", "addAction", "addButton"),
    *("addItem", "addMenu", "QLabel", "QPushButton", "QToolButton", "QCheckBox", "Tick", "QRadioButton", "QGroupBox"),
    *(
        "QMenu",
        "QAction",
        "QMessageBox",
        "QListWidgetItem",
        "QCommandLinkButton",
        "QTableWidgetItem",
        "QTreeWidgetItem",
    ),
    *("setWhatsThis", "setPrefix", "setSuffix", "setSpecialValueText", "setLabelText", "setButtonText", "setTabText"),
    *("setItemText", "setHeaderLabels", "addTab", "addRow", "addSection", "addItems", "insertItem", "insertAction"),
    *("setHtml", "showText", "drawText", "getText", "getItem", "question", "warning", "information", "critical"),
}
ERRORS = {"UserError", "Refused", "NotHeard", "Unusable", "InUse"}  # a person reads them (deskblog/errors.py)
NAMES = {"deskblog"}  # said the same in every language

Id = str | tuple[str, ...]


def said_by_the_code() -> set[Id]:
    """Message ids; a plural is a pair."""
    found: set[Id] = set()
    for _file, _line, message, _comments, _context in extract_from_dir(
        ROOT, [("**.py", "python")], keywords=KEYWORDS
    ):
        found.add(tuple(message) if isinstance(message, (tuple, list)) else message)
    return found


def catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


def messages(path: Path) -> list[Message]:
    return [message for message in catalogue(path) if message.id]


def forms(text: str | Sequence[str] | None) -> tuple[str, ...]:
    """A message's texts: one, or one a plural form."""
    if text is None:
        return ()
    return (text,) if isinstance(text, str) else tuple(text)


def fields(text: str) -> set[str]:
    """Names of what is filled in."""
    return {name for _literal, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}


languages = pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.parent.name)


def test_there_is_a_french_catalogue() -> None:
    assert "fr" in {path.parent.parent.name for path in CATALOGUES}


@languages
def test_every_message_of_the_code_is_in_the_catalogue_and_no_other(path: Path) -> None:
    """If this fails: ./run strings, then translate what is new."""
    held = {message.id if isinstance(message.id, str) else tuple(message.id) for message in messages(path)}
    assert sorted(map(str, said_by_the_code() - held)) == []
    assert sorted(map(str, held - said_by_the_code())) == []


@languages
def test_every_message_is_translated_in_all_its_forms(path: Path) -> None:
    empty = [message.id for message in messages(path) if not all(forms(message.string)) or message.fuzzy]
    assert empty == []
    plurals = [message for message in messages(path) if isinstance(message.id, (tuple, list))]
    assert plurals
    assert {len(forms(message.string)) for message in plurals} == {catalogue(path).num_plurals}


@languages
def test_the_catalogue_says_what_language_it_is_and_how_it_counts(path: Path) -> None:
    code = path.parent.parent.name
    head = dict(catalogue(path).mime_headers)
    assert head["Language"] == code
    count, rule = re.fullmatch(r"nplurals=(\d+); plural=(.+);", head["Plural-Forms"]).groups()  # type: ignore[union-attr]
    usual = get_plural(code)
    assert int(count) == usual.num_plurals
    ours, theirs = gettext.c2py(rule), gettext.c2py(usual.plural_expr)
    assert [ours(n) for n in range(200)] == [theirs(n) for n in range(200)]


@languages
def test_the_catalogue_compiles_and_says_what_it_says(path: Path, tmp_path: Path) -> None:
    with (tmp_path / "deskblog.mo").open("wb") as file:
        write_mo(file, catalogue(path))
    with (tmp_path / "deskblog.mo").open("rb") as file:
        spoken = gettext.GNUTranslations(file)
    other = [m.id for m in messages(path) if isinstance(m.id, str) and spoken.gettext(m.id) != m.string]
    assert other == []


@languages
def test_translations_fill_in_the_same_things(path: Path) -> None:
    other = [
        message.id
        for message in messages(path)
        for form in forms(message.string)
        if fields(form) != set().union(*(fields(text) for text in forms(message.id)))
    ]
    assert other == []


def nearest(message: Message, n: int) -> str:
    """What the nth form is a translation of."""
    texts = forms(message.id)
    return texts[min(n, len(texts) - 1)]


def pairs(path: Path) -> Iterator[tuple[str, str]]:
    """Each English text with what is said for it."""
    for message in messages(path):
        for n, form in enumerate(forms(message.string)):
            yield nearest(message, n), form


def ending(text: str) -> str:
    """The stop at the end, if there is one; what space there is after it."""
    bare = text.rstrip()
    return (bare[-1] if bare[-1:] in tuple("….:;,?!") else "") + text[len(bare) :]


@languages
def test_translations_begin_and_end_as_the_english_does(path: Path) -> None:
    """A sentence stays one, three dots still lead on, and what is put together has its spaces."""
    other = [
        f"{english!r}: {said!r}"
        for english, said in pairs(path)
        if ending(english) != ending(said)
        or english[: len(english) - len(english.lstrip())] != said[: len(said) - len(said.lstrip())]
        or english.count("\n") != said.count("\n")
    ]
    assert other == []


def room(english: str) -> int:
    """How long a translation may be: a button has room for twice its English word and a little more."""
    return 2 * len(english) + 8


@languages
def test_no_translation_is_too_long_for_its_place(path: Path) -> None:
    long = [f"{said} ({len(said)} of {room(english)})" for english, said in pairs(path) if len(said) > room(english)]
    assert long == []


@languages
def test_what_is_typed_at_the_command_line_is_not_translated(path: Path) -> None:
    typed = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
    other = [said for english, said in pairs(path) if sorted(typed.findall(english)) != sorted(typed.findall(said))]
    assert other == []


EVERYWHERE = {
    "a straight apostrophe": r"'",
    "straight quotation marks": r"\"",
    "three dots": r"\.\.\.",
    "two spaces": r"  ",
}
# Of one language alone; a language that is not here is held to EVERYWHERE.
WRONG = {
    "fr": {
        "no narrow no-break space before ; ! ?": r"(?<!\u202f)[;!?](?=\s|$)",
        "no no-break space before a colon": r"(?<!\u00a0):(?=\s|$)",
        "no no-break space inside quotation marks": r"«(?!\u00a0)|(?<!\u00a0)»",
        "foreign quotation marks": r"[“”]",
        "somebody is addressed": r"(?i)\b(tu|vous|votre|vos|ton|tes)\b",
    },
    "de": {
        "foreign quotation marks": r"[”«»]|(^|“)[^„“]*“|„[^„“]*(„|$)",
        "a space before a stop": r"\s[.,:;!?…](?=\s|$)",
        "somebody is addressed by du": r"(?i)\b(du|dich|dir|deine?[mnrs]?)\b",
    },
    "nl": {
        "foreign quotation marks": r"[„«»]",
        "a space before a stop": r"\s[.,:;!?…](?=\s|$)",
        "somebody is addressed": r"(?i)\b(je|jij|jou|jouw|jullie|u|uw)\b",
    },
    "es": {
        "foreign quotation marks": r"[“”„]",
        "a space inside quotation marks": r"«\s|\s»",
        "a space before a stop": r"\s[.,:;!?…](?=\s|$)",
        "a question or a cry that does not begin as one": r"^[^¿]*\?(?=\s|$)|^[^¡]*!(?=\s|$)",
        "somebody is addressed": r"(?i)\b(tú|tus?|usted|ustedes|vosotros|vosotras)\b",
    },
    "it": {
        "foreign quotation marks": r"[“”„]",
        "a space inside quotation marks": r"«\s|\s»",
        "a space before a stop": r"\s[.,:;!?…](?=\s|$)",
        "somebody is addressed": r"(?i)\b(tu|tuo|tua|tuoi|tue|voi|vostr[oaie])\b",
    },
}


@languages
def test_the_typography_of_the_language_is_kept(path: Path) -> None:
    wrong = {**EVERYWHERE, **WRONG.get(path.parent.parent.name, {})}
    found = [
        f"{fault}: {said}"
        for _english, said in pairs(path)
        for fault, pattern in wrong.items()
        if re.search(pattern, said)
    ]
    assert found == []


# --- in the code ------------------------------------------------------------------------------------------
def calls(tree: ast.AST, wanted: Callable[[str], bool]) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if wanted(name):
                yield node


def place(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT.parent)}:{getattr(node, 'lineno', 0)}"


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_only_whole_literal_messages_are_translated() -> None:
    """An f-string or a variable would never be found by the translator."""
    built = [
        place(path, node)
        for path in MODULES
        if path.name != "i18n.py"
        for node in calls(parsed(path), KEYWORDS.__contains__)
        for text in node.args[: 2 if getattr(node.func, "id", "") == "plural" else 1]
        if not (isinstance(text, ast.Constant) and isinstance(text.value, str))
    ]
    assert built == []


def test_a_plural_is_given_all_that_is_filled_in() -> None:
    lacking = [
        f"{place(path, node)}: {name}"
        for path in MODULES
        for node in calls(parsed(path), lambda name: name == "plural")
        for text in node.args[:2]
        for name in fields(str(getattr(text, "value", "")))
        if name not in {"n", *(word.arg for word in node.keywords)}
    ]
    assert lacking == []


def test_no_message_hides_inside_an_f_string() -> None:
    """Not every Python lets the translator's tool look into one: what is asked for there is in no catalogue."""
    hidden = [
        place(path, call)
        for path in MODULES
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.JoinedStr)
        for call in calls(node, KEYWORDS.__contains__)
    ]
    assert hidden == []


def test_nothing_is_translated_before_the_language_is_known() -> None:
    """Only inside functions: what runs at import is said in English for ever."""

    def outside(node: ast.AST) -> Iterator[ast.AST]:
        for child in ast.iter_child_nodes(node):
            if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                yield child
                yield from outside(child)

    early = [
        place(path, node)
        for path in MODULES
        for node in outside(parsed(path))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in KEYWORDS
    ]
    assert early == []


def shown_literals(node: ast.AST) -> Iterator[str]:
    """Texts with letters that are shown as they stand; what another call makes of a text is that call's affair."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Constant) and isinstance(child.value, str):
            key = child.value.startswith("\t")  # the name of a key, beside a menu's word
            if not key and set(re.findall(r"[^\W\d_]+", child.value)) - NAMES:
                yield child.value
        elif isinstance(child, ast.JoinedStr | ast.BinOp | ast.IfExp):
            yield from shown_literals(child)


def test_no_widget_shows_words_that_cannot_be_translated() -> None:
    bare = [
        f"{place(path, node)}: {text}"
        for path in [*(ROOT / "ui").rglob("*.py"), ROOT / "app.py"]
        for node in calls(parsed(path), SHOWING.__contains__)
        for text in shown_literals(node)
    ]
    assert bare == []


def read_by_people(node: ast.Call) -> Iterator[ast.AST]:
    """What of an error, of a word of trouble or of the help of a command a person reads."""
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name in ERRORS:
        yield from (*node.args, *(word.value for word in node.keywords))
    elif name == "Trouble":
        yield from (*node.args[1:], *(word.value for word in node.keywords if word.arg != "place"))
    elif name == "print":
        yield from node.args
    else:
        yield from (word.value for word in node.keywords if word.arg in ("help", "description", "epilog"))


def test_no_error_and_no_help_is_said_in_english_for_ever() -> None:
    bare = [
        f"{place(path, node)}: {text}"
        for path in MODULES
        for node in calls(parsed(path), lambda name: True)
        for said in read_by_people(node)
        for text in shown_literals(ast.Expr(said))  # type: ignore[arg-type]
    ]
    assert bare == []


# --- at run time ------------------------------------------------------------------------------------------
@pytest.fixture
def french(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The French catalogue, compiled as ./run does, in use."""
    folder = tmp_path / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "deskblog.mo").open("wb") as file:
        write_mo(file, catalogue(ROOT / "locale" / "fr" / "LC_MESSAGES" / "deskblog.po"))
    monkeypatch.setattr(i18n, "_DIRECTORY", tmp_path)
    assert i18n.use("fr") == "fr"
    yield
    i18n.use("en")
    gettext._translations.clear()  # type: ignore[attr-defined]  # it remembers files by name


@pytest.mark.usefixtures("french")
def test_french_is_spoken_when_asked_for() -> None:
    assert i18n._("What are you doing?") == "Quoi de neuf\u202f?"
    assert i18n.language() == "fr"


@pytest.mark.usefixtures("french")
@pytest.mark.parametrize(("n", "said"), [(0, "0 réponse"), (1, "1 réponse"), (2, "2 réponses")])
def test_french_counts_as_the_french_do(n: int, said: str) -> None:
    assert i18n.plural("{n} answer", "{n} answers", n) == said


@pytest.mark.usefixtures("french")
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Anne", "d’Anne"), ("Élodie", "d’Élodie"), ("Œdipe", "d’Œdipe"), ("Yves", "d’Yves"), ("Ýrsa", "d’Ýrsa"),
        ("Paul", "de Paul"), ("Yann", "de Yann"), ("Hélène", "de Hélène"), ("8", "de 8"), ("«", "de «"), ("", "de "),
    ],
)  # fmt: skip
def test_a_french_name_takes_the_e_of_the_word_before_it(name: str, said: str) -> None:
    assert i18n._("{person} asks").format(person=name) == f"Question {said}"
    assert i18n._("Another PC of {name}…").format(name=name) == f"Un autre poste {said}…"
    both = "These are quiet hours of {names} and {n} more."
    assert i18n.plural(both, both, 2, names=name) == f"Ce sont les heures de calme {said} et de 2 autres."


@pytest.mark.usefixtures("french")
def test_what_a_french_name_says_is_not_filled_in_again() -> None:
    assert i18n._("{person} asks").format(person="A de {x} {person}") == "Question d’A de {x} {person}"


def test_no_other_language_loses_a_letter() -> None:
    assert i18n.use("en") == "en"
    assert i18n._("de {name}").format(name="Anne") == "de Anne"


def test_a_language_nobody_translated_is_answered_in_english() -> None:
    assert i18n.use("tlh") == "en"
    assert i18n._("What are you doing?") == "What are you doing?"


@pytest.mark.parametrize(
    ("given", "language"),
    [
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "fr_BE"}, "fr"),
        ({"LANG": "fr_FR.UTF-8", "DESKBLOG_LANGUAGE": "en"}, "en"),
        ({"LANG": "C.UTF-8", "LANGUAGE": "fr:en"}, "fr"),
        ({"LANG": "de_AT.UTF-8"}, "de"),
        ({"LANG": "nl_BE@euro"}, "nl"),
    ],
)
def test_the_language_is_the_systems_unless_chosen(
    given: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DESKBLOG_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANGUAGE", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert i18n.system_language() == language


@pytest.mark.parametrize(("number", "language"), [(0x0407, "de"), (0x0C07, "de"), (0x0813, "nl"), (0xFFFF, "en")])
def test_windows_names_a_language_by_a_number(number: int, language: str) -> None:
    assert i18n.of_windows(number) == language


@pytest.mark.parametrize(
    ("said", "language"),
    [('(\n    "nl-BE",\n    "fr-FR"\n)\n', "nl"), ("(\n    de\n)\n", "de"), ("", "en")],
)
def test_a_mac_lists_languages_the_first_counts(said: str, language: str) -> None:
    assert i18n.of_mac(said) == language


# --- names ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "names",
    [
        ["Anne", "Denis", "Élodie", "Fabien", "Zoé"],
        ["Jurgen", "Jürgen", "Jurgens"],  # accents count last
        ["Lukas", "Łukasz", "Maria"],
        ["Oda", "Œdipe", "Olga", "Øystein", "Pia"],
        ["Strase", "Straße", "Strassen"],
        ["Cote", "Coté", "Côté", "Cotes"],
        ["anne", "Bea", "chloé", "Denis"],
    ],
    ids=lambda names: names[1],
)
def test_names_stand_where_a_dictionary_has_them(names: list[str]) -> None:
    assert all(one < other for one, other in pairwise(map(i18n.alphabetical, names)))


def test_names_that_differ_have_places_that_differ() -> None:
    names = ["Elodie", "Élodie", "Èlodie", "élodie ", "Elödie"]
    assert len({i18n.alphabetical(name) for name in names}) == len(names)
    assert i18n.alphabetical("ÉLODIE") == i18n.alphabetical("e\u0301lodie") == i18n.alphabetical("Élodie")


def test_the_spanish_have_a_letter_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "_language", "es")
    names = ["Nadal", "Nunzio", "Núñez", "Ñancay", "Oliva"]
    assert all(one < other for one, other in pairwise(map(i18n.alphabetical, names)))
