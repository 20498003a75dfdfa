"""Who is there: TLS has proven the listening side's key S, here the dialling side proves its key C to S and no other.

    listening side                         dialling side
    ── hello [versions, nonce s] ────────>
       <─── hello [version, state, C, nonce c, office tag, run number, signature] ──
    then, in state member, judging:
       C in the fold        ── ready ────>  S in the fold: goes on; S unknown: who ──> warrants
       C unknown            ── who ──────>  warrants ──> (checked) ── ready ──> …
       C removed            ── warrants with the removal ──> closes, or warrants ──> (checked) ── ready ──> …
       anything else        the link is closed without a word, the same for every cause

The signature names the certificate of the very connection it is made on, so whoever stands in the middle, or is
spoken to willingly, can pass it on to nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

from msgspec import Struct

from deskblog import limits
from deskblog.errors import Forged, Malformed, TooLarge
from deskblog.log import codec
from deskblog.log.act import Act, Admit, Found, Grant, Remove, decode_act
from deskblog.log.fold import admitted, person_admitted
from deskblog.log.keys import SIGN_CLIENT, DeviceKeys, check_key, verify
from deskblog.log.office import Office
from deskblog.net import messages as m
from deskblog.values import NO_ID, ActId, DeviceKey, OfficeId, PersonId, Role

VERSION = 1
MEMBER, JOIN = "member", "join"
WARRANT_ACTS = 16
WARRANT_BYTES = 16 * limits.KIB


class Proven(Struct, frozen=True):
    """The dialling side holds the key it names, and meant this very connection."""

    device: DeviceKey
    state: str
    run_number: bytes


def office_tag(office: OfficeId | None, server_nonce: bytes, client_nonce: bytes) -> bytes:
    """Tells the same office from another without telling which: BLAKE2b-256 of its id keyed with both nonces."""
    if office is None:
        return NO_ID
    return blake2b(office, key=server_nonce + client_nonce, digest_size=32).digest()


def signed_text(certificate: bytes, server: bytes, hello: m.ClientHello, server_nonce: bytes) -> bytes:
    """What the dialling side signs, behind its label: 208 bytes, each part of fixed width."""
    return b"".join(
        (
            codec.digest(certificate),
            server,
            hello.device,
            server_nonce,
            hello.nonce,
            hello.state.encode().ljust(6, b"\0"),
            hello.version.to_bytes(2, "big"),
            hello.run_number,
            hello.office_tag,
        )
    )


class ServerHandshake:
    """The listening side until the other is proven."""

    def __init__(self, me: DeviceKey, certificate: bytes, nonce: bytes, office: OfficeId | None) -> None:
        self._me = me
        self._certificate = certificate
        self._nonce = nonce
        self._office = office

    def hello(self) -> m.ServerHello:
        return m.ServerHello((VERSION,), self._nonce)

    def receive(self, hello: m.ClientHello) -> Proven:
        """Who dialled; PeerError if anything is not right."""
        if hello.version != VERSION:
            raise Malformed("a version that was not offered")
        if hello.device == self._me:
            raise Forged("my own key")
        check_key(hello.device)
        expected = office_tag(self._office if hello.state == MEMBER else None, self._nonce, hello.nonce)
        if hello.office_tag != expected or (hello.state == MEMBER and self._office is None):
            raise Forged("another office")
        text = signed_text(self._certificate, self._me, hello, self._nonce)
        verify(hello.device, SIGN_CLIENT, text, hello.signature)
        return Proven(DeviceKey(hello.device), hello.state, hello.run_number)


class ClientHandshake:
    """The dialling side: answers the listening side's hello."""

    def __init__(self, keys: DeviceKeys, server: DeviceKey, certificate: bytes, office: OfficeId | None) -> None:
        """`office` None: to join."""
        if server == keys.device:
            raise Forged("my own key")
        self._keys = keys
        self._server = server
        self._certificate = certificate
        self._office = office

    def receive(self, hello: m.ServerHello, nonce: bytes, run_number: bytes) -> m.ClientHello:
        """The signed answer; Malformed if the other speaks no version known here."""
        if VERSION not in hello.versions:
            raise Malformed("no version in common")
        bare = m.ClientHello(
            VERSION,
            JOIN if self._office is None else MEMBER,
            self._keys.device,
            nonce,
            office_tag(self._office, hello.nonce, nonce),
            run_number,
            bytes(64),
        )
        text = signed_text(self._certificate, self._server, bare, hello.nonce)
        signature = self._keys.sign(SIGN_CLIENT, text)
        return m.ClientHello(
            bare.version, bare.state, bare.device, bare.nonce, bare.office_tag, bare.run_number, signature
        )


# --- judging ----------------------------------------------------------------------------------------------
def removal_shown(office: Office, device: DeviceKey) -> m.Warrants | None:
    """For a device that is out: the act that took it, or whoever let it in, with what it takes to believe that."""
    removal = office.was_removed(device) or office.voided_by(device)
    if removal is None:
        return None
    return warrants_message([*office.warranting(removal), removal])


def warrants_message(acts: Sequence[Act]) -> m.Warrants:
    """The newest that fit a message; a chain so cut is not believed, and waits for a common colleague."""
    shown: list[m.SignedAct] = []
    room = limits.FRAME - limits.KIB
    for act in reversed(acts):
        room -= len(act.raw) + len(act.signature) + 8
        if room < 0 or len(shown) == WARRANT_ACTS:
            break
        shown.append((act.raw, act.signature))
    return m.Warrants(tuple(reversed(shown)))


