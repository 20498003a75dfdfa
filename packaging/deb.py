"""The .deb: the frozen folder in /usr/lib/deskblog, links in /usr/bin, and what a desktop wants to know."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESOURCES = ROOT / "resources"
CONTROL = """\
Package: deskblog
Version: {version}
Architecture: {architecture}
Maintainer: the deskblog authors <deskblog@localhost>
Installed-Size: {kilobytes}
Depends: {depends}
Recommends: libcups2 | libcups2t64, libenchant-2-2
Suggests: hunspell-fr | hunspell-en-us
Section: net
Priority: optional
Description: short posts between colleagues, with no server
 A cup beside the clock; one click; "What are you doing?"; 140 characters;
 Enter. Every colleague on the local network has it at that instant, and those
 who were off get it when they are back. There is no server and no account.
"""
# Package scripts speak English, as Debian's do where there is no debconf. They never touch anybody's home.
POSTINST = """\
#!/bin/sh
set -e
if [ "$1" = configure ] && [ -n "$2" ]; then
    echo "deskblog: whoever has it open should quit it (menu of the cup) and start it again."
fi
"""
POSTRM = """\
#!/bin/sh
set -e
if [ "$1" = remove ] || [ "$1" = purge ]; then
    echo "deskblog: posts were kept. Each person's are in ~/.local/share/deskblog (and a mark of this PC in"
    echo "~/.local/state/deskblog); whoever wants them gone deletes these folders."
fi
"""


def build_deb(frozen: Path, into: Path, version: str, libraries: Sequence[str]) -> Path:
    """Writes deskblog_VERSION_ARCHITECTURE.deb."""
    architecture = said("dpkg", "--print-architecture")
    file = into / f"deskblog_{version}_{architecture}.deb"
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        fill(tree, frozen)
        kilobytes = sum(path.lstat().st_size for path in tree.rglob("*") if path.is_file()) // 1024
        control = CONTROL.format(
            version=version, architecture=architecture, kilobytes=kilobytes, depends=", ".join(libraries)
        )
        scripts = tree / "DEBIAN"
        scripts.mkdir()
        (scripts / "control").write_text(control, encoding="utf-8")
        for name, text in (("postinst", POSTINST), ("postrm", POSTRM)):
            (scripts / name).write_text(text, encoding="utf-8")
            (scripts / name).chmod(0o755)
        subprocess.run(["dpkg-deb", "--root-owner-group", "-Zxz", "--build", str(tree), str(file)], check=True)
    return file


def fill(tree: Path, frozen: Path) -> None:
    library, share = tree / "usr" / "lib" / "deskblog", tree / "usr" / "share"
    papers = {"README.txt", "LICENSE", "THIRD-PARTY.txt", "resources"}  # Debian has places of its own for them
    shutil.copytree(frozen, library, symlinks=True, ignore=lambda at, _all: papers if at == str(frozen) else set())
    programs = tree / "usr" / "bin"
    programs.mkdir(parents=True)
    for name in ("deskblog", "deskblog-app"):
        (programs / name).symlink_to(f"../lib/deskblog/{name}")
    for source, place in (
        ("deskblog.desktop", "applications"),
        ("deskblog.metainfo.xml", "metainfo"),
    ):
        (share / place).mkdir(parents=True)
        shutil.copy(RESOURCES / source, share / place)
    shutil.copytree(RESOURCES / "icons", share / "icons")
    about = share / "doc" / "deskblog"
    about.mkdir(parents=True)
    both = [(frozen / name).read_text(encoding="utf-8") for name in ("LICENSE", "THIRD-PARTY.txt")]
    (about / "copyright").write_text("\n\nIt comes with:\n\n".join(both), encoding="utf-8")
    for path in tree.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)


def said(*words: str) -> str:
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()
