"""The beacon: read strictly, believed little, cheap in a flood, and never a weapon."""

from __future__ import annotations

import asyncio
import secrets
import socket
from ipaddress import IPv4Interface, IPv6Interface

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskblog import limits
from deskblog.net import beacon as b
from deskblog.net import datagrams
from deskblog.net.beacon import Beacon
from deskblog.net.beat import ASKING, SIZE, Beat, decode_beat, encode_beat
from deskblog.net.earshot import NOTHING, Earshot, Heard
from deskblog.net.interfaces import Interface, Interfaces
from deskblog.net.sighting import SERVICE, Announcement, Sighting, instance_name
from deskblog.net.tally import Tally
from deskblog.records import replace
from deskblog.values import DeviceKey

ME, PAUL = DeviceKey(bytes(31) + b"\1"), DeviceKey(bytes(range(32)))
TAG, OTHER = "0123456789abcdef", "fedcba9876543210"
HERE = Interfaces(
    (Interface("eth0", 2, (IPv4Interface("10.0.0.7/24"),), (IPv6Interface("fe80::7%2/64"),)),),
)
HELLO = encode_beat(Beat(PAUL, 20140, TAG, "", asks=False))


def earshot(*, digits: str = "", tag: str = TAG, colleagues: frozenset[DeviceKey] = frozenset({PAUL})) -> Earshot:
    made = Earshot(Tally())
    made.here = HERE
    made.said = Announcement(ME, 20140, tag, digits) if tag else None
    made.familiar = colleagues.__contains__
    return made


def stranger(tag: str = TAG, digits: str = "") -> bytes:
    return encode_beat(Beat(DeviceKey(secrets.token_bytes(32)), 20140, tag, digits, asks=True))


beats = st.builds(
    Beat,
    st.binary(min_size=32, max_size=32).filter(any).map(DeviceKey),
    st.integers(1, 65535),
    st.binary(min_size=8, max_size=8).map(lambda tag: tag.hex() if any(tag) else ""),
    st.one_of(st.just(""), st.integers(0, 999).map("{:03}".format)),
    st.booleans(),
).flatmap(lambda beat: st.sampled_from([beat, replace(beat, asks=False, leaves=True)]))


# --- the datagram -----------------------------------------------------------------------------------------
@given(beats)
def test_what_is_said_is_what_is_read_in_55_bytes(beat: Beat) -> None:
    data = encode_beat(beat)
    assert len(data) == SIZE == 55
    assert decode_beat(data) == beat


@pytest.mark.parametrize(
    ("place", "bad"),
    [(0, b"D"), (8, b"\2"), (9, b"\3"), (42, b"\0\0"), (52, b"4 2"), (52, b"\0\0001"), (52, "٣3".encode())],
    ids=["magic", "version", "asks", "port", "digits", "half digits", "other digits"],
)
def test_what_is_not_wholly_as_it_should_be_is_nothing(place: int, bad: bytes) -> None:
    assert decode_beat(HELLO[:place] + bad + HELLO[place + len(bad) :]) is None


def test_a_length_that_is_not_the_beacons_is_nothing() -> None:
    assert [decode_beat(data) for data in (b"", HELLO[:-1], HELLO + b"\0", HELLO * 20)] == [None] * 4


def test_who_is_in_no_office_says_nothing_but_that_it_asks() -> None:
    asking = encode_beat(ASKING)
    assert decode_beat(asking) is ASKING
    assert decode_beat(asking[:42] + b"\x4e\xac" + asking[44:]) is None


def test_no_name_is_in_it() -> None:
    assert encode_beat(Beat(PAUL, 1, TAG, "472", asks=True)) == (
        b"deskblog\x01\x01" + PAUL + b"\0\1" + bytes.fromhex(TAG) + b"472"
    )


# --- what is heard ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("host", ["10.0.0.8", "fe80::8%2"])
def test_the_address_to_dial_is_where_it_came_from(host: str) -> None:
    heard = earshot().hear(HELLO, host, 1.0)
    expected = Sighting(f"{instance_name(PAUL)}.{SERVICE}", PAUL, TAG, "", ((host, 20140),))
    assert heard == Heard(expected, answer=True), "a colleague not heard before is told of this PC"


@pytest.mark.parametrize("host", ["10.0.1.8", "8.8.8.8", "fe80::8%9", "127.0.0.1", "10.0.0.7", "fe80::7%2"])
def test_what_does_not_come_from_a_network_of_this_pc_points_nowhere(host: str) -> None:
    assert earshot().hear(HELLO, host, 1.0) == NOTHING


