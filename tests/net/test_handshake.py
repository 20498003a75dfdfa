"""Proving and judging: a proof holds on its own link only, and a stranger's warrants must hold link by link."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskblog import limits
from deskblog.errors import Forged, Malformed, PeerError, TooLarge
from deskblog.log import charter
from deskblog.log.act import Act, Admit, Found, Grant, Remove, decode_act, write_act
from deskblog.log.keys import DeviceKeys
from deskblog.log.office import Office, fold
from deskblog.net import handshake as h
from deskblog.net import messages as m
from deskblog.net.certificate import make_certificate
from deskblog.values import ActId, DeviceKey, OfficeId, Role


def keys() -> DeviceKeys:
    return DeviceKeys(secrets.token_bytes(32), secrets.token_bytes(32))


def nonce() -> bytes:
    return secrets.token_bytes(32)


OFFICE = fold(charter.founding(keys(), keys().device, "Office", "Anne", 1))


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
    known = h.Judge(place.office, place.paul.device)
    assert known.sure and known.first_word() == []
    removal = place.keyholder(Remove(place.office.devices[place.paul.device], b""))
    judge = h.Judge(place.office, place.paul.device)
    (shown,) = judge.first_word()
    assert isinstance(shown, m.Warrants) and shown.acts[-1] == (removal.raw, removal.signature)
    assert not judge.sure


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


def test_a_chain_through_somebody_who_has_left_since_is_believed_where_it_stands(place: Place) -> None:
    """Paul has his key from Anne, and takes Anne out: whom he lets in then is believed by who knows all but this."""
    grant = place.keyholder(Grant(place.office.devices[place.paul.device], Role.KEYHOLDER))
    place.keyholder(Remove(place.office.devices[place.anne.device], b""), by=place.paul)
    before = place.office
    newcomer, late = keys(), keys()
    place.admit(newcomer, by=place.paul)
    shown = h.answer_who(place.office, newcomer.device)
    assert grant.id in {act.id for act in h.check_warrants(before, newcomer.device, shown)}
    (admission, _named) = charter.admitting(
        place.anne, fold(place.acts[:4]), (late.device, late.seal_key), "x", None, 5
    )
    chain = [(act.raw, act.signature) for act in before.acts.values() if isinstance(act.fields, Found)]
    with pytest.raises(Forged):  # what Anne wrote past her removal is new
        h.check_warrants(before, late.device, m.Warrants((*chain, (admission.raw, admission.signature))))


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


def apart(place: Place) -> Place:
    """The same office on a PC that hears no more of the other."""
    return Place(place.anne, place.paul, list(place.acts))


def test_two_who_were_admitted_while_the_other_was_away_meet_without_a_third(place: Place) -> None:
    """The listening side asks first; each then believes the other and knows it only provisionally."""
    karim, lea = keys(), keys()
    ones, others = apart(place), apart(place)
    ones.admit(karim)
    others.admit(lea)
    listening, dialling = h.Judge(ones.office, lea.device), h.Judge(others.office, karim.device)
    assert listening.first_word() == [m.Who()]
    listening.receive(h.answer_who(others.office, lea.device))
    assert dialling.first_word() == [m.Who()]
    dialling.receive(h.answer_who(ones.office, karim.device))
    assert listening.provisional and dialling.provisional
    both = fold({act.id: act for act in (*ones.acts, *others.acts)}.values())
    assert both.is_in(karim.device) and both.is_in(lea.device)


def test_a_removal_is_shown_with_all_that_warrants_it(place: Place) -> None:
    """By a second keyholder: his role is among what is shown, though it warrants no admission."""
    newcomer = keys()
    place.admit(newcomer)
    place.keyholder(Grant(place.office.devices[place.paul.device], Role.KEYHOLDER))
    removal = place.keyholder(Remove(b"", newcomer.device), by=place.paul)
    shown = h.removal_shown(place.office, newcomer.device)
    assert shown is not None
    acts = [decode_act(*one) for one in shown.acts]
    assert acts[-1] == removal and acts[0].id == ActId(place.office.id)
    for n, act in enumerate(acts):
        assert set(act.warrants) <= {before.id for before in acts[:n]}
    assert h.removal_shown(place.office, place.paul.device) is None


def test_two_who_removed_each_other_are_each_shown_it(place: Place) -> None:
    place.keyholder(Grant(place.office.devices[place.paul.device], Role.KEYHOLDER))
    other = apart(place)
    place.keyholder(Remove(b"", place.paul.device))
    other.keyholder(Remove(b"", place.anne.device), by=place.paul)
    office = fold({act.id: act for act in (*place.acts, *other.acts)}.values())
    for device in (place.anne.device, place.paul.device):
        (shown,) = h.Judge(office, device).first_word()
        assert isinstance(shown, m.Warrants) and len(shown.acts) > 1


def test_an_unheard_of_pc_of_somebody_removed_waits_for_who_knows_more(place: Place) -> None:
    """Admitted by a colleague who had not heard of the removal."""
    elsewhere, second = apart(place), keys()
    person = place.office.devices[place.paul.device]
    joiner = (second.device, second.seal_key)
    elsewhere.acts += charter.admitting(elsewhere.anne, elsewhere.office, joiner, "", person, 5)
    shown = h.answer_who(elsewhere.office, second.device)
    assert h.check_warrants(place.office, second.device, shown)
    place.keyholder(Remove(person, b""))
    with pytest.raises(Forged, match="removed"):
        h.check_warrants(place.office, second.device, shown)


def test_who_was_let_in_by_an_act_void_here_waits_for_who_knows_more(place: Place) -> None:
    """Paul, with the keys, was removed and taken back; whom he let in unseen by the remover stays out."""
    place.keyholder(Grant(place.office.devices[place.paul.device], Role.KEYHOLDER))
    elsewhere, puppet = apart(place), keys()
    place.keyholder(Remove(place.office.devices[place.paul.device], b""))
    place.admit(place.paul)
    elsewhere.admit(puppet, by=elsewhere.paul)
    shown = h.answer_who(elsewhere.office, puppet.device)
    known = fold({act.id: act for act in (*place.acts, *elsewhere.acts)}.values())
    assert known.is_in(place.paul.device) and not known.is_in(puppet.device)
    with pytest.raises(Forged, match="removed"):
        h.check_warrants(known, puppet.device, shown)


def test_an_admission_by_the_recovery_key_is_believed() -> None:
    anne, recovery, newcomer = keys(), keys(), keys()
    place = Place(anne, keys(), list(charter.founding(anne, recovery.device, "Office", "Anne", 1)))
    before = place.office
    place.admit(newcomer, by=recovery)
    assert h.check_warrants(before, newcomer.device, h.answer_who(place.office, newcomer.device))


@pytest.mark.parametrize("wrong", ["another office", "unwarranted", "not held", "no admission", "removal"])
def test_one_act_that_is_not_warranted_spoils_the_chain(place: Place, wrong: str) -> None:
    office, newcomer, founded = place.office, keys(), [ActId(place.office.id)]
    mallory = keys()
    good = write_act(place.anne, office.id, office.tips, founded, 5, _admission(newcomer))
    match wrong:
        case "another office":
            bad = write_act(place.anne, OfficeId(nonce()), office.tips, founded, 5, _admission(mallory))
        case "unwarranted":
            bad = write_act(place.anne, office.id, office.tips, (), 5, _admission(mallory))
        case "not held":
            bad = write_act(place.anne, office.id, office.tips, [*founded, ActId(nonce())], 5, _admission(mallory))
        case "no admission":  # Mallory never was let in by what she names
            bad = write_act(mallory, office.id, office.tips, founded, 5, _admission(mallory))
        case _:
            bad = write_act(place.anne, office.id, office.tips, founded, 5, Remove(b"", mallory.device))
    chain = [(act.raw, act.signature) for act in (place.acts[0], good)]
    assert h.check_warrants(office, newcomer.device, m.Warrants(tuple(chain)))
    with pytest.raises(Forged):
        h.check_warrants(office, newcomer.device, m.Warrants((*chain, (bad.raw, bad.signature))))


def test_a_chain_too_long_or_too_heavy_is_cut_to_a_message_and_not_believed(place: Place) -> None:
    """Each keyholder makes the next: twenty of them are 40 acts."""
    before, last = place.office, place.anne
    for _n in range(20):
        newcomer = keys()
        place.admit(newcomer, by=last)
        place.keyholder(Grant(place.office.devices[newcomer.device], Role.KEYHOLDER), by=last)
        last = newcomer
    shown = h.answer_who(place.office, last.device)
    assert len(shown.acts) == h.WARRANT_ACTS
    with pytest.raises(Forged):
        h.check_warrants(before, last.device, shown)
    heavy = [(bytes([n]) * 32, bytes(8), 1, bytes(32)) for n in range(200)]
    acts = [place.keyholder(Grant(place.office.id, Role.KEYHOLDER, tuple(heavy))) for _n in range(8)]
    assert len(m.encode(h.warrants_message(acts))) <= limits.FRAME
    assert h.warrants_message(acts[:1]).acts == ((acts[0].raw, acts[0].signature),)


@given(st.lists(st.tuples(st.binary(max_size=200), st.binary(min_size=64, max_size=64)), max_size=4).map(tuple))
def test_rubbish_for_warrants_is_the_peers_fault(acts: tuple[m.SignedAct, ...]) -> None:
    with pytest.raises(PeerError):
        h.check_warrants(OFFICE, DeviceKey(bytes(32)), m.Warrants(acts))


def _admission(newcomer: DeviceKeys) -> Admit:
    return Admit(b"", ((newcomer.device, newcomer.seal_key),))


def test_a_judge_takes_only_what_it_asked_for(place: Place) -> None:
    judge = h.Judge(place.office, keys().device)
    with pytest.raises(Malformed):
        judge.receive(m.Warrants(()))
    judge.first_word()
    with pytest.raises(Malformed):
        judge.receive(m.Who())
