"""The doors: what a link goes through before it is a colleague's, on real sockets and against the clock.

OuterDoor: somebody dialled this PC. InnerDoor: this PC dialled a colleague. JoinDoor: this PC dialled to join.
Whatever is not right ends the link with one answer, and tells a stranger nothing.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable

from msgspec import Struct

from deskblog import limits
from deskblog.errors import Malformed, PeerError
from deskblog.log.act import Act
from deskblog.log.keys import DeviceKeys
from deskblog.log.office import Office
from deskblog.net import handshake as h
from deskblog.net import messages as m
from deskblog.net.certificate import device_of
from deskblog.net.code import Code
from deskblog.net.invite import Ends, Joiner, State
from deskblog.net.link import Link
from deskblog.net.removal import names, read_removal
from deskblog.values import DeviceKey

_NO_RUN = bytes(8)


class Arrival(Struct, frozen=True):
    """A link proven and judged. `first`: what its other side said already as a colleague."""

    link: Link
    device: DeviceKey
    run_number: bytes
    first: bytes | None


class Guest(Struct, frozen=True):
    """A link proven, whose other side wants to join."""

    link: Link
    ends: Ends


class _Door:
    """A link with a deadline."""

    def __init__(self, link: Link, seconds: float) -> None:
        self.link = link
        self._deadline = asyncio.get_running_loop().call_later(seconds, self._late)
        self._before = link.lost
        self.told_removed: Callable[[tuple[Act, ...]], None] = lambda acts: None  # by the other side, with its acts
        link.lost = self._gone

    def _late(self) -> None:
        self.link.end("too slow", at_once=True)

    def _gone(self, link: Link, reason: str) -> None:
        self._deadline.cancel()
        self._before(link, reason)

    def _say(self, message: m.Message) -> bytes:
        payload = m.encode(message)
        self.link.send(payload)
        return payload

    def _answer_who(self, office: Office, me: DeviceKey) -> None:
        """Shows what warrants this device; one that is out has nothing to show."""
        shown = h.answer_who(office, me)
        if shown.acts:
            self._say(shown)
        else:
            self.link.end("this PC is out")

    def _hear_removal(self, office: Office, me: DeviceKey, shown: m.Warrants) -> None:
        """The other side says that this device was removed. Either it was, or it shows what took it back."""
        acts = read_removal(office, me, shown.acts)
        back = h.taken_back(office, me) or (office.is_in(me) and not names(office, acts[-1], me))
        if acts[-1].id in office.acts and back:
            self._say(h.answer_who(office, me))
            return
        self.told_removed(acts)
        self.link.end("removed, the other side says")

    def _leave(self) -> None:
        """The link goes on without this door."""
        self._deadline.cancel()
        self.link.lost = self._before


class OuterDoor(_Door):
    """Somebody dialled: who, and may they?"""

    def __init__(
        self,
        link: Link,
        me: DeviceKey,
        certificate: bytes,
        office: Callable[[], Office | None],
        arrived: Callable[[Arrival], None],
        joiner: Callable[[Guest], bool],
    ) -> None:
        super().__init__(link, limits.HELLO_SECONDS)
        self._me = me
        self._certificate = certificate
        self._office = office
        self._arrived = arrived
        self._joiner = joiner
        held = office()
        self._handshake = h.ServerHandshake(me, certificate, secrets.token_bytes(32), held.id if held else None)
        self._proven: h.Proven
        self._judge: h.Judge
        self.ready: Callable[[], m.ServerReady] = lambda: m.ServerReady(_NO_RUN, 0, ())
        link.receive = self._hello

    def open(self) -> None:
        self._said = self._say(self._handshake.hello())

    def _hello(self, payload: bytes) -> None:
        self._proven = self._handshake.receive(m.decode(payload, m.ClientHello, limits.HELLO))
        self.link.proven()
        if self._proven.state == h.JOIN:
            self._let_join(Ends(self._proven.device, self._me, self._certificate, self._said + payload))
            return
        office = self._office()
        assert office is not None  # the handshake refuses members of an office that is not mine
        self._judge = h.Judge(office, self._proven.device)
        for word in self._judge.first_word():
            self._say(word)
        if self._judge.sure:
            self._say_ready()
        else:
            self.link.receive = self._warrants

    def _warrants(self, payload: bytes) -> None:
        self._judge.receive(m.decode(payload, m.Judging))
        self._say_ready()

    def _say_ready(self) -> None:
        self._say(self.ready())
        self.link.receive = self._first

    def _first(self, payload: bytes) -> None:
        """The other side is the first to speak as a colleague, unless it must ask who this is."""
        office = self._office()
        message = m.decode_linked(payload)
        if isinstance(message, m.Who) and office is not None:
            self._answer_who(office, self._me)
            return
        if isinstance(message, m.Warrants) and office is not None:
            self._hear_removal(office, self._me, message)
            return
        self._leave()
        self._arrived(Arrival(self.link, self._proven.device, self._proven.run_number, payload))

    def _let_join(self, ends: Ends) -> None:
        self._leave()
        if self._joiner(Guest(self.link, ends)):
            self._say(m.ServerReady(_NO_RUN, 0, ()))
        else:
            self._say(m.No("closed"))
            self.link.end("no invitation is open")


class InnerDoor(_Door):
    """This PC dialled a colleague; `arrival` is the proven link, or None."""

    def __init__(
        self, link: Link, keys: DeviceKeys, run_number: bytes, office: Office, expected: DeviceKey | None
    ) -> None:
        super().__init__(link, limits.HELLO_SECONDS)
        self.arrival: asyncio.Future[Arrival | None] = asyncio.get_running_loop().create_future()
        self._keys = keys
        self._run_number = run_number
        self._office = office
        self._peer = device_of(link.certificate)
        if expected is not None and self._peer != expected:
            raise PeerError("another device than the one announced")
        self._handshake = h.ClientHandshake(keys, self._peer, link.certificate, office.id)
        self._their_run = _NO_RUN
        self._judge = h.Judge(office, self._peer)
        link.receive = self._hello

    def _gone(self, link: Link, reason: str) -> None:
        super()._gone(link, reason)
        if not self.arrival.done():
            self.arrival.set_result(None)

    def _hello(self, payload: bytes) -> None:
        hello = m.decode(payload, m.ServerHello, limits.HELLO)
        self.link.proven()
        self._say(self._handshake.receive(hello, secrets.token_bytes(32), self._run_number))
        self.link.receive = self._judging

    def _judging(self, payload: bytes) -> None:
        message = m.decode(payload, m.Judging)
        match message:
            case m.Who():
                self._answer_who(self._office, self._keys.device)
            case m.ServerReady():
                self._their_run = message.run_number
                self._judge_them()
            case m.Warrants() if self._their_run != _NO_RUN:
                self._judge.receive(message)
                self._arrive()
            case m.Warrants():
                self._hear_removal(self._office, self._keys.device, message)
            case _:
                self.link.end("refused")

    def _judge_them(self) -> None:
        for word in self._judge.first_word():
            self._say(word)
        if self._judge.sure:
            self._arrive()

    def _arrive(self) -> None:
        if self.arrival.cancelled():
            self.link.end("not wanted any more")
            return
        self._leave()
        self.link.receive = _out_of_turn
        self.arrival.set_result(Arrival(self.link, self._peer, self._their_run, None))


def _out_of_turn(payload: bytes) -> None:
    """Between judging and the first word as a colleague, which is the dialling side's, there is nothing to say."""
    raise Malformed("spoke before it was spoken to")


