"""The doctor's engine: doors are tried for one another, gently, and what was found is put into words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from deskblog.engine.doctor_words import in_words, report
from deskblog.engine.tries import NOT_NOW, UNKNOWN, Tries
from deskblog.i18n import use
from deskblog.net.doctor import Cause, Finding
from deskblog.net.reach import Outcome
from deskblog.values import DeviceKey
from tests.engine.desk import desks

ONE, OTHER, THIRD, NOWHERE = (DeviceKey(bytes([n]) * 32) for n in (1, 2, 3, 4))


@asynccontextmanager
async def door() -> AsyncIterator[tuple[Tries, list[int]]]:
    """A door that counts who knocks, and somebody who tries it under three names."""
    knocks: list[int] = []

    def came(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        knocks.append(1)
        writer.transport.abort()

    server = await asyncio.start_server(came, "127.0.0.1", 0)
    address = server.sockets[0].getsockname()[:2]
    tries = Tries(lambda device: [] if device == NOWHERE else [address], lambda _device: 0)
    async with server:
        yield tries, knocks
        await tries.stop()


async def test_a_door_is_tried_once_in_a_while_whoever_asks() -> None:
    async with door() as (tries, _knocks):
        first = await asyncio.gather(*(tries.door_of(ONE) for _asker in range(20)))
        assert set(first) == {0} and len(tries._last) == 1
        at = tries._last[ONE]
        assert await tries.door_of(ONE) == 0 and tries._last[ONE] is at
        assert await tries.door_of(NOWHERE) == UNKNOWN


async def test_no_more_than_two_doors_are_tried_at_a_time() -> None:
    async with door() as (tries, _knocks):
        assert await asyncio.gather(*(tries.door_of(d) for d in (ONE, OTHER, THIRD))) == [0, 0, NOT_NOW]
        assert await tries.door_of(THIRD) == 0


async def test_colleagues_try_each_others_doors(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul", "Karim") as (anne, paul, karim):
        await anne.found()
        await anne.admit(paul)
        await anne.admit(karim)
        network = anne.engine._network
        assert network is not None
        for name in ("Paul", "Karim"):
            await anne.until(lambda name=name: name in anne.linked_with())  # type: ignore[misc]
        peers = {network._name(peer.device): peer for peer in network._hub.peers.values()}
        await paul.until(lambda: (net := paul.engine._network) is not None and len(net.company.here) == 3)
        me = network._vault.keys.device
        assert await network.doctor.tries.ask(peers["Paul"], me) is Outcome.OPEN
        stranger = DeviceKey(bytes(32))
        assert await network.doctor.tries.ask(peers["Paul"], stranger) is None
        assert await network.doctor.tries.ask(peers["Karim"], peers["Paul"].device) is None, "no address is known"


async def test_of_an_office_where_all_is_well_it_says_so_line_by_line(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        (said,) = [one for one in await anne.engine.places.doctor() if not one.ok and one.check != "no network"]
        assert said.check == "alone" and "Invite" in said.do
        await anne.admit(paul)
        await paul.until(lambda: "Anne" in paul.linked_with())
        found = {one.check: one for one in await paul.engine.places.doctor()}
        assert list(found) != list(Cause) or all(one.ok for one in found.values())
        assert {check for check, one in found.items() if not one.ok} <= {"no network", "silent network"}


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("cause", list(Cause))
@pytest.mark.parametrize("ok", [True, False])
def test_every_finding_has_words_in_both_languages(cause: Cause, language: str, ok: bool) -> None:
    use(language)
    try:
        who = tuple(f"Person {n}" for n in range(5))
        one = in_words(Finding(cause, ok=ok, who=who, by=("Paul",), number=600_000), 20140)
        assert one.say and one.check == cause.value and one.ok is ok
        assert "{" not in one.say + one.do + one.send
        assert ok or one.do
        assert one.say in report((one,))
    finally:
        use("en")
