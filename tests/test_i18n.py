"""Everything deskblog says is said in French too, whole, with the same things filled in, in good typography."""

from __future__ import annotations

import ast
import gettext
import re
import string
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
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
    *("addItem", "addMenu", "QLabel", "QPushButton", "QToolButton", "QCheckBox", "QRadioButton", "QGroupBox"),
    *("QMenu", "QAction", "QMessageBox", "QListWidgetItem"),
}
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
def test_translations_fill_in_the_same_things(path: Path) -> None:
    other = [
        message.id
        for message in messages(path)
        for form in forms(message.string)
        if fields(form) != set().union(*(fields(text) for text in forms(message.id)))
    ]
    assert other == []


def test_french_typography_is_kept() -> None:
    wrong = {
        "a straight apostrophe": re.compile(r"'"),
        "no narrow no-break space before ; ! ?": re.compile(r"(?<!\u202f)[;!?](?=\s|$)"),
        "no no-break space before a colon": re.compile(r"(?<!\u00a0):(?=\s|$)"),
        "no no-break space inside quotation marks": re.compile(r"«(?!\u00a0)|(?<!\u00a0)»"),
        "foreign quotation marks": re.compile(r"[“”\"]"),
        "three dots": re.compile(r"\.\.\."),
        "somebody is addressed": re.compile(r"\b(tu|vous|votre|vos|ton|tes)\b", re.IGNORECASE),
    }
    french = ROOT / "locale" / "fr" / "LC_MESSAGES" / "deskblog.po"
    found = [
        f"{fault}: {form}"
        for message in messages(french)
        for form in forms(message.string)
        for fault, pattern in wrong.items()
        if pattern.search(form)
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
