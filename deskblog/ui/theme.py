"""The look, whole: every colour, type size, space and radius of the window is a constant here.

Two palettes of our own, because Qt's dark switch does nothing on a bare X11 desktop. Colours that carry words are
named in PAIRS with what they stand on; each pair has a contrast of 4.5 or more (WCAG AA).
"""

from __future__ import annotations

import os
import re
from dataclasses import asdict, dataclass
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from deskblog.ui.focus_sheet import FOCUS


@dataclass(frozen=True, slots=True)
class Colours:
    """One palette; `on_x` is the text that stands on `x`, `soft` the quieter text."""

    dark: bool
    window: str
    surface: str
    hover: str
    mine: str
    line: str
    field_line: str
    text: str
    soft: str
    accent: str
    accent_hover: str
    on_accent: str
    accent_soft: str
    on_accent_soft: str
    sealed: str
    on_sealed: str
    feed: str
    feed_hover: str
    found: str
    here: str
    warn: str
    error: str
    banner: str
    on_banner: str
    scroll: str


LIGHT: Final = Colours(
    dark=False,
    window="#f5f1ec",
    surface="#ffffff",
    hover="#faf7f3",
    mine="#fff6ea",
    line="#e6ded4",
    field_line="#938779",
    text="#241d18",
    soft="#675c53",
    accent="#9a4a14",
    accent_hover="#823d0e",
    on_accent="#ffffff",
    accent_soft="#f6e4d4",
    on_accent_soft="#75370c",
    sealed="#eef3fb",
    on_sealed="#274b86",
    feed="#edf1ec",
    feed_hover="#f2f5f1",
    found="#ffe08a",
    here="#1c7442",
    warn="#8a5700",
    error="#b3261e",
    banner="#fff0d2",
    on_banner="#4a3200",
    scroll="#cfc5ba",
)
DARK: Final = Colours(
    dark=True,
    window="#191614",
    surface="#24201d",
    hover="#2a2622",
    mine="#30271f",
    line="#38322c",
    field_line="#8a7f75",
    text="#f3ede7",
    soft="#b5aa9f",
    accent="#f0a468",
    accent_hover="#f6b989",
    on_accent="#2b1607",
    accent_soft="#43301f",
    on_accent_soft="#f7c499",
    sealed="#1e2632",
    on_sealed="#a9c6f5",
    feed="#1c221f",
    feed_hover="#212824",
    found="#6b5310",
    here="#72d19a",
    warn="#f0ba5c",
    error="#ff968c",
    banner="#3b2f1a",
    on_banner="#f7e3bd",
    scroll="#4d453e",
)

PAIRS: Final = (
    ("text", "window"),
    ("text", "surface"),
    ("text", "hover"),
    ("text", "mine"),
    ("text", "found"),
    ("soft", "window"),
    ("soft", "surface"),
    ("soft", "hover"),
    ("soft", "mine"),
    ("accent", "window"),
    ("accent", "surface"),
    ("accent", "hover"),
    ("accent", "mine"),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("on_accent_soft", "accent_soft"),
    ("text", "sealed"),
    ("soft", "sealed"),
    ("accent", "sealed"),
    ("on_sealed", "sealed"),
    ("text", "feed"),
    ("soft", "feed"),
    ("accent", "feed"),
    ("text", "feed_hover"),
    ("soft", "feed_hover"),
    ("accent", "feed_hover"),
    ("here", "window"),
    ("warn", "surface"),
    ("error", "surface"),
    ("error", "window"),
    ("on_banner", "banner"),
)

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
RADIUS: Final = 10
RADIUS_SMALL: Final = 7
COLUMN: Final = 680  # the timeline reads badly when wider
AVATAR: Final = 36
AVATAR_SMALL: Final = 28
PEOPLE: Final = 236
HEADER: Final = 60
SCROLL: Final = 10

# --- type, in parts of the system's own size --------------------------------------------------------------
SMALLEST_POINTS: Final = 10.0
SMALL: Final = 0.88
BODY: Final = 1.0
LEAD: Final = 1.08
TITLE: Final = 1.3
HERO: Final = 1.9
CODE: Final = 2.5


def font(scale: float = BODY, *, strong: bool = False) -> QFont:
    """The system's font, scaled; `strong` is a half-bold."""
    made = QFont(QApplication.font())
    made.setPointSizeF(base_points() * scale)
    if strong:
        made.setWeight(QFont.Weight.DemiBold)
    return made


def base_points() -> float:
    """The size of a post's text: what the system asks for, but never tiny."""
    return max(QApplication.font().pointSizeF(), SMALLEST_POINTS)


def avatar_colour(person_id: str) -> QColor:
    """Always the same colour for the same person."""
    return QColor(AVATARS[int(person_id[:8] or "0", 16) % len(AVATARS)])


