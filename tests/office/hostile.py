"""Programs of somebody hostile, for a host of the virtual office: `python -m tests.office.hostile WHAT '{"…": …}'`.

Each prints a JSON line whenever a test may wait for something, and goes on until it is ended. What they send goes to
the LAN of the namespace they run in, which leads nowhere else.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import secrets
import select
import socket
import struct
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any

from deskblog import limits
from deskblog.log import kinds
from deskblog.log.entry import Entry, write_entry
from deskblog.log.keys import DeviceKeys
from deskblog.log.office import Office, fold
from deskblog.net import messages as m
from deskblog.net.beat import PORT, Beat, encode_beat
from deskblog.store.actfile import read_acts
from deskblog.store.keyfile import load_or_make_keys
from deskblog.values import DeviceKey
from tests.engine.raw import RawLink

Spec = dict[str, Any]
SERVICE = "_deskblog._tcp.local."
GROUP = ("224.0.0.251", 5353)
A, PTR, TXT, AAAA, SRV, FLUSH = 1, 12, 16, 28, 33, 0x8001
LOOP = b"\xc0\x0c"  # in a packet's first name: a pointer to itself


def say(event: str, **fields: Any) -> None:
    print(json.dumps({"event": event, **fields}), flush=True)


# --- mDNS, by hand ----------------------------------------------------------------------------------------
def name(text: str) -> bytes:
    labels = [label.encode() for label in text.rstrip(".").split(".")]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def instance(label: bytes) -> bytes:
    return bytes([len(label)]) + label + name(SERVICE)


def record(owner: bytes, kind: int, data: bytes, *, ttl: int = 4500, cls: int = 1) -> bytes:
    return owner + struct.pack("!HHIH", kind, cls, ttl, len(data)) + data


def packet(records: list[bytes]) -> bytes:
    return struct.pack("!6H", 0, 0x8400, 0, len(records), 0, 0) + b"".join(records)


def words(**said: str) -> bytes:
    return b"".join(bytes([len(text)]) + text for text in (f"{key}={value}".encode() for key, value in said.items()))


def service(label: bytes, address: str, port: int, text: bytes, *, ttl: int = 4500) -> list[bytes]:
    """The four records of one service; so many sum up to a packet."""
    owner, server = instance(label), name(f"h{secrets.token_hex(6)}.local.")
    family, kind = (socket.AF_INET6, AAAA) if ":" in address else (socket.AF_INET, A)
    return [
        record(name(SERVICE), PTR, owner, ttl=ttl),
        record(owner, SRV, struct.pack("!3H", 0, 0, port) + server, cls=FLUSH),
        record(owner, TXT, text, cls=FLUSH),
        record(server, kind, socket.inet_pton(family, address), cls=FLUSH),
    ]


def packets(services: Iterator[list[bytes]]) -> Iterator[tuple[int, bytes]]:
    """Full packets, and how many records are in each."""
    held: list[bytes] = []
    size = 0
    for records in services:
        weight = sum(map(len, records))
        if held and size + weight > 8900:
            yield len(held), packet(held)
            held, size = [], 0
        held += records
        size += weight
    if held:
        yield len(held), packet(held)


def crooked() -> list[bytes]:
    """What is no packet: names that point to themselves, forward, at each other, too many labels, cut short."""
    head = struct.pack("!6H", 0, 0x8400, 0, 1, 0, 0)
    tail = struct.pack("!HHIH", PTR, 1, 4500, 2) + LOOP
    chain = b"".join(struct.pack("!H", 0xC000 | (12 + 2 * n + 2)) for n in range(4000))
    good = packet(service(b"cut", "10.77.1.1", 1, b""))
    return [
        head + LOOP + tail,
        head + b"\xc0\x0e\xc0\x0c" + tail,
        head + chain + tail,
        head + b"\xc0\xff" + tail,
        head + b"\x01a" * 4000 + b"\0" + tail,
        struct.pack("!6H", 0, 0x8400, 0, 65535, 65535, 65535),
        *(good[:cut] for cut in range(0, len(good), 7)),
        *(secrets.token_bytes(200) for _n in range(50)),
    ]


class Multicast:
    """A socket on the LAN's mDNS group."""

    def __init__(self, own: str) -> None:
        self.own = own
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(("", GROUP[1]))
        mine = socket.inet_aton(own)
        self.socket.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.inet_aton(GROUP[0]) + mine)
        self.socket.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, mine)
        self.socket.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 0)
        self.socket.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 255)

    def send(self, data: bytes) -> None:
        self.socket.sendto(data, GROUP)

    def learn(self, count: int, seconds: float = 1.2) -> tuple[set[str], str, str]:
        """The keys of so many living colleagues, their office's tag, and the digits one of them shows."""
        question = struct.pack("!6H", 0, 0, 1, 0, 0, 0) + name(SERVICE) + struct.pack("!2H", PTR, 1)
        found: set[str] = set()
        tag, digits = "", ""
        while len(found) < count or not tag:
            self.send(question)
            end = time.monotonic() + seconds
            while select.select([self.socket], [], [], max(0.0, end - time.monotonic()))[0]:
                data, _sender = self.socket.recvfrom(9000)
                found.update(key.decode() for key in re.findall(rb"d=([0-9a-f]{64})", data))
                tag = "".join(t.decode() for t in re.findall(rb"o=([0-9a-f]{16})", data)[:1]) or tag
                digits = "".join(t.decode() for t in re.findall(rb"i=(\d{3})", data)[:1]) or digits
        return found, tag, digits


