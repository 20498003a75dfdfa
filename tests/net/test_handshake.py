"""Proving and judging: a proof holds on its own link only, and a stranger's warrants must hold link by link."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given
from hypothesis import strategies as st

from deskblog import limits
from deskblog.errors import Forged, Malformed, PeerError, TooLarge
from deskblog.log import charter
from deskblog.log.act import Act, Admit, Grant, Remove, write_act
from deskblog.log.keys import DeviceKeys
from deskblog.log.office import Office, fold
from deskblog.net import handshake as h
from deskblog.net import messages as m
from deskblog.net.certificate import device_of, make_certificate
from deskblog.values import ActId, OfficeId, Role


def keys() -> DeviceKeys:
    return DeviceKeys(secrets.token_bytes(32), secrets.token_bytes(32))


def nonce() -> bytes:
    return secrets.token_bytes(32)


@dataclass
class Place:
    """An office of Anne's, with Paul admitted."""

    anne: DeviceKeys
    paul: DeviceKeys
    acts: list[Act]

    @property
    def office(self) -> Office:
        return fold(self.acts)

    def keyholder(self, fields: Remove | Grant, by: DeviceKeys | None = None) -> Act:
        author = by or self.anne
        warrants = self.office.warrants(author.device, keyholder=True)
        assert warrants is not None
        self.acts.append(write_act(author, self.office.id, self.office.tips, warrants, 9, fields))
        return self.acts[-1]

    def admit(self, newcomer: DeviceKeys, by: DeviceKeys | None = None) -> None:
        joiner = (newcomer.device, newcomer.seal_key)
        self.acts += charter.admitting(by or self.anne, self.office, joiner, "New", None, 5)


@pytest.fixture
def place() -> Place:
    anne, paul = keys(), keys()
    held = Place(anne, paul, list(charter.founding(anne, keys().device, "Office", "Anne", 1)))
    held.admit(paul)
    return held


def proof(client: DeviceKeys, server: DeviceKeys, hello: m.ServerHello, office: OfficeId | None) -> m.ClientHello:
    der = make_certificate(server.seed).der
    return h.ClientHandshake(client, server.device, der, office).receive(hello, nonce(), b"runrunru")


def server_of(server: DeviceKeys, office: OfficeId | None) -> h.ServerHandshake:
    return h.ServerHandshake(server.device, make_certificate(server.seed).der, nonce(), office)


@pytest.mark.parametrize("state", [h.MEMBER, h.JOIN])
def test_an_honest_proof_holds(place: Place, state: str) -> None:
    listening = server_of(place.anne, place.office.id)
    office = place.office.id if state == h.MEMBER else None
    hello = proof(place.paul, place.anne, listening.hello(), office)
    assert listening.receive(hello) == h.Proven(place.paul.device, state, b"runrunru")
    assert len(m.encode(hello)) <= limits.HELLO


def test_a_proof_shown_to_another_server_is_worth_nothing(place: Place) -> None:
    """Relay: Mallory is dialled by Paul and passes what he says on to Anne."""
    mallory, anne = keys(), server_of(place.anne, place.office.id)
    hello = proof(place.paul, mallory, anne.hello(), place.office.id)
    with pytest.raises(Forged):
        anne.receive(hello)


def test_a_proof_is_worth_nothing_the_second_time(place: Place) -> None:
    first = server_of(place.anne, place.office.id)
    hello = proof(place.paul, place.anne, first.hello(), place.office.id)
    with pytest.raises(Forged):
        server_of(place.anne, place.office.id).receive(hello)


def test_no_field_of_a_proof_can_be_changed(place: Place) -> None:
    listening = server_of(place.anne, place.office.id)
    good = proof(place.paul, place.anne, listening.hello(), place.office.id)
    mallory = keys()
    for change in (
        {"state": h.JOIN},
        {"state": h.JOIN, "office_tag": bytes(32)},
        {"device": mallory.device},
        {"nonce": nonce()},
        {"run_number": bytes(8)},
        {"office_tag": bytes(32)},
        {"signature": bytes(64)},
        {"version": 2},
        {"device": bytes(32)},
        {"device": place.anne.device},
    ):
        with pytest.raises(PeerError):
            listening.receive(msgspec.structs.replace(good, **change))
    assert listening.receive(good).device == place.paul.device


def test_another_office_is_not_told_from_none(place: Place) -> None:
    listening = server_of(place.anne, place.office.id)
    with pytest.raises(Forged):
        listening.receive(proof(place.paul, place.anne, listening.hello(), OfficeId(nonce())))
    without = server_of(place.anne, None)
    with pytest.raises(Forged):
        without.receive(proof(place.paul, place.anne, without.hello(), place.office.id))


