"""Builds into dist/ what can be built on this machine: `./run package`, or python packaging/package.py.

On Linux: the folder of PyInstaller, as a .tar.xz that runs from anywhere and as a .deb; everywhere: wheel and sdist.
On Windows the folder as a .zip and, where NSIS is, an installer; on macOS the bundle: both were never run.
"""

from __future__ import annotations

import os
import re
import runpy
import shutil
import subprocess
import sys
from importlib.metadata import Distribution, distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DIST, BUILD = ROOT / "dist", ROOT / "build"
FROZEN = BUILD / "frozen" / "deskblog"
LINUX = sys.platform.startswith("linux")
BUILDERS = {"altgraph", "macholib", "packaging", "pefile", "pip", "pyinstaller", "pyinstaller-hooks-contrib"}
BUILDERS |= {"pywin32-ctypes", "setuptools"}
# What the packaged programs are linked with and `./run` need not ask for: every installed Python has seen to it.
BASE_LIBRARIES = ["libc6 (>= 2.35)", "libstdc++6", "libgcc-s1", "zlib1g", "libbz2-1.0", "liblzma5", "libexpat1"]
BASE_LIBRARIES += ["libuuid1"]
SOUND_LIBRARIES = ["libpulse0", "libxrandr2"]  # Qt's multimedia


def main() -> int:
    version = read_version()
    shutil.rmtree(DIST, ignore_errors=True)
    DIST.mkdir()
    freeze()
    python_packages()
    if LINUX:
        from deb import build_deb

        write_papers(FROZEN)
        tar(version)
        build_deb(FROZEN, DIST, version, libraries())
    elif sys.platform == "win32":
        windows(version)
    elif sys.platform == "darwin":
        macos(version)
    say_sizes()
    return 0


def read_version() -> str:
    found = re.search(r'__version__ = "(.+)"', (ROOT / "deskblog" / "__init__.py").read_text(encoding="utf-8"))
    assert found is not None
    return found[1]


def libraries() -> list[str]:
    """Debian's packages that both Linux packages need; either of two names, by release, as “a | b”."""
    asked = runpy.run_path(str(ROOT / "run"))["QT_LIBRARIES"]
    return [name.replace("|", " | ") for name in [*BASE_LIBRARIES, *asked, *SOUND_LIBRARIES]]


def freeze() -> None:
    words = ["--noconfirm", "--log-level=ERROR", f"--distpath={BUILD / 'frozen'}", f"--workpath={BUILD / 'work'}"]
    run(sys.executable, "-m", "PyInstaller", *words, str(ROOT / "packaging" / "deskblog.spec"))


def python_packages() -> None:
    """Wheel and sdist by setuptools itself: nothing is fetched for them."""
    shutil.rmtree(BUILD / "lib", ignore_errors=True)  # what an older tree left there would go along
    for kind in ("sdist", "wheel"):
        make = f"from setuptools import build_meta as b; b.build_{kind}({str(DIST)!r})"
        run(sys.executable, "-c", make, quiet=True)


# --- the folder -------------------------------------------------------------------------------------------
def write_papers(folder: Path) -> None:
    """What belongs beside a program: its licence and those of what it stands on, and on Linux what it needs."""
    shutil.copy(ROOT / "LICENSE", folder / "LICENSE")
    (folder / "THIRD-PARTY.txt").write_text("\n\n".join(map(licence, others())), encoding="utf-8")
    if not LINUX:
        return
    names = [re.sub(r" \(.*?\)| \| .*", "", name) for name in libraries()]
    (folder / "README.txt").write_text(README.format(libraries=" ".join(names)), encoding="utf-8")
    shutil.copytree(ROOT / "resources", folder / "resources", dirs_exist_ok=True)


README = """\
deskblog runs from any folder: ./deskblog-app opens the window, ./deskblog is the command line.

On Debian and Ubuntu it needs these libraries; on a desktop most are there:

    apt-get install --no-install-recommends {libraries}

(On Debian 13 and Ubuntu 24.04 libglib2.0-0 is called libglib2.0-0t64.)

Posts are kept in ~/.local/share/deskblog. To keep them beside the program instead, on a stick for instance, make an
empty file named "portable" beside it.
"""


