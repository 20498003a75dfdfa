"""Pictures for people: `./run shots [FOLDER]`, and those of the guides with `--guide`.

The windows are the real ones of `look.py`, with the same colleagues. A picture more is a scene there, or in a module
beside it, that calls `look.shoot(window, "name")`, and that name in SCENES here; the guides' stand in GUIDE_LIGHT
too. Files are named scene-language-look-scale.png.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from itertools import product
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
from tests.ui import look  # noqa: E402

SCENES = (
    "welcome",
    "found",
    "recovery-words",
    "join",
    "empty",
    "office",
    "announce",
    "report",
    "quiet",
    "digest",
    "unfolded",
    "photos",
    "files",
    "choosing",
    "recording",
    "voice",
    "poll",
    "new-poll",
    "views",
    "sealed",
    "audience",
    "coffee",
    "person",
    "tag",
    "publishing",
    "forward-on",
    "feeds",
    "feed-items",
    "article",
    "unread",
    "saying",
    "waiting",
    "search",
    "invite",
    "people",
    "office-menu",
    "office-settings-set",
    "sites",
    "doctor",
    "doctor-fine",
    "drill",
    "recovery",
    "preferences",
    "preferences-end",
    "keyboard",
    "popup",
    "tray",
    "tray-menu",
    "removed",
)
LANGUAGES = {"en": "light", "fr": "fr"}  # what `look` calls them
LOOKS = ("light", "dark")
SCALES = (100, 200)
GUIDE_SCALE = 150  # sharp enough on a page, and half the bytes of 200
MORNING = 10 * 60 + 40  # what the clocks say in the pictures, in minutes
COLOURS = 128  # in a picture of the guides: they stay small
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <match target="pattern">
    <test name="family" qual="any"><string>sans-serif</string></test>
    <edit name="family" mode="prepend" binding="strong">
      <string>Inter</string><string>Noto Color Emoji</string>
    </edit>
  </match>
  <match target="font">
    <edit name="hintstyle" mode="assign"><const>hintslight</const></edit>
    <edit name="rgba" mode="assign"><const>none</const></edit>
  </match>
</fontconfig>"""


class Shot(NamedTuple):
    """One picture, as its file is named."""

    scene: str
    language: str
    look: str
    scale: int

    @property
    def file(self) -> str:
        return f"{self.scene}-{self.language}-{self.look}-{self.scale}.png"


GUIDE_LIGHT = (
    "office",
    "tray",
    "popup",
    "report",
    "announce",
    "quiet",
    "unfolded",
    "waiting",
    "photos",
    "poll",
    "sealed",
    "people",
    "person",
    "feeds",
    "article",
    "forward-on",
    "publishing",
    "search",
    "welcome",
    "recovery-words",
    "invite",
    "office-menu",
    "sites",
    "doctor",
    "drill",
    "preferences",
    "office-settings-set",
)
GUIDE = tuple(
    Shot(scene, language, face, GUIDE_SCALE)
    for language in LANGUAGES
    for face, scenes in (("light", GUIDE_LIGHT), ("dark", ("office",)))
    for scene in scenes
)


def main() -> int:
    args = parsed()
    wanted = GUIDE if args.guide else tuple(map(Shot._make, product(SCENES, LANGUAGES, LOOKS, SCALES)))
    wanted = tuple(shot for shot in wanted if chosen(shot, args))
    args.out.mkdir(parents=True, exist_ok=True)
    if args.inside:
        return inside(args.out, wanted)
    for language, face, scale in dict.fromkeys(shot[1:] for shot in wanted):
        words = ["--language", language, "--look", face, "--scale", str(scale), *(["--guide"] if args.guide else [])]
        words += [word for scene in args.scene or () for word in ("--scene", scene)]
        began = time.monotonic()
        office(args.out, words, language, face, scale)
        print(f"{language}, {face}, {scale} %: {time.monotonic() - began:.0f} s", flush=True)
    missing = [shot.file for shot in wanted if not (args.out / shot.file).exists()]
    print(f"{len(wanted) - len(missing)} pictures in {args.out}")
    if missing:
        print("Not made, because no scene of that name was met: " + ", ".join(missing))
    return 1 if missing else 0


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run shots", description="Pictures of every window.")
    parser.add_argument("out", type=Path, nargs="?", default=ROOT / "build" / "shots", metavar="FOLDER")
    parser.add_argument("--guide", action="store_true", help="those of the guides alone, made small")
    parser.add_argument("--scene", choices=SCENES, action="append", metavar="SCENE", help=", ".join(SCENES))
    parser.add_argument("--language", choices=LANGUAGES)
    parser.add_argument("--look", choices=LOOKS)
    parser.add_argument("--scale", type=int, choices=(*SCALES, GUIDE_SCALE))
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def chosen(shot: Shot, args: argparse.Namespace) -> bool:
    asked = (args.language, args.look, args.scale)
    return all(want in (None, has) for want, has in zip(asked, shot[1:], strict=True)) and (
        not args.scene or shot.scene in args.scene
    )


def office(out: Path, words: list[str], language: str, face: str, scale: int) -> None:
    """A screen of its own, and an office on it, in one language, look and scale."""
    with tempfile.TemporaryDirectory() as folder, look.screen(scale / 100, environment(Path(folder))):
        env = {
            "DESKBLOG_LANGUAGE": language,
            "DESKBLOG_THEME": face,
            "QT_SCALE_FACTOR": str(scale / 100),
            "QT_QPA_PLATFORM": "xcb",
            "QT_LOGGING_RULES": "qt.multimedia.*=false",
            "LANG": {"fr": "fr_FR.UTF-8"}.get(language, "en_GB.UTF-8"),
        }
        command = [sys.executable, __file__, str(out.resolve()), *words, "--inside"]
        with (out / "shots.log").open("w") as log:
            done = subprocess.run(command, env={**os.environ, **env}, stdout=log, stderr=log, check=False)
        if done.returncode:
            sys.exit(f"It did not come to its end: {out / 'shots.log'} says why.")
        (out / "shots.log").unlink()


def environment(folder: Path) -> dict[str, str]:
    """A font as desktops have it, and a clock that shows a morning, whenever pictures are made."""
    (folder / "fonts.conf").write_text(FONTS)
    now = time.gmtime()
    ahead = MORNING - (now.tm_hour * 60 + now.tm_min)
    ahead += 24 * 60 if ahead < -12 * 60 else 0
    west = f"{'-' if ahead > 0 else '+'}{abs(ahead) // 60:02}:{abs(ahead) % 60:02}"
    return {"FONTCONFIG_FILE": str(folder / "fonts.conf"), "TZ": f"OFC{west}"}


class Shots(look.Look):
    """An office whose scenes are kept only if they are wanted."""

    def __init__(self, out: Path, wanted: Iterable[Shot]) -> None:
        self._wanted = {shot.scene: shot for shot in wanted}
        _scene, language, _look, _scale = next(iter(self._wanted.values()))
        super().__init__(out, LANGUAGES[language])

    def path(self, name: str) -> Path:
        return self.out / self._wanted[name].file

    def wants(self, name: str) -> bool:
        return name in self._wanted


def inside(out: Path, wanted: tuple[Shot, ...]) -> int:
    code = Shots(out, wanted).run()
    for shot in wanted:
        if shot in GUIDE and "--guide" in sys.argv:
            make_small(out / shot.file)
    return code


def make_small(path: Path) -> None:
    from PIL import Image

    image = Image.open(path).convert("RGB")
    image.quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    sys.exit(main())
