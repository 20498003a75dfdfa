"""The beacon beside mDNS: a small datagram to everyone on the wire, for networks that filter multicast DNS.

Two sockets a protocol: an ear on the fixed port, which two users of one PC share, and a mouth on a port of its own.
Whoever asks is answered at its mouth: so each user of a PC is, and a firewall that lets answers in lets these in.
No fault of a socket leaves here but as a fact.
"""

from __future__ import annotations

import asyncio
import math
import random
import socket
import sys
from collections import OrderedDict, deque
from collections.abc import Callable
from functools import partial

from deskblog import limits
from deskblog.net.beat import ASKING, GROUP, PORT, SIZE, Beat, encode_beat
from deskblog.net.datagrams import Datagrams
from deskblog.net.earshot import Earshot
from deskblog.net.interfaces import Interface, Interfaces
from deskblog.net.sighting import Announcement, Sighting
from deskblog.net.tally import Facts, Tally
from deskblog.records import replace
from deskblog.values import DeviceKey

INTERVAL = 60.0
JITTER = 10.0  # either way, so that offices that start at nine do not speak in chorus
ASKS, ASKS_SECONDS = 3, 30.0  # so many in so long: an adapter that comes and goes does not have an office answer
MISSES = 4  # a question that left on no wire is asked again so often: an address just given is not usable at once
BREATH = 1.0  # between two beacons …
ANSWER_BREATH = 0.1  # … and between two answers: whoever speaks both protocols asks twice
EVERYBODY = "255.255.255.255"
_READ = SIZE + 1  # a longer one is told by its length
_FAMILIES = {"IPv4": socket.AF_INET, "IPv6": socket.AF_INET6}
_Place = tuple[str, tuple[str, int] | tuple[str, int, int, int]]  # protocol, socket address


