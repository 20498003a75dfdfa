"""Devices that share feeds, joined by nothing but the messages they send; a site that counts who asks it."""

from __future__ import annotations

from collections import Counter, deque

from deskblog.log import codec
from deskblog.log.keys import DeviceKeys
from deskblog.net import feedcopy as fc
from deskblog.net import feeds as f
from deskblog.net import messages as m
from deskblog.values import DeviceKey, OfficeId

OFFICE = OfficeId(bytes(range(32)))
TAG = fc.tag_of(OFFICE, "https://brew.example/feed.xml")
NOON = 1_800_000_000_000  # UTC ms, when the seconds are 0


def keys(n: int) -> DeviceKeys:
    return DeviceKeys(n.to_bytes(32, "big"), bytes(32))


def signed(
    by: DeviceKeys, body: bytes, time: int, status: int = fc.WHOLE, tag: bytes = TAG, office: OfficeId = OFFICE
) -> fc.Signed:
    headers = {"etag": '"1"', "content-type": "application/rss+xml"}
    return fc.write_statement(by, office, tag, time, status, headers, (len(body), codec.digest(body)))


class Follower:
    """One device; it does at once what it decides, but for asking the site, which the street does."""

    def __init__(self, street: Street, mine: DeviceKeys) -> None:
        self.street = street
        self.keys = mine
        self.device = mine.device
        self.bodies: dict[bytes, bytes] = {}
        self.shared = f.SharedFeeds(mine.device, OFFICE, street.is_in)
        self.later: dict[bytes, float] = {}
        self.to_ask: list[bytes] = []
        self.kept: list[f.Keep] = []
        self.blamed: list[f.Blame] = []

    @property
    def body(self) -> bytes:
        return self.bodies.get(TAG, b"")

    def follow(self, tag: bytes = TAG) -> None:
        self.shared.follow(tag, None)

    def due(self, tag: bytes = TAG) -> None:
        self.do(self.shared.ask(tag, self.street.now))

    def ask_site(self, tag: bytes = TAG, *, still: bool = False) -> None:
        """The site is asked, and answers."""
        self.to_ask.remove(tag)
        self.street.asked[self.device] += 1
        held = self.shared.copy(tag)
        if still and held is not None:
            said = signed(self.keys, self.bodies[tag], self.street.at, fc.STILL, tag)
            copy = fc.read_copy((held.signed[0], said))
        else:
            self.bodies[tag] = self.street.site
            copy = fc.read_copy((signed(self.keys, self.street.site, self.street.at, tag=tag),))
        self.do(self.shared.hold(copy))

    def do(self, actions: list[f.Action]) -> None:
        for action in actions:
            match action:
                case f.Tell():
                    self.street.post(self.device, action.device, action.message)  # type: ignore[arg-type]
                case f.Ask():
                    self.to_ask.append(action.tag)
                case f.Later():
                    self.later[action.tag] = self.street.now + action.seconds
                case f.Keep():
                    self.kept.append(action)
                    if action.body is not None:
                        self.bodies[action.copy.tag] = action.body
                    self.do(self.shared.hold(action.copy, action.source))
                case f.Serve():
                    self._serve(action)
                case f.Blame():
                    self.blamed.append(action)

    def _serve(self, action: f.Serve) -> None:
        asked = action.asked
        data = self.bodies[asked.tag][asked.offset : asked.offset + 48 * 1024]
        self.street.post(self.device, action.device, m.FeedPart(asked.tag, asked.hash, asked.offset, data))


class Street:
    """`asked`: how often each device asked the site. `silent`: who answers nothing, though its links stand."""

    def __init__(self, count: int) -> None:
        self.now = 0.0
        self.site = b"<rss>one</rss>"
        self.asked: Counter[DeviceKey] = Counter()
        self.out: set[DeviceKey] = set()
        self.silent: set[DeviceKey] = set()
        self.letters: deque[tuple[DeviceKey, DeviceKey, m.Message]] = deque()
        self.carried: Counter[str] = Counter()
        self.people = [Follower(self, keys(n + 1)) for n in range(count)]
        self.of = {one.device: one for one in self.people}
        self.links: set[frozenset[DeviceKey]] = set()

    @property
    def at(self) -> int:
        return NOON + round(self.now * 1000)

    def is_in(self, device: DeviceKey) -> bool:
        return device not in self.out

    def link_all(self) -> None:
        for n, one in enumerate(self.people):
            for other in self.people[:n]:
                self.link(one, other)

    def link(self, one: Follower, other: Follower) -> None:
        self.links.add(frozenset((one.device, other.device)))
        one.do(one.shared.joined(other.device))
        other.do(other.shared.joined(one.device))
        self.run()

    def cut(self, one: Follower, other: Follower) -> None:
        self.links.discard(frozenset((one.device, other.device)))
        one.do(one.shared.left(other.device, self.now))
        other.do(other.shared.left(one.device, self.now))

    def post(self, by: DeviceKey, to: DeviceKey, message: m.FeedMessage) -> None:
        if frozenset((by, to)) in self.links and by not in self.silent:
            self.carried[type(message).__name__] += 1
            self.letters.append((by, to, m.decode(m.encode(message), m.Linked)))

    def run(self) -> None:
        while self.letters:
            by, to, message = self.letters.popleft()
            one = self.of[to]
            one.do(one.shared.receive(by, message, self.now, self.at))  # type: ignore[arg-type]

    def pass_time(self, seconds: float) -> None:
        self.now += seconds
        for one in self.people:
            one.do(one.shared.tick(self.now))
        self.run()
