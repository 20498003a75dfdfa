"""Whose packages a colleague's PC may hand on: the makers' public keys, as `minisign -G` writes them (RWQ…).

None is pinned in these sources: the secret one is the makers' own, and there is none yet. How one comes here, and how
packages are signed with it, is in docs/developing.md. As long as there is none, nothing is fetched and nothing kept.
"""

from __future__ import annotations

from typing import Final

KEYS: Final[tuple[str, ...]] = ()