class Beacon:
    """Says this device and hears others, on every interface."""

    def __init__(self, seen: Callable[[Sighting], None], gone: Callable[[str], None]) -> None:
        self._seen = seen
        self._gone = gone
        self._tally = Tally()
        self.earshot = Earshot(self._tally)
        self.again: Callable[[DeviceKey], None] = lambda _device: None
        self.read = 0  # datagrams taken from the sockets
        self._mouths: dict[str, socket.socket] = {}
        self._ears: dict[str, socket.socket] = {}
        self._groups: set[int] = set()
        self._asks = False
        self._missed = 0  # times the question left on no wire
        self._due = asyncio.Event()
        self._answers: OrderedDict[_Place, None] = OrderedDict()
        self._heard: list[Datagrams] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._answering: asyncio.Task[None] | None = None

    @property
    def facts(self) -> Facts:
        return self._tally.facts()

    async def start(self, here: Interfaces, said: Announcement | None) -> None:
        self.earshot.here, self.earshot.said = here, said
        self._open()
        self.ask()
        self._tasks.append(asyncio.create_task(self._speak()))

    def say(self, said: Announcement) -> None:
        """Something new is to be said: another office, an invitation that opened or closed."""
        self.earshot.said = said
        self._due.set()

    def ask(self) -> None:
        """Has everybody say themselves who hears it."""
        self._asks, self._missed = True, 0
        self._due.set()

    def moved(self, here: Interfaces) -> None:
        """Addresses came or went, or this PC slept."""
        self.earshot.here = here
        self._open()
        self.ask()

    # --- sockets ------------------------------------------------------------------------------------------
    def _open(self) -> None:
        """What could not be opened before is tried again; each new interface is listened to."""
        for protocol in _FAMILIES:
            if protocol not in self._mouths:
                self._open_one(protocol, self._mouths, 0)
            if protocol not in self._ears:
                self._open_one(protocol, self._ears, PORT)
        interfaces = self.earshot.here.all
        self._groups &= {each.index for each in interfaces}
        for each in interfaces:
            self._join(each)
        self._tally.only(frozenset({*_FAMILIES, *(_where(p, i) for p in _FAMILIES for i in interfaces)}))

    def _open_one(self, protocol: str, place: dict[str, socket.socket], port: int) -> None:
        try:
            made = _bound(_FAMILIES[protocol], port)
        except OSError as fault:
            self._tally.failed(protocol, fault)
            return
        place[protocol] = made
        self._heard.append(
            Datagrams(made, _READ, partial(self._hear, protocol), partial(self._tally.failed, protocol))
        )

    def _join(self, interface: Interface) -> None:
        """A membership goes with its interface; one that came back under its old index is joined anew."""
        ear = self._ears.get("IPv6")
        if ear is None or not interface.link_local:
            self._groups.discard(interface.index)
            return
        wanted = socket.inet_pton(socket.AF_INET6, GROUP) + interface.index.to_bytes(4, sys.byteorder)
        try:
            ear.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, wanted)
        except OSError as fault:
            if interface.index not in self._groups:  # else: a member already
                self._tally.failed(_where("IPv6", interface), fault)
            return
        self._groups.add(interface.index)

    # --- hearing ------------------------------------------------------------------------------------------
    def _hear(self, protocol: str, data: bytes, source: tuple[str, int] | tuple[str, int, int, int]) -> None:
        self.read += 1
        host = f"{source[0]}%{source[3]}" if len(source) == 4 and source[3] else source[0]
        heard = self.earshot.hear(data, host, asyncio.get_running_loop().time())
        if heard.gone is not None:
            self._gone(heard.gone)
        if heard.news is not None:
            self._seen(heard.news)
        if heard.again is not None:
            self.again(heard.again)
        if heard.answer and self.earshot.here.near(host):
            self._answer(protocol, source)

    # --- speaking -----------------------------------------------------------------------------------------
    def _beat(self, asks: bool) -> Beat | None:
        """What is said now: of a PC in no office only that it asks."""
        said = self.earshot.said
        if said is None:
            return ASKING if asks else None
        return Beat(said.device, said.port, said.office_tag, said.code_digits, asks=asks)

    async def _speak(self) -> None:
        loop = asyncio.get_running_loop()
        asked = deque([-math.inf] * ASKS, maxlen=ASKS)
        while True:
            self._due.clear()
            asks = self._asks and loop.time() - asked[0] >= ASKS_SECONDS
            beat = self._beat(asks)
            sent = beat is not None and self._send(encode_beat(beat))
            if asks:
                asked.extend([loop.time()] * sent)  # what nobody can have heard does not count
                self._missed += not sent
                self._asks = not sent and self._missed < MISSES
            await asyncio.sleep(BREATH)
            pause = INTERVAL + random.uniform(-JITTER, JITTER)
            until = asked[0] + ASKS_SECONDS if self._asks else loop.time() + pause
            while not self._due.is_set() and loop.time() < until:
                self._expire()
                await self._rest(until - loop.time())

    async def _rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(min(seconds, INTERVAL / 4)):
                await self._due.wait()
        except TimeoutError:
            return

    def _expire(self) -> None:
        for name in self.earshot.expired(asyncio.get_running_loop().time()):
            self._gone(name)

    def _send(self, data: bytes) -> bool:
        """To everybody on every wire; False if it left on none."""
        sent = False
        for each in self.earshot.here.all:
            for address in each.broadcasts:
                sent |= any(self._send_one("IPv4", each, data, (to, PORT)) for to in (address, EVERYBODY))
            if each.link_local:
                sent |= self._send_one("IPv6", each, data, (GROUP, PORT, 0, each.index))
        return sent

    def _send_one(
        self, protocol: str, on: Interface, data: bytes, to: tuple[str, int] | tuple[str, int, int, int]
    ) -> bool:
        mouth = self._mouths.get(protocol)
        if mouth is None:
            return False
        try:
            mouth.sendto(data, to)
        except OSError as fault:
            self._tally.failed(_where(protocol, on), fault)
            return False
        self._tally.well(_where(protocol, on))
        return True

    # --- answering ----------------------------------------------------------------------------------------
    def _answer(self, protocol: str, source: tuple[str, int] | tuple[str, int, int, int]) -> None:
        """No larger than what asked, and ten a second in all: nobody is flooded by way of this PC."""
        if len(self._answers) < limits.BEACON_ANSWERS:
            self._answers[protocol, source] = None
        if self._answering is None or self._answering.done():
            self._answering = asyncio.create_task(self._give_answers())

    async def _give_answers(self) -> None:
        while self._answers:
            (protocol, source), _none = self._answers.popitem(last=False)
            beat, mouth = self._beat(asks=False), self._mouths.get(protocol)
            if beat is not None and mouth is not None:
                try:
                    mouth.sendto(encode_beat(beat), source)
                except OSError as fault:
                    self._tally.failed(protocol, fault)
            await asyncio.sleep(ANSWER_BREATH)

    async def stop(self) -> None:
        """Says goodbye and closes every socket."""
        tasks = [*self._tasks, *([self._answering] if self._answering else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, *(one.stop() for one in self._heard), return_exceptions=True)
        if (last := self._beat(asks=False)) is not None:
            self._send(encode_beat(replace(last, leaves=True)))
        for one in (*self._mouths.values(), *self._ears.values()):
            one.close()
        self._mouths.clear()
        self._ears.clear()


def _where(protocol: str, interface: Interface) -> str:
    return f"{protocol} on {interface.name}"


def _bound(family: socket.AddressFamily, port: int) -> socket.socket:
    """A UDP socket that may call to everybody; one on a fixed port is shared with other users of this PC."""
    made = socket.socket(family, socket.SOCK_DGRAM)
    try:
        if port:
            _share(made)
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        else:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        made.bind(("::" if family == socket.AF_INET6 else "", port))
        made.setblocking(False)
    except OSError:
        made.close()
        raise
    return made


def _share(made: socket.socket) -> None:
    """On Linux and Windows SO_REUSEADDR alone gives all users a copy of what is sent to everybody; macOS (never run)
    wants SO_REUSEPORT for it, which on Linux would be for one user alone and split what comes."""
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if sys.platform == "darwin":
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
