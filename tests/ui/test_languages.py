"""Each language there is a catalogue for is spoken everywhere: window, Qt's own dialogs, dates, emoji, command line.

The catalogues are compiled by ./run before the tests.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QLibraryInfo, QTranslator

from deskblog import i18n
from deskblog.publish import dates
from deskblog.ui import moments, smileys

LANGUAGES = sorted(path.parents[1].name for path in Path(i18n.__file__).parent.glob("locale/*/LC_MESSAGES/*.po"))
NOON = int(datetime(2026, 6, 15, 12, 0).timestamp() * 1000)
MINUTE = 60_000
DAY = 24 * 60 * MINUTE


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    before = i18n.language()
    yield
    i18n.use(before)


@pytest.mark.parametrize("language", LANGUAGES)
def test_qt_says_its_own_words_in_it(language: str) -> None:
    translator = QTranslator()
    assert translator.load(f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    assert translator.translate("QPlatformTheme", "Cancel") not in ("", "Cancel")


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_says_its_days(language: str) -> None:
    assert i18n.use(language) == language
    for said in (moments.day(NOON - 3 * DAY, NOON), moments.full(NOON), moments.span(3 * DAY), *moments.weekdays()):
        assert said and not any(word in said for word in ("June", "Monday", "days", "Tue", "‘", "'"))
    assert moments.day(NOON, NOON) != "Today"
    assert len(set(moments.weekdays())) == 7
    assert smileys.exact("coffee") == "☕"


@pytest.mark.parametrize(
    ("language", "heading", "full", "ago", "span", "page"),
    [
        ("de", "Freitag, 12. Juni", "Montag, 15. Juni 2026, 12:00", "5 Min.", "3 Tage", "15. Juni 2026, 12:00"),
        ("nl", "Vrijdag 12 juni", "maandag 15 juni 2026, 12:00", "5 min", "3 dagen", "15 juni 2026, 12:00"),
    ],
)
def test_dates_are_said_as_one_says_them(
    language: str, heading: str, full: str, ago: str, span: str, page: str
) -> None:
    i18n.use(language)
    assert moments.day(NOON - 3 * DAY, NOON) == heading
    assert moments.full(NOON) == full
    assert moments.ago(NOON - 5 * MINUTE, NOON) == ago
    assert moments.span(3 * DAY) == span
    assert dates.said(round(datetime(2026, 6, 15, 12, tzinfo=UTC).timestamp() * 1000), UTC, language) == page


@pytest.mark.parametrize(
    ("given", "said"),
    [("de_AT.UTF-8", "Kurze Beiträge unter Kollegen"), ("nl_BE", "Korte berichten tussen collega’s")],
)
def test_the_command_line_speaks_it_in_any_region(given: str, said: str) -> None:
    env = {**os.environ, "DESKBLOG_LANGUAGE": given, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-m", "deskblog", "--help"], capture_output=True, encoding="utf-8", env=env, check=True
    )
    assert said in done.stdout
