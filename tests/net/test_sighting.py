"""The services that are remembered: a bounded many, in which nobody's rubbish takes a colleague's place."""

from __future__ import annotations

import secrets

from deskblog import limits
from deskblog.net.sighting import SERVICE, Sighting, Sightings, instance_name, well_named
from deskblog.values import DeviceKey


def sighting(tag: str = "", instance: str = "") -> Sighting:
    device = DeviceKey(secrets.token_bytes(32))
    name = instance or f"{instance_name(device)}.{SERVICE}"
    return Sighting(name, device, tag, "", (("10.0.0.7", 1),))


def worth(one: Sighting) -> int:
    return {"colleague": 2, "office": 1}.get(one.office_tag, 0)


def full(*tags: str) -> Sightings:
    table = Sightings(worth)
    for number in range(limits.SERVICES):
        assert table.take(sighting(tags[number % len(tags)])) == (True, None)
    return table


def test_of_strangers_no_more_than_so_many_are_remembered() -> None:
    table = full("")
    assert table.take(sighting()) == (False, None)
    assert len(list(table)) == limits.SERVICES


def test_who_is_worth_more_takes_the_place_of_the_last_that_is_worth_least() -> None:
    table = full("office", "")
    newest = list(table)[-1]
    office, colleague = sighting("office"), sighting("colleague")
    assert table.take(office) == (True, newest.instance)
    assert table.take(colleague)[0]
    assert office.instance in table and colleague.instance in table
    assert len(list(table)) == limits.SERVICES
    crowd = full("office")
    assert crowd.take(sighting("office")) == (False, None)
    assert crowd.take(colleague)[0] and colleague.instance in crowd
    assert full("colleague").take(sighting("colleague")) == (False, None)


def test_a_service_known_already_is_taken_anew() -> None:
    table = full("")
    known = next(iter(table))
    moved = Sighting(known.instance, known.device, "", "", (("10.0.0.8", 1),))
    assert table.take(moved) == (True, None)
    assert moved in list(table) and known not in list(table)
    assert table.drop(known.instance) and not table.drop(known.instance)


def test_a_name_is_the_keys_and_nothing_else() -> None:
    assert sighting().named_rightly
    assert not sighting(instance=f"{'0' * 32}.{SERVICE}").named_rightly
    assert well_named(f"{'0' * 32}.{SERVICE}")
    for bad in ("0" * 31, "0" * 33, "g" * 32, "\ufffd" * 32, "0" * 16 + "." + "0" * 15, ""):
        assert not well_named(f"{bad}.{SERVICE}")
    assert not well_named("0" * 32 + ".other.local.")
