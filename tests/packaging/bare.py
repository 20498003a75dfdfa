"""A Debian 12 with nothing on it, made by debootstrap; what is installed there shows what a package really needs.

What is fetched is kept in build/bare, so that a second run fetches nothing.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "build" / "bare"
RELEASE = "bookworm"  # from wherever debootstrap takes it by itself
# Devices and processes as every system has them, and the temporary folder of the tests; in a namespace of mounts that
# ends with the program, so that nothing is left mounted.
ENTER = """
for each in dev proc tmp; do mkdir -p "$0/$each"; mount --rbind "/$each" "$0/$each"; done
mkdir -p "$0/var/cache/apt/archives"; mount --bind "$KEPT_PACKAGES" "$0/var/cache/apt/archives"
exec chroot "$0" "$@"
"""


class Bare:
    """One such system, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.root = folder
        base, self._packages = KEPT / f"{RELEASE}.tar", KEPT / "archives"
        self._packages.mkdir(parents=True, exist_ok=True)
        if not base.exists():
            _make_base(base)
        folder.mkdir()
        subprocess.run(["tar", "-C", str(folder), "-xf", str(base)], check=True)
        shutil.copy("/etc/resolv.conf", folder / "etc" / "resolv.conf")

    def command(self, *words: str) -> list[str]:
        """How a program in it is started from outside."""
        variable = f"export KEPT_PACKAGES='{self._packages}'\n"
        return [
            "unshare",
            "--mount",
            "--propagation",
            "private",
            "sh",
            "-ec",
            variable + ENTER,
            str(self.root),
            *words,
        ]

    def run(self, *words: str) -> str:
        """What a program in it printed, which must succeed."""
        env = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}
        done = subprocess.run(self.command(*words), capture_output=True, text=True, check=False, env=env)
        assert done.returncode == 0, f"{words}:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        return done.stdout + done.stderr

    def install(self, *names: str) -> str:
        """Packages by name, or files in it by path, with all they depend on and no more."""
        self.run("apt-get", "update", "-qq")
        return self.run("apt-get", "install", "-y", "--no-install-recommends", *names)

    def bring(self, file: Path, place: str) -> None:
        shutil.copy(file, self.root / place.lstrip("/"))

    def lacking(self, folder: str) -> set[str]:
        """Libraries that programs and libraries in a folder are linked with and that are not there."""
        files = f'find {folder} -type f \\( -name "*.so*" -o -name "deskblog*" \\)'
        said = self.run("sh", "-c", f"LD_LIBRARY_PATH={folder}/_internal ldd $({files}) 2>/dev/null || true")
        return {line.split()[0] for line in said.splitlines() if "not found" in line}


def _make_base(base: Path) -> None:
    folder = KEPT / "base"
    shutil.rmtree(folder, ignore_errors=True)
    words = ["debootstrap", "--variant=minbase", RELEASE, str(folder)]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(
        ["tar", "-C", str(folder), "--exclude=./var/cache/apt/archives/*", "-cf", str(base), "."], check=True
    )
    shutil.rmtree(folder)
