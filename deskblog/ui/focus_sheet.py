"""How one sees where the keyboard is, by three to one against the same thing without it or against what is around it;
and what is switched on, by more than its colour."""

from __future__ import annotations

from typing import Final

# What is filled with the accent has no edge that could become more so: it gets a thick one in the colour of words.
FOCUS: Final = """
QCheckBox, QRadioButton { border: 2px solid transparent; border-radius: 5px; padding: 1px 3px 1px 1px; }
QCheckBox:focus, QRadioButton:focus { border-color: @accent; }
QPushButton[kind="primary"]:focus { border: 3px solid @text; padding: 5px 12px; }
QPushButton[kind="pill"]:focus { border: 3px solid @text; padding: 3px 14px; }
QPushButton[kind="quiet"]:checked { border: 1px solid transparent; border-bottom: 2px solid @accent;
  padding: 6px 10px 5px 10px; }
QPushButton[kind="quiet"]:checked:focus { border: 2px solid @accent; padding: 5px 9px; }
"""
