"""Who asks a site, and what colleagues hand on: decided from messages and the time. Pure; the engine does it.

Of each feed that is followed here and shared:

    ask ──all answered, or 2 s──> a copy offered: its body is fetched ──> Keep
                                  nothing: Ask, the site itself
                                  somebody else is about to: Later

Between two such moments what others say to have is taken in passing. See docs/protocol.md, section 13.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec import Struct, field

from deskblog import limits
from deskblog.errors import Forged, Malformed
from deskblog.log import codec
from deskblog.net import messages as m
from deskblog.net.feedcopy import Copy, believable, check_copy, rank, read_copy
from deskblog.net.tempo import Tempo
from deskblog.values import DeviceKey, OfficeId


class Tell(Struct, frozen=True):
    """To one colleague."""

    device: DeviceKey
    message: m.Message


class Ask(Struct, frozen=True):
    """Nobody has it: the site is to be asked."""

    tag: bytes


class Later(Struct, frozen=True):
    """A colleague is about to ask the site: again in so many seconds."""

    tag: bytes
    seconds: float


class Keep(Struct, frozen=True):
    """A copy came; `body` None: the bytes are those held here. `source`: who handed it on."""

    copy: Copy
    body: bytes | None
    source: DeviceKey


class Serve(Struct, frozen=True):
    """A part of a body is to be sent; it is held here."""

    device: DeviceKey
    asked: m.FeedPartAsked


class Blame(Struct, frozen=True):
    """Its bytes were not what their statement says."""

    device: DeviceKey
    fault: Forged


Action = Tell | Ask | Later | Keep | Serve | Blame


class _Question(Struct):
    """Colleagues were asked. `waits`: who has not answered; `yields`: one who asked meanwhile goes first."""

    until: float
    waits: set[DeviceKey]
    offers: list[tuple[Copy, DeviceKey]] = field(default_factory=list)
    yields: bool = False


class _Coming(Struct):
    """A body on its way. `asked`: it is for one's own moment; `since`: when a part was asked for last."""

    copy: Copy
    source: DeviceKey
    asked: bool
    since: float | None = None
    data: bytearray = field(default_factory=bytearray)


class _Feed(Struct):
    copy: Copy | None = None
    refused: frozenset[DeviceKey] = frozenset()  # whose word is not taken for it
    question: _Question | None = None
    coming: _Coming | None = None
    looked: float = -limits.FEED_HAVE_SECONDS  # when a copy said to be held was asked for, in passing …
    looked_at: DeviceKey | None = None  # … and whose
    turns: dict[DeviceKey, float] = field(default_factory=dict)  # when each was let go first
    turn: tuple[DeviceKey, float] | None = None  # who is about to ask the site, and until when that is believed
    waited: int = 0  # times since one's own last turn
    bad: set[DeviceKey] = field(default_factory=set)  # who sent other bytes than it said

    @property
    def time(self) -> int:
        return self.copy.time if self.copy is not None else 0


