"""Strangers at the door: they learn nothing, cost little, and keep nobody out."""

from __future__ import annotations

import asyncio
import secrets
import socket
import ssl
from pathlib import Path

import pytest

from deskblog import limits
from deskblog.log.keys import DeviceKeys
from deskblog.net import messages as m
from deskblog.net.certificate import device_of
from deskblog.net.handshake import ClientHandshake
from deskblog.values import OfficeId
from tests.engine.desk import desks
from tests.engine.raw import RawLink


def stranger() -> DeviceKeys:
    return DeviceKeys(secrets.token_bytes(32), secrets.token_bytes(32))


def bare_context(alpn: list[str], highest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.maximum_version = highest
    if alpn:
        context.set_alpn_protocols(alpn)
    return context


@pytest.mark.parametrize("alpn", [[], ["h2"]])
async def test_another_protocol_is_not_spoken_to(tmp_path: Path, alpn: list[str]) -> None:
    async with desks(tmp_path, "Anne") as (anne,):
        await anne.found()
        try:
            link = await RawLink.dial(anne.engine.port, stranger(), context=bare_context(alpn))
        except (ssl.SSLError, ConnectionError):
            return
        async with link:
            assert await link.ended()


async def test_tls_12_is_refused(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne") as (anne,):
        await anne.found()
        context = bare_context(["deskblog/1"], ssl.TLSVersion.TLSv1_2)
        with pytest.raises((ssl.SSLError, ConnectionError)):
            await RawLink.dial(anne.engine.port, stranger(), context=context)


async def test_a_member_of_another_office_and_one_unknown_get_one_and_the_same_answer(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne") as (anne,):
        await anne.found()
        office = anne.engine._vault.office
        assert office is not None
        async with await _hello(anne.engine.port, OfficeId(secrets.token_bytes(32))) as link:
            assert await link.ended()
        async with await _hello(anne.engine.port, office.id) as link:  # knows the office's id, and no more
            assert m.decode(await link.payload(), m.Judging) == m.Who()
            link.send(m.Warrants(()))
            assert await link.ended()


async def _hello(port: int, office: OfficeId) -> RawLink:
    """A link on which a stranger has proven its own key and claimed an office."""
    keys = stranger()
    link = await RawLink.dial(port, keys)
    der = link._writer.get_extra_info("ssl_object").getpeercert(True)
    hello = m.decode(await link.payload(), m.ServerHello)
    link.send(ClientHandshake(keys, device_of(der), der, office).receive(hello, secrets.token_bytes(32), bytes(8)))
    return link


async def test_before_the_proof_half_a_kilobyte_is_the_most(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne") as (anne,):
        await anne.found()
        async with await RawLink.dial(anne.engine.port, stranger()) as link:
            await link.payload()
            link.send_bytes((limits.HELLO + 1).to_bytes(4, "big"))
            assert await link.ended()


async def test_a_ninth_link_of_one_address_is_not_let_in_and_others_are(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        silent = []
        try:
            for _n in range(limits.STRANGERS_ADDRESS):
                silent.append(await _connect(anne.engine.port, "127.0.0.2"))
            ninth = await _connect(anne.engine.port, "127.0.0.2")
            loop = asyncio.get_running_loop()
            async with asyncio.timeout(5):
                assert await loop.sock_recv(ninth, 1) == b""
            ninth.close()
            await anne.admit(paul)  # from 127.0.0.1
            await paul.until(lambda: "Anne" in paul.linked_with())
        finally:
            for one in silent:
                one.close()


async def _connect(port: int, source: str) -> socket.socket:
    made = socket.socket()
    made.setblocking(False)
    made.bind((source, 0))
    await asyncio.get_running_loop().sock_connect(made, ("127.0.0.1", port))
    return made


async def test_garbage_instead_of_tls_ends_there(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        made = await _connect(anne.engine.port, "127.0.0.2")
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(made, b"GET / HTTP/1.1\r\n\r\n" * 50)
        async with asyncio.timeout(5):
            try:
                while await loop.sock_recv(made, 4096):
                    pass
            except ConnectionResetError:
                pass
        made.close()
        await anne.admit(paul)
