"""One gettext catalogue for window, engine and command line; the language is the system's unless chosen."""

from __future__ import annotations

import gettext as _gettext
import locale
import os
from pathlib import Path

_DIRECTORY = Path(__file__).parent / "locale"
_current: _gettext.NullTranslations = _gettext.NullTranslations()
_language = "en"


def system_language() -> str:
    """The user's language as the system says it: two letters, "en" if it says none."""
    for name in ("DESKBLOG_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANGUAGE", "LANG"):
        value = os.environ.get(name, "").split(":")[0]
        if value and value not in ("C", "POSIX", "C.UTF-8"):
            return value[:2].lower()
    return (locale.getlocale()[0] or "en")[:2].lower()


def use(language: str | None = None) -> str:
    """Switches the language for this process; returns the one in use (English where there is no catalogue)."""
    global _current, _language
    wanted = language or system_language()
    _current = _gettext.translation("deskblog", _DIRECTORY, languages=[wanted], fallback=True)
    _language = wanted if isinstance(_current, _gettext.GNUTranslations) else "en"
    return _language


def language() -> str:
    """The language in use, two letters."""
    return _language


def languages() -> tuple[str, ...]:
    """All there are, two letters each."""
    return tuple(sorted({"en", *(path.parents[1].name for path in _DIRECTORY.glob("*/LC_MESSAGES/deskblog.mo"))}))


def _(message: str) -> str:
    """The message in the user's language."""
    return _current.gettext(message)


def plural(one: str, many: str, n: int) -> str:
    """The form for `n`, with {n} filled in."""
    return _current.ngettext(one, many, n).format(n=n)
