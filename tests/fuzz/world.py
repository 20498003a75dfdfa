"""An office with something of everything in it: what valid bytes are made from, and what foreign ones meet."""

from __future__ import annotations

from functools import cache
from ipaddress import IPv4Interface, IPv6Interface

from deskblog.errors import Malformed
from deskblog.log import act as a
from deskblog.log import codec, kinds, letter, sealed
from deskblog.log.act import Act, write_act
from deskblog.log.entry import write_entry
from deskblog.log.envelope import seal_stream
from deskblog.log.keys import SIGN_ACT, SIGN_ENTRY, DeviceKeys
from deskblog.log.office import Office, fold
from deskblog.net import handshake as h
from deskblog.net import messages as m
from deskblog.net.certificate import make_certificate
from deskblog.net.interfaces import Interface, Interfaces
from deskblog.values import EntryId, PersonId, Point, Role
from tests.log.chronicle import RECOVERY, Chronicle, device, heads, keys, log_of

NOON = 1_800_000_000_000
LOG = log_of("anne")
NONCE = bytes(range(32))


def dice(n: int) -> bytes:
    return bytes(range(n % 256)) if n < 256 else bytes(n)


@cache
def chronicle() -> Chronicle:
    """One act of each kind; zoe is out."""
    book = Chronicle()
    book.keyholder("bruno")
    book.admit("zoe")
    book.admit("laptop", person="bruno")
    book.name("bruno", "Bruno")
    book.role("zoe", Role.ANNOUNCER)
    book.write("anne", a.Rule("Le Bureau", (("retention-days", 365), ("word", "value"))))
    book.write("anne", a.Merge(tuple(sorted((book.persons["anne"], book.persons["bruno"])))))
    book.remove("zoe", heads=heads((log_of("zoe"), 3)))
    book.write("anne", a.Border(heads((log_of("zoe"), 4))))
    return book


@cache
def taken_back() -> Act:
    """Zoe let in again by the recovery words; nobody has heard of it yet."""
    fields = a.Admit(chronicle().persons["zoe"], ((device("zoe"), keys("zoe").seal_key),))
    return write_act(keys(RECOVERY), office().id, office().tips, [chronicle().found.id], 99, fields)


@cache
def early() -> Office:
    """The office before the laptop came and zoe left."""
    return fold(chronicle().acts[:4])


@cache
def before() -> Office:
    """All but the removal of zoe and what follows it."""
    return fold(act for act in chronicle().acts if act.kind not in ("remove", "border"))


@cache
def office() -> Office:
    return chronicle().office()


def me() -> PersonId:
    """Anne, who is one person with Bruno."""
    return office().devices[device("anne")]


@cache
def here() -> Interfaces:
    """A PC with one card, on both protocols."""
    six = (IPv6Interface("2001:db8::7/64"), IPv6Interface("fe80::7%2/64"))
    return Interfaces((Interface("eth0", 2, (IPv4Interface("10.0.0.7/24"),), six),))


@cache
def certificate() -> bytes:
    return make_certificate(keys("anne").seed).der


@cache
def entries() -> tuple[tuple[bytes, bytes, bytes, str], ...]:
    """(header, signature, body, kind): a log of anne's with one entry of each kind."""
    out = []
    after: Point | None = None
    for content in contents():
        kind, body = (
            (sealed.KIND, letter_body())
            if content is None
            else (kinds.kind_of(content), kinds.encode_body(content, bytes(16)))
        )
        entry, signature = write_entry(keys("anne"), office().id, LOG.number, after, NOON, kind, body)
        after = entry.point
        out.append((entry.raw, signature, body, kind))
    return tuple(out)


def contents() -> tuple[kinds.Content | None, ...]:
    """None stands for a sealed text."""
    return (
        kinds.Open(chronicle().found.id, ((bytes(8), 3, bytes(32)),), 2),
        kinds.Post("Bonjour à tous"),
        kinds.Question("Qui a la clé ?"),
        kinds.Answer("Moi.", bytes(32)),
        kinds.Claim(((bytes(8), 3, bytes(32)),)),
        kinds.Withdraw(bytes(32)),
        None,
    )


@cache
def letter_body() -> bytes:
    return letter.write_letter(office(), device("anne"), [me()], kinds.Post("Chut"), dice)


