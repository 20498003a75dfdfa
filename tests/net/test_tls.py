"""TLS on real sockets: what it proves, what it refuses, and that a proof made on one connection is worth nothing on
another."""

from __future__ import annotations

import secrets
import socket
import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from deskblog import limits
from deskblog.errors import Forged
from deskblog.log.keys import DeviceKeys
from deskblog.net import handshake as h
from deskblog.net import messages as m
from deskblog.net.certificate import device_of, make_certificate
from deskblog.net.link import ALPN
from deskblog.values import OfficeId
from tests.net.sockets import Side, contexts, dialled, keys, listening

OFFICE = OfficeId(b"o" * 32)


def server_of(mine: DeviceKeys) -> h.ServerHandshake:
    return h.ServerHandshake(mine.device, make_certificate(mine.seed).der, secrets.token_bytes(32), OFFICE)


def answer(mine: DeviceKeys, side: Side, hello: m.ServerHello) -> m.ClientHello:
    """What the dialling side says, from nothing but what its connection shows it."""
    der = side.link.certificate
    return h.ClientHandshake(mine, device_of(der), der, OFFICE).receive(hello, secrets.token_bytes(32), bytes(8))


async def test_a_link_proves_both_keys_each_to_the_other() -> None:
    anne, paul = keys(), keys()
    async with listening(contexts(anne)[0]) as place, dialled(place.port, contexts(paul)[1]) as outer:
        assert outer is not None
        inner, proving = await place.guest(), server_of(anne)
        inner.say(proving.hello())
        assert device_of(outer.link.certificate) == anne.device
        outer.say(answer(paul, outer, await outer.hear(m.ServerHello)))
        assert proving.receive(await inner.hear(m.ClientHello)) == h.Proven(paul.device, h.MEMBER, bytes(8))


async def test_tls_is_13_with_our_alpn_asks_no_client_certificate_and_gives_no_ticket() -> None:
    anne, paul = keys(), keys()
    async with listening(contexts(anne)[0]) as place, dialled(place.port, contexts(paul)[1]) as outer:
        assert outer is not None
        inner = await place.guest()
        inner.say(m.Who())
        await outer.payload()  # a ticket would have come before it
        assert {inner.tls.version(), outer.tls.version()} == {"TLSv1.3"}
        assert {inner.tls.selected_alpn_protocol(), outer.tls.selected_alpn_protocol()} == {ALPN}
        assert inner.tls.getpeercert(True) is None
        session = outer.tls.session
        assert session is None or not session.has_ticket
        assert not outer.tls.session_reused


async def test_a_post_waits_at_neither_end_for_another_to_leave_with_it() -> None:
    """Small packets held back by one end, and acknowledged late by the other, would cost each post 40 ms."""
    anne, paul = keys(), keys()
    async with listening(contexts(anne)[0]) as place, dialled(place.port, contexts(paul)[1]) as outer:
        assert outer is not None
        for side in (await place.guest(), outer):
            assert side.link._transport is not None
            plug = side.link._transport.get_extra_info("socket")
            assert plug.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


async def test_a_proof_passed_on_to_another_is_refused() -> None:
    """Mallory is dialled by Paul, who trusts her, dials Anne, and passes on all that either says."""
    anne, mallory, paul = keys(), keys(), keys()
    async with (
        listening(contexts(anne)[0]) as annes,
        listening(contexts(mallory)[0]) as mallorys,
        dialled(mallorys.port, contexts(paul)[1]) as outer,
        dialled(annes.port, contexts(mallory)[1]) as relay,
    ):
        assert outer is not None and relay is not None
        inner, trusting, proving = await annes.guest(), await mallorys.guest(), server_of(anne)
        inner.say(proving.hello())
        trusting.link.send(await relay.payload())
        outer.say(answer(paul, outer, await outer.hear(m.ServerHello)))
        relay.link.send(await trusting.payload())
        with pytest.raises(Forged):
            proving.receive(await inner.hear(m.ClientHello))


