"""A member gone bad, on real TLS: forks on purpose, logs without end, floods. It costs a bounded much."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from deskblog import limits
from deskblog.log import charter, kinds
from deskblog.log.act import Act, Call, write_act
from deskblog.log.entry import decode_entry, write_entry
from deskblog.log.keys import DeviceKeys
from deskblog.log.office import Office
from deskblog.net import messages as m
from deskblog.values import Point
from tests.engine.desk import Desk, desks
from tests.engine.raw import RawLink


def fresh() -> DeviceKeys:
    return DeviceKeys(secrets.token_bytes(32), secrets.token_bytes(32))


class Log:
    """A log of a member's making."""

    def __init__(self, keys: DeviceKeys, office: Office, *, ordinal: int = 1, number: bytes = b"") -> None:
        self._keys = keys
        self._office = office
        self.number = number or secrets.token_bytes(8)
        self.at: Point | None = None
        admission = office.admission_of(keys.device)
        assert admission is not None
        self.opening = kinds.Open(admission, (), ordinal)

    def say(self, content: kinds.Content) -> m.LiveEntry:
        body = kinds.encode_body(content, secrets.token_bytes(16))
        kind = kinds.kind_of(content)
        entry, signature = write_entry(self._keys, self._office.id, self.number, self.at, 1000, kind, body)
        self.at = entry.point
        return m.LiveEntry(entry.raw, signature, body)


async def let_in(desk: Desk, count: int) -> list[DeviceKeys]:
    """Devices admitted by acts alone."""
    made = [fresh() for _n in range(count)]
    await let_these_in(desk, made)
    return made


async def let_these_in(desk: Desk, made: list[DeviceKeys]) -> None:
    vault = desk.engine._vault
    for n, keys in enumerate(made):
        assert vault.office is not None
        acts = charter.admitting(vault.keys, vault.office, (keys.device, keys.seal_key), f"Guest {n}", None, n)
        desk.engine._announce(await vault.take_acts(acts))


