"""The doors on real sockets: who goes through them, and that nobody outside can break them."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from deskblog.errors import PeerError
from deskblog.log import charter
from deskblog.log.act import Act, Remove, write_act
from deskblog.log.keys import DeviceKeys
from deskblog.log.office import Office, fold
from deskblog.net import handshake as h
from deskblog.net import messages as m
from deskblog.net.certificate import make_certificate
from deskblog.net.door import Arrival, InnerDoor, OuterDoor
from deskblog.net.frames import frame
from deskblog.values import DeviceKey
from tests.net.sockets import PATIENCE, Side, contexts, dialled, keys, listening

ANNE, BRUNO, PAUL = keys(), keys(), keys()
FOUNDING = charter.founding(ANNE, keys().device, "Office", "Anne", 1)
RUN = b"paulsrun"


def office(*people: DeviceKeys, removed: DeviceKeys | None = None) -> Office:
    """Anne's office with these people in it, and perhaps one of them out again."""
    acts: list[Act] = list(FOUNDING)
    for who in people:
        acts += charter.admitting(ANNE, fold(acts), (who.device, who.seal_key), "New", None, 2)
    if removed is not None:
        held = fold(acts)
        acts.append(
            write_act(ANNE, held.id, held.tips, [held.acts[FOUNDING[0].id].id], 3, Remove(b"", removed.device))
        )
    return fold(acts)


class Doors:
    """Bruno listens, Paul dials; `arrived` is who came through on Bruno's side."""

    def __init__(self, inner: Side, outer: Side) -> None:
        self.inner, self.outer = inner, outer
        self.arrived: asyncio.Queue[Arrival] = asyncio.Queue()

    def listen(self, held: Office | None) -> None:
        der = make_certificate(BRUNO.seed).der
        door = OuterDoor(
            self.inner.link, BRUNO.device, der, lambda: held, self.arrived.put_nowait, lambda _guest: False
        )
        door.ready = lambda: m.ServerReady(b"brunorun", 1, ())
        door.open()

    def dial(self, held: Office, expected: DeviceKey | None = None) -> InnerDoor:
        return InnerDoor(self.outer.link, PAUL, RUN, held, expected)

    async def through(self, door: InnerDoor) -> Arrival | None:
        async with asyncio.timeout(PATIENCE):
            return await door.arrival

    async def closed(self) -> bool:
        """True once the link is gone, if nobody came through."""
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(self.inner.link.gone, self.outer.link.gone)
        return self.arrived.empty()


@asynccontextmanager
async def doors() -> AsyncIterator[Doors]:
    """A TLS link; whatever escapes into the loop fails the test."""
    escaped: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: escaped.append(context))
    async with listening(contexts(BRUNO)[0]) as place, dialled(place.port, contexts(PAUL)[1]) as outer:
        assert outer is not None
        yield Doors(await place.guest(), outer)
    assert escaped == []


@pytest.mark.parametrize("apart", [False, True], ids=["known", "admitted while the other was away"])
async def test_two_members_come_through(apart: bool) -> None:
    both = office(BRUNO, PAUL)
    async with doors() as pair:
        pair.listen(office(BRUNO) if apart else both)
        arrival = await pair.through(pair.dial(office(PAUL) if apart else both))
        assert arrival is not None
        assert (arrival.device, arrival.run_number) == (BRUNO.device, b"brunorun")
        first = m.encode(m.ActsAsked(()))
        pair.outer.link.send(first)
        async with asyncio.timeout(PATIENCE):
            theirs = await pair.arrived.get()
        assert (theirs.device, theirs.run_number, theirs.first) == (PAUL.device, RUN, first)


async def test_who_stops_waiting_for_a_link_ends_it() -> None:
    both = office(BRUNO, PAUL)
    async with doors() as pair:
        pair.listen(both)
        pair.dial(both).arrival.cancel()
        assert await pair.closed()


@pytest.mark.parametrize("here", [True, False], ids=["told so", "found so"])
async def test_who_was_removed_comes_through_neither_way(here: bool) -> None:
    """Bruno knows that Paul was removed; or Paul knows it of Bruno, who has not heard of it."""
    both = office(BRUNO, PAUL)
    async with doors() as pair:
        pair.listen(office(BRUNO, PAUL, removed=PAUL) if here else both)
        assert await pair.through(pair.dial(both if here else office(BRUNO, PAUL, removed=BRUNO))) is None
        assert await pair.closed()


async def test_a_stranger_who_knows_the_office_gets_no_further_than_the_question() -> None:
    stranger = office()
    async with doors() as pair:
        pair.listen(office(BRUNO))
        assert await pair.through(pair.dial(stranger)) is None
        assert await pair.closed()


async def test_a_listener_without_an_office_answers_no_member_and_nobody_joins_without_a_code() -> None:
    async with doors() as pair:
        pair.listen(None)
        assert await pair.through(pair.dial(office(PAUL))) is None
        assert await pair.closed()
    async with doors() as pair:
        pair.listen(office(BRUNO))
        der = pair.outer.link.certificate
        handshake = h.ClientHandshake(PAUL, BRUNO.device, der, None)
        pair.outer.say(handshake.receive(await pair.outer.hear(m.ServerHello), secrets.token_bytes(32), bytes(8)))
        assert await pair.outer.hear(m.AwaitReady) == m.No("closed")
        assert await pair.closed()


async def test_another_device_than_the_one_announced_is_not_spoken_to() -> None:
    async with doors() as pair:
        with pytest.raises(PeerError, match="announced"):
            pair.dial(office(PAUL), expected=ANNE.device)


@pytest.mark.parametrize("more", [m.ServerReady(b"brunorun", 1, ()), m.Who(), m.Warrants(()), m.No("x")])
async def test_who_goes_on_talking_after_ready_loses_the_link_and_breaks_nothing(more: m.Message) -> None:
    """Both in one go, so that nobody has taken the link over yet."""
    held = office(BRUNO, PAUL)
    async with doors() as pair:
        door = pair.dial(held)
        pair.inner.say(h.ServerHandshake(BRUNO.device, b"", secrets.token_bytes(32), held.id).hello())
        await pair.inner.payload()
        assert pair.inner.link._transport is not None
        ready = m.ServerReady(b"brunorun", 1, ())
        pair.inner.link._transport.write(frame(m.encode(ready)) + frame(m.encode(more)))
        assert await pair.through(door) is not None
        assert await pair.closed()
