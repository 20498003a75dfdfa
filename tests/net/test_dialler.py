"""Dialling: again and again but gently, at once when there is news, never when a link stands."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable

from deskblog.net.dialler import Address, Dialler


class Network:
    """Which addresses answer, and what was dialled."""

    def __init__(self) -> None:
        self.answering: set[Address] = set()
        self.linked: set[Hashable] = set()
        self.dialled: list[Address] = []
        self.rang = asyncio.Event()

    async def dial(self, key: Hashable, address: Address) -> bool:
        self.dialled.append(address)
        self.rang.set()
        if address in self.answering:
            self.linked.add(key)
            return True
        return False

    async def next_call(self) -> None:
        self.rang.clear()
        async with asyncio.timeout(5):
            await self.rang.wait()


async def test_all_addresses_are_tried_in_turn_until_one_answers() -> None:
    network = Network()
    network.answering = {("b", 1)}
    dialler = Dialler(network.dial, network.linked.__contains__)
    dialler.aim("anne", (("a", 1), ("b", 1), ("c", 1)))
    while "anne" not in network.linked:
        await network.next_call()
    assert network.dialled == [("a", 1), ("b", 1)]
    await dialler.stop()


async def test_a_new_address_is_tried_soon() -> None:
    network = Network()
    dialler = Dialler(network.dial, network.linked.__contains__)
    dialler.aim("anne", (("a", 1),))
    await network.next_call()
    network.answering = {("b", 1)}
    dialler.aim("anne", (("b", 1),))
    await network.next_call()
    assert network.dialled[-1] == ("b", 1)
    await dialler.stop()


async def test_a_lost_link_is_dialled_again_when_nudged_and_a_standing_one_is_not() -> None:
    network = Network()
    network.answering = {("a", 1)}
    dialler = Dialler(network.dial, network.linked.__contains__)
    dialler.aim("anne", (("a", 1),))
    await network.next_call()
    dialler.nudge("anne")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert network.dialled == [("a", 1)]
    network.linked.clear()
    dialler.nudge("anne")
    await network.next_call()
    assert network.dialled == [("a", 1), ("a", 1)]
    await dialler.stop()


async def test_a_place_where_a_link_stood_is_tried_after_all_others_that_are_named() -> None:
    network = Network()
    network.answering = {("a", 1)}
    dialler = Dialler(network.dial, network.linked.__contains__)
    dialler.aim("anne", (("a", 1),))
    await network.next_call()
    network.linked.clear()
    dialler.aim("anne", (("b", 1),))
    while "anne" not in network.linked:
        await network.next_call()
    assert network.dialled == [("a", 1), ("b", 1), ("a", 1)]
    await dialler.stop()


async def test_rumours_of_one_who_does_not_answer_cost_no_more_dials() -> None:
    network = Network()
    dialler = Dialler(network.dial, network.linked.__contains__)
    dialler.aim("anne", (("a", 1),))
    await network.next_call()
    for number in range(200):
        dialler.aim("anne", ((f"b{number}", 1),))
        await asyncio.sleep(0)
    assert network.dialled == [("a", 1)]
    await network.next_call()
    assert network.dialled == [("a", 1), ("b199", 1)]
    await dialler.stop()


async def test_on_another_network_everybody_is_tried_at_once_and_soon_again() -> None:
    network = Network()
    dialler = Dialler(network.dial, network.linked.__contains__)
    for name in ("anne", "paul"):
        dialler.aim(name, ((name, 1),))
        dialler._targets[name].wait = 60.0  # both were off for long
    await network.next_call()
    await asyncio.sleep(0)
    network.dialled.clear()
    dialler.start_over()
    while set(network.dialled) != {("anne", 1), ("paul", 1)}:
        await network.next_call()
    assert all(target.wait <= 4.0 for target in dialler._targets.values())
    await dialler.stop()


async def test_who_is_dropped_is_no_longer_dialled() -> None:
    network = Network()
    dialler = Dialler(network.dial, network.linked.__contains__)
    dialler.aim("anne", (("a", 1),))
    await network.next_call()
    dialler.drop("anne")
    assert dialler.aims() == frozenset()
    await dialler.stop()


async def test_the_patient_one_leaves_the_first_call_to_the_other_side() -> None:
    network = Network()
    dialler = Dialler(network.dial, network.linked.__contains__)
    dialler.aim("anne", (("a", 1),), patience=60.0)
    for _turn in range(5):
        await asyncio.sleep(0)
    assert network.dialled == []
    dialler.nudge("anne")
    await network.next_call()
    await dialler.stop()


async def test_a_link_that_never_lasts_is_dialled_less_and_less() -> None:
    network = Network()
    network.answering = {("a", 1)}
    dialler = Dialler(network.dial, network.linked.__contains__)
    dialler.aim("anne", (("a", 1),))
    loop = asyncio.get_running_loop()
    began = loop.time()
    for _time in range(2):
        await network.next_call()
        network.linked.discard("anne")
        dialler.nudge("anne")
    await network.next_call()
    assert loop.time() - began >= 1.0, "the third waits, though it is nudged"
    await dialler.stop()


async def test_who_has_stopped_aims_at_nobody_any_more() -> None:
    network, before = Network(), asyncio.all_tasks()
    dialler = Dialler(network.dial, network.linked.__contains__)
    dialler.aim("anne", (("a", 1),))
    await network.next_call()
    await dialler.stop()
    dialler.aim("anne", (("a", 1),))
    assert not dialler.aims()
    assert asyncio.all_tasks() == before
