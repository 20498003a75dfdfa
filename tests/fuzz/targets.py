"""Every reader of foreign bytes, by name: each either makes something of them or raises a named error.

A later reader of files or messages gets one line in TARGETS, with seeds that are valid for it.
"""

from __future__ import annotations

import sqlite3
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache

from cryptography.utils import CryptographyDeprecationWarning
from zeroconf.asyncio import AsyncServiceInfo

from deskblog import control
from deskblog.errors import DeskblogError
from deskblog.log import codec, kinds, letter, sealed
from deskblog.log.act import Act, decode_act
from deskblog.log.entry import body_fits, decode_entry
from deskblog.log.envelope import open_stream
from deskblog.log.keys import SIGN_ACT, recovery_seed, recovery_words
from deskblog.log.office import fold
from deskblog.log.pending import Pending
from deskblog.log.run import check_run
from deskblog.net import handshake as h
from deskblog.net import messages as m
from deskblog.net.beat import ASKING, Beat, decode_beat, encode_beat
from deskblog.net.certificate import device_of
from deskblog.net.code import make_code, read_code
from deskblog.net.earshot import Earshot
from deskblog.net.frames import FrameReader, frame
from deskblog.net.invite import Ends, Inviter, Joiner, Tries, check_welcome, welcome_messages
from deskblog.net.removal import believable, foldable, read_removal
from deskblog.net.sighting import SERVICE, Announcement, read_sighting
from deskblog.net.tally import Tally
from deskblog.store.search import asked, midnight
from deskblog.values import DeviceKey
from tests.fuzz import bundle, feeds, files, presence, session, world
from tests.log.chronicle import RECOVERY, device, keys

TOKEN = "0123456789abcdef"


@dataclass(frozen=True, slots=True)
class Target:
    """`read` returns or raises DeskblogError, whatever it is given; all of its seeds it takes without an error."""

    name: str
    read: Callable[[bytes], object]
    make_seeds: Callable[[], list[bytes]]

    @property
    def seeds(self) -> list[bytes]:
        return _seeds(self)

    def survive(self, data: bytes) -> None:
        """Anything but a named error comes out of here."""
        with suppress(DeskblogError):
            self.read(data)


@cache
def _seeds(target: Target) -> list[bytes]:
    return target.make_seeds()


# --- the wire ---------------------------------------------------------------------------------------------
def _frames(data: bytes) -> None:
    """The first byte says in what pieces the rest comes."""
    size = data[0] + 1 if data else 1
    reader = FrameReader()
    for at in range(1, len(data), size):
        reader.feed(data[at : at + size])
        while reader.next() is not None:
            reader.ceiling = 65536
    assert reader.waiting <= 65536 + 4 + size


def _server_hello(data: bytes) -> None:
    dialling = h.ClientHandshake(keys("bruno"), device("anne"), world.certificate(), world.office().id)
    dialling.receive(m.decode(data, m.ServerHello, 512), bytes(32), bytes(8))


def _client_hello(data: bytes) -> None:
    hello = m.decode(data, m.ClientHello, 512)
    known = world.office().id if hello.state == h.MEMBER else None
    h.ServerHandshake(device("anne"), world.certificate(), world.NONCE, known).receive(hello)


def _judging(data: bytes) -> None:
    """Warrants, of a device not known yet, of a removal and of who was taken back; each act signed by its author."""
    message = m.decode(data, m.Judging)
    if not isinstance(message, m.Warrants):
        return
    honest = {device(name): keys(name) for name in ("anne", "bruno", "zoe", "laptop", RECOVERY)}
    shown = [(raw, honest.get(DeviceKey(world.item(raw, 2))), signature) for raw, signature in message.acts]
    acts = tuple(world.signed_act(raw, mine) if mine is not None else (raw, given) for raw, mine, given in shown)
    for office in (world.early(), world.before(), world.office()):
        with suppress(DeskblogError):
            h.check_warrants(office, device("laptop"), m.Warrants(acts))
        with suppress(DeskblogError):
            h.check_taken_back(office, device("zoe"), m.Warrants(acts))
        with suppress(DeskblogError):
            removal = read_removal(office, device("zoe"), acts)
            believable(office, device("zoe"), removal)
            fold([*office.acts.values(), *foldable(office, removal)])


def _judging_seeds() -> list[bytes]:
    removal = h.removal_shown(world.office(), device("zoe"))
    assert removal is not None
    back = h.warrants_message([world.chronicle().found, world.taken_back()])
    return [m.encode(x) for x in (h.answer_who(world.office(), device("laptop")), removal, back, m.Who())]


def _ends() -> Ends:
    return Ends(device("bruno"), device("anne"), world.certificate(), b"hellos")


