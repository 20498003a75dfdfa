"""The look, whole: every type size, space and radius of the window is a constant here; its colours are `palettes`.

What a person chose is worn at once: every widget has its type made larger in its place, and what has a size of its
own because words stand in it (`fix`) grows along.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from deskblog.records import replace
from deskblog.settings import Settings
from deskblog.ui.palettes import CONTRAST_DARK as CONTRAST_DARK
from deskblog.ui.palettes import CONTRAST_LIGHT as CONTRAST_LIGHT
from deskblog.ui.palettes import DARK as DARK
from deskblog.ui.palettes import LIGHT as LIGHT
from deskblog.ui.palettes import PAIRS as PAIRS
from deskblog.ui.palettes import Colours as Colours
from deskblog.ui.sheet import RADIUS as RADIUS
from deskblog.ui.sheet import RADIUS_SMALL as RADIUS_SMALL
from deskblog.ui.sheet import SCROLL as SCROLL
from deskblog.ui.sheet import sheet

AVATARS: Final = (
    "#b0432f",
    "#9c5a12",
    "#7d6608",
    "#577319",
    "#2c7a4b",
    "#18756f",
    "#1f6f97",
    "#3763b3",
    "#5a55b5",
    "#7b4cad",
    "#9d4090",
    "#ac3c62",
)
ON_AVATAR: Final = "#ffffff"
CUP: Final = "#c46a2d"  # the tray's cup: seen on light and on dark panels alike
DOT: Final = "#1f7ae0"
ON_DOT: Final = "#ffffff"

# --- spaces, in logical pixels ----------------------------------------------------------------------------
GAP: Final = 8
PAD: Final = 16
READ_USUAL: Final = 1  # which of the sizes one reads an article in, until another is chosen
COLUMN: Final = 680  # the timeline reads badly when wider
AVATAR: Final = 36
AVATAR_SMALL: Final = 28
PEOPLE: Final = 236
HEADER: Final = 60
EDGE: Final = 40  # of a screen, that no window covers when it opens

# --- type, in parts of the system's own size --------------------------------------------------------------
SMALLEST_POINTS: Final = 10.0
SMALL: Final = 0.88
BODY: Final = 1.0
LEAD: Final = 1.08
TITLE: Final = 1.3
HERO: Final = 1.9
CODE: Final = 2.5


EFFECTS: Final = (
    Qt.UIEffect.UI_AnimateCombo,
    Qt.UIEffect.UI_AnimateMenu,
    Qt.UIEffect.UI_FadeMenu,
    Qt.UIEffect.UI_AnimateTooltip,
    Qt.UIEffect.UI_FadeTooltip,
)


def font(scale: float = BODY, *, strong: bool = False) -> QFont:
    """The system's font, scaled; `strong` is a half-bold."""
    made = QFont(QApplication.font())
    made.setPointSizeF(base_points() * scale)
    if strong:
        made.setWeight(QFont.Weight.DemiBold)
    return made


def base_points() -> float:
    """The size of a post's text: what the system asks for, but never tiny, and as large as the person wants it."""
    return max(QApplication.font().pointSizeF(), SMALLEST_POINTS * _zoom)


def scaled(pixels: float) -> int:
    """What holds words grows as they do."""
    return round(pixels * _zoom)


def fix(widget: QWidget, *, wide: int = 0, high: int = 0, picture: int = 0) -> None:
    """A fixed width or height, and a square picture of that size, which grow with the text from now on."""
    widget.setProperty("fixed", (wide, high, picture))
    _fit(widget)


def room(window: QWidget, wide: int, high: int) -> None:
    """The size a window begins with: as its text has it, but never more than the screen has."""
    screen = window.screen().availableSize()
    window.resize(min(scaled(wide), screen.width() - EDGE), min(scaled(high), screen.height() - EDGE))


