"""Joining: a spoken code lets a new device in, and nothing else does.

Both device keys are proven by TLS and handshake before this begins; SPAKE2 (RFC 9382's kind, by the library `spake2`)
then proves that both know the words, and binds that to both keys, to the listening side's certificate and to every
byte said so far. The joiner confirms first, so a guesser learns whether it was right only by using up a try.

    joiner: pake ─> confirm ─> me ─>            WAIT_PAKE ─> WAIT_CONFIRM ─> WAIT_WELCOME ─> DONE
    inviter:     <─ pake    <─ confirm  <─ welcome   WAIT_PAKE ─> WAIT_CONFIRM ─> WAIT_ME ─> ADMITTING
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from enum import Enum, auto
from hashlib import blake2b
from hmac import compare_digest
from typing import TYPE_CHECKING

from msgspec import Struct

from deskblog import limits
from deskblog.errors import Forged, Malformed, PeerError, Refused, TooLarge
from deskblog.log import codec, kinds
from deskblog.log.act import Act, decode_act
from deskblog.log.office import Office, fold
from deskblog.net import messages as m
from deskblog.net.code import Code
from deskblog.values import ActId, DeviceKey

if TYPE_CHECKING:
    from spake2 import SPAKE2_A, SPAKE2_B

Entropy = Callable[[int], bytes]
WELCOME_BYTES = 64 * limits.MIB
_JOINER, _INVITER = b"deskblog/1 joiner", b"deskblog/1 inviter"


class State(Enum):
    WAIT_PAKE = auto()
    WAIT_CONFIRM = auto()
    WAIT_ME = auto()
    WAIT_WELCOME = auto()
    DONE = auto()


class Ends(Struct, frozen=True):
    """Both ends of the link that is joined over: the keys proven, the certificate used, the hellos said."""

    joiner: DeviceKey
    inviter: DeviceKey
    certificate: bytes
    hellos: bytes

    @property
    def joiner_id(self) -> bytes:
        return _JOINER + self.joiner

    @property
    def inviter_id(self) -> bytes:
        return _INVITER + self.inviter + codec.digest(self.certificate)

    def proof(self, key: bytes, side: bytes, pakes: bytes) -> bytes:
        """BLAKE2b-256 keyed with the shared key, over the side's name and the hash of all that was said."""
        transcript = codec.digest(self.hellos, pakes)
        return blake2b(side + transcript, key=key, digest_size=32).digest()


class Tries:
    """The tries of one code, over all links: runs begun plus wrong confirmations are three at most at any instant."""

    def __init__(self, expires: float) -> None:
        self.expires = expires
        self.wrong = 0
        self.running = 0
        self.used_by: DeviceKey | None = None
        self.cancelled = False
        self._begun: deque[float] = deque(maxlen=limits.CODE_BEGUN)

    @property
    def dead(self) -> bool:
        return self.wrong >= limits.CODE_TRIES

    def begin(self, device: DeviceKey, now: float) -> bool:
        """True if this device may try now. Who was let in already may come again, if its welcome was cut off."""
        over = self.cancelled or self.dead or now >= self.expires
        if over or self.used_by not in (None, device) or self.wrong + self.running >= limits.CODE_TRIES:
            return False
        if len(self._begun) == limits.CODE_BEGUN and now - self._begun[0] < 60:
            return False  # each run costs this PC 10 ms, and is given back when it is broken off
        self._begun.append(now)
        self.running += 1
        return True

    def broken_off(self) -> None:
        """A run ended before it confirmed: the try is given back."""
        self.running -= 1

    def failed(self) -> None:
        self.running -= 1
        self.wrong += 1

    def succeeded(self, device: DeviceKey) -> bool:
        """False if another joiner was a moment sooner, or the code has ended since this run began."""
        self.running -= 1
        if self.cancelled or self.used_by not in (None, device):
            return False
        self.used_by = device
        return True


class Inviter:
    """The inviting side of one run."""

    def __init__(self, tries: Tries, code: Code, ends: Ends, entropy: Entropy) -> None:
        self.state = State.WAIT_PAKE
        self._tries = tries
        self._ends = ends
        from spake2 import SPAKE2_B

        self._spake = SPAKE2_B(code.password, idA=ends.joiner_id, idB=ends.inviter_id, entropy_f=entropy)
        self._key = b""
        self._pakes = b""
        self._counted = True  # this run is among those begun

    def receive(self, message: m.Message, payload: bytes) -> list[m.Message]:
        """Answers `pake` and `confirm`; a wrong confirmation is answered `no`, and its try is spent."""
        if self.state is State.WAIT_PAKE and isinstance(message, m.Pake):
            return [self._answer_pake(message, payload)]
        if self.state is State.WAIT_CONFIRM and isinstance(message, m.Confirm):
            return [self._answer_confirm(message)]
        raise Malformed("joining: not what comes next")

    def _answer_pake(self, message: m.Pake, payload: bytes) -> m.Message:
        mine = m.Pake(self._spake.start())
        self._key = _finish(self._spake, message.share)
        self._pakes = payload + m.encode(mine)
        self.state = State.WAIT_CONFIRM
        return mine

    def _answer_confirm(self, message: m.Confirm) -> m.Message:
        self._counted = False
        if not compare_digest(message.proof, self._ends.proof(self._key, b"joiner", self._pakes)):
            self._tries.failed()
            self.state = State.DONE
            return m.No("dead" if self._tries.dead else "code")
        if not self._tries.succeeded(self._ends.joiner):
            self.state = State.DONE
            return m.No("closed" if self._tries.cancelled else "used")
        self.state = State.WAIT_ME
        return m.Confirm(self._ends.proof(self._key, b"inviter", self._pakes))

    def joiner(self, message: m.Message) -> tuple[str, bytes]:
        """(name, seal key) of whoever is to be admitted; Malformed if the name is none."""
        if self.state is not State.WAIT_ME or not isinstance(message, m.Me):
            raise Malformed("joining: not what comes next")
        self.state = State.DONE
        try:
            return kinds.written_name(message.name), message.seal_key
        except Refused as fault:
            raise Malformed(f"joining: {fault.what}") from None

    def ended(self) -> None:
        """The link is gone; a run that had not confirmed is given back."""
        if self._counted:
            self._counted = False
            self._tries.broken_off()


