"""A member gone bad, on a real link: refused or kept aside by the rules, the link ended, nobody else disturbed."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from deskblog import events
from deskblog.log import codec, kinds
from deskblog.log.entry import Entry, write_entry
from deskblog.log.keys import DeviceKeys
from deskblog.log.office import Office
from deskblog.net import messages as m
from deskblog.store.keyfile import load_or_make_keys
from deskblog.values import Point
from tests.engine.desk import Desk, desks
from tests.engine.raw import RawLink


class Mallory:
    """A device that was admitted, whose owner writes the bytes by hand."""

    def __init__(self, keys: DeviceKeys, office: Office, link: RawLink) -> None:
        self.keys = keys
        self.office = office
        self.link = link
        self.number = secrets.token_bytes(8)
        self.at: Point | None = None

    def entry(self, kind: str, body: bytes, *, keys: DeviceKeys | None = None) -> tuple[Entry, bytes]:
        """The next entry of its log, with its signature."""
        made, signature = write_entry(
            keys or self.keys, self.office.id, self.number, self.at, 1_700_000_000_000, kind, body
        )
        self.at = made.point
        return made, signature

    def opening(self) -> m.LiveEntry:
        admission = self.office.admission_of(self.keys.device)
        assert admission is not None
        body = kinds.encode_body(kinds.Open(admission), secrets.token_bytes(16))
        made, signature = self.entry("open", body)
        return m.LiveEntry(made.raw, signature, body)

    def post(self, text: str) -> m.LiveEntry:
        body = kinds.encode_body(kinds.Post(text), secrets.token_bytes(16))
        made, signature = self.entry("post", body)
        return m.LiveEntry(made.raw, signature, body)


@asynccontextmanager
async def an_office(folder: Path) -> AsyncIterator[tuple[Desk, Desk, Mallory]]:
    """Anne and Paul, linked, and Mallory with a raw link to Anne, level."""
    async with desks(folder, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        async with desks(folder, "Mallory") as (mallory,):
            await anne.admit(mallory)
            await mallory.until(lambda: "Anne" in mallory.linked_with())
        await anne.until(lambda: anne.linked_with() == {"Paul"})
        keys = await asyncio.to_thread(load_or_make_keys, folder / "Mallory")
        replica = anne.engine._vault.replica
        assert replica is not None
        async with await RawLink.member(anne.engine.port, keys, replica.office.id) as link:
            await link.level(replica.office.tips)
            yield anne, paul, Mallory(keys, replica.office, link)


async def goes_on(anne: Desk, paul: Desk) -> None:
    """Anne and Paul are not disturbed."""
    await anne.engine.post("still here?")
    await paul.until_held("still here?")
    await paul.engine.post("still here.")
    await anne.until_held("still here.")
    assert not [event for desk in (anne, paul) for event in desk.said if isinstance(event, events.Trouble)]


async def test_a_good_entry_is_taken_and_passed_on(tmp_path: Path) -> None:
    async with an_office(tmp_path) as (anne, paul, mallory):
        mallory.link.send(mallory.opening())
        mallory.link.send(mallory.post("I am nice, really"))
        await anne.until_held("I am nice, really")
        await paul.until_held("I am nice, really")


def flipped(data: bytes, place: int = -1) -> bytes:
    out = bytearray(data)
    out[place] ^= 1
    return bytes(out)


BAD_ENTRIES: dict[str, Callable[[Mallory], m.Message]] = {
    "a forged signature": lambda e: _with(e.post("x"), signature=bytes(64)),
    "an altered signature": lambda e: _altered(e.post("x")),
    "another body": lambda e: _with(e.post("x"), body=kinds.encode_body(kinds.Post("y"), bytes(16))),
    "an altered header": lambda e: _with_header(e.post("x"), flipped),
    "a truncated header": lambda e: _with_header(e.post("x"), lambda raw: raw[:-1]),
    "a header with something behind it": lambda e: _with_header(e.post("x"), lambda raw: raw + b"\0"),
    "another's name on it": lambda e: _as_somebody_else(e),
    "another office": lambda e: _of_another_office(e),
}


def _with(entry: m.LiveEntry, **changes: bytes) -> m.LiveEntry:
    held = {"header": entry.header, "signature": entry.signature, "body": entry.body or b""}
    held.update(changes)
    return m.LiveEntry(**held)


def _altered(entry: m.LiveEntry) -> m.LiveEntry:
    return _with(entry, signature=flipped(entry.signature, 3))


def _with_header(entry: m.LiveEntry, change: Callable[[bytes], bytes]) -> m.LiveEntry:
    return _with(entry, header=change(entry.header))


def _as_somebody_else(mallory: Mallory) -> m.LiveEntry:
    """Anne's key in the header, Mallory's signature below it."""
    body = kinds.encode_body(kinds.Post("I, Anne, resign"), secrets.token_bytes(16))
    made, signature = mallory.entry("post", body)
    victim = next(device for device in mallory.office.devices if device != mallory.keys.device)
    stolen = codec.encode([*codec.decode(made.raw, list, 512)[:2], victim, *codec.decode(made.raw, list, 512)[3:]])
    return m.LiveEntry(stolen, signature, body)


def _of_another_office(mallory: Mallory) -> m.LiveEntry:
    body = kinds.encode_body(kinds.Post("elsewhere"), secrets.token_bytes(16))
    made, signature = write_entry(mallory.keys, mallory.office.id, mallory.number, mallory.at, 1, "post", body)
    fields = codec.decode(made.raw, list, 512)
    return m.LiveEntry(codec.encode([fields[0], bytes(32), *fields[2:]]), signature, body)


@pytest.mark.parametrize("what", sorted(BAD_ENTRIES))
async def test_a_bad_entry_ends_its_link_and_nothing_else(tmp_path: Path, what: str) -> None:
    async with an_office(tmp_path) as (anne, paul, mallory):
        mallory.link.send(mallory.opening())
        mallory.link.send(mallory.post("before"))
        await anne.until_held("before")
        mallory.link.send(BAD_ENTRIES[what](mallory))
        if what == "another's name on it":  # a log of Anne's that nobody has: asked for, never answered, never shown
            assert isinstance(await _next(mallory.link, m.Want), m.Want)
        else:
            assert await mallory.link.ended()
            assert sum(anne.engine.refusals.values()) == 1
        await goes_on(anne, paul)
        assert [row.text for row in await anne.rows()] == ["still here.", "still here?", "before"]


async def _next(link: RawLink, kind: type[m.Message]) -> m.Message:
    while not isinstance(found := await link.message(), kind):
        pass
    return found


BAD_BYTES = {
    "a frame of length 0": bytes(4),
    "a frame longer than allowed": (65537).to_bytes(4, "big"),
    "a frame of 2^31": (2**31).to_bytes(4, "big"),
    "no MessagePack": b"\0\0\0\1\xc1",
    "a map": b"\0\0\0\1\x80",
    "deep nesting": b"\0\0\x40\0" + b"\x91" * 0x4000,
    "a known name with wrong fields": b"\0\0\0\6" + b"\x91\xa4ping",
    "a longer encoding of an integer": b"\0\0\0\x08" + b"\x92\xa3bye\xcd\0\1",
}


@pytest.mark.parametrize("what", sorted(BAD_BYTES))
async def test_bytes_that_are_no_message_end_the_link(tmp_path: Path, what: str) -> None:
    async with an_office(tmp_path) as (anne, paul, mallory):
        mallory.link.send_bytes(BAD_BYTES[what])
        assert await mallory.link.ended()
        assert sum(anne.engine.refusals.values()) == 1
        await goes_on(anne, paul)


async def test_an_unknown_message_is_passed_over_and_an_unknown_kind_kept_and_passed_on(tmp_path: Path) -> None:
    async with an_office(tmp_path) as (anne, paul, mallory):
        mallory.link.send_payload(codec.encode(["later", {"a": 1}]))
        mallory.link.send(mallory.opening())
        body = secrets.token_bytes(40)
        made, signature = mallory.entry("telepathy", body)
        mallory.link.send(m.LiveEntry(made.raw, signature, body))
        mallory.link.send(mallory.post("after the unknown"))
        await anne.until_held("after the unknown")
        await paul.until_held("after the unknown")
        for desk in (anne, paul):
            held = await desk.engine._vault.read_bodies([made.id])
            assert held == [(made.id, body)]
            assert [row.text for row in await desk.rows()] == ["after the unknown"]


async def test_heads_that_promise_what_is_never_sent_are_given_up(tmp_path: Path) -> None:
    async with an_office(tmp_path) as (anne, paul, mallory):
        line = (mallory.keys.device, mallory.number, 2**53 - 1, secrets.token_bytes(32))
        mallory.link.send(m.Have((line,)))
        want = await _next(mallory.link, m.Want)
        assert isinstance(want, m.Want) and want.points == ()
        mallory.link.send(m.RunSent(want.device, want.number, 1, (), b""))
        await goes_on(anne, paul)


async def test_a_run_forged_in_its_middle_is_refused_whole(tmp_path: Path) -> None:
    async with an_office(tmp_path) as (anne, paul, mallory):
        headers = []
        signature = b""
        first = mallory.opening()
        headers.append(first.header)
        for n in range(5):
            entry = mallory.post(f"run {n}")
            headers.append(entry.header)
            signature = entry.signature
        assert mallory.at is not None
        mallory.link.send(m.Have(((mallory.keys.device, mallory.number, 6, mallory.at.id),)))
        await _next(mallory.link, m.Want)
        headers[3] = flipped(headers[3])
        mallory.link.send(m.RunSent(mallory.keys.device, mallory.number, 1, tuple(headers), signature))
        assert await mallory.link.ended()
        await goes_on(anne, paul)
        assert len(await anne.rows()) == 2
