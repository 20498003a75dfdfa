"""Two channels, one list: a device is one target, gone when neither has it any more."""

from __future__ import annotations

from ipaddress import IPv4Interface

from deskblog import limits
from deskblog.net.interfaces import Interface, Interfaces
from deskblog.net.neighbours import Neighbours
from deskblog.net.sighting import SERVICE, Sighting, instance_name
from deskblog.values import DeviceKey

PAUL = DeviceKey(bytes(range(32)))
NAME = f"{instance_name(PAUL)}.{SERVICE}"


def sighting(*hosts: str, digits: str = "") -> Sighting:
    return Sighting(NAME, PAUL, "ab", digits, tuple((host, 20140) for host in hosts))


class Told:
    """Both channels' ends in hand, and what came out."""

    def __init__(self) -> None:
        self.seen: list[Sighting] = []
        self.gone: list[str] = []
        self.both = Neighbours(self.seen.append, self.gone.append)
        self.both._here = Interfaces((Interface("eth0", 2, (IPv4Interface("10.0.0.7/24"),), ()),))
        self.mdns, self.beacon = self.both._mdns, self.both._beacon


async def test_a_device_heard_by_both_is_one_with_the_addresses_of_both_near_ones_first() -> None:
    told = Told()
    told.mdns._seen(sighting("172.16.0.8", "10.0.0.8"))
    told.beacon._seen(sighting("10.0.0.9", digits="472"))
    assert [host for host, _port in told.seen[-1].addresses] == ["10.0.0.9", "10.0.0.8", "172.16.0.8"]
    assert told.seen[-1].code_digits == "472", "what was said last holds"


async def test_neither_channel_pushes_the_others_addresses_out() -> None:
    told = Told()
    told.mdns._seen(sighting(*(f"10.0.0.{n}" for n in range(100, 100 + limits.ADDRESSES))))
    told.beacon._seen(sighting("10.0.0.9"))
    assert ("10.0.0.9", 20140) in told.seen[-1].addresses
    assert len(told.seen[-1].addresses) == limits.ADDRESSES


async def test_a_device_is_gone_when_neither_has_it() -> None:
    told = Told()
    told.mdns._seen(sighting("10.0.0.8"))
    told.beacon._seen(sighting("10.0.0.9"))
    told.mdns._gone(NAME)
    assert told.seen[-1] == sighting("10.0.0.9") and told.gone == []
    told.mdns._gone(NAME)
    assert told.gone == []
    told.beacon._gone(NAME)
    assert told.gone == [NAME]
