"""Emoji by name, in the user's language and in English: what `:caf` may mean. The names are Unicode's (CLDR)."""

from __future__ import annotations

from functools import cache

from deskblog.i18n import language
from deskblog.store.search import plain

USUAL = tuple("😀😄😉😊😂🤔😮😢😡👍👎👏🙏💪👋✅❌❗❓💡🎉🎂☕🍰🌞📅📌🚗")  # four lines of seven
# What people say and Unicode's French names do not.
_SAID = {
    "fr": {
        "cafe": "☕", "gateau": "🎂", "fete": "🎉", "merci": "🙏", "bravo": "👏", "rire": "😂", "coeur": "❤️",
        "pouce": "👍", "oui": "✅", "non": "❌", "idee": "💡", "salut": "👋", "voiture": "🚗", "pluie": "🌧️",
    },
    "de": {
        "kaffee": "☕", "kuchen": "🎂", "feier": "🎉", "danke": "🙏", "bravo": "👏", "lachen": "😂", "herz": "❤️",
        "daumen": "👍", "ja": "✅", "nein": "❌", "idee": "💡", "hallo": "👋", "auto": "🚗", "regen": "🌧️",
    },
    "nl": {  # Unicode's Dutch names are not in the library
        "koffie": "☕", "taart": "🎂", "feest": "🎉", "bedankt": "🙏", "bravo": "👏", "lachen": "😂", "hart": "❤️",
        "duim": "👍", "ja": "✅", "nee": "❌", "idee": "💡", "hallo": "👋", "auto": "🚗", "regen": "🌧️",
    },
}  # fmt: skip
_TONES = ("\U0001f3fb", "\U0001f3fc", "\U0001f3fd", "\U0001f3fe", "\U0001f3ff")


@cache
def _names(lang: str) -> tuple[tuple[str, str], ...]:
    """(name without colons and accents, emoji), by name; skin tones are left out."""
    import emoji  # 600 kB of names: read when somebody first asks

    if lang != "en" and lang in emoji.LANGUAGES:
        emoji.config.load_language(lang)
    whole = emoji.STATUS["fully_qualified"]
    found = dict(_SAID.get(lang, {}))
    for sign, known in emoji.EMOJI_DATA.items():
        if known["status"] == whole and not any(tone in sign for tone in _TONES):
            for name in (known.get(lang, ""), known["en"], *known.get("alias", ())):
                if name:
                    found.setdefault(plain(name.strip(":")).replace("’", "_"), sign)
    return tuple(sorted(found.items()))


def fitting(begun: str, most: int) -> list[tuple[str, str]]:
    """(emoji, name) of those whose name, or a word of it, begins so: whole names first, then short ones."""
    wanted = plain(begun.strip(":")).replace("-", "_")
    if not wanted:
        return []
    best: dict[str, tuple[int, int, str]] = {}
    for name, sign in _names(language()):
        if name.startswith(wanted) or f"_{wanted}" in name:
            rank = (0 if name == wanted else 1 if name.startswith(wanted) else 2, len(name), name)
            best[sign] = min(best.get(sign, rank), rank)
    ranked = sorted(best.items(), key=lambda item: item[1])
    return [(sign, rank[2]) for sign, rank in ranked[:most]]


def exact(name: str) -> str:
    """The emoji of exactly that name; empty if there is none."""
    wanted = plain(name.strip(":")).replace("-", "_")
    return next((sign for held, sign in _names(language()) if held == wanted), "")