def feed_colour(feed_id: str) -> QColor:
    """Always the same colour for the same feed, and another for the next."""
    number = feed_id.rpartition("-")[2]
    return QColor(AVATARS[(int(number) if number.isdecimal() else 0) * 5 % len(AVATARS)])


class Theme(QObject):
    """Which palette is on; follows the system's where the system says, DESKBLOG_THEME where that is set."""

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._choice = os.environ.get("DESKBLOG_THEME", "system")
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow)
        app.setStyle("Fusion")
        sized = QFont(app.font())
        sized.setPointSizeF(base_points())
        app.setFont(sized)
        self._follow()

    def choose(self, choice: str) -> None:
        """`light`, `dark` or `system`."""
        self._choice = choice
        self._follow()

    def _follow(self) -> None:
        system = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        _use(DARK if self._choice == "dark" or (self._choice == "system" and system) else LIGHT)
        self._app.setPalette(palette(now()))
        self._app.setStyleSheet(stylesheet(now()))
        self.changed.emit()


_current = LIGHT


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


def stylesheet(c: Colours) -> str:
    """The stylesheet of the whole program in one palette."""
    values = {**asdict(c), "radius": f"{RADIUS}px", "small": f"{RADIUS_SMALL}px", "bar": f"{SCROLL}px"}
    return re.sub(r"@(\w+)", lambda found: str(values[found[1]]), _SHEET + FOCUS)


