"""Whether an address is a secret between a site and a person: then nobody else is told of it. Pure."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

from deskblog.inside import INSIDE_NAMES, is_outside

_SECRETS = re.compile(r"token|key|auth|secret|passw|pwd|sig|session|sid|hash|user", re.IGNORECASE)
_RANDOM = re.compile(r"(?=[^/]*\d)(?=[^/]*[A-Za-z])[A-Za-z0-9_-]{20,}")  # a part that nobody would type


def is_secret(url: str) -> bool:
    """True for a name and password, a token, or a part that looks drawn by dice; rather once too often."""
    parts = urlsplit(url)
    if parts.username is not None or parts.password is not None:
        return True
    if any(_SECRETS.search(name) or _RANDOM.fullmatch(value) for name, value in parse_qsl(parts.query)):
        return True
    return any(_RANDOM.fullmatch(part) for part in parts.path.split("/"))


def may_lead_inside(url: str) -> bool:
    """True where the name says so: of one part, of a network's own kind, or an address not of the internet."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    try:
        return not is_outside(host)
    except ValueError:
        return "." not in host or host.rpartition(".")[2] in INSIDE_NAMES
