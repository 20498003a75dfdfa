"""Fetched once: who asks the site, what is handed on, what is believed. No socket, no clock."""

from __future__ import annotations

import itertools
from collections import Counter

import msgspec
import pytest

from deskblog import limits
from deskblog.errors import Forged, Malformed, PeerError, TooLarge
from deskblog.log import codec
from deskblog.net import feedcopy as fc
from deskblog.net import feeds as f
from deskblog.net import messages as m
from deskblog.values import OfficeId
from tests.net.followers import NOON, OFFICE, TAG, Follower, Street, keys, signed


def street(count: int = 2) -> Street:
    made = Street(count)
    for one in made.people:
        one.follow()
    made.link_all()
    return made


def fetched(made: Street, one: Follower) -> None:
    """One's moment comes, and it asks the site."""
    one.due()
    made.run()
    one.ask_site()
    made.run()


# --- who asks ---------------------------------------------------------------------------------------------
def test_one_asks_and_all_have_it() -> None:
    made = street(12)
    fetched(made, made.people[3])
    assert {one.body for one in made.people} == {made.site}
    assert sum(made.asked.values()) == 1
    assert {one.kept[0].copy.asker for one in made.people if one.kept} == {made.people[3].device}


def test_what_is_said_before_this_end_of_a_link_is_level_counts() -> None:
    """One end may be level, and say what it holds, before the other has fetched all it lacks."""
    made = Street(2)
    one, other = made.people
    for each in (one, other):
        each.follow()
        each.due()
    one.ask_site()
    made.links.add(frozenset((one.device, other.device)))
    one.do(one.shared.joined(other.device))
    made.run()
    other.do(other.shared.joined(one.device))
    made.run()
    assert other.body == made.site and not made.asked[other.device]


def test_words_are_counted_from_the_first_of_a_link_level_or_not() -> None:
    made = street()
    one, other = made.people
    made.cut(one, other)
    for _n in range(2 * limits.FEED_WORDS_MINUTE):
        one.shared.receive(other.device, m.FeedHave(((TAG, NOON + 1),)), made.now, made.at)
    assert not one.shared._tempos[other.device].allows(made.now)
    one.shared.joined(other.device)
    assert not one.shared._tempos[other.device].allows(made.now), "a link that is level now has no more"
    one.shared.left(other.device, made.now)
    assert not one.shared._tempos


def test_nobody_to_ask_is_no_reason_to_wait() -> None:
    made = Street(1)
    (alone,) = made.people
    alone.follow()
    alone.due()
    assert alone.to_ask == [TAG]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_of_those_whose_moment_is_the_same_the_highest_asks_and_the_others_wait(order: tuple[int, ...]) -> None:
    made = street(3)
    for n in order:
        made.people[n].due()
    made.run()
    asking = [one for one in made.people if one.to_ask]
    assert asking == [max(made.people, key=lambda one: fc.rank(TAG, one.device))]
    assert all(one.later[TAG] == limits.FEED_TURN_SECONDS for one in made.people if one not in asking)
    asking[0].ask_site()
    made.run()
    assert {one.body for one in made.people} == {made.site}


def test_who_comes_later_waits_for_who_is_asking() -> None:
    made = street()
    one, other = made.people
    one.due()
    made.run()
    made.now += 1
    other.due()
    assert other.later[TAG] == pytest.approx(limits.FEED_TURN_SECONDS) and not other.to_ask


def test_who_asks_and_is_gone_half_way_is_waited_for_no_more() -> None:
    made = street()
    one, other = made.people
    one.due()
    made.run()
    made.cut(one, other)
    other.due()
    assert other.to_ask == [TAG]


def test_who_asks_and_falls_silent_is_waited_for_so_long() -> None:
    made = street()
    one, other = made.people
    one.due()
    made.run()
    made.silent.add(one.device)
    made.pass_time(limits.FEED_TURN_SECONDS)
    other.due()
    made.run()
    assert not other.to_ask, "the question is open"
    made.pass_time(limits.FEED_ANSWER_SECONDS)
    assert other.to_ask == [TAG]


