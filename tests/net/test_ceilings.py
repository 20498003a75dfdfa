"""A colleague who pushes against what is kept for a link: what comes past a ceiling waits or goes, nothing grows."""

from __future__ import annotations

import asyncio
import secrets
import socket
from pathlib import Path

import pytest

from deskblog import limits
from deskblog.errors import Malformed, TooLarge
from deskblog.log import kinds
from deskblog.net import actions as do
from deskblog.net import messages as m
from deskblog.net.sync import Session, State
from deskblog.net.twins import Twins
from deskblog.values import DeviceKey, EntryId, LogName, Point
from tests.engine.desk import desks
from tests.engine.raw import RawLink
from tests.net.sides import Side, keys, office_of

Line = tuple[bytes, bytes, int, bytes]


def linked(*, live: bool = True) -> tuple[Side, Session, DeviceKey]:
    """Anne's end of a link with Paul, agreed on all there is, and Paul's device."""
    (anne, paul), acts = office_of("Paul")
    side = Side(anne, acts)
    side.write("Anne was here first")
    session = side.session = Session(side.replica, paul.device, lambda: 0.0)
    session.open()
    if live:
        session.receive(m.Acts((), more=False))
        session.acts_taken(answered=True)
        session.receive(m.Heads((), more=False))
        assert session.state is State.LIVE
    return side, session, paul.device


def line(device: bytes, seq: int = 5, number: bytes = b"") -> Line:
    return (device, number or secrets.token_bytes(8), seq, secrets.token_bytes(32))


def test_before_the_office_is_agreed_on_a_few_messages_wait_and_one_more_ends_the_link() -> None:
    _side, session, paul = linked(live=False)
    for _n in range(limits.LIVE_WAITING):
        assert session.receive(m.Have((line(paul),))) == []
    with pytest.raises(TooLarge):
        session.receive(m.Have((line(paul),)))


def test_words_about_feeds_wait_too_and_past_that_are_passed_over() -> None:
    """They are said again; no link ends for them."""
    _side, session, _paul = linked(live=False)
    for _n in range(limits.LIVE_WAITING + 9):
        assert session.receive(m.FeedAsked(bytes(16), 0)) == []
    session.receive(m.Acts((), more=False))
    waited = session.acts_taken(answered=True)
    assert waited.count(do.TakeAside(m.FeedAsked(bytes(16), 0))) == limits.LIVE_WAITING


def test_of_devices_nobody_knows_a_few_logs_are_remembered() -> None:
    _side, session, _paul = linked()
    for _n in range(limits.LIVE_WAITING + 9):
        session.receive(m.Have((line(secrets.token_bytes(32)),)))
    assert len(session._fetcher._unknown) == limits.LIVE_WAITING


