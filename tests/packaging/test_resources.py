"""The icons are the cup of the tray, and what a desktop reads is true."""

from __future__ import annotations

import configparser
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PIL import IcnsImagePlugin, IcoImagePlugin, Image, ImageChops

from deskblog import __version__, i18n

ROOT = Path(__file__).parents[2]
RESOURCES = ROOT / "resources"
LANGUAGES = sorted(path.name for path in (ROOT / "deskblog" / "locale").iterdir() if path.is_dir())


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("resources")
    subprocess.run([sys.executable, str(ROOT / "packaging" / "icons.py"), str(folder)], check=True)
    return folder


def pictures() -> list[str]:
    found = [path for path in RESOURCES.rglob("*") if path.suffix in (".png", ".ico", ".icns")]
    return sorted(str(path.relative_to(RESOURCES)) for path in found)


@pytest.mark.parametrize("name", pictures())
def test_each_picture_is_the_cup_of_today(made: Path, name: str) -> None:
    """To a few shades: another Qt may blend an edge a little otherwise. If it fails: ./run icons."""
    with Image.open(RESOURCES / name) as kept, Image.open(made / name) as now:
        difference = ImageChops.difference(kept.convert("RGBA"), now.convert("RGBA"))
    assert max(most for _least, most in difference.getextrema()) <= 8  # type: ignore[misc]


def test_the_drawing_is_the_cup_of_today(made: Path) -> None:
    name = "icons/hicolor/scalable/apps/deskblog.svg"
    assert (RESOURCES / name).read_text(encoding="utf-8") == (made / name).read_text(encoding="utf-8")


def test_windows_and_macos_have_each_size_as_it_was_drawn(made: Path) -> None:
    with Image.open(RESOURCES / "deskblog.ico") as ico, Image.open(RESOURCES / "deskblog.icns") as icns:
        assert isinstance(ico, IcoImagePlugin.IcoImageFile) and isinstance(icns, IcnsImagePlugin.IcnsImageFile)
        assert {size for size, _same in ico.ico.sizes()} == {16, 20, 24, 32, 40, 48, 64, 256}
        assert {wide * scale for wide, _high, scale in icns.info["sizes"]} == {32, 64, 128, 256, 512, 1024}
        for size in (16, 32, 48):
            with Image.open(RESOURCES / f"icons/hicolor/{size}x{size}/apps/deskblog.png") as drawn:
                assert ImageChops.difference(ico.ico.getimage((size, size)).convert("RGBA"), drawn).getbbox() is None


def entry() -> configparser.ConfigParser:
    found = configparser.ConfigParser(interpolation=None)
    found.optionxform = str  # type: ignore[assignment, method-assign]
    found.read(RESOURCES / "deskblog.desktop", encoding="utf-8")
    return found


def test_the_menu_entry_opens_the_window_and_the_quick_post() -> None:
    main, action = entry()["Desktop Entry"], entry()["Desktop Action compose"]
    assert main["Exec"] == "deskblog-app" and main["Actions"] == "compose;" and main["Icon"] == "deskblog"
    assert action["Exec"] == "deskblog-app --compose"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_menu_entry_speaks_the_languages_of_the_window(language: str) -> None:
    found = entry()
    keys = [(found[name], key) for name in found.sections() for key in ("Name", "GenericName", "Comment", "Keywords")]
    spoken = [(words, key) for words, key in keys if words.get(key, "deskblog") != "deskblog"]
    assert len(spoken) == 4
    assert [key for words, key in spoken if f"{key}[{language}]" not in words] == []
    said = i18n.use(language) == language and (i18n._("Short posts between colleagues."), i18n._("New post…"))
    i18n.use("en")
    entry_says = (
        found["Desktop Entry"][f"GenericName[{language}]"],
        found["Desktop Action compose"][f"Name[{language}]"],
    )
    assert said == (entry_says[0] + ".", entry_says[1] + "…"), "the words of the catalogue"


def test_the_papers_for_software_centres_name_this_version() -> None:
    tree = ET.parse(RESOURCES / "deskblog.metainfo.xml")
    assert tree.findtext("launchable") == "deskblog.desktop"
    releases = [release.get("version") for release in tree.iter("release")]
    assert releases[0] == __version__


def test_the_systems_own_checkers_agree() -> None:
    """Where they are installed; ./run test asks for both. No name of the web is ours, so the id is a plain one."""
    metainfo = ["--no-net", "--override=cid-desktopapp-is-not-rdns=info", str(RESOURCES / "deskblog.metainfo.xml")]
    for words in (
        ["desktop-file-validate", str(RESOURCES / "deskblog.desktop")],
        ["appstreamcli", "validate", *metainfo],
    ):
        assert shutil.which(words[0]), f"{words[0]} is not installed"
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
