"""Names of files that may stand on any system's disk, whoever thought of them."""

from __future__ import annotations

import re

from deskblog import limits
from deskblog.log.kinds import shown_text

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]+')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?\Z", re.IGNORECASE)  # of Windows, under any ending


def safe_name(name: str, fallback: str = "file") -> str:
    """The last part of a path, without what a system forbids, hides or turns about; at most limits.FILE_NAME long.

    What is too long is cut before its ending, which says what it is.
    """
    last = re.split(r"[/\\]", shown_text(name))[-1]
    clean = " ".join(_FORBIDDEN.sub("_", last).split()).strip(". ")
    if _DEVICES.match(clean):
        clean = f"_{clean}"
    stem, dot, ending = clean.rpartition(".")
    if len(clean) > limits.FILE_NAME and dot and len(ending) <= 16:
        return f"{stem[: limits.FILE_NAME - len(ending) - 1].rstrip('. ')}.{ending}"
    return clean[: limits.FILE_NAME].rstrip(". ") or fallback