async def test_a_proof_recorded_is_refused_on_the_next_link() -> None:
    anne, paul = keys(), keys()
    async with listening(contexts(anne)[0]) as place:
        async with dialled(place.port, contexts(paul)[1]) as outer:
            assert outer is not None
            first, proving = await place.guest(), server_of(anne)
            first.say(proving.hello())
            recorded = answer(paul, outer, await outer.hear(m.ServerHello))
            assert proving.receive(recorded).device == paul.device
        async with dialled(place.port, contexts(keys())[1]) as outer:
            assert outer is not None
            second, proving = await place.guest(), server_of(anne)
            second.say(proving.hello())
            outer.say(recorded)
            with pytest.raises(Forged):
                proving.receive(await second.hear(m.ClientHello))


# --- refused ----------------------------------------------------------------------------------------------
def loose(context: ssl.SSLContext, alpn: list[str]) -> ssl.SSLContext:
    """A peer of another make: takes any version of TLS from 1.2 on, and this ALPN or none."""
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if alpn:
        context.set_alpn_protocols(alpn)
    return context


def only_12(context: ssl.SSLContext) -> ssl.SSLContext:
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    return loose(context, [ALPN])


async def test_a_dialler_with_tls_12_is_refused() -> None:
    async with (
        listening(contexts(keys())[0]) as place,
        dialled(place.port, only_12(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))) as outer,
    ):
        assert outer is None
        assert await place.refusal()


async def test_a_listener_with_tls_12_is_refused(load: Callable[[ssl.SSLContext, bytes], None]) -> None:
    context = only_12(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))
    made = make_certificate(keys().seed)
    load(context, made.key_pem + made.pem)
    async with listening(context) as place, dialled(place.port, contexts(keys())[1]) as outer:
        assert outer is None
        assert await place.refusal()


@pytest.mark.parametrize("alpn", [[], ["h2"], ["deskblog/2"]], ids=["none", "h2", "deskblog/2"])
async def test_a_dialler_of_another_protocol_is_not_spoken_to(alpn: list[str]) -> None:
    context = loose(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), alpn)
    async with listening(contexts(keys())[0]) as place, dialled(place.port, context) as outer:
        assert outer is None
        assert await place.refusal()


@pytest.mark.parametrize("alpn", [[], ["h2"]], ids=["none", "h2"])
async def test_a_listener_of_another_protocol_is_not_spoken_to(
    alpn: list[str], load: Callable[[ssl.SSLContext, bytes], None]
) -> None:
    context = loose(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), alpn)
    made = make_certificate(keys().seed)
    load(context, made.key_pem + made.pem)
    async with listening(context) as place, dialled(place.port, contexts(keys())[1]) as outer:
        assert outer is None


async def test_a_listener_whose_key_is_of_another_kind_proves_nothing(
    load: Callable[[ssl.SSLContext, bytes], None],
) -> None:
    context = loose(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), [ALPN])
    load(context, _on_a_curve_of_nist())
    async with listening(context) as place, dialled(place.port, contexts(keys())[1]) as outer:
        assert outer is not None and outer.tls.version() == "TLSv1.3"
        with pytest.raises(Forged):
            device_of(outer.link.certificate)


def _on_a_curve_of_nist() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
    signed = made.not_valid_after(datetime(2099, 1, 1, tzinfo=UTC)).sign(key, hashes.SHA256())
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + signed.public_bytes(serialization.Encoding.PEM)


@pytest.fixture
def load(tmp_path_factory: pytest.TempPathFactory) -> Callable[[ssl.SSLContext, bytes], None]:
    """Gives a context its key and certificate, which OpenSSL reads from a file only."""
    file = tmp_path_factory.mktemp("tls") / "pem"

    def into(context: ssl.SSLContext, pem: bytes) -> None:
        file.write_bytes(pem)
        context.load_cert_chain(file)

    return into


async def test_a_silent_link_holds_no_more_than_its_small_buffer() -> None:
    """The size is a private attribute of asyncio's: this says when it no longer takes effect."""
    async with listening(contexts(keys())[0]) as place, dialled(place.port, contexts(keys())[1]) as outer:
        assert outer is not None
        for side in (outer, await place.guest()):
            protocol: Any = side.link._transport.get_protocol()  # type: ignore[union-attr]
            held = side.link._transport._ssl_protocol  # type: ignore[union-attr]
            assert protocol is side.link
            assert len(held._ssl_buffer) == limits.TLS_BUFFER