class SharedFeeds:
    """`now` is in seconds on a clock that never goes back, `at` in UTC ms."""

    def __init__(self, me: DeviceKey, office: OfficeId, is_in: Callable[[DeviceKey], bool]) -> None:
        self._me = me
        self._office = office
        self._is_in = is_in
        self._feeds: dict[bytes, _Feed] = {}
        self._peers: dict[DeviceKey, None] = {}  # with whom this PC is level, in the order in which they came
        self._tempos: dict[DeviceKey, Tempo] = {}  # of links: one may be level there, and speak, before it is here

    # --- what is followed ---------------------------------------------------------------------------------
    def follow(self, tag: bytes, copy: Copy | None, refused: Iterable[DeviceKey] = ()) -> None:
        """`copy`: the one held here, its body with it."""
        self._feeds[tag] = _Feed(copy, frozenset(refused))

    def leave(self, tag: bytes) -> None:
        self._feeds.pop(tag, None)

    def copy(self, tag: bytes) -> Copy | None:
        feed = self._feeds.get(tag)
        return feed.copy if feed is not None else None

    def refuse(self, tag: bytes, devices: Iterable[DeviceKey]) -> None:
        """Takes these devices' word no more for that feed."""
        if (feed := self._feeds.get(tag)) is not None:
            feed.refused |= frozenset(devices)

    def hold(self, copy: Copy, source: DeviceKey | None = None) -> list[Action]:
        """It is on the disk: told to all but who gave it."""
        feed = self._feeds.get(copy.tag)
        if feed is None or feed.time >= copy.time:
            return []
        feed.copy, feed.turn, feed.waited = copy, None, 0
        have = m.FeedHave(((copy.tag, copy.time),))
        return [Tell(peer, have) for peer in self._peers if peer != source]

    def drop(self, tag: bytes) -> None:
        """Its body is not held any more."""
        if (feed := self._feeds.get(tag)) is not None:
            feed.copy = None

    # --- peers --------------------------------------------------------------------------------------------
    def joined(self, device: DeviceKey) -> list[Action]:
        """A link is level: what is held here is said."""
        self._peers[device] = None
        held = [(tag, feed.time) for tag, feed in self._feeds.items() if feed.copy is not None]
        parts = [held[at : at + limits.FEED_HAVES] for at in range(0, len(held), limits.FEED_HAVES)]
        return [Tell(device, m.FeedHave(tuple(part))) for part in parts]

    def left(self, device: DeviceKey, now: float) -> list[Action]:
        actions: list[Action] = []
        self._peers.pop(device, None)
        self._tempos.pop(device, None)
        for tag, feed in self._feeds.items():
            if feed.turn is not None and feed.turn[0] == device:
                feed.turn = None
            if feed.question is not None and device in feed.question.waits:
                feed.question.waits.discard(device)
                actions += self._conclude(tag, feed, now)
            if feed.coming is not None and feed.coming.source == device:
                actions += _lost(tag, feed)
        return actions + self._fetch(now)

    # --- one's own moment ---------------------------------------------------------------------------------
    def ask(self, tag: bytes, now: float) -> list[Action]:
        """This feed is due here: Ask, Later or Keep comes of it, now or from a later call."""
        feed = self._feeds.get(tag)
        if feed is None or not self._peers:
            return [Ask(tag)]
        if feed.question is not None:
            return []
        if feed.turn is not None and now < feed.turn[1]:
            feed.waited += 1
            return [Later(tag, feed.turn[1] - now)]
        if feed.coming is not None:
            feed.coming.asked = True
            return []
        feed.question = _Question(now + limits.FEED_ANSWER_SECONDS, set(self._peers))
        return [Tell(peer, m.FeedAsked(tag, feed.time)) for peer in self._peers]

    def wake(self) -> float | None:
        """When `tick` is to be called at the latest."""
        questions = (feed.question.until for feed in self._feeds.values() if feed.question is not None)
        coming = (one.since + limits.ANSWER_SECONDS for one in self._all_coming() if one.since is not None)
        return min((*questions, *coming), default=None)

    def tick(self, now: float) -> list[Action]:
        actions: list[Action] = []
        for tag, feed in self._feeds.items():
            if feed.question is not None and now >= feed.question.until:
                feed.question.waits.clear()
                actions += self._conclude(tag, feed, now)
            coming = feed.coming
            if coming is not None and coming.since is not None and now - coming.since >= limits.ANSWER_SECONDS:
                actions += _lost(tag, feed)
        return actions + self._fetch(now)

    def _conclude(self, tag: bytes, feed: _Feed, now: float) -> list[Action]:
        """All have answered: the latest copy, or the site."""
        question = feed.question
        if question is None or question.waits:
            return []
        feed.question = None
        for copy, source in sorted(question.offers, key=lambda offer: offer[0].time, reverse=True):
            if source in self._peers and source not in feed.bad:
                return self._take(feed, copy, source, now, asked=True)
        if question.yields and feed.turn is not None:
            feed.waited += 1
            return [Later(tag, max(feed.turn[1] - now, 0.0))]
        return [Ask(tag)]

    # --- what colleagues say ------------------------------------------------------------------------------
    def receive(self, device: DeviceKey, message: m.FeedMessage, now: float, at: int) -> list[Action]:
        """PeerError is the fault of that device."""
        looked_at = self._tempos.setdefault(device, Tempo(limits.FEED_WORDS_MINUTE)).allows(now)
        match message:
            case m.FeedAsked():
                return self._answer(device, message, now) if looked_at else _nothing(device, message.tag)
            case m.FeedSaid() if looked_at:
                return self._take_said(device, message, now, at)
            case m.FeedHave() if looked_at:
                return self._look(device, message, now, at)
            case m.FeedPartAsked():
                return self._serve(device, message)
            case m.FeedPart():
                return self._take_part(device, message, now)
            case _:
                return []

    def _answer(self, device: DeviceKey, asked: m.FeedAsked, now: float) -> list[Action]:
        feed = self._feeds.get(asked.tag)
        if feed is None:
            return _nothing(device, asked.tag)
        if feed.copy is not None and feed.time > asked.time:
            return [Tell(device, m.FeedSaid(asked.tag, feed.copy.signed))]
        self._let_first(feed, asked.tag, device, now)
        return _nothing(device, asked.tag)

    def _let_first(self, feed: _Feed, tag: bytes, device: DeviceKey, now: float) -> None:
        """It is about to ask the site, and has not been let go first too often."""
        if feed.question is not None and rank(tag, self._me) > rank(tag, device):
            return
        late = now - feed.turns.get(device, -limits.FEED_TURN_AGAIN) >= limits.FEED_TURN_AGAIN
        if not late or feed.waited >= limits.FEED_TURNS or (feed.turn is not None and now < feed.turn[1]):
            return
        if len(feed.turns) >= limits.LINKS:
            del feed.turns[min(feed.turns, key=lambda one: feed.turns[one])]
        feed.turns[device] = now
        feed.turn = device, now + limits.FEED_TURN_SECONDS
        if feed.question is not None:
            feed.question.yields = True

    def _take_said(self, device: DeviceKey, said: m.FeedSaid, now: float, at: int) -> list[Action]:
        feed = self._feeds.get(said.tag)
        if feed is None:
            return []
        passing = feed.looked_at == device
        if passing:
            feed.looked_at = None
        question = feed.question if feed.question is not None and device in feed.question.waits else None
        if question is None and not passing:
            return []
        copy = self._read(feed, said, at) if said.signed else None
        if question is not None:
            question.waits.discard(device)
            if copy is not None:
                question.offers.append((copy, device))
            return self._conclude(said.tag, feed, now)
        if copy is None or feed.coming is not None:
            return []
        return self._take(feed, copy, device, now, asked=False)

    def _read(self, feed: _Feed, said: m.FeedSaid, at: int) -> Copy | None:
        """The copy, if it is one to be believed here."""
        copy = read_copy(said.signed)
        if copy.tag != said.tag:
            raise Malformed("a copy of another feed")
        if copy.time <= feed.time or copy.devices & feed.refused or not believable(copy, at, self._is_in):
            return None
        check_copy(self._office, copy)
        return copy

    def _look(self, device: DeviceKey, said: m.FeedHave, now: float, at: int) -> list[Action]:
        """Asks for what is later than what is held here."""
        actions: list[Action] = []
        for tag, time in said.copies:
            feed = self._feeds.get(tag)
            if feed is None or not feed.time < time <= at + limits.FEED_AHEAD_MS or device in feed.bad:
                continue
            if feed.turn is not None and feed.turn[0] == device:
                feed.turn = None
            busy = feed.question is not None or feed.coming is not None
            if not busy and now - feed.looked >= limits.FEED_HAVE_SECONDS:
                feed.looked, feed.looked_at = now, device
                actions.append(Tell(device, m.FeedAsked(tag, feed.time)))
        return actions

    # --- bodies -------------------------------------------------------------------------------------------
    def _take(self, feed: _Feed, copy: Copy, source: DeviceKey, now: float, *, asked: bool) -> list[Action]:
        if feed.copy is not None and feed.copy.first.hash == copy.first.hash:
            return [Keep(copy, None, source)]
        feed.coming = _Coming(copy, source, asked)
        return self._fetch(now)

    def _all_coming(self) -> list[_Coming]:
        return [feed.coming for feed in self._feeds.values() if feed.coming is not None]

    def _fetch(self, now: float) -> list[Action]:
        """Begins with bodies that wait, what is due here first."""
        coming = self._all_coming()
        busy = {one.source for one in coming if one.since is not None}
        actions: list[Action] = []
        for one in sorted((one for one in coming if one.since is None), key=lambda one: not one.asked):
            if len(busy) < limits.FEED_BODIES and one.source not in busy:
                busy.add(one.source)
                actions.append(self._next(one, now))
        return actions

    @staticmethod
    def _next(one: _Coming, now: float) -> Tell:
        one.since = now
        return Tell(one.source, m.FeedPartAsked(one.copy.tag, one.copy.first.hash, len(one.data)))

    def _serve(self, device: DeviceKey, asked: m.FeedPartAsked) -> list[Action]:
        feed = self._feeds.get(asked.tag)
        held = feed.copy.first if feed is not None and feed.copy is not None else None
        if held is None or held.hash != asked.hash or asked.offset >= held.size:
            return [Tell(device, m.FeedPart(asked.tag, asked.hash, asked.offset, None))]
        return [Serve(device, asked)]

    def _take_part(self, device: DeviceKey, part: m.FeedPart, now: float) -> list[Action]:
        feed = self._feeds.get(part.tag)
        coming = feed.coming if feed is not None else None
        if feed is None or coming is None or coming.since is None or coming.source != device:
            return []
        said = coming.copy.first
        if part.hash != said.hash or part.offset != len(coming.data):
            return []
        if part.data is None:
            return _lost(part.tag, feed) + self._fetch(now)
        if len(part.data) != min(limits.BLOB_PART, said.size - part.offset):
            raise Malformed("a part of a feed of another length")
        coming.data += part.data
        if len(coming.data) < said.size:
            return [self._next(coming, now)]
        return self._whole(part.tag, feed, coming) + self._fetch(now)

    @staticmethod
    def _whole(tag: bytes, feed: _Feed, coming: _Coming) -> list[Action]:
        body = bytes(coming.data)
        if codec.digest(body) != coming.copy.first.hash:
            feed.bad.add(coming.source)
            return [Blame(coming.source, Forged("a feed of another hash")), *_lost(tag, feed)]
        feed.coming = None
        return [Keep(coming.copy, body, coming.source)]


def _nothing(device: DeviceKey, tag: bytes) -> list[Action]:
    return [Tell(device, m.FeedSaid(tag, ()))]


def _lost(tag: bytes, feed: _Feed) -> list[Action]:
    """Its body comes no more; whose moment it was asks the site."""
    asked = feed.coming is not None and feed.coming.asked
    feed.coming = None
    return [Ask(tag)] if asked else []
