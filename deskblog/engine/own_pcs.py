"""One's own PCs by the act that let each in: one that was out and is let in again lacks what was said meanwhile.

What a device wrote beyond the border of its removal counts no more, and nothing is sealed to it while it is out. So
after it is back both sides have to say again what they said once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from msgspec import Struct

from deskblog.log.office import Office
from deskblog.values import DeviceKey

KEY = "own-pcs"


class OwnPcs(Struct, frozen=True):
    """`admitted`: of each device that ever was in, the act (hex) by which it was last, and when the first one let it
    in (UTC ms, by the clock of whoever wrote that)."""

    admitted: dict[DeviceKey, tuple[str, int]]

    def first_let_in(self, devices: Iterable[DeviceKey]) -> int:
        """When the first of these was let in for the first time, UTC ms; 0: none was."""
        return min((self.admitted[one][1] for one in devices if one in self.admitted), default=0)


def read_own_pcs(text: str) -> OwnPcs:
    """What `kept` wrote; "": nothing yet."""
    found = json.loads(text) if text else {}
    return OwnPcs({DeviceKey(bytes.fromhex(device)): (act, first) for device, (act, first) in found.items()})


def kept(pcs: OwnPcs) -> str:
    return json.dumps({device.hex(): admitted for device, admitted in sorted(pcs.admitted.items())})


def seen_now(before: OwnPcs, office: Office, devices: Iterable[DeviceKey]) -> tuple[OwnPcs, bool]:
    """(with those that are in now, whether one of them is back by another act than it was in by before)."""
    now, back = dict(before.admitted), False
    for device in devices:
        act = office.admission_of(device)
        if act is None:
            continue
        last, first = before.admitted.get(device, (act.hex(), office.acts[act].time))
        back = back or last != act.hex()
        now[device] = (act.hex(), first)
    return OwnPcs(now), back
