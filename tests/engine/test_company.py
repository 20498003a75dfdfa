"""Who is here, away and off, over colleagues too; and what sites are called."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import msgspec

from deskblog import events, limits
from deskblog.net import presence as p
from deskblog.values import PersonRow, Role
from tests.engine.desk import Desk, desks


def told(desk: Desk, name: str) -> PersonRow | None:
    """A colleague as this desk was last told of."""
    for event in reversed(desk.said):
        if isinstance(event, events.PeopleChanged):
            return next((row for row in event.people if row.name == name), None)
    return None


def is_here(desk: Desk, name: str) -> bool:
    row = told(desk, name)
    return row is not None and row.here


def is_away(desk: Desk, away: bool) -> bool:
    """Whether Karim is away, as this desk was told."""
    row = told(desk, "Karim")
    return row is not None and row.away is away


async def in_a_row(anne: Desk, paul: Desk, karim: Desk) -> None:
    """Anne and Karim are both linked with Paul, and not with one another."""
    await anne.found()
    await anne.admit(paul)
    await anne.engine.membership.role("Paul", Role.KEYHOLDER)
    await paul.until(lambda: (row := told(paul, "Paul")) is not None and row.role is Role.KEYHOLDER)
    await paul.admit(karim)
    await anne.until(lambda: is_here(anne, "Karim"))
    await karim.until(lambda: is_here(karim, "Anne"))


async def test_who_is_linked_with_a_colleague_is_here_and_goes_when_they_go(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul", "Karim") as (anne, paul, karim):
        await in_a_row(anne, paul, karim)
        assert "Karim" not in anne.linked_with()
        assert {row.name for row in await anne.engine.people() if row.here} == {"Anne", "Paul", "Karim"}
        await paul.engine.stop()
        await anne.until(lambda: not is_here(anne, "Karim"))
        assert {row.name for row in await anne.engine.people() if row.here} == {"Anne"}
        await karim.until(lambda: not is_here(karim, "Anne"))


async def test_a_heartbeat_at_which_nothing_changed_tells_nobody_anything(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul", "Karim") as (anne, paul, karim):
        await in_a_row(anne, paul, karim)
        network = anne.engine._network
        assert network is not None
        network.company.links_changed()  # what is still to be told is told
        await anne.engine.post("level")
        await karim.until_held("level")
        count = sum(isinstance(event, events.PeopleChanged) for event in anne.said)
        for beat in range(5):
            network.company.links_changed()
            await anne.engine.post(f"beat {beat}")
            await karim.until_held(f"beat {beat}")
        assert sum(isinstance(event, events.PeopleChanged) for event in anne.said) == count
        karim.engine.say_away(away=True)
        await anne.until(lambda: is_away(anne, True))


async def test_whoever_goes_away_is_shown_so_by_all_and_back_again(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul", "Karim") as (anne, paul, karim):
        await in_a_row(anne, paul, karim)
        for away in (True, False):
            karim.engine.say_away(away=away)
            for desk in (anne, paul, karim):
                await desk.until(partial(is_away, desk, away))


async def test_a_site_is_called_what_one_of_it_says_and_keeps_its_name(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul", "Karim") as (anne, paul, karim):
        await in_a_row(anne, paul, karim)
        await karim.engine.places.name_site(" Lille ")
        await anne.until(lambda: (row := told(anne, "Anne")) is not None and row.site == "Lille")
        (site,) = await anne.engine.places.sites()
        assert (site.name, site.mine, site.people, site.off) == ("Lille", True, ("Anne", "Karim", "Paul"), ())
        await karim.engine.stop()
        await anne.until(lambda: not is_here(anne, "Karim"))
        assert [(site.name, site.off) for site in await anne.engine.places.sites()] == [("", ("Karim",))]
        again = Desk(tmp_path, "Karim")
        await again.engine.start()
        await again.meet(paul)
        await anne.until(lambda: (row := told(anne, "Anne")) is not None and row.site == "Lille")
        await again.engine.stop()


async def test_a_word_said_after_a_clock_was_set_back_is_raised_over_the_earlier_one(tmp_path: Path) -> None:
    """Karim's PC was a year ahead in an earlier run: what it says now would be taken for older."""
    async with desks(tmp_path, "Anne", "Paul", "Karim") as (anne, paul, karim):
        await in_a_row(anne, paul, karim)
        office, network = karim.engine._vault.office, karim.engine._network
        assert office is not None and network is not None and anne.engine._network is not None
        earlier = msgspec.structs.replace(network.company._record(7), started=2**41, near=())
        (peer,) = network._hub.peers.values()
        network.company.heard(peer, [p.write_record(karim.engine._vault.keys, office.id, earlier)])
        heard = anne.engine._network.company
        await anne.until(lambda: heard._presences is not None and (2**41, 8) in ages(heard._presences))
        assert is_here(anne, "Karim")


def ages(presences: p.Presences) -> set[tuple[int, int]]:
    return {record.age for record in presences.records.values()}


async def test_an_idle_office_says_nothing(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul", "Karim") as (anne, paul, karim):
        await in_a_row(anne, paul, karim)
        network = anne.engine._network
        assert network is not None
        for _turn in range(3):
            network.company._speak()
        number = network.company._number
        network.company._speak()
        network.company.links_changed()
        network.company._speak()
        assert network.company._number == number


async def test_two_pcs_with_one_key_do_not_contradict_each_other_for_ever(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul", "Karim") as (anne, paul, karim):
        await in_a_row(anne, paul, karim)
        office, network = karim.engine._vault.office, karim.engine._network
        assert office is not None and network is not None
        (peer,) = network._hub.peers.values()
        company = network.company
        for number in range(2, 2 * limits.CONTRADICTED):
            company._presences = p.Presences(karim.engine._vault.keys.device, office.id)  # a second goes by
            other = msgspec.structs.replace(company._record(number), started=2**41 + number)
            company.heard(peer, [p.write_record(karim.engine._vault.keys, office.id, other)])
        assert company._contradicted == limits.CONTRADICTED
        assert company._started == 2**41 + 1 + limits.CONTRADICTED
