"""The keys there are: one table, which binds them where they act and is shown as the page “Keyboard”.

A place is a window, a field or a list; what a key does there has a name. As a key is bound or looked up by that name
and in no other way, the page cannot say what is not so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from deskblog.i18n import _

Standard = QKeySequence.StandardKey
Key = str | QKeySequence.StandardKey  # Qt's own are what each system has for it
KEYS: Final[Mapping[str, Mapping[str, tuple[Key, ...]]]] = {
    "window": {
        "write": (Standard.New,),
        "search": (Standard.Find,),
        "all": ("Esc",),
        "read-all": ("Shift+Esc",),
        "preferences": ("Ctrl+,",),
        "keyboard": ("F1", "Ctrl+?"),
        "quit": (Standard.Quit,),
    },
    "field": {
        "post": ("Return", "Enter"),
        "at-once": ("Ctrl+Return", "Ctrl+Enter"),
        "line": ("Shift+Return", "Shift+Enter"),
        "leave": ("Esc",),
    },
    "offer": {
        "take": ("Tab", "Return", "Enter"),
    },
    "post": {
        "unfold": ("Return", "Enter"),
        "answer": ("A",),
        "react": ("R",),
        "keep": ("B",),
        "open": ("O",),
        "correct": ("E",),
        "copy": (Standard.Copy,),
        "withdraw": (Standard.Delete,),
    },
    "item": {
        "read": ("Return", "Enter"),
        "share": ("S",),
        "open": ("O",),
        "keep": ("B",),
        "copy": (Standard.Copy,),
    },
    "article": {
        "larger": (Standard.ZoomIn, "Ctrl+="),
        "smaller": (Standard.ZoomOut,),
        "usual": ("Ctrl+0",),
        "share": ("S",),
        "open": ("O",),
        "keep": ("B",),
    },
    "feeds": {
        "show": ("Return", "Enter"),
        "edit": ("F2",),
        "remove": (Standard.Delete,),
    },
    "photo": {
        "previous": ("Left",),
        "next": ("Right",),
        "close": ("Esc",),
    },
    "film": {
        "play": ("Space",),
        "back": ("Left",),
        "on": ("Right",),
        "close": ("Esc",),
    },
}


def places() -> dict[str, str]:
    """What each place is called, in the order of the page."""
    return {
        "window": _("In the window"),
        "field": _("While you write"),
        "offer": _("While something is offered beneath the caret"),
        "post": _("At a post"),
        "item": _("At an item of a feed"),
        "article": _("While you read an item"),
        "feeds": _("In the list of feeds"),
        "photo": _("At a photo"),
        "film": _("At a film"),
    }


def says() -> dict[tuple[str, str], str]:
    """What each key does there."""
    keep = _("Keep it at hand, or no more")
    return {
        ("window", "write"): _("Write a post"),
        ("window", "search"): _("Search"),
        ("window", "all"): _("Back to all posts"),
        ("window", "read-all"): _("Mark everything as read"),
        ("window", "preferences"): _("Preferences"),
        ("window", "keyboard"): _("This page"),
        ("window", "quit"): _("Quit"),
        ("field", "post"): _("Post it"),
        ("field", "at-once"): _("Post it at once, without the time to take it back"),
        ("field", "line"): _("Begin a line"),
        ("offer", "take"): _("Take the name, tag or emoji that is marked"),
        ("field", "leave"): _("Leave the field; what is written stays"),
        ("post", "unfold"): _("Show its answers, or its thread"),
        ("post", "answer"): _("Answer"),
        ("post", "react"): _("Put a sign there"),
        ("post", "keep"): keep,
        ("post", "open"): _("Open its photo or file"),
        ("post", "correct"): _("Correct what you wrote"),
        ("post", "copy"): _("Copy its text"),
        ("post", "withdraw"): _("Withdraw what you wrote"),
        ("item", "read"): _("Read it here"),
        ("item", "share"): _("Share it with your opinion"),
        ("item", "open"): _("Open it on its site"),
        ("item", "keep"): keep,
        ("item", "copy"): _("Copy its text"),
        ("article", "larger"): _("Larger text"),
        ("article", "smaller"): _("Smaller text"),
        ("article", "usual"): _("Text of the usual size"),
        ("article", "share"): _("Share it with your opinion"),
        ("article", "open"): _("Open it on its site"),
        ("article", "keep"): keep,
        ("feeds", "show"): _("Show what it brought"),
        ("feeds", "edit"): _("Change it"),
        ("feeds", "remove"): _("Follow it no more"),
        ("photo", "previous"): _("The one before"),
        ("photo", "next"): _("The next one"),
        ("photo", "close"): _("Close it"),
        ("film", "play"): _("Play, or pause"),
        ("film", "back"): _("Five seconds back"),
        ("film", "on"): _("Five seconds on"),
        ("film", "close"): _("Close it"),
    }


def sequences(place: str, name: str) -> list[QKeySequence]:
    """All keys that do this there on this system; there may be none."""
    found: dict[str, QKeySequence] = {}
    for key in KEYS[place][name]:
        for one in [QKeySequence(key)] if isinstance(key, str) else QKeySequence.keyBindings(key):
            found.setdefault(one.toString(QKeySequence.SequenceFormat.PortableText), one)
    return list(found.values())


def bind(window: QWidget, place: str, acts: Mapping[str, Callable[[], object]]) -> None:
    """Shortcuts of a window, one for each name of its place."""
    for name in KEYS[place]:
        made = QShortcut(window)
        made.setKeys(sequences(place, name))
        made.activated.connect(acts[name])


def name_of(place: str, event: QKeyEvent) -> str:
    """What a pressed key means there; empty: nothing."""
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    pressed = QKeySequence(QKeyCombination(held, Qt.Key(event.key())))
    return next((name for name in KEYS[place] if pressed in sequences(place, name)), "")
