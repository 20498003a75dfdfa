"""The makers, for tests: a key of their own, and packages that the real minisign signs."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

SIGN = Path(__file__).parents[1] / "packaging" / "sign.py"


class Makers:
    """`public`: the line that a deskblog of theirs has pinned."""

    def __init__(self, folder: Path, name: str = "makers") -> None:
        self._folder = folder / name
        self._folder.mkdir(parents=True)
        self._secret = self._folder / "secret"
        public = self._folder / "public"
        self._run("minisign", "-G", "-W", "-p", str(public), "-s", str(self._secret))
        self.public = public.read_text().splitlines()[1]

    def package(self, version: str, kind: str, size: int = 200_000) -> Path:
        """A file with its signature beside it."""
        path = self._folder / f"deskblog-{version}-{kind}"
        path.write_bytes(random.Random(f"{version} {kind}").randbytes(size))
        self._run(sys.executable, str(SIGN), str(self._secret), str(path))
        return path

    def word(self, path: Path, comment: str, *words: str) -> bytes:
        """What they say of a file, in other words than usual."""
        self._run("minisign", "-S", *words, "-s", str(self._secret), "-m", str(path), "-t", comment)
        return beside(path).read_bytes()

    @staticmethod
    def _run(*words: str) -> None:
        subprocess.run(words, check=True, capture_output=True, stdin=subprocess.DEVNULL)


def beside(path: Path) -> Path:
    return path.with_name(path.name + ".minisig")
