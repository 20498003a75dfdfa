"""The palettes: every colour of the window, by day, by night, and twice with the highest contrast.

Our own, because Qt's dark switch does nothing on a bare X11 desktop. Colours that carry words are named in PAIRS with
what they stand on; each pair has a contrast of 4.5 or more (WCAG AA), and of 7 where a person asks for more.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct


class Colours(Struct, frozen=True):
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
    contrast: bool = False  # borders are to be seen, and the focus from afar


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
CONTRAST_LIGHT: Final = Colours(
    dark=False,
    window="#ffffff",
    surface="#ffffff",
    hover="#f0f0f0",
    mine="#ffffff",
    line="#000000",
    field_line="#000000",
    text="#000000",
    soft="#202020",
    accent="#0000b4",
    accent_hover="#000070",
    on_accent="#ffffff",
    accent_soft="#dcdcff",
    on_accent_soft="#000050",
    sealed="#eef2ff",
    on_sealed="#001a52",
    feed="#f4f4f4",
    feed_hover="#e8e8e8",
    found="#ffe600",
    here="#004a1a",
    warn="#583200",
    error="#8a0000",
    banner="#fff3c4",
    on_banner="#000000",
    scroll="#000000",
    contrast=True,
)
CONTRAST_DARK: Final = Colours(
    dark=True,
    window="#000000",
    surface="#000000",
    hover="#1c1c1c",
    mine="#000000",
    line="#ffffff",
    field_line="#ffffff",
    text="#ffffff",
    soft="#e4e4e4",
    accent="#ffd54a",
    accent_hover="#ffe48c",
    on_accent="#000000",
    accent_soft="#3d3000",
    on_accent_soft="#ffecb0",
    sealed="#00133a",
    on_sealed="#d2e2ff",
    feed="#101010",
    feed_hover="#202020",
    found="#5c4300",
    here="#84ffb4",
    warn="#ffd080",
    error="#ffb8b0",
    banner="#332a00",
    on_banner="#ffffff",
    scroll="#ffffff",
    contrast=True,
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