def check_warrants(office: Office, device: DeviceKey, shown: m.Warrants) -> tuple[Act, ...]:
    """The acts that warrant a device not known here, parents first; Forged unless every link of them holds.

    Each signature holds, each act is warranted by earlier ones, the first is this office's founding, one admits the
    device, none is void here, and no removal known here names the device, or a device or person of a new act.
    """
    if sum(len(raw) for raw, _signature in shown.acts) > WARRANT_BYTES:
        raise TooLarge("warrants")
    acts = tuple(decode_act(raw, signature) for raw, signature in shown.acts)
    if not acts or acts[0].id != ActId(office.id):
        raise Forged("warrants: not of this office")
    held: dict[ActId, Act] = {}
    for act in acts:
        if act.office != office.id or (act.id != ActId(office.id) and not _warranted(act, held)):
            raise Forged("warrants: one is not warranted")
        held[act.id] = act
    if not any(device in admitted(act) for act in acts):
        raise Forged("warrants: not of this device")
    if office.was_removed(device) is not None or any(_contradicted(office, act) for act in acts):
        raise Forged("warrants: of somebody removed")
    return acts


def _contradicted(office: Office, act: Act) -> bool:
    """True if what is known here speaks against the act, so that it takes somebody who knows more.

    Of a known act the fold has judged: what stands goes on standing when its author has left. A new one may be a
    device not heard of of somebody removed.
    """
    if act.id in office.acts:
        return act.id not in office.standing
    if any(office.was_removed(who) is not None for who in (*admitted(act), act.author)):
        return True
    return isinstance(act.fields, Admit) and PersonId(act.fields.person) in _removed_persons(office)


def _removed_persons(office: Office) -> set[PersonId]:
    removals = (act.fields for act in office.acts.values() if act.id in office.standing)
    return {PersonId(fields.person) for fields in removals if isinstance(fields, Remove) and fields.person}


def _warranted(act: Act, held: dict[ActId, Act]) -> bool:
    """True if this is a keyholder's admission or grant, warranted by acts shown before it."""
    if isinstance(act.fields, Remove) or not act.warrants or not all(w in held for w in act.warrants):
        return False
    warrants = [held[w] for w in act.warrants]
    founding = next((w for w in warrants if isinstance(w.fields, Found)), None)
    if founding is not None and isinstance(founding.fields, Found) and act.author == founding.fields.recovery:
        return True
    person = next((person_admitted(w) for w in warrants if act.author in admitted(w)), None)
    if person is None:
        return False
    return any(
        (isinstance(w.fields, Found) and w.id == ActId(person))
        or (isinstance(w.fields, Grant) and w.fields.person == person and w.fields.role == Role.KEYHOLDER)
        for w in warrants
    )


def check_taken_back(office: Office, device: DeviceKey, shown: m.Warrants) -> None:
    """That a device which is out here was let in again by the recovery words; Forged if it does not show that.

    Whoever else took it back is asked for it: what the recovery key wrote can come from the device alone, for all
    that were in may be out. Not even my own act is taken from it: with a disk that was put back I may have lost a
    second removal behind it.
    """
    acts = tuple(decode_act(raw, signature) for raw, signature in shown.acts)
    if not acts or acts[0].id != ActId(office.id):
        raise Forged("warrants: not of this office")
    new = [act for act in acts if act.id not in office.acts]
    if any(act.author != office.recovery or acts[0].id not in act.warrants or act.office != office.id for act in new):
        raise Forged("warrants: of somebody removed")
    if not any(device in admitted(act) for act in new):
        raise Forged("warrants: nothing new of this device")


def taken_back(office: Office, me: DeviceKey) -> bool:
    """True if this device is in by the recovery words."""
    admission = office.admission_of(me)
    return admission is not None and office.acts[admission].author == office.recovery


class Judge:
    """One side's judging of the other, from proven to colleague; one for each link.

    states: WAITING ─who sent─> ASKED ─warrants hold─> SURE; or SURE at once when the fold knows the device.
    A removed device is shown its removal, and answers with warrants too if the recovery words took it back.
    """

    def __init__(self, office: Office, peer: DeviceKey) -> None:
        self._office = office
        self._peer = peer
        self._asked = False
        self.sure = office.is_in(peer)
        self.provisional = False

    def first_word(self) -> list[m.Message]:
        """What to say before `ready` (having dialled: after it): nothing if sure; the question, or the removal."""
        if self.sure:
            return []
        shown = removal_shown(self._office, self._peer)
        self._asked = True
        return [shown] if shown is not None else [m.Who()]

    def receive(self, message: m.Message) -> None:
        """The answer to `who`; PeerError if it is none or does not hold."""
        if not self._asked or not isinstance(message, m.Warrants):
            raise Malformed("not what was asked")
        if self._office.was_removed(self._peer) is not None:
            check_taken_back(self._office, self._peer, message)
        else:
            check_warrants(self._office, self._peer, message)
        self._asked = False
        self.sure = self.provisional = True


def answer_who(office: Office, me: DeviceKey) -> m.Warrants:
    """My admission and all that warrants it."""
    return warrants_message(office.chain(me))