def test_who_says_without_end_that_it_is_about_to_ask_keeps_nobody_from_it() -> None:
    made = street(limits.FEED_TURNS + 3)
    me, *others = made.people
    waits = 0
    for other in others * 3:
        made.letters.append((other.device, me.device, m.FeedAsked(TAG, 0)))
        made.run()
        me.later.clear()
        me.due()
        if TAG in me.later:
            waits += 1
            made.now += limits.FEED_TURN_SECONDS
            continue
        made.run()
        break
    assert waits == limits.FEED_TURNS and me.to_ask == [TAG]


def test_the_same_one_is_let_go_first_again_when_a_while_has_passed() -> None:
    made = street()
    one, other = made.people
    for wait, waits in ((0.0, True), (limits.FEED_TURN_SECONDS, False), (limits.FEED_TURN_AGAIN, True)):
        made.now += wait
        other.later.clear()
        made.letters.append((one.device, other.device, m.FeedAsked(TAG, made.at)))
        made.run()
        other.due()
        made.run()
        assert (TAG in other.later) is waits
        if other.to_ask:
            other.ask_site()
            made.run()


# --- what is handed on ------------------------------------------------------------------------------------
def test_what_stayed_the_same_costs_no_body() -> None:
    made = street()
    one, other = made.people
    fetched(made, one)
    made.now = 3600
    one.due()
    made.run()
    before = made.carried["FeedPart"]
    one.ask_site(still=True)
    made.run()
    assert made.carried["FeedPart"] == before
    held = other.shared.copy(TAG)
    assert held is not None and (held.time, held.last.status) == (NOON + 3_600_000, fc.STILL)
    assert other.kept[-1].body is None


