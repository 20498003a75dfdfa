"""Keys of older letters for a newer PC: of the same person, from nobody else, and believed only if they fit."""

from __future__ import annotations

import pytest

from deskblog import limits
from deskblog.errors import Refused
from deskblog.log import codec
from deskblog.log.keyring import give_keys, keys_given
from deskblog.log.kinds import Post
from deskblog.log.letter import Closed, Keys, Opened, compose, open_sealed, open_with, write_letter
from deskblog.values import EntryId
from tests.log.chronicle import Chronicle, device, keys
from tests.log.test_sealed import book, dice, many

OLD = EntryId(b"\x05" * 32)


def before_the_tablet() -> tuple[Chronicle, bytes, bytes]:
    """(office where bruno got a tablet later, a letter to him from before, its key)."""
    chronicle = book()
    body = write_letter(chronicle.office(), device("anne"), [chronicle.persons["bruno"]], Post("Entre nous"), dice())
    said = open_sealed(chronicle.office().id, device("anne"), body, keys("bruno"))
    assert isinstance(said, Opened)
    chronicle.admit("tablet", person="bruno")
    return chronicle, body, said.secret


def test_a_later_pc_reads_what_was_sealed_before_it_was_in() -> None:
    chronicle, body, secret = before_the_tablet()
    office = chronicle.office()
    assert open_sealed(office.id, device("anne"), body, keys("tablet")) is Closed.ELSEWHERE
    (gift,) = give_keys(office, device("bruno"), device("tablet"), {OLD: secret}, dice(1))
    for name in ("anne", "chloe", "laptop"):
        assert open_sealed(office.id, device("bruno"), gift, keys(name)) is Closed.ELSEWHERE
    said = open_sealed(office.id, device("bruno"), gift, keys("tablet"))
    assert isinstance(said, Opened)
    ring = keys_given(office, device("bruno"), device("tablet"), said)
    read = open_with(office.id, device("anne"), body, ring[OLD])
    assert isinstance(read, Opened) and read.content == Post("Entre nous")


def test_a_key_that_is_not_the_texts_opens_nothing() -> None:
    chronicle, body, secret = before_the_tablet()
    office = chronicle.office()
    assert open_with(office.id, device("anne"), body, bytes(32)) is Closed.DAMAGED
    assert open_with(office.id, device("chloe"), body, secret) is Closed.DAMAGED
    assert open_with(office.id, device("anne"), b"", secret) is Closed.MALFORMED


def test_keys_are_given_to_ones_own_pcs_alone_and_taken_from_them_alone() -> None:
    chronicle, _body, secret = before_the_tablet()
    office = chronicle.office()
    for author, to in (("bruno", "chloe"), ("stranger", "tablet"), ("bruno", "stranger")):
        with pytest.raises(Refused, match="your own PCs"):
            give_keys(office, device(author), device(to), {OLD: secret}, dice())
    bruno = [chronicle.persons["bruno"]]
    letter = compose(office, device("chloe"), bruno, [keys("tablet").seal_key], Keys(((OLD, secret),)), dice())
    said = open_sealed(office.id, device("chloe"), letter, keys("tablet"))
    assert isinstance(said, Opened) and isinstance(said.content, Keys)
    assert keys_given(office, device("chloe"), device("tablet"), said) == {}
    assert keys_given(office, device("stranger"), device("tablet"), said) == {}
    assert keys_given(office, device("chloe"), device("stranger"), said) == {}
    post = Opened(Post("x"), (), None, secret)
    assert keys_given(office, device("bruno"), device("tablet"), post) == {}


def test_a_removed_pc_is_given_none() -> None:
    chronicle, _body, secret = before_the_tablet()
    chronicle.remove(pc="tablet")
    with pytest.raises(Refused, match="your own PCs"):
        give_keys(chronicle.office(), device("bruno"), device("tablet"), {OLD: secret}, dice())


def test_a_pc_whose_seal_key_is_unusable_is_told_so() -> None:
    chronicle, names = many(1, bytes(32))
    chronicle.admit("second", person=names[0])
    with pytest.raises(Refused, match="cannot open sealed texts"):
        give_keys(chronicle.office(), device("second"), device(names[0]), {OLD: bytes(32)}, dice())


def test_many_keys_go_in_several_entries_each_of_which_fits() -> None:
    chronicle, _body, _secret = before_the_tablet()
    office = chronicle.office()
    held = {EntryId(codec.digest(bytes([n // 256, n % 256]))): bytes(32) for n in range(2 * limits.KEYS + 1)}
    bodies = give_keys(office, device("bruno"), device("tablet"), held, dice())
    assert len(bodies) == 3 and max(len(body) for body in bodies) <= limits.BODY
    found: dict[EntryId, bytes] = {}
    for body in bodies:
        said = open_sealed(office.id, device("bruno"), body, keys("tablet"))
        assert isinstance(said, Opened)
        found |= keys_given(office, device("bruno"), device("tablet"), said)
    assert found == held
    too_many = Keys(tuple(sorted(held.items()))[: limits.KEYS + 1])
    letter = compose(office, device("bruno"), [], [keys("tablet").seal_key], too_many, dice())
    assert open_sealed(office.id, device("bruno"), letter, keys("tablet")) is Closed.DAMAGED
