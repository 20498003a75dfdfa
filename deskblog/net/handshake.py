"""Who is there: TLS has proven the listening side's key S, here the dialling side proves its key C to S and no other.

    listening side                         dialling side
    ── hello [versions, nonce s] ────────>
       <─── hello [version, state, C, nonce c, office tag, run number, signature] ──
    then, in state member, judging:
       C in the fold        ── ready ────>  S in the fold: goes on; S unknown: who ──> warrants
       C unknown            ── who ──────>  warrants ──> (checked) ── ready ──> …
       C removed            ── warrants with the removal, no "removed"
       anything else        ── no "no", the same for every cause

The signature names the certificate of the very connection it is made on, so whoever stands in the middle, or is
spoken to willingly, can pass it on to nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

from deskblog.errors import Forged, Malformed, TooLarge
from deskblog.log import codec
from deskblog.log.act import Act, Found, Grant, Remove, decode_act
from deskblog.log.fold import admitted, person_admitted
from deskblog.log.keys import SIGN_CLIENT, DeviceKeys, check_key, verify
from deskblog.log.office import Office
from deskblog.net import messages as m
from deskblog.values import NO_ID, ActId, DeviceKey, OfficeId, Role

VERSION = 1
MEMBER, JOIN = "member", "join"
WARRANT_BYTES = 16 * 1024


@dataclass(frozen=True, slots=True)
class Proven:
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
    """What the dialling side signs, behind its label: 235 or 237 bytes, each part of fixed width but the state."""
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
    """For a device that was removed: the act that says so, with what it takes to believe it."""
    removal = office.was_removed(device)
    if removal is None:
        return None
    chain = [act for act in office.chain(removal.author) if act.id != removal.id]
    return warrants_message([*chain, removal])


def warrants_message(acts: list[Act]) -> m.Warrants:
    """The last 16 acts at most; a longer chain is not believed, and waits for a common colleague."""
    return m.Warrants(tuple((act.raw, act.signature) for act in acts[-16:]))


def check_warrants(office: Office, device: DeviceKey, shown: m.Warrants) -> tuple[Act, ...]:
    """The acts that warrant a device not known here, parents first; Forged unless every link of them holds.

    Each signature holds, each act is warranted by earlier ones, the first is this office's founding, one admits the
    device, and no removal known here names a device or a person among them.
    """
    if sum(len(raw) for raw, _signature in shown.acts) > WARRANT_BYTES:
        raise TooLarge("warrants")
    acts = tuple(decode_act(raw, signature) for raw, signature in shown.acts)
    if not acts or acts[0].id != ActId(office.id):
        raise Forged("warrants: not of this office")
    held: dict[ActId, Act] = {}
    for act in acts:
        if act.id != ActId(office.id) and not _warranted(act, held):
            raise Forged("warrants: one is not warranted")
        held[act.id] = act
    if not any(device in admitted(act) for act in acts):
        raise Forged("warrants: not of this device")
    if any(office.was_removed(who) is not None for act in acts for who in (*admitted(act), act.author)):
        raise Forged("warrants: of somebody removed")
    return acts


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


class Judge:
    """One side's judging of the other, from proven to colleague; one for each link.

    states: WAITING ─who sent─> ASKED ─warrants hold─> SURE; or SURE at once when the fold knows the device.
    """

    def __init__(self, office: Office, peer: DeviceKey) -> None:
        self._office = office
        self._peer = peer
        self._asked = False
        self.sure = office.is_in(peer)
        self.provisional = False

    def first_word(self) -> list[m.Message]:
        """What to say before `ready` (having dialled: after it): nothing if sure, else the question or the end."""
        if self.sure:
            return []
        shown = removal_shown(self._office, self._peer)
        if shown is not None:
            return [shown, m.No("removed")]
        self._asked = True
        return [m.Who()]

    def receive(self, message: m.Message) -> None:
        """The answer to `who`; PeerError if it is none or does not hold."""
        if not self._asked or not isinstance(message, m.Warrants):
            raise Malformed("not what was asked")
        check_warrants(self._office, self._peer, message)
        self._asked = False
        self.sure = self.provisional = True


def answer_who(office: Office, me: DeviceKey) -> m.Warrants:
    """My admission and all that warrants it."""
    return warrants_message(list(office.chain(me)))