class Counter:
    """Listens where the fakes point to, and counts who dials."""

    def __init__(self) -> None:
        self.dials = 0
        self.port = 0
        self._listening = socket.create_server(("", 0), backlog=512)
        self._listening.setblocking(False)
        self.port = self._listening.getsockname()[1]

    def wait(self, seconds: float) -> None:
        """Counts for so long, and lets each one go at once."""
        end = time.monotonic() + seconds
        while select.select([self._listening], [], [], max(0.0, end - time.monotonic()))[0]:
            self._listening.accept()[0].close()
            self.dials += 1


BAD = ["127.0.0.1", "0.0.0.0", "224.0.0.251", "255.255.255.255", "::1", "fe80::1", "::"]


def fakes(spec: Spec, port: int, tag: str) -> Iterator[list[bytes]]:
    """Services without end: most well made and pointing here, some with rubbish of each sort."""
    office = tag if spec.get("tagged") else secrets.token_hex(8)
    places = [*BAD, *spec.get("places", [])]
    count = 0
    while True:
        count += 1
        key = secrets.token_hex(32)
        text = words(v="1", o=office, d=key, i=spec.get("digits", ""))
        if count % 10 == 0:
            yield service(secrets.token_bytes(63), spec["own"], port, secrets.token_bytes(200))
        elif count % 10 == 1:
            yield service(key[:32].encode(), places[count // 10 % len(places)], spec.get("port", 20140), text)
        elif count % 100 == 2:
            yield service(key[:32].encode(), spec["own"], port, (b"\xff" + b"x" * 255) * 30)
        else:
            yield service(key[:32].encode(), spec["own"], port, text)


def lies_about(key: str, own: str, port: int, tag: str) -> list[bytes]:
    """Packets that say that a colleague is gone, is elsewhere, and is somebody else."""
    label = key[:32].encode()
    elsewhere = service(label, own, port, words(v="1", o=tag, d=key, i=""))
    other = service(label, own, port, words(v="1", o=tag, d=secrets.token_hex(32), i=""))
    gone = record(name(SERVICE), PTR, instance(label), ttl=0)
    wholly = [gone, *(record(instance(label), kind, b"", ttl=0) for kind in (SRV, TXT))]
    return [packet([gone]), packet(elsewhere), packet(other), packet(wholly), packet([gone])]


def mdns(spec: Spec) -> None:
    """A flood of `records` records, then as much of it again and again, slowly.

    `colleagues` that live are said to be gone, and to be elsewhere, all the while.
    """
    air, door = Multicast(spec["own"]), Counter()
    living, tag, _digits = air.learn(spec["colleagues"])
    say("learnt", living=len(living))
    lies = [lie for key in living for lie in lies_about(key, spec["own"], door.port, tag)]
    sent = 0
    for records, data in packets(fakes(spec, door.port, tag)):
        air.send(data)
        before, sent = sent, sent + records
        if sent // 2000 > before // 2000:
            for bad in [*crooked(), *lies]:
                air.send(bad)
        if sent >= spec["records"] > before:
            say("flooded", records=sent)
        if sent // 20000 > before // 20000:
            say("dials", dials=door.dials)
        door.wait(spec.get("pause", 0.004))


def goodbye(spec: Spec) -> None:
    """Says goodbye for living colleagues, again and again."""
    air = Multicast(spec["own"])
    living, tag, _digits = air.learn(spec["colleagues"])
    lies = [lie for key in living for lie in lies_about(key, spec["own"], 9, tag)]
    for count in itertools.count(1):
        for lie in lies:
            air.send(lie)
        if count == 20:  # two seconds: longer than a second after which a flushed record is gone
            say("said", living=len(living))
        time.sleep(0.1)


def digits(spec: Spec) -> None:
    """So many `fakes` show the digits of whatever invitation is open; who dials one is counted and let go.

    They are said forty times a second: whoever comes hears them before the true one has answered.
    """
    air, door = Multicast(spec["own"]), Counter()
    keys = [secrets.token_hex(32) for _fake in range(spec["fakes"])]
    news: SimpleQueue[tuple[str, str]] = SimpleQueue()
    Thread(target=watch, args=(Multicast(spec["own"]), news), daemon=True).start()
    told, crowd = 0, []
    for count in itertools.count():
        while not news.empty():
            tag, shown = news.get()
            crowd = [data for _n, data in packets(fake_inviters(spec["own"], door.port, keys, tag, shown))]
        for data in crowd:
            air.send(data)
        if crowd and count % 40 == 20:
            say("shown", digits=shown)
        door.wait(0.025)
        if door.dials > told:
            told = door.dials
            say("dials", dials=told)


def watch(air: Multicast, news: SimpleQueue[tuple[str, str]]) -> None:
    """Tells of each new code that somebody shows."""
    before = ""
    while True:
        _living, tag, shown = air.learn(1, seconds=0.3)
        if shown not in ("", before):
            before = shown
            news.put((tag, shown))


def fake_inviters(own: str, port: int, keys: list[str], tag: str, shown: str) -> Iterator[list[bytes]]:
    for key in keys:
        yield service(key[:32].encode(), own, port, words(v="1", o="", d=key, i=shown))


# --- beacons ----------------------------------------------------------------------------------------------
def beacons(spec: Spec) -> None:
    """`many` beacons to everyone, some ten thousand a second, then a thousand a second for ever.

    Most with keys of nobody, some with those of `colleagues` that live, some from an address that is a victim's; and
    rubbish. Who dials here is counted.
    """
    air, door = Multicast(spec["own"]), Counter()
    living, tag, _digits = air.learn(spec["colleagues"])
    say("learnt", living=len(living))
    voice = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    voice.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    liar = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
    liar.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    everyone = spec["own"].rpartition(".")[0] + ".255"
    keys = itertools.cycle(bytes.fromhex(key) for key in sorted(living))
    for count in itertools.count(1):
        key = next(keys) if count % 4 == 0 else secrets.token_bytes(32)
        beat = encode_beat(Beat(DeviceKey(key), door.port, tag, "", asks=count % 2 == 0))
        if count % 10 == 0:
            liar.sendto(from_elsewhere(spec["victim"], everyone, spec["victim_port"], beat), (everyone, 0))
        else:
            voice.sendto(secrets.token_bytes(55) if count % 10 == 1 else beat, (everyone, PORT))
        if count % 100 == 0:
            door.wait(0.01 if count < spec["many"] else 0.1)
        if count % spec["many"] == 0:
            say("flooded", beacons=count, dials=door.dials)


def from_elsewhere(source: str, to: str, port: int, data: bytes) -> bytes:
    """A UDP packet whose sender says to be somebody else, and which names a port of his."""
    named = data[:42] + port.to_bytes(2, "big") + data[44:]
    udp = struct.pack("!4H", 20140, PORT, 8 + len(named), 0) + named
    ends = socket.inet_aton(source) + socket.inet_aton(to)
    return struct.pack("!BBHHHBBH", 0x45, 0, 0, 0, 0, 1, socket.IPPROTO_UDP, 0) + ends + udp


def victim(_spec: Spec) -> None:
    """Somebody who has no part in it, and counts who dials him."""
    door, told = Counter(), 0
    say("listening", port=door.port)
    while True:
        door.wait(0.5)
        if door.dials > told:
            told = door.dials
            say("dialled", dials=told)


# --- TCP --------------------------------------------------------------------------------------------------
def crowd(spec: Spec) -> None:
    """So many connections from `sources`, opened at once; then `pace` a second, for ever, in place of the oldest.

    Most are silent; each tenth says garbage, each tenth says a byte a second of what begins like TLS.
    """
    held: deque[socket.socket] = deque()
    slow: deque[socket.socket] = deque(maxlen=100)
    for count, source in enumerate(itertools.cycle(spec["sources"]), 1):
        one = socket.socket()
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.bind((source, 0))
        one.settimeout(2.0)
        with suppress(OSError):  # refused, or put out at once: that one failed
            one.connect((spec["at"], spec["port"]))
            if count % 10 == 0:
                one.sendall(secrets.token_bytes(300))
        one.setblocking(False)
        held.append(one)
        if count % 10 == 1:
            slow.append(one)
        if len(held) > spec["count"]:
            held.popleft().close()
        if count % spec["count"] == 0:
            say("crowded", connections=count)
        if count >= spec["count"]:
            time.sleep(1 / spec["pace"])
            if count % spec["pace"] == 0:
                drip(slow)


def drip(sockets: Iterable[socket.socket]) -> None:
    for one in sockets:
        with suppress(OSError):  # ended by the other side, or by us
            one.send(b"\x16")


def proxy(_spec: Spec) -> None:
    """Answers whoever connects, and whatever they say, in HTTP."""
    listening = socket.create_server(("", 0), backlog=64)
    say("listening", port=listening.getsockname()[1])
    for count in itertools.count(1):
        one, _sender = listening.accept()
        with one, suppress(OSError):
            one.recv(4096)
            one.sendall(b"HTTP/1.1 400 Bad Request\r\nServer: proxy\r\n\r\n" + b"<html>\r\n" * 4000)
        say("answered", answered=count)


# --- a member ---------------------------------------------------------------------------------------------
class History:
    """A log with so many posts of some hundred characters, by a device that was let in."""

    def __init__(self, keys: DeviceKeys, office: Office, posts: int) -> None:
        admission = office.admission_of(keys.device)
        assert admission is not None
        self.device, self.number = keys.device, secrets.token_bytes(8)
        self.entries: list[Entry] = []
        self.bodies: list[bytes] = []
        self._signatures: list[bytes] = []
        said = (kinds.Post(f"post {n} " + "of a long history " * 14) for n in range(posts))
        contents: Iterable[kinds.Content] = itertools.chain((kinds.Open(admission, (), 1),), said)
        for content in contents:
            after = self.entries[-1].point if self.entries else None
            body = kinds.encode_body(content, secrets.token_bytes(16))
            kind = kinds.kind_of(content)
            entry, signature = write_entry(keys, office.id, self.number, after, 1000 + len(self.bodies), kind, body)
            self.entries.append(entry)
            self.bodies.append(body)
            self._signatures.append(signature)

    @property
    def head(self) -> tuple[bytes, bytes, int, bytes]:
        end = self.entries[-1].point
        return (self.device, self.number, end.seq, end.id)

    def run(self, held: int) -> list[m.Message]:
        """What answers a `want` of somebody who holds so many."""
        part = slice(held, held + 256)
        headers = tuple(entry.raw for entry in self.entries[part])
        signature = self._signatures[part][-1]
        ids = [entry.id for entry in self.entries[part]]
        sent = m.RunSent(self.device, self.number, held + 1, headers, signature)
        return [sent, *m.body_messages(list(zip(ids, self.bodies[part], strict=True)))]


async def member(spec: Spec) -> tuple[RawLink, DeviceKeys, Office]:
    """A link as the member whose data folder that is."""
    folder = Path(spec["data"])
    keys, office = load_or_make_keys(folder), fold(read_acts(folder))
    link = await RawLink.member(spec["port"], keys, office.id, host=spec["at"])
    await link.level(office.tips)
    return link, keys, office


async def bring_history(spec: Spec) -> None:
    """A member brings a log of so many `posts`, as one does who was off for long."""
    link, keys, office = await member(spec)
    history = History(keys, office, spec["posts"])
    link.send(m.Have((history.head,)))
    while not _all_held(message := await link.message(), history):
        if isinstance(message, m.Want):
            for part in history.run(max((seq for seq, _id in message.points), default=0)):
                link.send(part)
    say("held", posts=spec["posts"])


def _all_held(message: m.Message, history: History) -> bool:
    return isinstance(message, m.Have) and history.head in message.heads


async def ask_and_read_nothing(spec: Spec) -> None:
    """A member asks for the longest log from its beginning, again and again, and reads none of it."""
    link, _keys, _office = await member(spec)
    link.send(m.HeadsAsked((bytes(16),) * limits.BUCKETS))
    while not isinstance(heads := await link.message(), m.Heads):
        pass
    device, number, seq, ident = max(heads.heads, key=lambda line: line[2])
    asked = 0
    with suppress(ConnectionError):
        while True:
            link.send(m.Want(device, number, (), (seq, ident)))
            await link.drained()
            asked += 1
    say("ended", asked=asked)


PROGRAMS = {
    "mdns": mdns,
    "goodbye": goodbye,
    "beacons": beacons,
    "victim": victim,
    "digits": digits,
    "crowd": crowd,
    "proxy": proxy,
    "history": lambda spec: asyncio.run(bring_history(spec)),
    "greedy": lambda spec: asyncio.run(ask_and_read_nothing(spec)),
}

if __name__ == "__main__":
    PROGRAMS[sys.argv[1]](json.loads(sys.argv[2]))
