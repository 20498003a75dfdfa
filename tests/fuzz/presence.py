"""Records of presence as a peer may send them: read, or one named error. Those read make a graph, whatever it is."""

from __future__ import annotations

import msgspec

from deskblog import limits
from deskblog.log import codec
from deskblog.net import presence as p
from deskblog.net.overlay import Overlay
from deskblog.values import DeviceKey
from tests.fuzz import world
from tests.log.chronicle import device, keys


def read(data: bytes) -> None:
    """Each record is one item of an array: what one device says may be about any other."""
    records = [p.read_record(raw) for raw in codec.decode(data, tuple[bytes, ...], limits.FRAME)[:16]]
    me = device("anne")
    held = {DeviceKey(record.device): record for record in records}
    links = {device("bruno"): True, **{other: False for other in sorted(held)[:4] if other != me}}
    overlay = Overlay(me, links, held)
    assert sorted(d for site in overlay.sites for d in site.devices) == sorted(overlay.here)


def seeds() -> list[bytes]:
    """Two neighbours and one behind them."""
    plain = p.Record(1, device("bruno"), 1, 1, p.HERE, "Lille", 20140, ("10.0.0.1",), (), ())
    near = tuple(sorted(key[: p.PREFIX] for key in (device("anne"), device("chloe"))))
    bruno = msgspec.structs.replace(plain, near=near)
    chloe = msgspec.structs.replace(plain, device=device("chloe"), far=(device("bruno")[: p.PREFIX],))
    signed = [
        p.write_record(keys(name), world.office().id, one) for name, one in (("bruno", bruno), ("chloe", chloe))
    ]
    return [codec.encode([raw for raw, _signature in signed])]
