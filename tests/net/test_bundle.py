"""What a bundle is made of: in one order, each piece checked, and nothing given out that is not sure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskblog import limits
from deskblog.errors import Forged, Malformed, PeerError, Refused, TooLarge
from deskblog.log import act as a
from deskblog.log import kinds
from deskblog.log.entry import decode_entry, write_entry
from deskblog.log.envelope import open_stream, seal_stream
from deskblog.log.office import Office
from deskblog.net import bundle as b
from deskblog.net import messages as m
from deskblog.net.frames import frame
from deskblog.net.heads import Line
from deskblog.records import replace
from deskblog.values import EntryId, LogName, OfficeId, Point
from tests.log.chronicle import Chronicle, device, keys, log_of

BOOK = Chronicle()
BOOK.admit("bruno")
OFFICE = BOOK.office()
IDENT = OfficeId(OFFICE.id)
ANNE, BRUNO = log_of("anne"), log_of("bruno")
LINE: Line = (ANNE.device, ANNE.number, 3, bytes(32))
Entries = list[tuple[bytes, bytes, bytes]]


def log_with(log: LogName, name: str, count: int, office: OfficeId = IDENT) -> Entries:
    """(header, signature, body) of a log."""
    out: Entries = []
    after: Point | None = None
    for n in range(count):
        content: kinds.Content = kinds.Post(f"{name} {n}") if n else kinds.Open(BOOK.warrants[name][0])
        body = kinds.encode_body(content, bytes(16))
        entry, signature = write_entry(keys(name), office, log.number, after, n, kinds.kind_of(content), body)
        after = entry.point
        out.append((entry.raw, signature, body))
    return out


def opening(begun: b.Begun | None = None, lines: Iterable[Line] = (LINE,), by: str = "anne") -> list[bytes]:
    return list(b.opening_frames(keys(by), begun or b.Begun(1, IDENT, device("anne"), 7), lines))


def acts(book: Chronicle = BOOK) -> list[bytes]:
    return list(b.act_frames(book.acts))


def run(log: LogName, entries: Entries, start: int = 1, signature: bytes | None = None) -> list[bytes]:
    bodies: list[tuple[EntryId, bytes | int]] = [(decode_entry(raw).id, body) for raw, _s, body in entries]
    signed = entries[-1][1] if signature is None else signature
    return list(b.run_frames(log, start, [raw for raw, _s, _b in entries], signed, bodies))


ENTRIES = log_with(ANNE, "anne", 5)
OTHERS = log_with(BRUNO, "bruno", 3)
RUNS = [*run(ANNE, ENTRIES[:3]), *run(BRUNO, OTHERS), *run(ANNE, ENTRIES[3:], 4)]
WHOLE = [*opening(), *acts(), *RUNS]


def read(frames: Sequence[bytes], office: Callable[[], Office] = lambda: OFFICE) -> list[b.Piece]:
    return list(b.read_bundle(frames, office))


def sure(stream: Iterable[bytes]) -> tuple[list[b.Piece], Exception | None]:
    """What is given out, and what ends it."""
    out: list[b.Piece] = []
    try:
        for piece in b.read_bundle(stream, lambda: OFFICE):
            out.append(replace(piece, last=False) if isinstance(piece, b.ActsRead) else piece)
    except (PeerError, Refused) as fault:
        return out, fault
    return out, None


PIECES = sure(WHOLE)[0]


def sealed(frames: Sequence[bytes]) -> bytes:
    return b"".join(seal_stream(IDENT, [keys("bruno").seal_key], frames, bytes))


def unsealed(whole: bytes) -> Iterable[bytes]:
    return open_stream(IDENT, keys("bruno"), [whole])


# --- the form ---------------------------------------------------------------------------------------------
@given(st.integers(1, 700))
def test_what_goes_in_comes_out_however_it_is_cut_into_pieces(size: int) -> None:
    stream = b"".join(WHOLE)
    begun, office, *runs = read([stream[n : n + size] for n in range(0, len(stream), size)])
    assert isinstance(begun, b.Opening) and begun.heads == (LINE,) and begun.begun.time == 7
    assert isinstance(office, b.ActsRead) and office.acts == tuple(BOOK.acts) and office.last
    found = [(one.run.log, one.run.first, one.bodies) for one in runs if isinstance(one, b.RunRead)]
    texts = [(ANNE, 1, ENTRIES[:3]), (BRUNO, 1, OTHERS), (ANNE, 4, ENTRIES[3:])]
    assert found == [(log, first, tuple(body for _r, _s, body in entries)) for log, first, entries in texts]


SEALED = sealed(WHOLE)


@given(st.integers(0, len(SEALED) - 1))
def test_a_file_cut_anywhere_ends_in_a_named_error_and_gives_out_only_what_is_sure(at: int) -> None:
    found, fault = sure(unsealed(SEALED[:at]))
    assert fault is not None and found == PIECES[: len(found)]


@given(st.integers(0, len(SEALED) - 1), st.integers(1, 255))
def test_no_changed_byte_of_a_file_gives_out_anything_else(at: int, by: int) -> None:
    found, fault = sure(unsealed(SEALED[:at] + bytes([SEALED[at] ^ by]) + SEALED[at + 1 :]))
    assert fault is not None and found == PIECES[: len(found)]


STREAM = b"".join(WHOLE)


@given(st.integers(0, len(STREAM) - 1), st.integers(1, 255))
def test_who_may_seal_cannot_change_what_others_signed(at: int, by: int) -> None:
    """A colleague makes the file: each piece given out is still what its author signed."""
    found, _fault = sure([STREAM[:at] + bytes([STREAM[at] ^ by]) + STREAM[at + 1 :]])
    assert found == PIECES[: len(found)]


def test_parts_left_out_doubled_or_moved_are_noticed() -> None:
    begun, lines, signed, *rest = WHOLE
    all_acts, runs = rest[:1], rest[1:]
    for broken in (
        [lines, signed, *rest],
        [begun, signed, *rest],
        [begun, lines, *rest],
        [begun, lines, signed, *runs],
        [begun, begun, lines, signed, *rest],
        [begun, lines, signed, *all_acts, *all_acts, *runs],
        [begun, lines, signed, *all_acts, runs[1], *runs],
        [begun, lines, signed, *all_acts, runs[0], runs[0]],
        [begun, lines, signed, *all_acts, runs[0]],
        [begun, lines, signed, *all_acts, runs[0], runs[3]],
        [begun, lines, signed, *all_acts, frame(m.encode(m.Bye("x")))],
        [begun, lines, signed],
        [begun, lines],
        [begun],
        [],
        [*WHOLE, b"\0\0"],
    ):
        with pytest.raises(Malformed):
            read(broken)


def test_a_later_version_says_so() -> None:
    later = b.Begun(2, IDENT, device("anne"), 7)
    with pytest.raises(Refused, match="newer deskblog"):
        read([*opening(later), *acts()])


# --- what its contents are --------------------------------------------------------------------------------
def test_who_wrote_it_is_proven() -> None:
    for frames in (opening(by="bruno"), [opening()[0], *opening(lines=())[1:2], opening()[2]]):
        with pytest.raises(Forged):
            read([*frames, *acts()])


def test_of_another_office_is_nothing_of_it() -> None:
    other = Chronicle("zoe")
    elsewhere = OfficeId(other.office().id)
    foreign = log_with(ANNE, "anne", 3, elsewhere)
    for frames in (
        [*opening(b.Begun(1, elsewhere, device("anne"), 7)), *acts()],
        [*opening(), *acts(other)],
        [*opening(), *acts(), *run(ANNE, foreign)],
    ):
        with pytest.raises(Forged):
            read(frames)


def test_forged_runs_and_wrong_bodies_end_it() -> None:
    raw, signature, _body = ENTRIES[2]
    for broken in (
        run(ANNE, ENTRIES[:3], signature=bytes(64)),
        run(ANNE, ENTRIES[:3], signature=ENTRIES[1][1]),
        run(ANNE, [ENTRIES[0], ENTRIES[2]]),
        run(BRUNO, ENTRIES),
        run(ANNE, [*ENTRIES[:2], (raw, signature, b"another body")]),
    ):
        with pytest.raises(Forged):
            read([*opening(), *acts(), *broken])


def test_a_run_is_what_it_says() -> None:
    raws = [raw for raw, _s, _b in ENTRIES[:2]]
    ids = [decode_entry(raw).id for raw in raws]
    for broken in (
        run(ANNE, ENTRIES[:3], start=2),
        list(b.run_frames(ANNE, 1, [], bytes(64), [])),
        list(b.run_frames(ANNE, 1, raws, ENTRIES[1][1], [(ids[0], 2), (ids[0], 2)])),
        list(b.run_frames(ANNE, 1, raws, ENTRIES[1][1], [(EntryId(bytes(32)), 2)])),
    ):
        with pytest.raises(Malformed):
            read([*opening(), *acts(), *broken])
    (*_rest, found) = read([*opening(), *acts(), *b.run_frames(ANNE, 1, raws, ENTRIES[1][1], [(ids[1], 2)])])
    assert isinstance(found, b.RunRead) and found.bodies == (None, None), "a why is no body"


def test_what_only_a_border_vouches_for_is_taken_where_that_border_is_known() -> None:
    """Whoever does not know it passes over that run, and goes on behind it."""
    end = decode_entry(OTHERS[1][0]).point
    book = Chronicle()
    book.admit("bruno")
    book.write("anne", a.Remove(book.persons["bruno"], b"", ((BRUNO.device, BRUNO.number, end.seq, end.id),)))
    frames = [*opening(), *acts(), *run(BRUNO, OTHERS[:2], signature=b""), *run(ANNE, ENTRIES)]
    known = read(frames, book.office)
    assert isinstance(known[2], b.RunRead) and known[2].run.signature == b""
    unknown = read(frames)
    assert unknown[2] == b.Unvouched(BRUNO) and isinstance(unknown[3], b.RunRead)
    assert known[3] == unknown[3]


# --- ceilings ---------------------------------------------------------------------------------------------
def test_a_frame_past_its_size_is_refused_before_it_is_waited_for() -> None:
    with pytest.raises(TooLarge):
        read([*opening(), (limits.FRAME + 1).to_bytes(4, "big")])


def test_more_heads_than_an_office_can_have_are_refused() -> None:
    def lines(count: int) -> list[Line]:
        return [(ANNE.device, n.to_bytes(8, "big"), 1, bytes(32)) for n in range(count)]

    found = read([*opening(lines=lines(limits.BUNDLE_HEADS)), *acts()])[0]
    assert isinstance(found, b.Opening) and len(found.heads) == limits.BUNDLE_HEADS
    with pytest.raises(TooLarge):
        read([*opening(lines=lines(limits.BUNDLE_HEADS + 1)), *acts()])


def test_it_names_no_more_writers_than_are_remembered() -> None:
    most = tuple((device("anne"), n) for n in range(limits.BUNDLES_KNOWN))
    assert read([*opening(b.Begun(1, IDENT, device("anne"), 7, 0, most)), *acts()])
    with pytest.raises(Malformed):
        read([*opening(b.Begun(1, IDENT, device("anne"), 7, 0, (*most, most[0]))), *acts()])