class Joiner:
    """The joining side of one run."""

    def __init__(self, code: Code, me: m.Me, ends: Ends, entropy: Entropy) -> None:
        self.state = State.WAIT_PAKE
        self.office: Office | None = None
        self._me = me
        self._ends = ends
        from spake2 import SPAKE2_A

        self._spake = SPAKE2_A(code.password, idA=ends.joiner_id, idB=ends.inviter_id, entropy_f=entropy)
        self._mine = b""
        self._key = b""
        self._pakes = b""
        self._acts: list[m.SignedAct] = []
        self._size = 0

    def start(self) -> m.Message:
        message = m.Pake(self._spake.start())
        self._mine = m.encode(message)
        return message

    def receive(self, message: m.Message, payload: bytes) -> list[m.Message]:
        """What to answer. When the state is DONE, `office` is the office joined, checked."""
        if isinstance(message, m.No):
            raise _refusal(message.reason)
        if self.state is State.WAIT_PAKE and isinstance(message, m.Pake):
            self._key = _finish(self._spake, message.share)
            self._pakes = self._mine + payload
            self.state = State.WAIT_CONFIRM
            return [m.Confirm(self._ends.proof(self._key, b"joiner", self._pakes))]
        if self.state is State.WAIT_CONFIRM and isinstance(message, m.Confirm):
            if not compare_digest(message.proof, self._ends.proof(self._key, b"inviter", self._pakes)):
                raise Forged("joining: the other side does not know the words")
            self.state = State.WAIT_WELCOME
            return [self._me]
        if self.state is State.WAIT_WELCOME and isinstance(message, m.Welcome):
            self._collect(message)
            return []
        raise Malformed("joining: not what comes next")

    def _collect(self, message: m.Welcome) -> None:
        self._acts += message.acts
        self._size += sum(len(raw) for raw, _signature in message.acts)
        if self._size > WELCOME_BYTES or len(self._acts) > limits.ACTS:
            raise TooLarge("welcome")
        if not message.more:
            self.office = check_welcome(self._acts, message.office, message.admission, self._ends)
            self.state = State.DONE


class WrongCode(PeerError):
    """The other side refused the code; `reason` is "code", "dead", "used" or "closed"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def prepare() -> None:
    """Loads what SPAKE2 needs: 8 MB and a moment, for those who let somebody in or come; not to be waited for on a
    loop."""
    from spake2 import SPAKE2_A, SPAKE2_B, SPAKEError  # noqa: F401
    from spake2.ed25519_basic import NotOnCurve  # noqa: F401


def _refusal(reason: str) -> WrongCode:
    return WrongCode(reason if reason in ("code", "dead", "used") else "closed")


def _finish(spake: SPAKE2_A | SPAKE2_B, share: bytes) -> bytes:
    from spake2 import SPAKEError
    from spake2.ed25519_basic import NotOnCurve

    try:
        key: bytes = spake.finish(share)
    except (SPAKEError, NotOnCurve, ValueError, AssertionError) as fault:  # the library asserts what elements are
        raise Forged(f"joining: {type(fault).__name__}") from None
    return key


def check_welcome(signed: Iterable[m.SignedAct], office: bytes, admission: bytes, ends: Ends) -> Office:
    """The office one is welcomed to. Forged unless, in this order: the founding hashes to the office; every signature
    holds; the acts fold; the inviter's device is in and a keyholder's; one's own key is in by that admission."""
    acts: list[Act] = [decode_act(raw, signature) for raw, signature in signed]
    if not any(act.id == ActId(office) and act.kind == "found" for act in acts):
        raise Forged("welcome: no founding of this office")
    if any(act.office != office for act in acts):
        raise Forged("welcome: an act of another office")
    try:
        folded = fold(acts)
    except ValueError as fault:
        raise Forged(f"welcome: {fault}") from None
    if folded.warrants(ends.inviter, keyholder=True) is None:
        raise Forged("welcome: from somebody who may not invite")
    if folded.admission_of(ends.joiner) != ActId(admission):
        raise Forged("welcome: without my admission")
    return folded


def welcome_messages(office: Office, admission: ActId) -> list[m.Welcome]:
    """All acts of the office, cut to frames."""
    parts = m.act_parts(office.acts.values())
    return [m.Welcome(office.id, admission, part, more=i < len(parts) - 1) for i, part in enumerate(parts)]