def others() -> list[Distribution]:
    """Of what is installed here what goes along, by name."""
    found = {re.sub(r"[-_.]+", "-", one.metadata["Name"]).lower(): one for one in distributions()}
    return [found[name] for name in sorted(found) if name not in {"deskblog", *BUILDERS}]


def licence(of: Distribution) -> str:
    """Name, version, licence, and the texts that came with it."""
    said = of.metadata
    short = next((said[key] for key in ("License-Expression", "License") if key in said), "").split("\n")[0]
    head = f"{said['Name']} {of.version}: {short or 'see below'}"
    if said["Name"] == "PySide6_Essentials":
        head += "\nQt and FFmpeg are used under the LGPL; their libraries may be replaced in the folder. Sources:"
        head += f"\nhttps://download.qt.io/official_releases/QtForPython/pyside6/ ({of.version})"
        head = "\n\n".join(
            [head, *(path.read_text() for path in sorted((ROOT / "packaging" / "licences").iterdir()))]
        )
    texts = [file for file in of.files or () if re.match(r"(LICEN[CS]E|COPYING|NOTICE)", file.name, re.IGNORECASE)]
    return "\n\n".join([head, *map(_text, texts)])


def _text(file: object) -> str:
    return Path(str(file.locate())).read_text(encoding="utf-8", errors="replace")  # type: ignore[attr-defined]


def tar(version: str) -> None:
    machine = os.uname().machine
    name = f"deskblog-{version}-linux-{machine}"
    file = DIST / f"{name}.tar.xz"
    form = ["--sort=name", "--owner=0", "--group=0", "--numeric-owner"]  # the same folder makes the same archive
    form += [f"--transform=s,^deskblog,{name},", f"--mtime=@{moment()}"]
    run("tar", "-C", str(FROZEN.parent), *form, "-I", "xz -T0 -6", "-cf", str(file), "deskblog")


def windows(version: str) -> None:
    """Never run."""
    write_papers(FROZEN)
    shutil.make_archive(str(DIST / f"deskblog-{version}-windows"), "zip", FROZEN.parent, "deskblog")
    if shutil.which("makensis") is None:
        sys.stdout.write("NSIS is not installed: there is no installer, only the .zip.\n")
        return
    defined = [f"-DVERSION={version}", f"-DFOLDER={FROZEN}", f"-DOUT={DIST}"]
    run("makensis", "-V2", *defined, str(ROOT / "packaging" / "deskblog.nsi"))


def macos(version: str) -> None:
    """Never run. The signature is nobody's: it says that nothing was changed since, and popups are shown only so."""
    bundle = FROZEN.parent / "deskblog.app"
    run("codesign", "--force", "--deep", "--sign", "-", str(bundle))
    run("codesign", "--verify", "--deep", "--strict", str(bundle))
    run(
        "ditto",
        "-c",
        "-k",
        "--keepParent",
        str(bundle),
        str(DIST / f"deskblog-{version}-macos-{os.uname().machine}.zip"),
    )


def moment() -> str:
    """When this state of the source was committed: the same source makes the same archive."""
    asked = ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"]
    said = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
    return os.environ.get("SOURCE_DATE_EPOCH") or said or "0"


# --- telling ----------------------------------------------------------------------------------------------
def say_sizes() -> None:
    """Against what a virtual environment with the same things takes."""
    environment = size(Path(sys.prefix))
    for path in [FROZEN, *sorted(DIST.iterdir())]:
        part = size(path) / environment
        sys.stdout.write(f"{path.relative_to(ROOT)}: {size(path) / 1e6:.1f} MB, {part:.2f} of the environment\n")


def size(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.lstat().st_size for file in files if file.is_file() and not file.is_symlink())


def run(*words: str, quiet: bool = False) -> None:
    subprocess.run(words, cwd=ROOT, check=True, stdout=subprocess.DEVNULL if quiet else None)


if __name__ == "__main__":
    sys.exit(main())
