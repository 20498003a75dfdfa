"""A combination of keys, as a person writes it, and what each system calls it."""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence

from deskblog.errors import Refused
from deskblog.i18n import _

FUNCTION_KEYS = 24
_M = Qt.KeyboardModifier
SHIFT, CTRL, ALT, META = _M.ShiftModifier, _M.ControlModifier, _M.AltModifier, _M.MetaModifier
ON_X = ((SHIFT, 1), (CTRL, 4), (ALT, 8), (META, 64))
ON_WINDOWS = ((ALT, 1), (CTRL, 2), (SHIFT, 4), (META, 8))
IN_PORTAL = ((CTRL, "CTRL"), (ALT, "ALT"), (SHIFT, "SHIFT"), (META, "LOGO"))


class Keys(Struct, frozen=True):
    """`key`: a letter, a digit, the space bar or F1 to F24, as Qt numbers them."""

    key: int
    modifiers: Qt.KeyboardModifier

    @property
    def _function(self) -> int:
        """3 of F3; 0 of another key."""
        number = self.key - Qt.Key.Key_F1.value + 1
        return number if 1 <= number <= FUNCTION_KEYS else 0

    @property
    def symbol(self) -> int:
        """As X numbers what stands on keys."""
        return 0xFFBD + self._function if self._function else ord(chr(self.key).lower())

    @property
    def virtual(self) -> int:
        """As Windows numbers keys."""
        return 0x6F + self._function if self._function else self.key

    @property
    def trigger(self) -> str:
        """As the portals of Wayland write it."""
        name = f"F{self._function}" if self._function else "space" if self.key == 32 else chr(self.key).lower()
        return "+".join([*(word for modifier, word in IN_PORTAL if modifier in self.modifiers), name])

    def mask(self, names: tuple[tuple[Qt.KeyboardModifier, int], ...]) -> int:
        return sum(number for modifier, number in names if modifier in self.modifiers)


def keys_of(text: str) -> Keys:
    """Of “Meta+Shift+D”, say. Refused, in words, where it would take a key from whoever types."""
    sequence = QKeySequence(text, QKeySequence.SequenceFormat.PortableText)
    if sequence.count() != 1:
        raise Refused(_("“{keys}” is no combination of keys.").format(keys=text), next_step=_advice())
    pressed = sequence[0]  # type: ignore[index]  # it is
    made = Keys(pressed.key().value, pressed.keyboardModifiers())
    plain = made.key < 128 and (chr(made.key).isalnum() or made.key == 32)
    if not plain and not made._function:
        raise Refused(_("“{keys}” is no key for this.").format(keys=text), next_step=_advice())
    if CTRL in made.modifiers and ALT in made.modifiers:
        raise Refused(
            _("Ctrl and Alt together write letters on many keyboards."), next_step=_("Take another combination.")
        )
    if not made.modifiers & (CTRL | ALT | META):
        raise Refused(_("“{keys}” is needed for writing.").format(keys=text), next_step=_advice())
    return made


def _advice() -> str:
    return _("Take a letter, a digit or F1 to F24 with Ctrl, Alt or the Windows key, such as {keys}.").format(
        keys="Meta+Shift+D"
    )
