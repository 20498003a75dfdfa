"""What is loaded by whom, in a process of its own: what a PC may never need is not loaded before it does."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NEVER = (
    "listparser",
    "requests",
    "urllib3",
    "feedparser",
    "spake2",
    "apprise",
    "truststore",
    "PIL",
    "enchant",
    "lxml",
    "cryptography",
    "nh3",
    "h11",
    "babel",
    "csv",
    "dbus_fast",
    "difflib",
    "html",
    "ifaddr",
    "mnemonic",
    "plistlib",
    "statistics",
    "tomllib",
    "xml.etree",
    "zeroconf",
)
QT = (
    "PySide6.QtMultimedia",
    "PySide6.QtNetwork",
    "PySide6.QtQml",
    "PySide6.QtOpenGL",
    "PySide6.QtPrintSupport",
    "PySide6.QtWebEngineCore",
)
OPENED = (  # of the window: what somebody asks for first
    "announce",
    "article",
    "emoji_picker",
    "feeds",
    "forward",
    "join",
    "keyboard",
    "new_poll",
    "popup_card",
    "prefer_days",
    "prefer_desktop",
    "preferences_page",
    "region",
    "unusable",
    "viewer",
    "office_settings",
    "profile",
    "publishing",
    "quiet",
    "recovery",
    "sites",
    "tour",
    "welcome",
)
HELD_BACK = {"Forward", "ForwardRule", "DeviceKeys", "Opened", "Certificate", "Known", "_Reading", "Interfaces"}
SAY = "import json, sys; sys.stdout.write(json.dumps(sorted(sys.modules)))"


def loaded(words: str) -> set[str]:
    """All modules of a fresh process after these words."""
    said = subprocess.run(
        [sys.executable, "-c", f"{words}; {SAY}"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    return set(json.loads(said.stdout))


PARTS = (
    "bundle",
    "exporting",
    "importing",
    "leaving",
    "linkcards",
    "office_settings",
    "packing",
    "polls",
    "unpacking",
)


def test_the_app_loads_nothing_that_a_pc_may_never_need() -> None:
    late = {f"deskblog.ui.{name}" for name in OPENED} | {f"deskblog.engine.{name}" for name in PARTS}
    assert loaded("import deskblog.app") & {*NEVER, *QT, *late, "deskblog.guided", "deskblog.about"} == set()


def test_a_start_that_is_told_nothing_loads_nothing_that_reads_words_nor_what_typing_has() -> None:
    modules = loaded("from deskblog.unswept import load; load('deskblog.app').app_words.read([])")
    assert modules & {"argparse", "typing_extensions"} == set()
    assert "typing_extensions" in loaded("from deskblog.unswept import load; load('deskblog.app'); import bidict")


def test_a_record_is_a_struct() -> None:
    """A dataclass is compiled at each start, half a millisecond each: only for a field not shown or compared."""
    source = "\n".join(path.read_text("utf-8") for path in (ROOT / "deskblog").rglob("*.py"))
    assert set(re.findall(r"^@dataclass.*\nclass (\w+)", source, re.MULTILINE)) == HELD_BACK


@pytest.mark.parametrize("entry", ["deskblog.cli", "deskblog.engine"])
def test_a_node_loads_no_window_besides(entry: str) -> None:
    modules = loaded(f"import {entry}")
    assert modules & set(NEVER) == set()
    assert not [name for name in modules if name.startswith(("PySide6", "deskblog.ui"))]


def test_pyside_reads_the_source_of_no_module() -> None:
    """Its own import would, and keep it: eleven MiB, 0.1 s."""
    read = "import deskblog.app, linecache; print(*(name for name in linecache.cache if 'deskblog' in name))"
    said = subprocess.run(
        [sys.executable, "-c", read], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert said.stdout.split() == []
