"""One gettext catalogue for window, engine and command line; the language is the system's unless chosen."""

from __future__ import annotations

import gettext as _gettext
import locale
import os
import re
import subprocess
import sys
import unicodedata
from datetime import date
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
    if sys.platform == "win32":
        import ctypes

        return of_windows(ctypes.windll.kernel32.GetUserDefaultUILanguage())
    if sys.platform == "darwin":
        return of_mac(_mac_languages())
    return (locale.getlocale()[0] or "en")[:2].lower()


def of_windows(number: int) -> str:
    """The language of a number of Windows. Its locales have other names there: “German_Germany”."""
    return locale.windows_locale.get(number, "en")[:2].lower()


def of_mac(said: str) -> str:
    """The first of a Mac's languages. What is opened from the Dock there has no LANG."""
    found = re.search(r"[a-z]{2}\b", said)
    return found[0] if found else "en"


def _mac_languages() -> str:
    words = ["/usr/bin/defaults", "read", "-g", "AppleLanguages"]
    try:
        return subprocess.run(words, capture_output=True, text=True, timeout=2, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""


def use(language: str | None = None) -> str:
    """Switches the language for this process; returns the one in use (English where there is no catalogue).

    A region has no catalogue of its own: de_AT and de-CH are German.
    """
    global _current, _language
    wanted = (language or system_language())[:2].lower()
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
    return _elidable(_current.gettext(message))


def plural(one: str, many: str, n: int, **filled: str) -> str:
    """The form for `n`, with {n} and all else filled in."""
    return _elidable(_current.ngettext(one, many, n)).format(n=n, **filled)


# --- French before a name -----------------------------------------------------------------------------------
_BEFORE_A_NAME = re.compile(r"\b([Dd])e (?=\{(\w+)\})")
_SOUNDS_AS_VOWEL = re.compile(r"[aeiouæœ]|y(?![aeiouæœ])")


class _Elidable(str):
    """A French message: what is filled in behind “de” may take its e, as in “le poste d’Anne”."""

    __slots__ = ()

    def format(self, *args: object, **filled: object) -> str:
        def word(found: re.Match[str]) -> str:
            return f"{found[1]}’" if elides(str(filled.get(found[2], ""))) else found[0]

        return str.format(_BEFORE_A_NAME.sub(word, self), *args, **filled)


def _elidable(message: str) -> str:
    return _Elidable(message) if _language == "fr" and "e {" in message else message


def elides(name: str) -> bool:
    """Whether a name begins with the sound of a vowel: Anne, Élodie, Yves; not Yann. An h is always sounded: of
    names some are (Hamid) and some are not (Hélène), and “de Hélène” is heard too."""
    return _SOUNDS_AS_VOWEL.match(alphabetical(name)[0]) is not None


# Letters that no decomposition takes apart, as dictionaries file them.
_FILED = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i", "’": "'"})
# Letters of their own, which stand behind all words with the plain one.
_OWN = {"es": {"n\u0303": "n\uffff"}}


def long_date(day: date) -> str:
    """“27 November 2026”, as the language writes it."""
    from babel.dates import format_date

    return str(format_date(day, "long", locale=language()))


def alphabetical(name: str) -> tuple[str, str]:
    """Where a name stands among others: by its letters; accents count only between names that are else the same.

    Élodie stands between Denis and Fabien, Jürgen beside Jurgen: what the collations of the languages spoken here
    have in common, and the ñ of the Spanish. Names that differ by more than capitals never have one key.
    """
    whole = unicodedata.normalize("NFKD", name.casefold().translate(_FILED))
    letters = whole
    for accented, behind in _OWN.get(_language, {}).items():
        letters = letters.replace(accented, behind)
    return "".join(c for c in letters if not unicodedata.combining(c)), whole