def test_a_large_one_comes_whole_a_part_at_a_time() -> None:
    made = street()
    made.site = bytes(range(256)) * 4096
    fetched(made, made.people[0])
    assert made.people[1].body == made.site
    assert made.carried["FeedPart"] == made.carried["FeedPartAsked"] == -(-len(made.site) // limits.BLOB_PART)


def test_who_comes_to_the_feed_or_the_office_gets_the_copy_that_is_there() -> None:
    made = Street(3)
    one, other, third = made.people
    one.follow()
    made.link(one, other)
    fetched(made, one)
    other.follow()
    other.due()
    made.run()
    assert other.body == made.site and not other.to_ask
    third.follow()
    made.link(other, third)
    assert third.body == made.site
    held = third.shared.copy(TAG)
    assert held is not None and held.asker == one.device, "with the word of whoever asked"


def test_from_follower_to_follower_it_reaches_who_is_not_linked_with_the_asker() -> None:
    made = Street(5)
    for one in made.people:
        one.follow()
    for one, other in itertools.pairwise(made.people):
        made.link(one, other)
    fetched(made, made.people[0])
    assert {one.body for one in made.people} == {made.site} and sum(made.asked.values()) == 1


def test_nothing_is_told_of_a_feed_to_who_does_not_follow_it_nor_asked_for_a_colleague() -> None:
    made = Street(2)
    one, other = made.people
    one.follow()
    made.link_all()
    fetched(made, one)
    made.letters.append((other.device, one.device, m.FeedAsked(bytes(16), 0)))
    made.letters.append((one.device, other.device, m.FeedAsked(TAG, 0)))
    made.letters.append((one.device, other.device, m.FeedPartAsked(TAG, bytes(32), 0)))
    said: list[m.Message] = []
    while made.letters:
        by, to, message = made.letters.popleft()
        actions = made.of[to].shared.receive(by, message, made.now, made.at)  # type: ignore[arg-type]
        said += [action.message for action in actions if isinstance(action, f.Tell)]
    nothing = [m.FeedSaid(bytes(16), ()), m.FeedSaid(TAG, ()), m.FeedPart(TAG, bytes(32), 0, None)]
    assert said == nothing and not other.to_ask


def test_two_bodies_come_at_a_time_and_one_of_a_link() -> None:
    made = Street(4)
    me, *others = made.people
    tags = [bytes([n]) * 16 for n in range(6)]
    for n, tag in enumerate(tags):
        me.follow(tag)
        others[n % 3].follow(tag)
        others[n % 3].to_ask.append(tag)
        others[n % 3].ask_site(tag)
    most = 0
    flying: Counter[object] = Counter()
    for other in others:
        made.links.add(frozenset((me.device, other.device)))
        me.do(me.shared.joined(other.device))
        other.do(other.shared.joined(me.device))
    while made.letters:
        by, to, message = made.letters.popleft()
        flying[by] -= isinstance(message, m.FeedPart)
        made.of[to].do(made.of[to].shared.receive(by, message, 0.0, made.at))  # type: ignore[arg-type]
        now = Counter(to for by, to, word in made.letters if by == me.device and isinstance(word, m.FeedPartAsked))
        assert max(now.values(), default=0) <= 1
        most = max(most, sum(now.values()))
    assert most == limits.FEED_BODIES and set(me.bodies) == set(tags)


@pytest.mark.parametrize("how", ["gone", "silent", "no more"])
def test_a_body_that_stops_coming_is_asked_of_the_site_when_it_is_due(how: str) -> None:
    made = street()
    one, other = made.people
    made.site = bytes(200_000)
    one.to_ask.append(TAG)
    made.silent.add(one.device)
    one.ask_site()
    made.silent.clear()
    other.due()
    for _step in range(4):
        by, to, message = made.letters.popleft()
        made.of[to].do(made.of[to].shared.receive(by, message, made.now, made.at))  # type: ignore[arg-type]
    assert other.shared._feeds[TAG].coming is not None
    if how == "gone":
        made.letters.clear()
        made.cut(one, other)
    elif how == "silent":
        made.letters.clear()
        made.pass_time(limits.ANSWER_SECONDS)
    else:
        one.shared.drop(TAG)
        made.run()
    assert other.to_ask == [TAG] and not other.body


# --- what is believed -------------------------------------------------------------------------------------
def offer(made: Street, said: tuple[fc.Signed, ...], body: bytes = b"") -> Follower:
    """The second says to have something, and answers so when asked; the first."""
    me, liar = made.people[:2]
    me.do(me.shared.receive(liar.device, m.FeedHave(((TAG, made.at + 1),)), made.now, made.at))
    asked = made.letters.popleft()[2]
    assert isinstance(asked, m.FeedAsked)
    liar.bodies[TAG] = body
    if body:
        liar.shared.hold(fc.read_copy(said))
    me.do(me.shared.receive(liar.device, m.FeedSaid(TAG, said), made.now, made.at))
    return me


LIAR = keys(2)
BODY = b"<rss>a lie</rss>"


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        (((signed(keys(3), BODY, NOON)[0], bytes(64)),), Forged),
        (((signed(keys(3), BODY, NOON)[0], signed(LIAR, BODY, NOON)[1]),), Forged),
        ((signed(LIAR, BODY, NOON, office=OfficeId(bytes(32))),), Forged),
        ((signed(LIAR, BODY, NOON, tag=bytes(16)),), Malformed),
        ((signed(LIAR, BODY, NOON, fc.STILL),), Malformed),
        ((signed(LIAR, BODY, NOON), signed(LIAR, BODY, NOON)), Malformed),
        ((signed(LIAR, BODY, NOON), signed(LIAR, BODY, NOON, fc.STILL)), Malformed),
        ((signed(LIAR, BODY, NOON), signed(LIAR, BODY + b" ", NOON + 1, fc.STILL)), Malformed),
        ((signed(LIAR, BODY, NOON), signed(LIAR, BODY, NOON + 1, fc.STILL, bytes(16))), Malformed),
        (((b"\xc0", bytes(64)),), Malformed),
    ],
    ids=["no signature", "another's", "another office", "another feed", "still alone", "twice", "not later",
         "another body", "two feeds", "nothing"],
)  # fmt: skip
def test_a_statement_that_does_not_hold_is_the_fault_of_who_sent_it(
    said: tuple[fc.Signed, ...], fault: type[PeerError]
) -> None:
    made = street()
    with pytest.raises(fault):
        offer(made, said)
    assert made.people[0].shared.copy(TAG) is None


