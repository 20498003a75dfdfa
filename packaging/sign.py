"""Signs what lies in dist/ so that colleagues’ PCs can hand it on: python packaging/sign.py SECRET_KEY [FILE …]

The secret key is made once by `minisign -G` and stays with the makers; its public line goes into
deskblog/release_key.py before the packages are built. minisign asks for the key’s passphrase itself.
"""

from __future__ import annotations

import re
import subprocess
import sys
from hashlib import blake2b
from pathlib import Path

DIST = Path(__file__).resolve().parents[1] / "dist"
NAME = re.compile(r"deskblog[-_](?P<version>\d[\d.]*\d|\d)[-_](?P<kind>.+)")
KINDS = ("*.deb", "*-linux-*.tar.xz", "*.whl", "*-setup.exe", "*-macos-*.zip")


def main(words: list[str]) -> int:
    if not words:
        sys.stdout.write(f"{__doc__}\n")
        return 2
    secret, *files = words
    for path in [Path(file) for file in files] or sorted(file for kind in KINDS for file in DIST.glob(kind)):
        subprocess.run(["minisign", "-S", "-s", secret, "-m", str(path), "-t", comment(path)], check=True)
        sys.stdout.write(f"{path.name}: {comment(path)}\n")
    return 0


def comment(path: Path) -> str:
    """What the makers say of a package (docs/protocol.md, section 14)."""
    found = NAME.fullmatch(path.name)
    if found is None:
        raise SystemExit(f"{path.name} is not called as packaging/package.py calls them.")
    with path.open("rb") as file:
        whole = blake2b(digest_size=32)
        while part := file.read(1 << 20):
            whole.update(part)
    return f"deskblog {found['version']} {found['kind']} {path.stat().st_size} {whole.hexdigest()}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
