"""What the papers name is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAPERS = sorted([*ROOT.glob("docs/*.md"), ROOT / "README.md"])


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.name)
def test_each_file_a_paper_names_exists(paper: Path) -> None:
    text = paper.read_text(encoding="utf-8")
    named = re.findall(r"`((?:tests|deskblog|docs|bench)/[\w./-]+)`", text)
    linked = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    missing = [name for name in named if name != "deskblog/1" and not (ROOT / name).exists()]
    missing += [link for link in linked if not (paper.parent / link).exists()]
    assert not missing


def test_each_promise_names_the_test_that_holds_it() -> None:
    rows = [
        line
        for line in (ROOT / "docs/threats.md").read_text().splitlines()
        if line.startswith("| ") and "---" not in line
    ]
    promises = [row for row in rows if not row.startswith("| promise")]
    assert len(promises) > 25
    assert all(re.search(r"`(tests|deskblog)/", row.split("|")[2]) for row in promises)
