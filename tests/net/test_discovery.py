"""What mDNS says of a colleague is a hint: bounded, cleaned, never oneself, and it names nobody."""

from __future__ import annotations

import asyncio
from ipaddress import IPv4Interface

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zeroconf.asyncio import AsyncServiceInfo

from deskblog import limits
from deskblog.net import discovery
from deskblog.net.discovery import Discovery
from deskblog.net.interfaces import Interface, Interfaces
from deskblog.net.sighting import SERVICE, Announcement, diallable, instance_name, read_sighting
from deskblog.records import replace
from deskblog.values import DeviceKey

KEY = DeviceKey(bytes(range(32)))
NONE = Interfaces()


def at(*addresses: str) -> Interfaces:
    """A PC with one card that has these addresses, given with their prefix lengths."""
    v4 = tuple(IPv4Interface(address) for address in addresses)
    return Interfaces((Interface("eth0", 2, v4, ()),))


def service(addresses: list[str], port: int = 20140, words: dict[str, str] | None = None) -> AsyncServiceInfo:
    return AsyncServiceInfo(
        SERVICE, f"x.{SERVICE}", port=port, properties=words or {}, server="x.local.", parsed_addresses=addresses
    )


def test_a_service_is_read() -> None:
    found = read_sighting(service(["10.0.0.7"], words={"d": KEY.hex(), "o": "ab", "i": "472"}), NONE, 20140)
    assert found is not None
    assert (found.device, found.office_tag, found.code_digits) == (KEY, "ab", "472")
    assert found.addresses == (("10.0.0.7", 20140),)


@pytest.mark.parametrize("bad", ["127.0.0.1", "0.0.0.0", "224.0.0.251", "::1", "ff02::fb", "fe80::1", "no address"])
def test_nowhere_is_dialled_that_is_oneself_or_everybody(bad: str) -> None:
    assert not diallable(bad)


def test_own_addresses_are_dialled_only_for_a_second_user_of_this_pc() -> None:
    own = at("10.0.0.7/24")
    assert read_sighting(service(["10.0.0.7"], 20140), own, 20140) is None
    other = read_sighting(service(["10.0.0.7"], 20141), own, 20140)
    assert other is not None and other.addresses == (("10.0.0.7", 20141),)


def test_own_subnet_is_tried_first_and_few_addresses_are_kept() -> None:
    many = [f"10.9.{n}.1" for n in range(30)] + ["192.168.7.20"]
    own = at("192.168.7.3/24")
    found = read_sighting(service(["10.0.0.9", "192.168.7.20"]), own, 1)
    assert found is not None and found.addresses[0][0] == "192.168.7.20"
    flood = read_sighting(service(many), own, 1)
    assert flood is not None and len(flood.addresses) == limits.ADDRESSES


@given(st.dictionaries(st.sampled_from(["d", "o", "i", "v", "x"]), st.text(max_size=80), max_size=5))
def test_rubbish_in_a_record_is_no_key_and_no_fault(words: dict[str, str]) -> None:
    found = read_sighting(service(["10.0.0.7"], words=words), NONE, 1)
    assert found is not None
    assert found.device is None or len(found.device) == 32
    assert len(found.office_tag) <= 64 and len(found.code_digits) <= 64


def test_what_is_announced_names_nobody() -> None:
    made = Discovery(lambda _sighting: None, lambda _instance: None)
    made._said = Announcement(KEY, 20140, "0123456789abcdef", "472")
    made._here = at("10.0.0.7/24")
    info = made._make_info()
    assert info.name == f"{instance_name(KEY)}.{SERVICE}"
    assert info.decoded_properties == {"v": "1", "o": "0123456789abcdef", "d": KEY.hex(), "i": "472"}


async def test_mdns_that_cannot_start_is_a_fact_and_the_next_change_brings_another_try(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused(**_how: object) -> None:
        raise OSError(1, "Operation not permitted")

    found = Discovery(lambda _sighting: None, lambda _instance: None)
    with monkeypatch.context() as edge:
        edge.setattr(discovery, "AsyncZeroconf", refused)
        await found.start(at("127.0.0.1/8"), None)
        assert dict(found.facts.faults) == {"mDNS": "Operation not permitted"}
    await found.moved(at("127.0.0.1/8"))
    assert not found.facts.faults
    await found.stop()


async def test_nobody_waits_while_it_is_said_three_times_and_what_is_newer_takes_its_place() -> None:
    here, said = at("127.0.0.1/8"), Announcement(KEY, 20140, "0123456789abcdef", "472")
    made = Discovery(lambda _sighting: None, lambda _instance: None)
    await made.start(here, said)
    first = made._saying
    assert first is not None and not first.done(), "two more are to come"
    await made.say(replace(said, code_digits=""))
    newer = made._saying
    assert newer is not None and newer is not first and not newer.done()
    await asyncio.wait([first])
    assert first.cancelled(), "what no longer holds is not said again"
    await made.stop()
    assert newer.cancelled(), "nor after the goodbye"