def test_headers_without_a_signature_are_refused_past_their_bytes() -> None:
    _side, session, paul = linked()
    offered = line(paul)
    session.receive(m.Have((offered,)))
    headers = (bytes(limits.UNVERIFIED // limits.RUN + 1),) * limits.RUN
    with pytest.raises(TooLarge):
        session.receive(m.RunSent(paul, offered[1], 1, headers, bytes(64)))


def test_no_more_ends_of_one_log_are_wanted_than_there_may_be_chains() -> None:
    side, session, paul = linked()
    number = secrets.token_bytes(8)
    for _n in range(4 * limits.BRANCHES):
        point = Point(5, EntryId(secrets.token_bytes(32)))
        session.looked([(LogName(paul, number), point)], frozenset([point.id]))
        session._fetcher._looking += 1
    assert len(session._fetcher._offers[LogName(paul, number)]) == limits.BRANCHES
    assert side.replica.fetching.keys() <= {LogName(paul, number)}


def test_only_so_many_questions_whether_something_is_held_are_on_their_way() -> None:
    side, session, _paul = linked()
    ((log, _ends),) = side.replica.heads.logs()
    asked = []
    for _n in range(3 * limits.LOOKS):
        asked += [a for a in session.receive(m.Have((line(log.device, 1, log.number),))) if isinstance(a, do.Look)]
    assert len(asked) == limits.LOOKS


def test_what_was_refused_is_remembered_for_a_while() -> None:
    side, _session, paul = linked()
    for n in range(limits.NOT_KEPT + 9):
        side.replica.refuse(LogName(paul, bytes(8)), Point(n + 1, EntryId(n.to_bytes(32, "big"))))
    assert len(side.replica.refused) == limits.NOT_KEPT


def test_nothing_is_asked_for_while_two_runs_are_on_their_way_to_the_disk() -> None:
    _side, session, paul = linked()
    session._fetcher.storing = limits.RUNS_STORING
    assert [a for a in session.receive(m.Have((line(paul),))) if isinstance(a, do.Send)] == []
    session._fetcher.storing -= 1
    assert [type(a.message) for a in session.go_on() if isinstance(a, do.Send)] == [m.Want]


def test_what_a_peer_has_shown_and_where_logs_ended_is_forgotten_in_time() -> None:
    side, session, _paul = linked()
    for n in range(limits.SHOWN + 9):
        session._show(EntryId(n.to_bytes(32, "big")))
    assert len(session._shown) == limits.SHOWN
    ((log, ends),) = side.replica.heads.logs()
    for n in range(limits.SHOWN + 9):
        end = Point(n + 10, EntryId(n.to_bytes(32, "big")))
        side.replica.heads.stored(log, ends.single(end))
    assert len(side.replica.heads._passed) == limits.SHOWN


def test_of_runs_that_were_replaced_the_last_are_remembered() -> None:
    twins, device = Twins(), keys().device
    for n in range(limits.RUN_NUMBERS + 9):
        twins.replaced(device, n.to_bytes(8, "big"))
    assert len(twins._replaced) == limits.RUN_NUMBERS
    assert not twins.come_back(device, bytes(8)) and twins.come_back(device, limits.RUN_NUMBERS.to_bytes(8, "big"))


def test_a_log_is_located_by_a_few_points_however_long_it_is() -> None:
    side, _session, _paul = linked()
    for n in range(300):
        side.write(f"post {n}")
    ((log, _ends),) = side.replica.heads.logs()
    points = side.store.locator(log)
    assert 5 < len(points) <= limits.POINTS and points == tuple(sorted(points, reverse=True))
    with pytest.raises(Malformed):
        m.decode(m.encode(m.Want(log.device, log.number, ((1, bytes(32)),) * 65, (1, bytes(32)))), m.Linked)


def test_a_live_entry_carries_no_large_body() -> None:
    entry = m.LiveEntry(b"header", bytes(64), bytes(limits.LIVE_BODY))
    assert m.decode(m.encode(entry), m.Linked) == entry
    with pytest.raises(Malformed):
        m.decode(m.encode(m.LiveEntry(b"header", bytes(64), bytes(limits.LIVE_BODY + 1))), m.Linked)


def test_an_opening_of_too_high_an_ordinal_and_a_claim_of_too_much_say_nothing() -> None:
    salt = bytes(kinds.SALT)
    for fine in (
        kinds.Open(bytes(32), (), limits.ORDINALS),
        kinds.Claim(tuple((bytes(8), n + 1, bytes(32)) for n in range(limits.CLAIMS))),
    ):
        assert kinds.decode_body(kinds.kind_of(fine), kinds.encode_body(fine, salt)) == fine
    for wrong in (
        kinds.Open(bytes(32), (), limits.ORDINALS + 1),
        kinds.Claim(tuple((bytes(8), n + 1, bytes(32)) for n in range(limits.CLAIMS + 1))),
    ):
        assert kinds.decode_body(kinds.kind_of(wrong), kinds.encode_body(wrong, salt)) is None


# --- time, with the clock made short ------------------------------------------------------------------------
async def test_who_says_nothing_is_left_when_the_time_for_the_proof_is_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "HELLO_SECONDS", 0.2)
    async with desks(tmp_path, "Anne") as (anne,):
        await anne.found()
        loop = asyncio.get_running_loop()
        with socket.socket() as silent:
            silent.setblocking(False)
            await loop.sock_connect(silent, ("127.0.0.1", anne.engine.port))
            async with asyncio.timeout(10):
                assert await loop.sock_recv(silent, 1) == b"", "before TLS"
        async with await RawLink.dial(anne.engine.port, keys()) as link:
            assert await link.ended(), "before the proof"