class JoinDoor(_Door):
    """This PC dialled to join; `office` is the office that welcomed it, or what went wrong."""

    def __init__(self, link: Link, keys: DeviceKeys, code: Code, name: str) -> None:
        super().__init__(link, limits.HELLO_SECONDS + limits.CODE_RUN_SECONDS)
        self.office: asyncio.Future[Office] = asyncio.get_running_loop().create_future()
        self._keys = keys
        self._code = code
        self._me = m.Me(name, keys.seal_key)
        self._inviter = device_of(link.certificate)
        self._handshake = h.ClientHandshake(keys, self._inviter, link.certificate, None)
        self._joiner: Joiner | None = None
        link.receive = lambda payload: self._guarded(payload, self._hello)

    def _guarded(self, payload: bytes, step: Callable[[bytes], None]) -> None:
        """A refusal is the answer to whoever joins, not only the end of a link."""
        try:
            step(payload)
        except PeerError as fault:
            if not self.office.done():
                self.office.set_exception(fault)
            self.link.end(str(fault))

    def _gone(self, link: Link, reason: str) -> None:
        super()._gone(link, reason)
        if not self.office.done():
            self.office.set_exception(PeerError(reason))

    def _hello(self, payload: bytes) -> None:
        hello = m.decode(payload, m.ServerHello, limits.HELLO)
        self.link.proven()
        answer = self._say(self._handshake.receive(hello, secrets.token_bytes(32), _NO_RUN))
        ends = Ends(self._keys.device, self._inviter, self.link.certificate, payload + answer)
        self._joiner = Joiner(self._code, self._me, ends, secrets.token_bytes)
        self.link.receive = lambda more: self._guarded(more, self._ready)

    def _ready(self, payload: bytes) -> None:
        message = m.decode(payload, m.AwaitReady)
        assert self._joiner is not None
        if isinstance(message, m.No):
            self._joiner.receive(message, payload)
        self._say(self._joiner.start())
        self.link.receive = lambda more: self._guarded(more, self._join)

    def _join(self, payload: bytes) -> None:
        assert self._joiner is not None
        for message in self._joiner.receive(m.decode(payload, m.Joining), payload):
            self._say(message)
        if self._joiner.state is State.DONE and self._joiner.office is not None:
            self._leave()
            self.office.set_result(self._joiner.office)
            self._say(m.Bye("joined"))
            self.link.end("joined")