def test_an_own_address_with_another_port_is_a_second_user_of_this_pc() -> None:
    second = encode_beat(Beat(PAUL, 20141, TAG, "", asks=False))
    news = earshot().hear(second, "10.0.0.7", 1.0).news
    assert news is not None and news.addresses == (("10.0.0.7", 20141),)


def test_the_own_key_from_elsewhere_is_nothing() -> None:
    ears = earshot(colleagues=frozenset({ME}))
    assert ears.hear(encode_beat(Beat(ME, 20140, TAG, "", asks=True)), "10.0.0.9", 1.0) == NOTHING


def test_other_offices_are_passed_over_but_by_who_looks_for_a_code() -> None:
    member, joiner = earshot(), earshot(tag="")
    assert member.hear(stranger(OTHER, "472"), "10.0.0.8", 1.0).news is None
    assert joiner.hear(stranger(OTHER, ""), "10.0.0.8", 1.0).news is None
    news = joiner.hear(stranger(OTHER, "472"), "10.0.0.8", 1.0).news
    assert news is not None and news.code_digits == "472"
    assert member.looked_at == 0


def test_who_asks_in_no_office_is_answered_while_an_invitation_is_open() -> None:
    asking = encode_beat(ASKING)
    assert not earshot().hear(asking, "10.0.0.8", 1.0).answer
    assert earshot(digits="472").hear(asking, "10.0.0.8", 1.0).answer


def test_a_colleague_heard_again_is_no_news_but_said_and_one_that_moved_has_both_places() -> None:
    ears = earshot()
    ears.hear(HELLO, "10.0.0.8", 1.0)
    assert ears.hear(HELLO, "10.0.0.8", 2.0) == Heard(again=PAUL)
    news = ears.hear(HELLO, "10.0.0.9", 3.0).news
    assert news is not None and news.addresses == (("10.0.0.9", 20140), ("10.0.0.8", 20140))
    inviting = encode_beat(Beat(PAUL, 20140, TAG, "472", asks=False))
    news = ears.hear(inviting, "10.0.0.9", 4.0).news
    assert news is not None and news.code_digits == "472"


def test_who_leaves_is_gone_at_once_if_it_is_said_where_he_was() -> None:
    ears, leaving = earshot(), encode_beat(Beat(PAUL, 20140, TAG, "", asks=False, leaves=True))
    assert ears.hear(leaving, "10.0.0.8", 1.0) == NOTHING
    ears.hear(HELLO, "10.0.0.8", 1.0)
    assert ears.hear(leaving, "10.0.0.66", 2.0) == NOTHING
    assert ears.hear(leaving, "10.0.0.8", 2.0) == Heard(gone=f"{instance_name(PAUL)}.{SERVICE}")
    assert ears.hear(HELLO, "10.0.0.8", 3.0).news is not None


def test_of_one_device_the_last_few_places_are_kept() -> None:
    ears = earshot()
    for last in range(20, 40):
        news = ears.hear(HELLO, f"10.0.0.{last}", 1.0).news
    assert news is not None
    assert [host for host, _port in news.addresses] == ["10.0.0.39", "10.0.0.38", "10.0.0.37", "10.0.0.36"]


def test_who_was_silent_for_three_intervals_is_forgotten() -> None:
    ears = earshot()
    ears.hear(HELLO, "10.0.0.8", 1.0)
    ears.hear(HELLO, "10.0.0.8", 100.0)
    assert ears.expired(100.0 + limits.BEACON_SECONDS) == []
    assert ears.expired(101.0 + limits.BEACON_SECONDS) == [f"{instance_name(PAUL)}.{SERVICE}"]
    assert ears.hear(HELLO, "10.0.0.8", 400.0).news is not None


def test_what_was_heard_is_counted_by_whether_it_is_the_offices_and_when() -> None:
    ears = earshot()
    ears.hear(secrets.token_bytes(SIZE), "10.0.0.66", 1.0)
    ears.hear(HELLO, "10.0.0.8", 2.0)
    ears.hear(stranger(OTHER), "10.0.0.66", 3.0)
    facts = ears._tally.facts()
    assert (facts.heard, facts.heard_office, facts.last, facts.last_office) == (2, 1, 3.0, 2.0)


# --- a flood ----------------------------------------------------------------------------------------------
def test_ten_thousand_fakes_with_the_offices_tag_are_rationed_and_keep_no_colleague_out() -> None:
    ears = earshot()
    news = [ears.hear(stranger(), "10.0.0.66", 1.0 + n / 10_000).news for n in range(10_000)]
    assert sum(one is not None for one in news) == limits.BEACON_NEWS
    assert ears.hear(HELLO, "10.0.0.8", 2.0).news is not None
    for second in range(3, 200):
        for _fake in range(20):
            ears.hear(stranger(), "10.0.0.66", float(second))
    assert len(ears._places) == limits.SERVICES
    chloe = DeviceKey(b"c" * 32)
    ears.familiar = {PAUL, chloe}.__contains__
    heard = ears.hear(encode_beat(Beat(chloe, 20140, TAG, "", asks=False)), "10.0.0.9", 300.0)
    assert heard.news is not None and heard.gone is not None and len(ears._places) == limits.SERVICES
    assert f"{instance_name(PAUL)}.{SERVICE}" in ears._places


