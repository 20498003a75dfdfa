"""Who may read a feed: whoever knows a secret address that holds.

Each reader has an own one, so that one can be taken back. Its hash is enough to know it by: what is kept opens
nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from hashlib import blake2b
from hmac import compare_digest
from typing import Final

from deskblog import limits

TOKEN_BYTES: Final = 16
_PERSON: Final = b"deskblog reader"


def new_token() -> str:
    """128 bits from the system's dice, as an address may say them."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def sealed(token: str) -> bytes:
    """What is kept of it."""
    return blake2b(token.encode("utf-8", "replace"), digest_size=32, person=_PERSON).digest()


def holds(token: str, kept: Collection[bytes]) -> bool:
    """Whether it is one of these. It takes as long whatever is asked: all are compared."""
    asked, found = sealed(token), False
    for one in list(kept)[: limits.READERS]:
        found = compare_digest(asked, one) or found
    return found