_SHEET = """
QMainWindow, QDialog, #welcome, #page { background: @window; }
QDialog#reading, #reading #page { background: @surface; }
QTextBrowser[kind="reading"] { background: @surface; border: none; selection-background-color: @accent;
  selection-color: @on_accent; }
QToolTip { background: @surface; color: @text; border: 1px solid @line; padding: 5px; }
QLabel[tone="soft"] { color: @soft; }
QLabel[tone="error"] { color: @error; }
QLabel[tone="warn"] { color: @warn; }
QLabel[tone="here"] { color: @here; }
QLabel[tone="accent"] { color: @accent; }
#header { background: @surface; border: none; border-bottom: 1px solid @line; }
#people { background: @window; border: none; border-left: 1px solid @line; }
#card, #choice, #sheet { background: @surface; border: 1px solid @line; border-radius: @radius; }
#pinned { background: @banner; border: 1px solid @line; border-radius: @radius; }
#digest { background: @surface; border: 1px solid @line; border-radius: @radius; }
#pinned[urgent="true"] { border: 2px solid @accent; }
#pinned QLabel { color: @on_banner; background: transparent; }
#composer { background: @surface; border: 1px solid @field_line; border-radius: @radius; }
#composer[active="true"] { border: 2px solid @accent; }
#composer QPlainTextEdit { background: transparent; border: none; selection-background-color: @accent; }
#composer[sealed="true"] { background: @sealed; border: 1px solid @on_sealed; }
#composer[sealed="true"][active="true"] { border: 2px solid @on_sealed; }
#sealing { background: transparent; }
#sealing QLabel { color: @on_sealed; }
#answering { background: @accent_soft; border-radius: @small; }
#recorder { background: @window; border: 1px solid @line; border-radius: @small; }
#tile { background: @window; border: 1px solid @line; border-radius: @small; }
#answering QLabel { color: @on_accent_soft; }
#flyout, #signs { background: @window; border: 1px solid @field_line; }
#popup { background: @surface; border: 1px solid @field_line; }
#popup[urgent="true"] { border-left: 4px solid @accent; }
QLineEdit { background: @surface; border: 1px solid @field_line; border-radius: @small; padding: 7px 10px;
  selection-background-color: @accent; selection-color: @on_accent; }
QLineEdit:focus { border: 2px solid @accent; padding: 6px 9px; }
QPlainTextEdit[kind="field"] { background: @surface; border: 1px solid @field_line; border-radius: @small;
  padding: 5px 8px; }
QPlainTextEdit[kind="field"]:focus { border: 2px solid @accent; padding: 4px 7px; }
QTimeEdit { background: @surface; border: 1px solid @field_line; border-radius: @small; padding: 5px 8px; }
QTimeEdit QLineEdit { background: transparent; border: none; padding: 0; }
QTimeEdit::up-button, QTimeEdit::down-button { width: 0; border: none; }
QTimeEdit:focus { border: 2px solid @accent; padding: 4px 7px; }
QComboBox { background: @surface; border: 1px solid @field_line; border-radius: @small; padding: 7px 10px; }
QComboBox::drop-down { border: none; width: 28px; }
QComboBox::down-arrow { image: none; }
QComboBox:focus { border: 2px solid @accent; padding: 6px 9px; }
QLineEdit[wrong="true"] { border: 2px solid @error; padding: 6px 9px; }
QLineEdit[kind="quiet"] { background: transparent; border: 1px solid transparent; padding: 2px 5px; }
QLineEdit[kind="quiet"]:hover, QLineEdit[kind="quiet"][unsaid="true"] { background: @surface;
  border: 1px solid @field_line; }
QLineEdit[kind="quiet"]:focus { background: @surface; border: 2px solid @accent; padding: 1px 4px; }
QLineEdit[kind="quiet"][wrong="true"] { background: @surface; border: 2px solid @error; padding: 1px 4px; }
QLineEdit:disabled { color: @soft; }
QPushButton { background: @surface; color: @text; border: 1px solid @field_line; border-radius: @small;
  padding: 7px 14px; }
QPushButton:hover { background: @hover; border-color: @soft; }
QPushButton:pressed { background: @accent_soft; }
QPushButton:focus { border: 2px solid @accent; padding: 6px 13px; }
QPushButton:disabled { color: @soft; border-color: @line; background: @window; }
QPushButton[kind="primary"] { background: @accent; color: @on_accent; border: 1px solid @accent; font-weight: 600; }
QPushButton[kind="primary"]:hover { background: @accent_hover; border-color: @accent_hover; }
QPushButton[kind="primary"]:focus { border: 2px solid @text; }
QPushButton[kind="primary"]:disabled { background: @line; color: @soft; border-color: @line; }
QPushButton[kind="quiet"] { background: transparent; border: 1px solid transparent; padding: 6px 10px; }
QPushButton[kind="quiet"]:hover { background: @accent_soft; color: @on_accent_soft; }
QPushButton[kind="quiet"]:focus { border: 2px solid @accent; padding: 5px 9px; }
QPushButton[kind="quiet"]:checked { background: @accent_soft; color: @on_accent_soft; }
QPushButton[kind="quiet"]:disabled { background: transparent; }
QPushButton[kind="fold"] { background: transparent; border: 1px solid transparent; padding: 6px 7px;
  text-align: left; color: @soft; }
QPushButton[kind="fold"]:hover { background: @accent_soft; color: @on_accent_soft; }
QPushButton[kind="fold"]:focus { border: 2px solid @accent; padding: 5px 6px; }
QPushButton[kind="pill"] { background: @accent; color: @on_accent; border: 1px solid @accent; border-radius: 15px;
  padding: 5px 16px; font-weight: 600; }
QPushButton[kind="pill"]:hover { background: @accent_hover; }
QPushButton[kind="pill"]:focus { border: 2px solid @text; padding: 4px 15px; }
QPushButton#choice { text-align: left; padding: 0; border: 1px solid @line; background: @surface; }
QPushButton#choice:hover { border-color: @accent; background: @hover; }
QPushButton#choice:focus { border: 2px solid @accent; }
#banner { background: @banner; border: none; border-bottom: 1px solid @line; }
#banner QLabel { color: @on_banner; }
#banner QPushButton { color: @on_banner; }
QListView { background: @window; border: none; outline: none; }
QListView[kind="field"] { background: @surface; border: 1px solid @field_line; border-radius: @small; padding: 4px; }
QListView[kind="field"]:focus { border: 2px solid @accent; padding: 3px; }
QListView[kind="field"]::item { padding: 5px 4px; }
QCheckBox { spacing: 9px; }
QCheckBox::indicator:unchecked, QListView::indicator:unchecked { background: @surface; border: 1px solid @field_line;
  border-radius: 2px; width: 12px; height: 12px; }
QProgressBar { background: @line; border: none; border-radius: 2px; max-height: 4px; min-height: 4px; }
QProgressBar::chunk { background: @accent; border-radius: 2px; }
QSlider::groove:horizontal { background: @scroll; border-radius: 2px; height: 4px; }
QSlider::sub-page:horizontal { background: @accent; border-radius: 2px; }
QSlider::handle:horizontal { background: @accent; border-radius: 6px; width: 12px; margin: -4px 0; }
QSlider::handle:horizontal:focus { border: 2px solid @text; border-radius: 6px; width: 8px; }
QMenu { background: @surface; border: 1px solid @line; padding: 5px; }
QMenu::item { padding: 7px 26px 7px 14px; border-radius: @small; }
QMenu::item:selected { background: @accent_soft; color: @on_accent_soft; }
QMenu::item:disabled { color: @soft; }
QMenu::separator { height: 1px; background: @line; margin: 5px 8px; }
QScrollBar:vertical { background: transparent; width: @bar; margin: 0; }
QScrollBar::handle:vertical { background: @scroll; border-radius: 3px; margin: 2px 2px; min-height: 36px; }
QScrollBar::handle:vertical:hover { background: @field_line; }
QScrollBar::add-line, QScrollBar::sub-line { height: 0; width: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
"""
