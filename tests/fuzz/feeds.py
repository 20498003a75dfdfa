"""Colleagues without honour about feeds: any words in any order, all they sign truly signed."""

from __future__ import annotations

from contextlib import suppress

import msgspec

from deskblog.errors import PeerError
from deskblog.log import codec
from deskblog.net import feedcopy as fc
from deskblog.net import feeds as f
from deskblog.net import messages as m
from deskblog.values import DeviceKey
from tests.fuzz import world
from tests.log.chronicle import device, keys

MESSAGES = 60
TAGS = [fc.tag_of(world.office().id, f"https://{name}.example/") for name in ("brew", "mill")]
BODY = b"<rss>what the site says</rss>"  # one part: larger ones slow the changing of bytes, not their reading
PEERS = ("bruno", "laptop")


def read(data: bytes) -> int:
    """Payloads by two colleagues in turn, now and then a minute apart; one's own moments between them; how many
    copies came."""
    shared = f.SharedFeeds(device("anne"), world.office().id, world.office().is_in)
    for tag in TAGS:
        shared.follow(tag, None)
    for name in PEERS:
        shared.joined(device(name))
    came, now = 0, 0.0
    for number, payload in enumerate(codec.decode(data, tuple[bytes, ...], 1 << 18)[:MESSAGES]):
        now += 61.0 if number % 10 == 9 else 1.0
        peer = device(PEERS[number % 2])
        actions = shared.ask(TAGS[number % 2], now) if number % 8 == 7 else []
        message = m.decode_linked(payload)
        if isinstance(message, m.FeedMessage):
            with suppress(PeerError):
                actions += shared.receive(peer, _signed(message), now, world.NOON)
        actions += shared.tick(now)
        came += _do(shared, actions)
        assert len(shared._all_coming()) <= len(TAGS)
        assert all(len(one.data) <= one.copy.first.size for one in shared._all_coming())
    for name in PEERS:
        shared.left(device(name), now)
    assert shared.wake() is None, "nothing is waited for once all are gone"
    return came


def _do(shared: f.SharedFeeds, actions: list[f.Action]) -> int:
    kept = [action for action in actions if isinstance(action, f.Keep)]
    for one in kept:
        assert one.copy.devices <= {device(name) for name in (*PEERS, "anne")}
        assert one.body is None or codec.digest(one.body) == one.copy.first.hash
        shared.hold(one.copy, one.source)
    return len(kept)


def _signed(message: m.FeedMessage) -> m.FeedMessage:
    if not isinstance(message, m.FeedSaid):
        return message
    honest = {device(name): keys(name) for name in PEERS}
    made = []
    for raw, signature in message.signed:
        mine = honest.get(DeviceKey(world.item(raw, 2)))
        made.append((raw, mine.sign(fc.LABEL + world.office().id, raw) if mine is not None else signature))
    return msgspec.structs.replace(message, signed=tuple(made))


def seeds() -> list[bytes]:
    """A copy said to be held, asked for, and sent; one offered at one's own moment; what stayed the same."""
    named = len(BODY), codec.digest(BODY)
    said = [
        fc.write_statement(keys("bruno"), world.office().id, tag, world.NOON - 5000, fc.WHOLE, {"etag": "x"}, named)
        for tag in TAGS
    ]
    still = fc.write_statement(keys("laptop"), world.office().id, TAGS[0], world.NOON - 9, fc.STILL, {}, named)
    have = m.FeedHave(((TAGS[0], world.NOON - 5000), (TAGS[1], world.NOON - 5000)))
    part = m.FeedPart(TAGS[0], named[1], 0, BODY)
    none, asked = m.FeedSaid(TAGS[1], ()), m.FeedAsked(TAGS[0], 0)
    wanted = m.FeedPartAsked(TAGS[0], named[1], 0)
    fetched = [have, asked, m.FeedSaid(TAGS[0], (said[0],)), none, part, wanted, none, none]
    later = m.FeedSaid(TAGS[0], (said[0], still))
    again = [*fetched, none, m.FeedHave(((TAGS[0], world.NOON - 9),)), none, later]
    return [codec.encode([m.encode(message) for message in told]) for told in (fetched, again)]