def _joining(data: bytes) -> None:
    """Every message of joining at both sides, in the state it is for."""
    message = m.decode(data, m.Joining)
    code = make_code(bytes(8), "en")
    if isinstance(message, m.Welcome):
        check_welcome(message.acts, message.office, message.admission, _ends())
        return
    tries = Tries(600.0)
    tries.begin(device("bruno"), 0.0)
    inviter = Inviter(tries, code, _ends(), world.dice)
    joiner = Joiner(code, m.Me("Bruno", keys("bruno").seal_key), _ends(), world.dice)
    first = joiner.start()
    if isinstance(message, m.Pake):
        (answer,) = inviter.receive(message, data)
        joiner.receive(message if message.share[:1] == b"B" else answer, data)
        return
    joiner.receive(inviter.receive(first, m.encode(first))[0], b"")
    (joiner if isinstance(message, m.No) else inviter).receive(message, data)


def _linked(data: bytes) -> None:
    message = m.decode_linked(data)
    match message:
        case m.Acts():
            for raw, signature in message.acts:
                decode_act(raw, signature)
        case m.RunSent():
            check_run(world.office().id, world.LOG, None, message.headers, message.signature)
        case m.LiveEntry():
            entry = decode_entry(message.header)
            if message.body is not None and body_fits(entry, message.body):
                kinds.decode_body(entry.header.kind, message.body)
        case _:
            pass
    assert message is None or m.encode(message) == data


# --- what is signed ---------------------------------------------------------------------------------------
def _entry(data: bytes) -> None:
    entry = decode_entry(data)
    assert entry.raw == data


def _run(data: bytes) -> None:
    headers, signature = world.run_of(list(codec.decode(data, tuple[bytes, ...], 1 << 16)))
    run = check_run(world.office().id, world.LOG, None, headers, signature)
    assert [entry.raw for entry in run.entries] == headers


def _body(data: bytes) -> None:
    """The first byte says of what kind."""
    names = [*kinds.KINDS, "poll"]
    content = kinds.decode_body(names[data[0] % len(names)] if data else "post", data[1:])
    if isinstance(content, kinds.Shown):
        assert kinds.shown_text(content.text)


def _act(data: bytes) -> None:
    """As anne signed it, so that what is behind the signature is reached."""
    act = _signed(data)
    assert act.raw == data


def _signed(raw: bytes) -> Act:
    return decode_act(raw, keys("anne").sign(SIGN_ACT, codec.digest(b"deskblog/1 act", raw)))


def _office(data: bytes) -> None:
    """Acts by anne, after the founding, as they come; those whose parents came are folded."""
    found = world.chronicle().found
    pending = Pending([found])
    ready = [found]
    for raw in codec.decode(data, tuple[bytes, ...], 1 << 16)[:64]:
        with suppress(DeskblogError):
            act = _signed(raw)
            if act.office == found.office and act.id != found.id:
                ready += pending.add(act)
    office = fold(ready)
    for person in office.persons.values():
        assert len(person.name) <= 64
    for log in office.seal_keys:
        office.chain(log)


def _letter(data: bytes) -> None:
    """As anne sealed it, so that what is behind the encryption is reached."""
    body = sealed.seal(world.office().id, device("anne"), [keys("anne").seal_key], data, world.dice)
    said = letter.open_sealed(world.office().id, device("anne"), body, keys("anne"))
    if isinstance(said, letter.Opened):
        letter.named_readers(world.office(), body, said)


def _sealed(data: bytes) -> None:
    letter.open_sealed(world.office().id, device("anne"), data, keys("anne"))


def _envelope(data: bytes) -> None:
    """In pieces of 97 bytes; what comes out is never more than what went in."""
    pieces = (data[at : at + 97] for at in range(0, len(data), 97))
    assert sum(map(len, open_stream(world.office().id, keys("anne"), pieces))) <= len(data)


# --- around the protocol ----------------------------------------------------------------------------------
def _certificate(data: bytes) -> None:
    with warnings.catch_warnings():  # the library has a word on serial numbers that we refuse
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        assert len(device_of(data)) == 32


def _service(data: bytes) -> None:
    """A TXT record, and before it two bytes of port and 16 of addresses, as mDNS gives them."""
    addresses = [data[2:6], data[2:18]] if len(data) >= 18 else []
    port = int.from_bytes(data[:2], "big")
    info = AsyncServiceInfo(
        SERVICE, f"x.{SERVICE}", port=port, properties=data[18:], server="x.local.", addresses=addresses
    )
    found = read_sighting(info, world.here(), 20140)
    assert found is None or len(found.office_tag) <= 64 >= len(found.code_digits)


def _beacon(data: bytes) -> None:
    """Whatever is read is written back as it came; the first byte says who hears it."""
    beat = decode_beat(data[1:])
    assert beat is None or encode_beat(beat) == data[1:]
    earshot = Earshot(Tally())
    earshot.here = world.here()
    if data[:1] == b"\1":
        earshot.said = Announcement(device("anne"), 20140, "0123456789abcdef", "472")
    heard = earshot.hear(data[1:], "fe80::8%2", 1.0)
    assert heard.news is None or heard.news.addresses == (("fe80::8%2", beat.port if beat else 0),)


def _beacon_seeds() -> list[bytes]:
    said = Beat(device("bruno"), 20140, "0123456789abcdef", "", asks=True)
    inviting = Beat(device("bruno"), 20141, "", "472", asks=False)
    leaving = Beat(device("bruno"), 20140, "0123456789abcdef", "", asks=False, leaves=True)
    return [bytes([who]) + encode_beat(beat) for who in (0, 1) for beat in (said, inviting, leaving, ASKING)]


