"""Preferences of how deskblog stands on the desktop: it begins with the session, and keys call it from anywhere."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker
from PySide6.QtGui import QKeySequence

from deskblog import autostart
from deskblog.errors import UserError
from deskblog.i18n import _
from deskblog.ui.hotkey import PROPOSED, Hotkey
from deskblog.ui.setting import Options, Section, Setting
from deskblog.ui.switch import Switch

OFFERED = (PROPOSED, "Meta+Shift+Space", "Ctrl+Shift+F12")  # free on the usual desktops, and on every keyboard
Refuse = Callable[[UserError], None]


class OnTheDesktop(Section):
    """`folder`: the data folder, if not the usual one."""

    def __init__(
        self, hotkey: Hotkey, refuse: Refuse, folder: str = "", entry: autostart.Entry | None = None
    ) -> None:
        super().__init__(_("On the desktop"))
        self._hotkey, self._refuse, self._folder, self._entry = hotkey, refuse, folder, entry
        self.session = Switch()
        self.session.setChecked(autostart.is_on(entry))
        self.session.toggled.connect(self._begin)
        more = _("It then waits in the background, and you hear of what colleagues write from the morning on.")
        self.add(Setting(_("Start with the session"), more, self.session, words=_("autostart, login, boot")))
        now = hotkey.keys
        choices = [(_("None"), ""), *((native(keys), keys) for keys in dict.fromkeys([*OFFERED, now]) if keys)]
        self.keys = Options(choices, now)
        self.keys.picked.connect(self._choose)
        self._calling = Setting(_("Keys for a quick post"), "", self.keys, words=_("hotkey, shortcut, keyboard"))
        self.add(self._calling)
        hotkey.settled.connect(self._explain)
        self._explain()

    def _begin(self, on: bool) -> None:
        try:
            autostart.turn(on, self._folder, self._entry)
        except UserError as fault:
            with QSignalBlocker(self.session):
                self.session.setChecked(not on)
            self._refuse(fault)

    def _choose(self, keys: str) -> None:
        try:
            self._hotkey.choose(keys)
        except UserError as fault:
            self.keys.take(self._hotkey.keys)
            self._refuse(fault)

    def _explain(self) -> None:
        """What they do, or why they do nothing here."""
        usual = _("From whatever program; Esc leads back there.")
        self._calling.say(self._hotkey.why_not or usual)


def native(keys: str) -> str:
    """As this system writes them."""
    sequence = QKeySequence(keys, QKeySequence.SequenceFormat.PortableText)
    return sequence.toString(QKeySequence.SequenceFormat.NativeText)
