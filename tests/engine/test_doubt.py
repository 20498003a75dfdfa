"""Links in doubt: after sleep, another address, or when the same device dials again, whoever does not answer goes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from deskblog import events, limits
from deskblog.log.keys import DeviceKeys
from deskblog.net import messages as m
from deskblog.net.hub import Hub
from tests.engine.desk import Desk, desks
from tests.engine.raw import RawLink
from tests.engine.test_greedy import fresh, let_these_in

RUN = b"same run"


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PROBE_SECONDS", 0.3)
    monkeypatch.setattr(limits, "FRESH_SECONDS", 0.0)


def hub(desk: Desk) -> Hub:
    network = desk.engine._network
    assert network is not None
    return network._hub


@asynccontextmanager
async def linked_guest(folder: Path) -> AsyncIterator[tuple[Desk, DeviceKeys, RawLink]]:
    """Anne, and a guest whose key is higher: of two links between them Anne's own dialling wins."""
    async with desks(folder, "Anne") as (anne,):
        await anne.found()
        keys = fresh()
        while keys.device < anne.engine._vault.keys.device:
            keys = fresh()
        await let_these_in(anne, [keys])
        async with await dialled(anne, keys) as link:
            yield anne, keys, link


async def dialled(anne: Desk, keys: DeviceKeys) -> RawLink:
    """Another link of the same run, with its first word as a colleague said."""
    office = anne.engine._vault.office
    assert office is not None
    link = await RawLink.member(anne.engine.port, keys, office.id, run=RUN)
    link.send(m.ActsAsked(office.tips))
    return link


async def counted(anne: Desk, link: RawLink) -> None:
    office = anne.engine._vault.office
    assert office is not None
    await link.level(office.tips)


async def asked(link: RawLink) -> None:
    """Waits until it is asked whether it is there."""
    while not isinstance(await link.message(), m.There):
        pass


async def test_who_dials_again_and_answers_on_the_old_link_keeps_that(tmp_path: Path) -> None:
    async with linked_guest(tmp_path) as (anne, keys, old):
        await counted(anne, old)
        peer = hub(anne).peers[keys.device]
        async with await dialled(anne, keys) as new:
            await asked(old)
            old.send(m.Ping(bytes(32), bytes(32)))
            assert await new.ended()
        assert hub(anne).peers[keys.device] is peer and peer.link.open


async def test_who_dials_again_and_is_silent_on_the_old_link_gets_the_new_one(tmp_path: Path) -> None:
    """What it said meanwhile on the new one is not lost."""
    async with linked_guest(tmp_path) as (anne, keys, old):
        await counted(anne, old)
        before = hub(anne).peers[keys.device]
        async with await dialled(anne, keys) as new:
            await asked(old)
            await counted(anne, new)
            assert hub(anne).peers[keys.device] is not before
            assert not before.link.open
            assert await old.ended()
        lost = [event.reason for event in anne.said if isinstance(event, events.Lost)]
        assert lost[:1] == ["silent"]


async def test_of_a_crowd_that_dials_with_one_key_one_at_a_time_is_thought_of(tmp_path: Path) -> None:
    async with linked_guest(tmp_path) as (anne, keys, old):
        await counted(anne, old)
        crowd = [await dialled(anne, keys) for _link in range(5)]
        ends = [asyncio.create_task(link.ended()) for link in crowd]
        await asked(old)
        assert len(hub(anne)._doubted) == 1
        done, _waiting = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        assert done
        old.send(m.Ping(bytes(32), bytes(32)))
        await asyncio.wait(ends)
        assert keys.device in hub(anne).peers
        await asyncio.gather(*(link.close() for link in crowd))


async def test_a_link_heard_of_a_moment_ago_is_in_no_doubt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FRESH_SECONDS", 60.0)
    async with linked_guest(tmp_path) as (anne, keys, old):
        await counted(anne, old)
        async with await dialled(anne, keys) as new:
            assert await new.ended()
        assert not hub(anne)._doubted


async def test_after_sleep_whoever_does_not_answer_goes_and_whoever_does_stays(tmp_path: Path) -> None:
    async with linked_guest(tmp_path) as (anne, keys, silent):
        await counted(anne, silent)
        async with desks(tmp_path, "Paul") as (paul,):
            await anne.admit(paul)
            await anne.meet(paul)
            hub(anne).moved(frozenset())
            await anne.until(lambda: any(isinstance(e, events.Lost) and e.reason == "silent" for e in anne.said))
            assert keys.device not in hub(anne).peers
            assert anne.linked_with() == {"Paul"}


async def test_links_from_an_address_that_is_gone_end_at_once_and_come_again(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        await anne.meet(paul)
        since = len(anne.said)
        hub(anne).moved(frozenset({"127.0.0.1"}))
        await anne.until(lambda: any(isinstance(event, events.Lost) for event in anne.said[since:]))
        await anne.until(lambda: any(isinstance(event, events.Linked) for event in anne.said[since:]))
        await anne.engine.post("over the new one")
        await paul.until_held("over the new one")


async def test_an_engine_stops_while_a_link_is_in_doubt(tmp_path: Path) -> None:
    async with linked_guest(tmp_path) as (anne, keys, old):
        await counted(anne, old)
        async with await dialled(anne, keys):
            await asked(old)
            await anne.engine.stop()
            assert not hub(anne)._doubted
