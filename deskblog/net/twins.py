"""Two PCs with one key: a copied disk, a cloned folder. Told by their run numbers, which each draws at its start.

A device that starts anew comes back with another run number, and its old one is never seen again. If it is, both are
alive: that is a copy, or a thief.
"""

from __future__ import annotations

from collections import OrderedDict

from deskblog import limits
from deskblog.values import DeviceKey


class Twins:
    """Run numbers that were replaced by another of the same device."""

    def __init__(self) -> None:
        self._replaced: OrderedDict[tuple[DeviceKey, bytes], None] = OrderedDict()

    def replaced(self, device: DeviceKey, run_number: bytes) -> None:
        """The device has come with another run number than this."""
        self._replaced[device, run_number] = None
        if len(self._replaced) > limits.RUN_NUMBERS:
            self._replaced.popitem(last=False)

    def come_back(self, device: DeviceKey, run_number: bytes) -> bool:
        """True if this run was thought to be over: there are two of that device."""
        return (device, run_number) in self._replaced