@cache
def letters() -> tuple[bytes, ...]:
    """Plaintexts of letters of every kind."""
    out = []
    for content in (
        kinds.Post("Chut"), kinds.Question("Qui ?"), kinds.Answer("Lui", bytes(32)), letter.Group("Comité"),
        letter.Keys(((bytes(32), bytes(32)),)),
    ):  # fmt: skip
        body = letter.write_letter(office(), device("anne"), [me()], content, dice, EntryId(bytes(32)))
        held, said = sealed.read(body), letter.open_sealed(office().id, device("anne"), body, keys("anne"))
        assert held is not None and isinstance(said, letter.Opened)
        plain = sealed.unseal(office().id, device("anne"), held, said.secret)
        assert plain is not None
        out.append(plain)
    return tuple(out)


@cache
def envelope() -> bytes:
    return b"".join(seal_stream(office().id, [keys("anne").seal_key], [b"what a bundle holds"], dice))


@cache
def hellos() -> tuple[m.ServerHello, m.ClientHello, m.ClientHello]:
    """The listening side's, and the dialling side's as a member and to join."""
    said = []
    for known in (office().id, None):
        listening = h.ServerHandshake(device("anne"), certificate(), NONCE, known)
        dialling = h.ClientHandshake(keys("bruno"), device("anne"), certificate(), known)
        said.append(dialling.receive(listening.hello(), bytes(32), bytes(8)))
    return listening.hello(), said[0], said[1]


def run_of(raws: list[bytes]) -> tuple[list[bytes], bytes]:
    """These headers, and anne's signature under the last, so that what is behind the signature is reached."""
    ident = codec.digest(b"deskblog/1 entry", raws[-1]) if raws else bytes(32)
    return raws, keys("anne").sign(SIGN_ENTRY, ident)


def item(raw: bytes, place: int) -> bytes:
    """The bytes at that place of an array; none if it is no array, or something else stands there."""
    try:
        items = codec.decode_prefix(raw, list, 1 << 16)
    except Malformed:
        return b""
    held = items[place] if len(items) > place else None
    return held if isinstance(held, bytes) else b""


def signed_act(raw: bytes, mine: DeviceKeys) -> m.SignedAct:
    return raw, mine.sign(SIGN_ACT, codec.digest(b"deskblog/1 act", raw))


def acts() -> list[Act]:
    return chronicle().acts


def signed_acts() -> tuple[m.SignedAct, ...]:
    return tuple((act.raw, act.signature) for act in acts())


@cache
def linked() -> tuple[bytes, ...]:
    """One message of each name among colleagues."""
    line = (LOG.device, LOG.number, 3, bytes(32))
    header, signature, body, _kind = entries()[1]
    messages: tuple[m.Message, ...] = (
        m.Who(), m.Warrants(signed_acts()[:2]), m.ActsAsked((bytes(32),)), m.Acts(signed_acts(), False),
        m.HeadsAsked((bytes(16),) * 64), m.Heads((line,), True), m.Have((line,)),
        m.Want(LOG.device, LOG.number, ((3, bytes(32)),), (9, bytes(32))),
        m.RunSent(LOG.device, LOG.number, 1, tuple(e[0] for e in entries()), entries()[-1][1]),
        m.BodiesAsked((bytes(32),)), m.Bodies(((bytes(32), body), (bytes(32), 2)), False),
        m.LiveEntry(header, signature, body), m.LiveEntry(header, signature, None), m.Ping(bytes(32), bytes(32)),
        m.Presence(((b"record", bytes(64)),)), m.FeedAsked(bytes(16), 1),
        m.FeedSaid(bytes(16), ((b"statement", bytes(64)),)), m.FeedHave(((bytes(16), 1),)),
        m.FeedPartAsked(bytes(16), bytes(32), 0), m.FeedPart(bytes(16), bytes(32), 0, b"part"),
        m.ProgramTold(b"word"), m.ProgramPartAsked(bytes(32), 0), m.ProgramPart(bytes(32), 0, b"part"),
        m.TryAsked(bytes(32)), m.Tried(bytes(32), 5, 1),
        m.There(), m.Bye("bye"),
    )  # fmt: skip
    return tuple(m.encode(message) for message in messages)
