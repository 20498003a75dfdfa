"""One combination of keys that has the quick post up from any program. There is none unless the person wants one.

X11 grabs the key; Windows registers it; under Wayland the desktop's portal is asked, and has the person decide. macOS
lets no program do so unasked: there, as anywhere, the system's own settings can run `deskblog --compose`. What stands
here for Windows was written from its documentation and has never run.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import sys
from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QCoreApplication, QObject, QSocketNotifier, Signal
from PySide6.QtGui import QGuiApplication

from deskblog import xcb
from deskblog.errors import Refused
from deskblog.i18n import _
from deskblog.ui.bridge import Bridge
from deskblog.ui.combination import ON_WINDOWS, ON_X, Keys, keys_of

KEY = "hotkey"
PROPOSED = "Meta+Shift+D"


class Way(Protocol):
    """How a system does it; it ends when it is stopped."""

    def stop(self) -> None: ...


class Hotkey(QObject):
    """`pressed`: the keys were, in whatever program. `settled`: `works` and `why_not` hold for the keys in `keys`."""

    pressed = Signal()
    settled = Signal()
    _told = Signal(str, str)  # from the engine's thread: "pressed" and a token, or "settled" and why it does not work

    def __init__(self, bridge: Bridge, parent: QObject | None = None, platform: str = "") -> None:
        """`platform`: Qt's name for what it draws on, by default the one it does."""
        super().__init__(parent)
        self._bridge, self._platform = bridge, platform or QGuiApplication.platformName()
        self._way: Way | None = None
        self.keys, self.works, self.why_not = "", False, ""
        self._told.connect(self._hear)

    def load(self) -> None:
        """What the person chose earlier takes effect."""
        self._bridge.ask(self._bridge.engine.remembered(KEY), self.use)

    def choose(self, keys: str) -> None:
        """From now on these keys, "" for none. Refused, in words, and all as it was, if they cannot be."""
        if keys:
            keys_of(keys)
        self._bridge.ask(self._bridge.engine.remember(KEY, keys))
        self.use(keys)

    def use(self, keys: str) -> None:
        self.stop()
        self.keys = keys
        if not keys:
            self._settle("")
            return
        try:
            self._way = self._begin(keys_of(keys))
        except Refused as fault:
            self._settle(str(fault))
            return
        except OSError:
            self._settle(_unable())
            return
        if not isinstance(self._way, _Portal):
            self._settle("")

    def stop(self) -> None:
        """The keys are everybody's again."""
        if self._way is not None:
            self._way.stop()
        self._way = None

    def _settle(self, why_not: str) -> None:
        self.works, self.why_not = bool(self.keys) and not why_not, why_not
        self.settled.emit()

    def _hear(self, what: str, more: str) -> None:
        if what == "pressed":
            if more:
                os.environ["XDG_ACTIVATION_TOKEN"] = more  # Qt takes it from there when a window is activated next
            self.pressed.emit()
        elif self._way is not None:
            self._settle(more)

    def _begin(self, keys: Keys) -> Way:
        platform = self._platform
        if sys.platform == "win32":
            return _Windows(keys, self.pressed.emit)
        if platform == "xcb":
            return _X(keys, self.pressed.emit)
        if sys.platform == "linux" and platform.startswith("wayland"):
            return _Portal(keys, self._bridge, self._told.emit)
        raise Refused(_unable())


def _unable() -> str:
    return _(
        "This system gives no keys to programs. In its own keyboard settings a shortcut can run “deskblog --compose”."
    )


def _taken() -> Refused:
    return Refused(_("Another program has these keys."), next_step=_("Take another combination."))


class _X:
    """The key is grabbed, with and without the locks that count as modifiers there."""

    LOCKS = (0, 2, 16, 18)  # caps lock, num lock, both

    def __init__(self, keys: Keys, pressed: Callable[[], None]) -> None:
        self._keys, self._pressed = keys, pressed
        self._screen = xcb.Screen()
        self._held: list[tuple[int, int]] = []
        self._grab()
        self._notifier = QSocketNotifier(self._screen.fd, QSocketNotifier.Type.Read)
        self._notifier.activated.connect(lambda *_at: self._read())

    def _grab(self) -> None:
        mask = self._keys.mask(ON_X)
        for code in self._screen.codes(self._keys.symbol):
            for lock in self.LOCKS:
                if not self._screen.grab(code, mask | lock):
                    self._screen.close()
                    raise _taken()
                self._held.append((code, mask | lock))
        if not self._held:
            raise Refused(_("This keyboard has no such key."), next_step=_("Take another combination."))

    def _read(self) -> None:
        try:
            events = list(self._screen.events())
        except OSError:
            self._notifier.setEnabled(False)
            return
        if any(event.kind == xcb.KEY_PRESS for event in events):
            self._pressed()
        if any(event.kind == xcb.MAPPING for event in events):
            self._move()

    def _move(self) -> None:
        """The keyboard is laid out otherwise: the letter may be on another key."""
        for code, mask in self._held:
            self._screen.let_go(code, mask)
        self._held.clear()
        try:
            self._grab()
        except Refused:
            self._notifier.setEnabled(False)

    def stop(self) -> None:
        self._notifier.setEnabled(False)
        self._screen.close()


class _Windows(QAbstractNativeEventFilter):
    """Registered for this thread, whose messages Qt hands on."""

    HOTKEY, IDENT, NO_REPEAT = 0x0312, 0xDB, 0x4000

    def __init__(self, keys: Keys, pressed: Callable[[], None]) -> None:
        super().__init__()
        self._pressed = pressed
        modifiers = keys.mask(ON_WINDOWS) | self.NO_REPEAT
        if not _user().RegisterHotKey(None, self.IDENT, modifiers, keys.virtual):
            raise _taken()
        app = QCoreApplication.instance()
        if app is not None:
            app.installNativeEventFilter(self)

    def nativeEventFilter(self, _kind: QByteArray | bytes | bytearray | memoryview, message: int) -> object:
        from ctypes import wintypes

        sent = wintypes.MSG.from_address(int(message))
        if sent.message == self.HOTKEY and sent.wParam == self.IDENT:
            self._pressed()
        return False, 0

    def stop(self) -> None:
        app = QCoreApplication.instance()
        if app is not None:
            app.removeNativeEventFilter(self)
        _user().UnregisterHotKey(None, self.IDENT)


def _user() -> Any:
    """OSError if it is not there."""
    if sys.platform == "win32":
        return ctypes.WinDLL("user32")
    raise OSError("user32")


class _Portal:
    """The desktop is asked on the engine's loop, and answers when the person has."""

    def __init__(self, keys: Keys, bridge: Bridge, told: Callable[[str, str], None]) -> None:
        self._bridge, self._told = bridge, told
        self._task: asyncio.Task[Any] | None = None
        self._bridge.ask(self._hold(keys.trigger))

    async def _hold(self, trigger: str) -> None:
        from deskblog.attention.shortcut import Lacking, Shortcut

        self._task = asyncio.current_task()
        shortcut = Shortcut(lambda token: self._told("pressed", token))
        try:
            await shortcut.hold(trigger, _("A quick post"), lambda: self._told("settled", ""))
        except Lacking as fault:
            declined = _("Your desktop was told not to give deskblog these keys.")
            self._told("settled", declined if fault.declined else _unable())

    def stop(self) -> None:
        self._bridge.call(self._cancel)

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()