def polish(widget: QWidget) -> None:
    """Lets the stylesheet see a property that changed."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def _fit(widget: QWidget) -> None:
    wide, high, picture = widget.property("fixed")
    if wide:
        widget.setFixedWidth(scaled(wide))
    if high:
        widget.setFixedHeight(scaled(high))
    if picture and isinstance(widget, QAbstractButton):
        widget.setIconSize(QSize(scaled(picture), scaled(picture)))


def avatar_colour(person_id: str) -> QColor:
    """Always the same colour for the same person."""
    return _clear(AVATARS[int(person_id[:8] or "0", 16) % len(AVATARS)])


def feed_colour(feed_id: str) -> QColor:
    """Always the same colour for the same feed, and another for the next."""
    number = feed_id.rpartition("-")[2]
    return _clear(AVATARS[(int(number) if number.isdecimal() else 0) * 5 % len(AVATARS)])


def _clear(colour: str) -> QColor:
    """Dark enough for the initials that stand on it."""
    return QColor(colour).darker(150) if _current.contrast else QColor(colour)


class Theme(QObject):
    """Which palette is on, how large the text is, and whether anything moves.

    Follows the system where the person left it to the system, and DESKBLOG_THEME where that is set and nothing was
    chosen since.
    """

    changed = Signal()

    def __init__(self, app: QApplication, settings: Settings | None = None) -> None:
        super().__init__(app)
        self._app = app
        forced = os.environ.get("DESKBLOG_THEME", "")
        self._worn = settings or Settings()
        self._look = forced or self._worn.look
        self._points = max(app.font().pointSizeF(), SMALLEST_POINTS)
        self._blinking = app.cursorFlashTime()
        self._effects = [effect for effect in EFFECTS if QApplication.isEffectEnabled(effect)]
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._follow)
        hints.accessibility().contrastPreferenceChanged.connect(self._follow)
        app.setStyle("Fusion")
        self._move()
        self._scale()
        self._follow()

    @property
    def worn(self) -> Settings:
        """What is on now."""
        return self._worn

    def wear(self, settings: Settings) -> None:
        """Shows what was chosen, at once."""
        before, self._worn = self._worn, settings
        if settings.look != before.look:
            self._look = settings.look
        if settings.moves != before.moves:
            self._move()
        if settings.text != before.text:
            self._scale()
        self._follow()

    def choose(self, look: str) -> None:
        """One of `settings.LOOKS`, whatever the environment says."""
        self._look = look
        self.wear(replace(self._worn, look=look))

    def _follow(self) -> None:
        hints = QGuiApplication.styleHints()  # asked for each time: PySide lets go of what it once gave
        dark = hints.colorScheme() == Qt.ColorScheme.Dark
        wanted = hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast
        _use(colours_of(self._look, dark=dark, contrast=wanted))
        self._app.setPalette(palette(now()))
        self._app.setStyleSheet(sheet(now(), zoom=_zoom, moves=self._worn.moves))
        self.changed.emit()

    def _move(self) -> None:
        """What Qt moves by itself: the caret that blinks, lists and tips that fade in."""
        self._app.setCursorFlashTime(self._blinking if self._worn.moves else 0)
        for effect in self._effects:
            QApplication.setEffectEnabled(effect, self._worn.moves)

    def _scale(self) -> None:
        """Type and what holds it, of the whole program. A widget that has a font of its own keeps its part of it."""
        global _zoom
        before, _zoom = _zoom, self._worn.text / 100
        widgets = QApplication.allWidgets()
        own = [(one, one.font()) for one in widgets if one.testAttribute(Qt.WidgetAttribute.WA_SetFont)]
        usual = QFont(self._app.font())
        usual.setPointSizeF(self._points * _zoom)
        self._app.setFont(usual)
        _enlarge(own, _zoom / before)
        for widget in widgets:
            if widget.property("fixed") is not None:
                _fit(widget)


def _enlarge(widgets: Iterable[tuple[QWidget, QFont]], by: float) -> None:
    for widget, font_ in widgets:
        if font_.pointSizeF() > 0:
            font_.setPointSizeF(font_.pointSizeF() * by)
            widget.setFont(font_)
            widget.setProperty("_q_styleSheetWidgetFont", font_)  # else Qt brings back the first at each new sheet


def colours_of(look: str, *, dark: bool = False, contrast: bool = False) -> Colours:
    """The palette of a look; `dark` and `contrast`: what the system asks for."""
    chosen = {"light": LIGHT, "dark": DARK, "contrast-light": CONTRAST_LIGHT, "contrast-dark": CONTRAST_DARK}
    usual = (CONTRAST_DARK if dark else CONTRAST_LIGHT) if contrast else DARK if dark else LIGHT
    return chosen.get(look, usual)


_current = LIGHT
_zoom = 1.0


def _use(colours: Colours) -> None:
    global _current
    _current = colours


def now() -> Colours:
    """The palette that is on."""
    return _current


def palette(c: Colours) -> QPalette:
    """What Qt's own drawing uses."""
    made = QPalette()
    role = QPalette.ColorRole
    for name, colour in (
        (role.Window, c.window),
        (role.WindowText, c.text),
        (role.Base, c.surface),
        (role.AlternateBase, c.hover),
        (role.Text, c.text),
        (role.PlaceholderText, c.soft),
        (role.Button, c.surface),
        (role.ButtonText, c.text),
        (role.BrightText, c.error),
        (role.Highlight, c.accent),
        (role.HighlightedText, c.on_accent),
        (role.Link, c.accent),
        (role.LinkVisited, c.accent),
        (role.ToolTipBase, c.surface),
        (role.ToolTipText, c.text),
        (role.Accent, c.accent),
    ):
        made.setColor(name, QColor(colour))
    for name in (role.Text, role.ButtonText, role.WindowText):
        made.setColor(QPalette.ColorGroup.Disabled, name, QColor(c.field_line))
    return made
