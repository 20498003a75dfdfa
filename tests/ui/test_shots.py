"""What `./run shots` says it makes: each picture has a scene, a name, a morning."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.ui import shots

HERE = Path(__file__).parent


def test_each_picture_has_a_scene_that_takes_it() -> None:
    scenes = "".join(path.read_text(encoding="utf-8") for path in HERE.glob("look*.py"))
    assert [name for name in shots.SCENES if f'"{name}"' not in scenes] == []
    assert len(set(shots.SCENES)) == len(shots.SCENES)


def test_the_guides_have_pictures_of_both_languages_among_them() -> None:
    assert {shot.scene for shot in shots.GUIDE} <= set(shots.SCENES)
    assert {shot.language for shot in shots.GUIDE} == set(shots.LANGUAGES)
    assert shots.GUIDE[0].file == "office-en-light-150.png"


def test_the_clock_in_pictures_shows_a_morning_whenever_they_are_made(tmp_path: Path) -> None:
    told = [sys.executable, "-c", "import time; print(time.strftime('%H:%M'))"]
    env = os.environ | shots.environment(tmp_path)
    assert subprocess.run(told, env=env, capture_output=True, text=True, check=True).stdout[:4] in ("10:4", "10:3")
    assert "Inter" in (tmp_path / "fonts.conf").read_text(encoding="utf-8")