@pytest.mark.parametrize("time", [NOON + limits.FEED_AHEAD_MS + 1, 0, fc.FIRST_MS - 1, limits.TIME])
def test_times_that_cannot_be_are_passed_over(time: int) -> None:
    made = street()
    assert not offer(made, (signed(LIAR, BODY, time),), BODY).shared._feeds[TAG].coming


def test_five_minutes_ahead_is_a_clock_that_is_off() -> None:
    made = street()
    assert offer(made, (signed(LIAR, BODY, NOON + limits.FEED_AHEAD_MS),), BODY).shared._feeds[TAG].coming


def test_who_is_not_in_the_office_now_is_not_believed() -> None:
    made = street()
    made.out.add(keys(7).device)
    me = offer(made, (signed(keys(7), BODY, NOON),), BODY)
    assert me.shared._feeds[TAG].coming is None
    made = street()
    made.out.add(keys(7).device)
    me = offer(made, (signed(LIAR, BODY, NOON), signed(keys(7), BODY, NOON + 1, fc.STILL)), BODY)
    assert me.shared._feeds[TAG].coming is None, "nor a copy that rests on its word"


def test_an_older_one_is_passed_over_and_so_is_one_whose_word_is_not_taken() -> None:
    made = street()
    me = made.people[0]
    me.to_ask.append(TAG)
    me.ask_site()
    made.letters.clear()
    offer(made, (signed(LIAR, BODY, NOON - 1),), BODY)
    assert me.shared._feeds[TAG].coming is None
    made.now += limits.FEED_HAVE_SECONDS
    me.shared.refuse(TAG, [LIAR.device])
    offer(made, (signed(LIAR, BODY, made.at),), BODY)
    assert me.shared._feeds[TAG].coming is None


def test_another_body_than_was_said_is_thrown_away_and_counted() -> None:
    made = street()
    me = offer(made, (signed(LIAR, BODY, NOON),), b"<rss>another</r>")
    made.run()
    assert not me.body and [blame.device for blame in me.blamed] == [LIAR.device]
    me.do(me.shared.receive(LIAR.device, m.FeedHave(((TAG, made.at + 9),)), 1000.0, made.at))
    assert not made.letters, "and it is asked for that feed no more"


def test_a_part_of_another_length_ends_the_link() -> None:
    made = street()
    me = offer(made, (signed(LIAR, BODY, NOON),), BODY)
    for data in (b"", BODY + b"more"):
        with pytest.raises(Malformed):
            me.shared.receive(LIAR.device, m.FeedPart(TAG, codec.digest(BODY), 0, data), 0.0, made.at)


def test_what_was_not_asked_for_is_passed_over() -> None:
    made = street()
    me = made.people[0]
    for message in (
        m.FeedSaid(TAG, ((b"\xc0", bytes(64)),)),
        m.FeedPart(TAG, codec.digest(BODY), 0, BODY),
        m.FeedSaid(bytes(16), ((b"\xc0", bytes(64)),)),
    ):
        assert me.shared.receive(LIAR.device, message, 0.0, made.at) == []


# --- floods -----------------------------------------------------------------------------------------------
def test_of_what_a_link_says_of_feeds_so_much_is_looked_at_a_minute() -> None:
    made = street()
    one, other = made.people
    fetched(made, one)
    asked = m.FeedAsked(TAG, 0)

    def answers(count: int, now: float) -> list[bool]:
        said = [one.shared.receive(other.device, asked, now, made.at) for _n in range(count)]
        return [bool(action.message.signed) for actions in said for action in actions]  # type: ignore[union-attr]

    got = answers(limits.FEED_WORDS_MINUTE + 500, 100.0)
    assert len(got) == limits.FEED_WORDS_MINUTE + 500 and sum(got) == limits.FEED_WORDS_MINUTE
    have = m.FeedHave(((TAG, made.at + 9),))
    assert one.shared.receive(other.device, have, 110.0, made.at) == []
    assert answers(1, 160.0) == [True]