def test_one_never_links_with_oneself_and_only_in_a_known_version(place: Place) -> None:
    der = make_certificate(place.anne.seed).der
    with pytest.raises(Forged):
        h.ClientHandshake(place.anne, place.anne.device, der, None)
    with pytest.raises(Malformed):
        h.ClientHandshake(place.paul, place.anne.device, der, None).receive(
            m.ServerHello((9,), nonce()), nonce(), bytes(8)
        )


# --- judging ----------------------------------------------------------------------------------------------
def test_a_colleague_is_known_and_a_removed_one_is_shown_why(place: Place) -> None:
    assert h.Judge(place.office, place.paul.device).sure
    removal = place.keyholder(Remove(place.office.devices[place.paul.device], b""))
    judge = h.Judge(place.office, place.paul.device)
    shown, no = judge.first_word()
    assert isinstance(shown, m.Warrants) and shown.acts[-1] == (removal.raw, removal.signature)
    assert no == m.No("removed") and not judge.sure


def test_one_admitted_meanwhile_is_believed_by_its_warrants(place: Place) -> None:
    before = place.office
    newcomer = keys()
    place.admit(newcomer)
    judge = h.Judge(before, newcomer.device)
    assert judge.first_word() == [m.Who()]
    judge.receive(h.answer_who(place.office, newcomer.device))
    assert judge.sure and judge.provisional


def test_a_chain_over_a_second_keyholder_is_believed(place: Place) -> None:
    before = place.office
    place.keyholder(Grant(place.office.devices[place.paul.device], Role.KEYHOLDER))
    newcomer = keys()
    place.admit(newcomer, by=place.paul)
    shown = h.answer_who(place.office, newcomer.device)
    assert h.check_warrants(before, newcomer.device, shown)[0].id == ActId(before.id)


def test_warrants_that_do_not_hold_are_refused(place: Place) -> None:
    before = place.office
    newcomer, mallory = keys(), keys()
    place.admit(newcomer)
    good = h.answer_who(place.office, newcomer.device)
    by_paul = place.office.warrants(place.paul.device, keyholder=False)
    assert by_paul is not None
    puppet = write_act(place.paul, before.id, before.tips, by_paul, 5, _admission(mallory))
    chain = [(act.raw, act.signature) for act in place.office.chain(place.paul.device)]
    removed = Place(place.anne, place.paul, list(place.acts))
    removed.keyholder(Remove(removed.office.devices[newcomer.device], b""))
    for office, device, shown in (
        (before, mallory.device, good),  # another's
        (before, newcomer.device, m.Warrants(())),
        (before, newcomer.device, m.Warrants(good.acts[1:])),  # not from the founding on
        (before, newcomer.device, m.Warrants(good.acts[:1])),  # no admission
        (before, mallory.device, m.Warrants((*chain, (puppet.raw, puppet.signature)))),  # by no keyholder
        (before, newcomer.device, m.Warrants((good.acts[0], (good.acts[1][0], bytes(64))))),
        (removed.office, newcomer.device, good),
    ):
        with pytest.raises(PeerError):
            h.check_warrants(office, device, shown)
    with pytest.raises(TooLarge):
        h.check_warrants(before, newcomer.device, m.Warrants((good.acts[0], (bytes(h.WARRANT_BYTES), bytes(64)))))


def _admission(newcomer: DeviceKeys) -> Admit:
    return Admit(b"", ((newcomer.device, newcomer.seal_key),))


def test_a_judge_takes_only_what_it_asked_for(place: Place) -> None:
    judge = h.Judge(place.office, keys().device)
    with pytest.raises(Malformed):
        judge.receive(m.Warrants(()))
    judge.first_word()
    with pytest.raises(Malformed):
        judge.receive(m.Who())


# --- certificates -----------------------------------------------------------------------------------------
def test_a_certificate_gives_the_key_it_was_made_for_and_is_the_same_each_time() -> None:
    mine = keys()
    made = make_certificate(mine.seed)
    assert device_of(made.der) == mine.device
    assert make_certificate(mine.seed) == made
    assert mine.seed not in made.der and "PRIVATE" not in repr(made)


def _other(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    name = x509.Name([])
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(x509.load_der_x509_certificate(make_certificate(bytes(32)).der).not_valid_before_utc)
        .not_valid_after(x509.load_der_x509_certificate(make_certificate(bytes(32)).der).not_valid_after_utc)
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.DER)
    )


def test_other_algorithms_and_altered_certificates_are_refused() -> None:
    der = make_certificate(keys().seed).der
    flipped = bytearray(der)
    flipped[-1] ^= 1
    for bad in (
        _other(rsa.generate_private_key(65537, 2048)),
        _other(ec.generate_private_key(ec.SECP256R1())),
        bytes(flipped),
        der + b"\0",
        der[:-1],
        b"",
        bytes(5000),
    ):
        with pytest.raises(PeerError):
            device_of(bad)


@given(st.binary(max_size=300))
def test_garbage_is_no_certificate(raw: bytes) -> None:
    with pytest.raises(PeerError):
        device_of(raw)