def test_fakes_of_another_office_or_of_nobody_are_not_weighed_at_all() -> None:
    ears = earshot()
    for _fake in range(10_000):
        ears.hear(stranger(OTHER), "10.0.0.66", 1.0)
        ears.hear(secrets.token_bytes(SIZE), "10.0.0.66", 1.0)
    assert ears.looked_at == 0 and not ears._places


def test_a_colleagues_key_from_everywhere_is_rationed_too() -> None:
    ears = earshot()
    hosts = [f"fe80::{n:x}%2" for n in range(100, 1100)]
    news = [ears.hear(HELLO, host, 1.0).news for host in hosts]
    assert sum(one is not None for one in news) == limits.BEACON_NEWS_COLLEAGUES


# --- on sockets -------------------------------------------------------------------------------------------
def knocking(protocol: str, speaker: Beacon) -> tuple[socket.socket, int]:
    """A socket on loopback, and the port of a beacon's mouth."""
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind(("127.0.0.1", 0))
    made.setblocking(False)
    return made, int(speaker._mouths[protocol].getsockname()[1])


async def test_a_flood_is_left_to_the_kernel_but_for_so_much_a_second() -> None:
    speaker = Beacon(lambda _sighting: None, lambda _name: None)
    await speaker.start(Interfaces(), Announcement(ME, 20140, TAG, ""))
    flood, port = knocking("IPv4", speaker)
    loop = asyncio.get_running_loop()
    began, sent = loop.time(), 0
    while sent < 10_000:
        for _each in range(100):
            flood.sendto(stranger(), ("127.0.0.1", port))
        sent += 100
        await asyncio.sleep(0)
    turns = (loop.time() - began) / datagrams.PAUSE + 2
    assert datagrams.TURN <= speaker.read <= turns * datagrams.TURN
    assert speaker.read < sent / 2
    flood.close()
    await speaker.stop()


async def test_those_who_ask_are_answered_one_after_another_in_no_more_bytes_and_few_wait() -> None:
    speaker = Beacon(lambda _sighting: None, lambda _name: None)
    loopback = Interfaces((Interface("lo", 1, (IPv4Interface("127.0.0.1/8"),), ()),))  # near, so that all is told
    await speaker.start(Interfaces(), Announcement(ME, 20140, TAG, "472"))
    speaker.earshot.here = loopback
    asking, port = knocking("IPv4", speaker)
    loop = asyncio.get_running_loop()
    for number in range(100):
        speaker._answer("IPv4", ("127.0.0.1", 20000 + number))
    assert len(speaker._answers) == limits.BEACON_ANSWERS
    speaker._answers.clear()
    asking.sendto(encode_beat(ASKING), ("127.0.0.1", port))
    async with asyncio.timeout(5):
        answer = await loop.sock_recv(asking, 2000)
    assert decode_beat(answer) == Beat(ME, 20140, TAG, "472", asks=False)
    first = loop.time()
    asking.sendto(encode_beat(ASKING), ("127.0.0.1", port))
    async with asyncio.timeout(5):
        await loop.sock_recv(asking, 2000)
    assert loop.time() - first > b.ANSWER_BREATH / 2
    asking.close()
    await speaker.stop()


async def test_two_users_of_one_pc_share_the_port() -> None:
    both = [Beacon(lambda _sighting: None, lambda _name: None) for _user in range(2)]
    for one in both:
        await one.start(Interfaces(), Announcement(ME, 20140, TAG, ""))
    for one in both:
        assert one.facts.faults == ()
        assert one._ears["IPv4"].getsockname()[1] == 20140
        await one.stop()


async def test_who_stops_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[Beat | None] = []
    speaker = Beacon(lambda _sighting: None, lambda _name: None)
    monkeypatch.setattr(speaker, "_send", lambda data: said.append(decode_beat(data)))  # the outer edge: the wire
    await speaker.start(Interfaces(), Announcement(ME, 20140, TAG, ""))
    await speaker.stop()
    assert said[-1] == Beat(ME, 20140, TAG, "", asks=False, leaves=True)


