"""The peers: installed on demand into the cache, pinned, and left out with a word where they cannot be."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from bench.measure import cache

PEERS = Path(__file__).parent / "peers"
DEBIAN = {"Pidgin": "pidgin", "iptux": "iptux"}
NODE = {"Scuttlebutt": "ssb", "hypercore": "hyper"}


def node_peers() -> tuple[dict[str, list[str]], str]:
    """(the commands of the peers that run on Node.js by name, why there are none)."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        return {}, "Scuttlebutt and hypercore were left out: Node.js and npm are not installed here."
    folder = cache("npm")
    lock = (PEERS / "package-lock.json").read_bytes()
    mark = folder / "installed"
    if not mark.exists() or mark.read_bytes() != lock:
        sys.stderr.write("  installing Scuttlebutt and hypercore from npm (a minute the first time) …\n")
        for name in ("package.json", "package-lock.json"):
            shutil.copy(PEERS / name, folder / name)
        done = subprocess.run(
            ["npm", "ci", "--no-audit", "--no-fund"], cwd=folder, capture_output=True, text=True, check=False
        )
        if done.returncode:
            return {}, "Scuttlebutt and hypercore were left out: npm could not install them."
        mark.write_bytes(lock)
    for script in PEERS.glob("*.js"):
        shutil.copy(script, folder / script.name)
    return {name: ["node", str(folder / f"{script}.js")] for name, script in NODE.items()}, ""


def desktop_peers() -> tuple[dict[str, list[str]], str]:
    """(the commands of the peers with a window, why some are left out); installed where this is Debian and root."""
    missing = [name for name, program in DEBIAN.items() if shutil.which(program) is None]
    if missing and shutil.which("apt-get") and os.geteuid() == 0:
        wanted = [DEBIAN[name] for name in missing]
        sys.stderr.write(f"  installing {', '.join(wanted)} …\n")
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *wanted]
        subprocess.run(command, env=quiet, capture_output=True, check=False)
    found = {name: path for name, program in DEBIAN.items() if (path := shutil.which(program))}
    left_out = [name for name in DEBIAN if name not in found]
    why = f"{' and '.join(left_out)} left out: not installed here." if left_out else ""
    return {name: [path] for name, path in found.items()}, why


def debian_version(name: str) -> str:
    """Which release of a desktop peer was measured."""
    command = ["dpkg-query", "-W", "-f", "${Version}", DEBIAN[name]]
    done = (
        subprocess.run(command, capture_output=True, text=True, check=False) if shutil.which("dpkg-query") else None
    )
    return done.stdout.strip() if done is not None and done.returncode == 0 else ""
