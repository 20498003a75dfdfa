"""How large something is, and how long it lasts, in words."""

from __future__ import annotations

from deskblog.i18n import _

_KILO = 1000


def size_text(size: int) -> str:
    """“340 kB”, “2.4 MB”; bytes in, as file managers count them."""
    if size < 100 * _KILO:
        return _("{n} kB").format(n=max(1, round(size / _KILO)))
    if size < _KILO * _KILO:
        return _("{n} kB").format(n=round(size / _KILO / 10) * 10)
    whole, tenth = divmod(round(size / _KILO / _KILO * 10), 10)
    number = _("{whole}.{tenth}").format(whole=whole, tenth=tenth) if whole < 10 and tenth else f"{whole}"
    return _("{n} MB").format(n=number)


def length_text(seconds: int) -> str:
    """“0:07”, “12:30”."""
    return f"{seconds // 60}:{seconds % 60:02}"