@asynccontextmanager
async def an_office(folder: Path) -> AsyncIterator[tuple[Desk, Desk, DeviceKeys]]:
    async with desks(folder, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        await anne.meet(paul)
        (mallory,) = await let_in(anne, 1)
        yield anne, paul, mallory


async def member(desk: Desk, keys: DeviceKeys) -> RawLink:
    office = desk.engine._vault.office
    assert office is not None
    link = await RawLink.member(desk.engine.port, keys, office.id)
    await link.level(office.tips)
    return link


async def stored(desk: Desk) -> int:
    vault = desk.engine._vault
    row = await vault.call(vault.store.database.row, "SELECT count(*) FROM entry")
    return int(row[0])


async def goes_on(anne: Desk, paul: Desk, text: str) -> None:
    await paul.engine.post(text)
    await anne.until_held(text)


async def test_ten_thousand_posts_a_minute_are_taken_in_few_runs_and_nobody_waits(tmp_path: Path) -> None:
    """Nothing is refused; what comes faster than people read costs a fetch for hundreds of posts, not one each."""
    async with an_office(tmp_path) as (anne, paul, keys):
        office = anne.engine._vault.office
        assert office is not None
        log = Log(keys, office)
        said = [log.say(log.opening), *(log.say(kinds.Post(f"flood {n}")) for n in range(3000))]
        async with await member(anne, keys) as link:
            for entry in said:
                link.send(entry)
            asked = await _served(link, log, said)
            await goes_on(anne, paul, "in the midst of the flood")
        assert min(asked) >= limits.LIVE_MINUTE, "up to there one by one"
        assert len(asked) <= len(said) // limits.RUN + 4
        for desk in (anne, paul):
            await desk.until_rows(lambda rows: sum(row.text.startswith("flood") for row in rows) == 3000, limit=5000)


async def _served(link: RawLink, log: Log, said: list[m.LiveEntry]) -> list[int]:
    """Answers all that is asked of a log until its end is; after which seqs was it asked?"""
    asked: list[int] = []
    while not asked or asked[-1] + limits.RUN < len(said):
        want = await _until(link, m.Want)
        assert isinstance(want, m.Want)
        asked.append(want.points[0][0])
        part = said[asked[-1] : asked[-1] + limits.RUN]
        headers = tuple(entry.header for entry in part)
        link.send(m.RunSent(want.device, want.number, asked[-1] + 1, headers, part[-1].signature))
        ids = [decode_entry(entry.header).id for entry in part]
        link.send(m.Bodies(tuple((i, entry.body or b"") for i, entry in zip(ids, part, strict=True)), more=False))
    return asked


async def test_a_flood_of_acts_stops_at_the_ceiling_and_the_office_goes_on(tmp_path: Path) -> None:
    """Each act is folded for ever: a member renaming itself without end is heard 64 times."""
    async with an_office(tmp_path) as (anne, paul, keys):
        office = anne.engine._vault.office
        assert office is not None
        mine, before = office.devices[keys.device], len(office.acts)
        warrants = office.warrants(keys.device, keyholder=False)
        assert warrants is not None
        acts: list[Act] = []
        for n in range(400):
            after = [acts[-1].id] if acts else office.tips
            acts.append(write_act(keys, office.id, after, warrants, n, Call(mine, f"Mallory {n}")))
        async with await member(anne, keys) as link:
            for start in range(0, len(acts), 100):
                part = tuple((act.raw, act.signature) for act in acts[start : start + 100])
                link.send(m.Acts(part, more=False))
            await goes_on(anne, paul, "after the flood of acts")
            await anne.until(lambda: _acts_of(anne) == before + limits.ACTS_MEMBER)
            await anne.engine.membership.rule(name="Calm again")
            await paul.until(lambda: paul.engine.office_name == "Calm again")
        assert _acts_of(anne) == _acts_of(paul) == before + limits.ACTS_MEMBER + 1


def _acts_of(desk: Desk) -> int:
    office = desk.engine._vault.office
    return len(office.acts) if office is not None else 0


async def test_two_entries_with_one_number_shown_to_different_colleagues(tmp_path: Path) -> None:
    async with an_office(tmp_path) as (anne, paul, keys):
        office = anne.engine._vault.office
        assert office is not None
        one = Log(keys, office)
        other = Log(keys, office, number=one.number)
        opening = one.say(one.opening)
        other.at = one.at
        async with await member(anne, keys) as to_anne:
            to_anne.send(opening)
            to_anne.send(one.say(kinds.Post("told to Anne")))
            await anne.until_held("told to Anne")
            await paul.until_held("told to Anne")
        async with await member(paul, keys) as to_paul:
            lie = other.say(kinds.Post("told to Paul"))
            assert other.at is not None
            to_paul.send(m.Have(((keys.device, one.number, 2, other.at.id),)))
            want = await _until(to_paul, m.Want)
            assert isinstance(want, m.Want) and len(want.points) == 2, "where do your chain and mine part?"
            to_paul.send(m.RunSent(keys.device, one.number, 2, (lie.header,), lie.signature))
            to_paul.send(m.Bodies(((other.at.id, lie.body or b""),), more=False))
            for desk in (anne, paul):
                await _until_gone(desk)
            await goes_on(anne, paul, "the office goes on")
        for desk in (anne, paul):
            assert {row.text for row in await desk.rows()} == {"the office goes on"}


async def _until_gone(desk: Desk) -> None:
    """Waits until nothing of what was told to anybody is shown."""
    async with asyncio.timeout(20):
        while any(row.text.startswith("told to") for row in await desk.rows()):
            seen = len(desk.said)
            await desk.until(lambda: len(desk.said) > seen)  # noqa: B023


async def _until(link: RawLink, kind: type[m.Message]) -> m.Message:
    async with asyncio.timeout(20):
        while not isinstance(message := await link.message(), kind):
            pass
    return message


async def test_sixty_four_logs_opened_in_a_minute_and_more_are_a_bounded_much(tmp_path: Path) -> None:
    async with an_office(tmp_path) as (anne, paul, keys):
        office = anne.engine._vault.office
        assert office is not None
        async with await member(anne, keys) as link:
            for n in range(400):
                log = Log(keys, office, ordinal=1 + n % 2)
                link.send(log.say(log.opening))
                link.send(log.say(kinds.Post(f"log {n}")))
            await goes_on(anne, paul, "after the flood of logs")
        logs = anne.engine._vault.store.archive.logs.of_device(keys.device)
        counted = [log for log in logs if log.person is not None]
        assert len(counted) == 2 * limits.LOGS_ORDINAL
        assert len(logs) < 100, "only what was among the lowest when it came"
        assert sum(row.text.startswith("log ") for row in await anne.rows()) == len(counted)


async def test_logs_that_never_open_and_offers_without_end_are_a_bounded_much(tmp_path: Path) -> None:
    async with an_office(tmp_path) as (anne, paul, keys):
        async with await member(anne, keys) as link:
            for _n in range(80):
                lines = tuple(
                    sorted((keys.device, secrets.token_bytes(8), 5, secrets.token_bytes(32)) for _k in range(300))
                )
                link.send(m.Have(lines))
            await goes_on(anne, paul, "after the flood of offers")
            peer = anne.engine._network._hub.peers[keys.device]  # type: ignore[union-attr]
            assert len(peer.session._fetcher._offers) <= limits.OFFERED
        assert not anne.engine._vault.store.archive.logs.of_device(keys.device)


async def test_a_flood_of_bodies_nobody_asked_for_is_read_no_faster_than_it_is_judged(tmp_path: Path) -> None:
    async with an_office(tmp_path) as (anne, paul, keys):
        async with await member(anne, keys) as link:
            peer = anne.engine._network._hub.peers[keys.device]  # type: ignore[union-attr]
            most = 0
            for _n in range(600):
                link.send(m.Bodies(tuple((secrets.token_bytes(32), b"x" * 100) for _k in range(256)), more=False))
                most = max(most, peer.pending)
                await asyncio.sleep(0)
            await goes_on(anne, paul, "after the flood of bodies")
            assert most <= limits.PENDING + 8
        assert await stored(anne) <= 4


async def test_a_sixty_fifth_link_is_refused_and_those_that_stand_go_on(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        await anne.meet(paul)
        guests = await let_in(anne, limits.LINKS)
        office = anne.engine._vault.office
        assert office is not None
        links = []
        for keys in guests[: limits.LINKS - 1]:
            links.append(await RawLink.member(anne.engine.port, keys, office.id))
            links[-1].send(m.ActsAsked(office.tips[:256]))
        hub = anne.engine._network._hub  # type: ignore[union-attr]
        async with asyncio.timeout(20):
            while len(hub.peers) < limits.LINKS:
                await links[-1].message()
        late = await RawLink.member(anne.engine.port, guests[-1], office.id)
        late.send(m.ActsAsked(office.tips[:256]))
        assert await late.ended()
        assert len(hub.peers) == limits.LINKS
        await goes_on(anne, paul, "sixty-four are here")
        await asyncio.gather(*(link.close() for link in [*links, late]))


@pytest.mark.parametrize("seconds", [1, 6 * 60])
async def test_a_post_from_a_clock_a_little_or_far_ahead_is_shown_and_moves_nobodys_clock(
    tmp_path: Path, seconds: int
) -> None:
    async with an_office(tmp_path) as (anne, paul, _keys):
        ahead = anne.engine._vault.pen._now
        paul.engine._vault.pen._now = lambda: ahead() + seconds * 1000
        early = await paul.engine.post("from the future")
        await anne.until_held("from the future")
        row = await anne.engine.post("now")
        await paul.until_held("now")
        assert row.at - ahead() < 5 * 60 * 1000 and early.at > ahead()
        if seconds > 300:
            assert row.at <= ahead()