def test_copies_said_to_be_held_are_looked_at_once_a_minute() -> None:
    made = street()
    me = made.people[0]
    asked = 0
    for n in range(300):
        have = m.FeedHave(((TAG, made.at + n),))
        asked += len(me.shared.receive(LIAR.device, have, n / 10, made.at))
    assert asked == 1


def test_who_is_linked_is_told_of_all_that_is_held_in_few_messages() -> None:
    made = Street(2)
    one, other = made.people
    for n in range(limits.FEED_HAVES + 1):
        tag = n.to_bytes(16, "big")
        one.follow(tag)
        one.to_ask.append(tag)
        one.ask_site(tag)
    said = [action.message for action in one.shared.joined(other.device) if isinstance(action, f.Tell)]
    assert [len(message.copies) for message in said if isinstance(message, m.FeedHave)] == [limits.FEED_HAVES, 1]
    assert all(len(m.encode(message)) < limits.FRAME // 4 for message in said)


# --- statements -------------------------------------------------------------------------------------------
def test_headers_that_fit_in_no_statement_are_left_out() -> None:
    headers = {"etag": "x" * (limits.FEED_HEADER + 1), "date": "é", "expires": "\r", "last-modified": "ok"}
    raw, _signature = fc.write_statement(LIAR, OFFICE, TAG, NOON, 200, headers, (1, bytes(32)))
    assert fc.read_copy(((raw, bytes(64)),)).headers == {"last-modified": "ok"}
    many = {f"x-{chr(97 + n)}": "y" * limits.FEED_HEADER for n in range(limits.FEED_HEADERS + 3)}
    raw, signature = fc.write_statement(LIAR, OFFICE, TAG, NOON, 200, many, (1, bytes(32)))
    said = fc.read_copy(((raw, signature),))
    assert len(said.headers) == limits.FEED_HEADERS and len(raw) <= limits.FEED_STATEMENT


@pytest.mark.parametrize(
    "changed",
    [
        {"headers": (("b", ""), ("a", ""))}, {"headers": (("a", ""), ("a", ""))}, {"headers": (("A", ""),)},
        {"headers": (("a", "é"),)}, {"headers": (("a", "x" * (limits.FEED_HEADER + 1)),)},
        {"headers": tuple((f"x-{chr(97 + n)}", "") for n in range(limits.FEED_HEADERS + 1))},
        {"size": 0}, {"size": limits.FEED_BODY + 1}, {"status": 199}, {"status": 250}, {"tag": b"x"},
    ],
)  # fmt: skip
def test_a_statement_out_of_range_is_malformed(changed: dict[str, object]) -> None:
    plain = fc.read_copy((signed(LIAR, BODY, NOON),)).first
    with pytest.raises(Malformed):
        fc.read_copy(((codec.encode(msgspec.structs.replace(plain, **changed)), bytes(64)),))


def test_a_statement_past_its_size_is_too_large_and_a_later_version_may_say_more() -> None:
    raw, signature = signed(LIAR, BODY, NOON)
    longer = b"\x99" + raw[1:] + b"\xa4more"
    assert fc.read_copy(((longer, signature),)).first.size == len(BODY)
    with pytest.raises(TooLarge):
        fc.read_copy(((raw + bytes(limits.FEED_STATEMENT), signature),))


def test_a_tag_is_of_one_office_and_one_address() -> None:
    urls = ("https://brew.example/feed.xml", "https://brew.example/feed", "http://brew.example/feed.xml")
    tags = {fc.tag_of(office, url) for office in (OFFICE, OfficeId(bytes(32))) for url in urls}
    assert len(tags) == 6 and {len(tag) for tag in tags} == {fc.TAG}