def _control(data: bytes) -> None:
    with suppress(ValueError):  # which closes the door
        control.read_asked(data, TOKEN)


def _recovery(data: bytes) -> None:
    recovery_seed(data.decode("utf-8", "surrogateescape"))


def _code(data: bytes) -> None:
    code = read_code(data.decode("utf-8", "surrogateescape"))
    assert read_code(code.text) == code


@cache
def _words() -> sqlite3.Connection:
    words = sqlite3.connect(":memory:", check_same_thread=False)
    words.execute("CREATE VIRTUAL TABLE words USING fts5 (text, tokenize = 'unicode61 remove_diacritics 2')")
    words.execute("INSERT INTO words VALUES ('Qui a la clé de l’armoire ?')")
    return words


def _search(data: bytes) -> None:
    found = asked(data.decode("utf-8", "replace"), midnight).match
    if found:
        _words().execute("SELECT count(*) FROM words WHERE words MATCH ?", (found,)).fetchone()


# --- their seeds ------------------------------------------------------------------------------------------
def _joining_seeds() -> list[bytes]:
    code = make_code(bytes(8), "en")
    tries = Tries(600.0)
    tries.begin(device("bruno"), 0.0)
    inviter, joiner = (
        Inviter(tries, code, _ends(), world.dice),
        Joiner(code, m.Me("Bruno", keys("bruno").seal_key), _ends(), world.dice),
    )
    pake = joiner.start()
    (back,) = inviter.receive(pake, m.encode(pake))
    admission = world.office().admission_of(device("bruno"))
    assert admission is not None
    (confirm,) = joiner.receive(back, m.encode(back))
    return [m.encode(x) for x in (pake, confirm, *welcome_messages(world.office(), admission))]


def _body_seeds() -> list[bytes]:
    names = list(kinds.KINDS)
    return [bytes([names.index(kind)]) + body for _h, _s, body, kind in world.entries() if kind in names]


def _act_seeds() -> list[bytes]:
    return [act.raw for act in world.acts() if act.author == device("anne")]


def _service_seeds() -> list[bytes]:
    words = (b"v=1", b"o=0123456789abcdef", b"d=" + device("bruno").hex().encode(), b"i=472")
    record = b"".join(bytes([len(word)]) + word for word in words)
    return [(20140).to_bytes(2, "big") + bytes([10, 0, 0, 8]) + bytes(12) + record, bytes(18)]


def _hello_seeds(*which: int) -> list[bytes]:
    return [m.encode(world.hellos()[n]) for n in which]


def _code_seeds() -> list[bytes]:
    return [make_code(bytes([n] * 8), language).text.encode() for n in (0, 77) for language in ("en", "fr")]


def _recovery_seeds() -> list[bytes]:
    return [
        " ".join(recovery_words(bytes([n] * 16), language)).encode() for n in (0, 77) for language in ("en", "fr")
    ]


def _asked_seeds() -> list[bytes]:
    return [b'{"do": "post", "with": {"text": "x"}, "token": "%s"}\n' % TOKEN.encode()]


TARGETS: tuple[Target, ...] = (
    Target("frames", _frames, lambda: [b"\x07" + frame(b"hello") + frame(world.linked()[0])]),
    Target("server-hello", _server_hello, lambda: _hello_seeds(0)),
    Target("client-hello", _client_hello, lambda: _hello_seeds(1, 2)),
    Target("judging", _judging, _judging_seeds),
    Target("joining", _joining, _joining_seeds),
    Target("linked", _linked, lambda: list(world.linked())),
    Target("session", session.told, session.seeds),
    Target("presence", presence.read, presence.seeds),
    Target("feeds", feeds.read, feeds.seeds),
    Target("bundle", bundle.read, bundle.seeds),
    Target("entry", _entry, lambda: [header for header, _s, _b, _k in world.entries()]),
    Target("run", _run, lambda: [codec.encode([header for header, _s, _b, _k in world.entries()])]),
    Target("body", _body, _body_seeds),
    Target("act", _act, _act_seeds),
    Target("office", _office, lambda: [codec.encode(_act_seeds()[1:])]),
    Target("sealed", _sealed, lambda: [world.letter_body()]),
    Target("letter", _letter, lambda: list(world.letters())),
    Target("envelope", _envelope, lambda: [world.envelope()]),
    Target("certificate", _certificate, lambda: [world.certificate()]),
    Target("service", _service, _service_seeds),
    Target("beacon", _beacon, _beacon_seeds),
    Target("control", _control, _asked_seeds),
    Target("recovery", _recovery, _recovery_seeds),
    Target("code", _code, _code_seeds),
    Target("search", _search, lambda: ["Qui a la clé de l’ar".encode(), b'"a" OR b* NEAR(']),
    Target("keyfile", files.keyfile, files.keyfile_seeds),
    Target("backup", files.backup_read, files.backup_seeds),
    Target("actfile", files.actfile, files.actfile_seeds),
)
BY_NAME = {target.name: target for target in TARGETS}
