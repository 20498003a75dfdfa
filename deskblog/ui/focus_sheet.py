"""How one sees where the keyboard is: by three to one against how the same thing looks without it (WCAG 2.4.13)."""

from __future__ import annotations

from typing import Final

# What is filled with the accent has no edge that could become more so: a ring within it, in the colour of its words.
FOCUS: Final = """
QCheckBox, QRadioButton { border: 2px solid transparent; border-radius: 5px; padding: 1px 3px; }
QCheckBox:focus, QRadioButton:focus { border-color: @accent; }
QPushButton[kind="primary"]:focus, QPushButton[kind="pill"]:focus { border: 2px solid @on_accent; }
"""