async def test_what_a_socket_refuses_is_a_fact_and_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """An interface that is gone, a port that somebody holds for himself alone."""
    holder = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    holder.bind(("127.0.0.1", 0))
    monkeypatch.setattr(b, "PORT", holder.getsockname()[1])
    speaker = Beacon(lambda _sighting: None, lambda _name: None)
    nowhere = Interface("gone0", 9999, (IPv4Interface("203.0.113.1/24"),), (IPv6Interface("fe80::1%9999/64"),))
    await speaker.start(Interfaces((nowhere,)), Announcement(ME, 20140, TAG, ""))
    await asyncio.sleep(0)
    faults = dict(speaker.facts.faults)
    assert "IPv4" in faults and "use" in faults["IPv4"]
    assert "IPv6 on gone0" in faults
    speaker.moved(Interfaces())
    assert set(dict(speaker.facts.faults)) == {"IPv4"}, "what is not there any more has no faults"
    await speaker.stop()
    holder.close()


async def test_an_adapter_that_comes_and_goes_has_nobody_answer_all_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[Beat | None] = []
    monkeypatch.setattr(b, "BREATH", 0.01)
    monkeypatch.setattr(b, "ASKS_SECONDS", 0.5)
    speaker = Beacon(lambda _sighting: None, lambda _name: None)

    def wire(data: bytes) -> bool:
        said.append(decode_beat(data))
        return True

    monkeypatch.setattr(speaker, "_send", wire)
    await speaker.start(Interfaces(), Announcement(ME, 20140, TAG, ""))
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with asyncio.timeout(5):
        while sum(beat is not None and beat.asks for beat in said) < b.ASKS + 1:
            speaker.moved(Interfaces())
            await asyncio.sleep(0)
    assert loop.time() - began >= 0.5
    assert len(said) > b.ASKS + 1, "what is new is said meanwhile, without asking"
    await speaker.stop()


async def test_a_question_nobody_can_have_heard_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(b, "BREATH", 0.001)
    speaker = Beacon(lambda _sighting: None, lambda _name: None)
    await speaker.start(Interfaces(), Announcement(ME, 20140, TAG, ""))
    said: asyncio.Queue[Beat | None] = asyncio.Queue()
    send = speaker._send

    def wire(data: bytes) -> bool:
        said.put_nowait(decode_beat(data))
        return send(data)

    monkeypatch.setattr(speaker, "_send", wire)
    async with asyncio.timeout(5):
        for _question in range(2 * b.ASKS):
            speaker.moved(Interfaces())
            beat = await said.get()
            assert beat is not None and beat.asks
    await speaker.stop()


async def test_a_question_that_left_on_no_wire_is_asked_again_but_not_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """IPv6 looks for duplicates for a second or two before it lets a new address be used."""
    monkeypatch.setattr(b, "BREATH", 0.001)
    speaker = Beacon(lambda _sighting: None, lambda _name: None)
    said: asyncio.Queue[bool] = asyncio.Queue()

    def wire(data: bytes) -> bool:
        beat = decode_beat(data)
        said.put_nowait(beat is not None and beat.asks)
        return False

    monkeypatch.setattr(speaker, "_send", wire)
    await speaker.start(Interfaces(), Announcement(ME, 20140, TAG, ""))
    async with asyncio.timeout(5):
        for _round in range(2):
            assert [await said.get() for _question in range(b.MISSES)] == [True] * b.MISSES
            speaker.say(Announcement(ME, 20140, TAG, "472"))
            assert not await said.get()
            speaker.ask()
    await speaker.stop()


# --- reading ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("selector", [True, False], ids=["a selector", "as on Windows"])
async def test_a_flood_is_read_in_turns_and_what_comes_after_it_is_heard(selector: bool) -> None:
    loop = asyncio.get_running_loop()
    ear, mouth = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _n in range(2))
    with ear, mouth:
        ear.bind(("127.0.0.1", 0))
        ear.setblocking(False)
        heard: list[bytes] = []
        faults: list[OSError] = []
        hear, failed = (lambda data, _source: heard.append(data)), faults.append
        read = datagrams.Datagrams(ear, 9, hear, failed, selector=selector)
        for n in range(3 * datagrams.TURN):
            mouth.sendto(b"%d" % n, ear.getsockname())
        began = loop.time()
        async with asyncio.timeout(10):
            while len(heard) < 3 * datagrams.TURN:
                assert len(heard) <= datagrams.TURN * (1 + (loop.time() - began) / datagrams.PAUSE)
                await asyncio.sleep(0)
        assert heard == [b"%d" % n for n in range(3 * datagrams.TURN)]
        await read.stop()
        assert not faults
        mouth.sendto(b"more", ear.getsockname())
        for _turn in range(10):
            await asyncio.sleep(0)
        assert len(heard) == 3 * datagrams.TURN
