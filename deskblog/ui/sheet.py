"""The stylesheet of the whole program; its colours and sizes are filled in."""

from __future__ import annotations

import re
from typing import Final

from msgspec.structs import asdict

from deskblog.ui.focus_sheet import FOCUS
from deskblog.ui.palettes import Colours

RADIUS: Final = 10  # logical pixels
RADIUS_SMALL: Final = 7
SCROLL: Final = 10


def sheet(c: Colours, *, zoom: float = 1.0, moves: bool = True) -> str:
    """In one palette, at one size of text."""
    values = {
        **asdict(c),
        "radius": f"{RADIUS}px",
        "small": f"{RADIUS_SMALL}px",
        "bar": f"{SCROLL}px",
        "box": f"{round(12 * zoom)}px",
        "round": f"{round(12 * zoom) // 2 + 1}px",
        "ring": f"{round(4 * zoom)}px",
        "dot": f"{round(12 * zoom) + 2 - 2 * round(4 * zoom)}px",
        "arrow": f"{round(28 * zoom)}px",
    }
    words = _SHEET + FOCUS
    words = words if not c.contrast else re.sub(r":focus[^{]*\{[^}]*\}", _stronger, words) + _CONTRAST
    words = words if moves else words + _STILL
    return re.sub(r"@(\w+)", lambda found: str(values[found[1]]), words)


def _stronger(rule: re.Match[str]) -> str:
    """A frame of three pixels around what has the focus; what is inside stays where it is."""
    wider = rule[0].replace("border: 2px", "border: 3px")
    if wider == rule[0]:
        return wider
    inside = re.search(r"padding: (\d+)px (\d+)px", wider)
    if inside is None:
        return wider
    high, wide = (max(0, int(size) - 1) for size in inside.groups())
    return wider.replace(inside[0], f"padding: {high}px {wide}px")


_SHEET = """
QMainWindow, QDialog, #welcome, #page { background: @window; }
QDialog#reading, #reading #page { background: @surface; }
QTextBrowser[kind="reading"] { background: @surface; border: none; selection-background-color: @accent;
  selection-color: @on_accent; }
QLabel[kind="key"] { background: @window; border: 1px solid @field_line; border-radius: 4px; padding: 2px 7px; }
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
#flyout { background: @window; border: 1px solid @field_line; }
#signs, #completion { background: @surface; border: 1px solid @line; }
#completion::item { padding: 6px 10px; border-radius: @small; }
#completion::item:selected { background: @accent_soft; color: @on_accent_soft; }
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
QComboBox { background: @surface; border: 1px solid @field_line; border-radius: @small; padding: 7px 12px; }
QComboBox::drop-down { border: none; width: @arrow; }
QComboBox::down-arrow { image: none; }
QComboBox:focus { border: 2px solid @accent; padding: 6px 11px; }
QLineEdit[wrong="true"] { border: 2px solid @error; padding: 6px 9px; }
QLineEdit[kind="quiet"] { background: transparent; border: 1px solid transparent; padding: 0 5px; }
QLineEdit[kind="quiet"]:hover, QLineEdit[kind="quiet"][unsaid="true"] { background: @surface;
  border: 1px solid @field_line; }
QLineEdit[kind="quiet"]:focus { background: @surface; border: 2px solid @accent; padding: 0 4px; }
QLineEdit[kind="quiet"][wrong="true"] { background: @surface; border: 2px solid @error; padding: 0 4px; }
QLineEdit:disabled, QLabel:disabled { color: @soft; }
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
QPushButton[kind="pill"] { background: @accent; color: @on_accent; border: 1px solid @accent; border-radius: 13px;
  padding: 5px 16px; font-weight: 600; }
QPushButton[kind="pill"]:hover { background: @accent_hover; }
QPushButton[kind="pill"]:focus { border: 2px solid @text; padding: 4px 15px; }
QPushButton#choice { text-align: left; padding: 0; border: 1px solid @line; background: @surface; }
QPushButton#choice:hover { border-color: @accent; background: @hover; }
QPushButton#choice:focus { border: 2px solid @accent; }
#tour { background: @accent_soft; border: none; border-bottom: 1px solid @line; }
#tour QLabel { color: @on_accent_soft; }
#banner { background: @banner; border: none; border-bottom: 1px solid @line; }
#banner QLabel { color: @on_banner; }
#banner QPushButton { color: @on_banner; }
QListView { background: @window; border: none; outline: none; }
QListView[kind="field"] { background: @surface; border: 1px solid @field_line; border-radius: @small; padding: 4px; }
QListView[kind="field"]:focus { border: 2px solid @accent; padding: 3px; }
QListView[kind="field"]::item { padding: 5px 4px; }
QCheckBox { spacing: 9px; }
QCheckBox::indicator, QListView::indicator { background: @surface; border: 1px solid @field_line; border-radius: 2px;
  width: @box; height: @box; }
QCheckBox::indicator:checked, QListView::indicator:checked { background: @accent; border: 1px solid @accent; }
QCheckBox::indicator:checked:disabled, QListView::indicator:checked:disabled { background: @line;
  border: 1px solid @line; }
QRadioButton { spacing: 9px; }
QRadioButton::indicator { background: @surface; border: 1px solid @field_line; border-radius: @round;
  width: @box; height: @box; }
QRadioButton::indicator:checked { background: @on_accent; border: @ring solid @accent; width: @dot; height: @dot; }
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
QScrollBar:horizontal { background: transparent; height: @bar; margin: 0; }
QScrollBar::handle:horizontal { background: @scroll; border-radius: 3px; margin: 2px 2px; min-width: 36px; }
QScrollBar::add-line, QScrollBar::sub-line { height: 0; width: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
"""

_CONTRAST = """
QPushButton[kind="primary"]:focus, QPushButton[kind="pill"]:focus { background: @on_accent; color: @accent;
  border: 3px solid @accent; }
QPushButton[kind="quiet"], QPushButton[kind="fold"] { border: 1px solid @soft; }
QPushButton[kind="quiet"]:hover, QPushButton[kind="fold"]:hover { border: 1px solid @accent; }
QPushButton[kind="quiet"]:checked { border: 2px solid @accent; padding: 5px 9px; }
QPushButton[kind="quiet"]:focus { border: 3px solid @accent; padding: 4px 8px; }
QPushButton[kind="fold"]:focus { border: 3px solid @accent; padding: 4px 5px; }
QLineEdit[kind="quiet"] { border: 1px solid @soft; }
QPushButton:disabled, QPushButton[kind="primary"]:disabled { background: @surface; color: @soft;
  border: 1px dashed @soft; }
QPushButton[kind="quiet"]:disabled { border: 1px dashed @soft; }
QMenu { border: 2px solid @line; }
QMenu::item:selected, #completion::item:selected { background: @accent; color: @on_accent; }
#flyout, #signs, #completion, #popup { border: 2px solid @line; }
QCheckBox::indicator:checked:disabled, QListView::indicator:checked:disabled { background: @surface;
  border: 1px dashed @soft; }
QProgressBar { background: @surface; border: 1px solid @line; }
QSlider::groove:horizontal { background: @soft; }
QCheckBox:focus { color: @accent; }
"""

_STILL = """
QProgressBar, QScrollBar, QComboBox, QAbstractItemView, QCheckBox, QPushButton { widget-animation-duration: 0; }
"""
