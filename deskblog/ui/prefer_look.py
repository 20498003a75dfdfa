"""Preferences: how deskblog looks, and in which language. They hold before any engine runs."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QLocale

from deskblog import i18n
from deskblog.errors import Unusable, UserError
from deskblog.i18n import _
from deskblog.settings import SIZES, Keeper
from deskblog.ui.setting import Options, Section, Setting
from deskblog.ui.switch import Switch
from deskblog.ui.theme import Theme


class Look(Section):
    """`again`: called when deskblog is to open anew, as in another language; `refuse`: with what went wrong."""

    def __init__(
        self, keeper: Keeper, theme: Theme, again: Callable[[], None], refuse: Callable[[UserError], None]
    ) -> None:
        super().__init__(_("Look and language"))
        self._keeper, self._theme, self._again, self._refuse = keeper, theme, again, refuse
        now = keeper.now
        self.look = Options(looks(), now.look)
        self.look.picked.connect(lambda look: self._choose(look=look))
        sizes = sorted({*SIZES, now.text})
        self.text = Options([(_("{n} %").format(n=size), size) for size in sizes], now.text)
        self.text.picked.connect(lambda text: self._choose(text=text))
        self.still = Switch()
        self.still.setChecked(not now.moves)
        self.still.toggled.connect(lambda still: self._choose(moves=not still))
        self.language = Options(languages(), now.language, by_arrows=False)
        self.language.picked.connect(self._speak)
        self._fill()

    def _fill(self) -> None:
        self.add(
            Setting(
                _("Colours"),
                _("As the system has it, or always the same. High contrast is black on white, or white on black."),
                self.look,
                words=_("look, theme, night"),
            )
        )
        self.add(
            Setting(
                _("Size of the text"),
                _("Of everything in deskblog, on top of what the system makes larger."),
                self.text,
                words=_("font, letters, zoom, larger, smaller"),
            )
        )
        self.add(
            Setting(
                _("Nothing moves by itself"),
                _("The caret does not blink, and nothing fades or runs while you wait."),
                self.still,
                words=_("motion, animation"),
            )
        )
        self.add(
            Setting(
                _("Language"),
                _("deskblog closes and opens again in it. Posts stay as they were written."),
                self.language,
                words="language langue Sprache idioma lingua taal",
            )
        )

    def _choose(self, **changes: object) -> None:
        try:
            self._keeper.choose(**changes)
        except Unusable as fault:
            self._refuse(fault)
        self._theme.wear(self._keeper.now)

    def _speak(self, language: str) -> None:
        if language != self._keeper.now.language:
            self._choose(language=language)
            if (language or i18n.system_language()) != i18n.language():
                self._again()


def looks() -> list[tuple[str, object]]:
    return [
        (_("As the system"), "system"),
        (_("Light"), "light"),
        (_("Dark"), "dark"),
        (_("High contrast, light"), "contrast-light"),
        (_("High contrast, dark"), "contrast-dark"),
    ]


def languages() -> list[tuple[str, object]]:
    """Each in its own words."""
    return [(_("As the system"), ""), *((own_name(code), code) for code in i18n.languages())]


def own_name(code: str) -> str:
    name = QLocale(code).nativeLanguageName() if code != "en" else "English"  # Qt: “American English”
    return name[:1].upper() + name[1:]
