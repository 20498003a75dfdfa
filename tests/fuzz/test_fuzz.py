"""No foreign bytes, however made, come to anything but a value or a named error, nor cost more than they weigh."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskblog import limits
from tests.fuzz import feeds, session
from tests.fuzz.mutate import MUTATIONS, VALUES, arrays, mutated, tokens
from tests.fuzz.targets import TARGETS, Target

CORPUS = Path(__file__).parent / "corpus"
EXAMPLES = 120

each_target = pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)


def nasty() -> Iterator[bytes]:
    """What has felled decoders before."""
    yield from VALUES
    for head in (b"\x91", b"\x81", b"\x81\xc0", b"[", b'{"a":', b"\xdd\x00\x00\x00\x01"):
        yield head * 5000
    for head in (b"\xdd", b"\xdf", b"\xc6", b"\xdb", b"\xc9", b"\x92\xa5hello\xdd", b"\x91\xdd", b"\x91\xc6"):
        for size in (b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\x00\xff\xff\xff"):
            yield head + size
            yield head + size + bytes(100)
    yield from (b"", b"\0" * 70_000, b"\xff" * 70_000, b"a" * 70_000, b"a " * 35_000, "é".encode() * 35_000)


@each_target
def test_what_is_valid_is_taken(target: Target) -> None:
    """Else the changed bytes below would not get far."""
    for seed in target.seeds:
        target.read(seed)


def test_the_conversations_reach_the_store() -> None:
    """Seven entries fetched; three, the fork's third and the second log's two."""
    fetched, forked, acts = session.seeds()
    assert (session.told(fetched), session.told(forked), session.told(acts)) == (7, 8, 0)


def test_the_words_about_feeds_bring_copies() -> None:
    assert [feeds.read(seed) for seed in feeds.seeds()] == [1, 2]


@each_target
@settings(max_examples=EXAMPLES)
@given(data=st.binary(max_size=600))
def test_garbage(target: Target, data: bytes) -> None:
    target.survive(data)


@each_target
@settings(max_examples=2 * EXAMPLES)
@given(number=st.integers(0, 2**64))
def test_valid_bytes_changed(target: Target, number: int) -> None:
    dice, seeds = Random(number), target.seeds
    target.survive(mutated(dice.choice(seeds), dice, seeds))


@each_target
def test_what_has_felled_others_before(target: Target) -> None:
    """And what a length claims is not set aside before it has come."""
    for seed in target.seeds:
        target.survive(seed)  # what is made once and kept is made here
    for data in nasty():
        tracemalloc.start()
        target.survive(data)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 8 * limits.MIB, f"{peak} bytes for {len(data)}: {data[:40]!r}"


@pytest.mark.parametrize("file", sorted(CORPUS.glob("*/*.bin")), ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_what_was_found_stays_mended(file: Path) -> None:
    """Each file in the corpus once felled the target it lies under."""
    (target,) = (target for target in TARGETS if target.name == file.parent.name)
    target.survive(file.read_bytes())


def test_the_mutations_know_messagepack() -> None:
    """The heads found are those that are there, and every mutation changes something sooner or later."""
    raw = b"\x95\xa5hello\xc4\x08\x91\xc0\x91\xc0\x91\xc0\x91\xc0\xcd\x01\x00\x92\x01\xc0\xc3"
    assert [token.family for token in tokens(raw)] == ["array", "str", "bin", "int", "array", "int", "word", "word"]
    assert [[raw[slice(*item)] for item in items] for _head, items in arrays(raw)] == [
        [b"\x01", b"\xc0"],
        [b"\xa5hello", b"\xc4\x08" + b"\x91\xc0" * 4, b"\xcd\x01\x00", b"\x92\x01\xc0", b"\xc3"],
    ]
    dice = Random(1)
    for mutation in MUTATIONS:
        assert len({mutation(raw, dice, [raw[::-1]]) for _n in range(50)}) > 1
