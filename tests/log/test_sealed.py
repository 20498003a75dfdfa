"""Sealed texts: who can open them, who cannot, and what an author without honour cannot bring about."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl import bindings

from deskblog import limits
from deskblog.errors import Refused
from deskblog.log import act as a
from deskblog.log import boxes, codec, kinds, letter, sealed
from deskblog.log.kinds import Answer, Post, Question
from deskblog.log.letter import Closed, Content, Group, Opened, open_sealed, write_letter
from deskblog.log.office import Office
from deskblog.values import EntryId, OfficeId, PersonId
from tests.log.chronicle import Chronicle, device, keys
from tests.log.salamander import two_texts
from tests.log.vectors import FILE

NEW_TEXT = Post("Pot de départ de Zoé, ne dites rien")


def dice(seed: int = 0) -> sealed.Dice:
    """Bytes that never repeat in one test."""
    counter = itertools.count(seed * 1000)
    return lambda n: codec.digest(next(counter).to_bytes(8, "big"))[:n]


def book() -> Chronicle:
    """Anne, Bruno with two PCs, Chloé; all in."""
    chronicle = Chronicle()
    for name in ("bruno", "chloe"):
        chronicle.admit(name)
    chronicle.admit("laptop", person="bruno")
    return chronicle


def person(chronicle: Chronicle, name: str) -> PersonId:
    return chronicle.persons[name]


def written(chronicle: Chronicle, *to: str, content: Content = NEW_TEXT, group: EntryId | None = None) -> bytes:
    """A letter of anne's."""
    office = chronicle.office()
    return write_letter(office, device("anne"), [person(chronicle, name) for name in to], content, dice(), group)


def opened(office: Office, body: bytes, name: str, author: str = "anne") -> Opened | Closed:
    return open_sealed(office.id, device(author), body, keys(name))


def parts(body: bytes) -> sealed.Sealed:
    held = sealed.read(body)
    assert held is not None
    return held


def rewritten(body: bytes, change: Callable[[list[Any]], None]) -> bytes:
    """The body with its array changed."""
    items: list[Any] = list(codec.decode(body[sealed.SALT :], list, limits.BODY))
    change(items)
    return body[: sealed.SALT] + codec.encode(items)


# --- who can ----------------------------------------------------------------------------------------------
def test_each_device_of_author_and_readers_opens_it_and_nobody_elses() -> None:
    chronicle = book()
    body = written(chronicle, "bruno")
    office = chronicle.office()
    for name in ("anne", "bruno", "laptop"):
        said = opened(office, body, name)
        assert isinstance(said, Opened) and said.content == NEW_TEXT and said.group is None
        assert set(said.readers) == {person(chronicle, who)[:16] for who in ("anne", "bruno")}
    assert opened(office, body, "chloe") is Closed.ELSEWHERE
    assert len(parts(body).boxes) == 3


@pytest.mark.parametrize("content", [Question("Qui ?"), Answer("Moi", bytes(range(32))), Group("Comité secret")])
def test_every_kind_of_content_comes_out_as_it_went_in(content: Content) -> None:
    chronicle = book()
    group = EntryId(b"\x07" * 32)
    said = opened(chronicle.office(), written(chronicle, "chloe", content=content, group=group), "chloe")
    assert isinstance(said, Opened) and (said.content, said.group) == (content, group)


def test_a_removed_device_gets_no_box_not_even_a_second_later() -> None:
    chronicle = book()
    chronicle.remove(pc="laptop")
    body = written(chronicle, "bruno")
    assert opened(chronicle.office(), body, "laptop") is Closed.ELSEWHERE
    assert isinstance(opened(chronicle.office(), body, "bruno"), Opened)


def test_boxes_tell_no_names_and_stand_in_an_order_that_tells_nothing() -> None:
    chronicle = book()
    body = written(chronicle, "bruno", "chloe")
    assert list(parts(body).boxes) == sorted(parts(body).boxes)
    for name in ("anne", "bruno", "laptop", "chloe"):
        assert body.find(keys(name).seal_key) == body.find(device(name)) == -1
    for who in ("anne", "bruno", "chloe"):
        assert person(chronicle, who)[:16] not in body


def test_the_length_tells_little() -> None:
    chronicle = book()
    sizes = {len(written(chronicle, "bruno", content=Post("x" * n))) for n in (1, 10, 20)}
    kinds_ = {len(written(chronicle, "bruno", content=content)) for content in (Post("x"), Question("x"), Group("x"))}
    assert len(sizes) == 1 and sizes == kinds_


# --- who may not be written to ----------------------------------------------------------------------------
def test_to_nobody_to_somebody_gone_or_unknown_is_refused() -> None:
    chronicle = book()
    chronicle.name("chloe", "Chloé")
    chronicle.remove("chloe")
    with pytest.raises(Refused, match="needs a reader"):
        written(chronicle)
    with pytest.raises(Refused, match="Chloé is not in the office"):
        written(chronicle, "bruno", "chloe")
    office = chronicle.office()
    with pytest.raises(Refused, match="Somebody you chose"):
        write_letter(office, device("anne"), [PersonId(bytes(32))], NEW_TEXT, dice())
    with pytest.raises(Refused, match="This PC is not in"):
        write_letter(office, device("chloe"), [person(chronicle, "bruno")], NEW_TEXT, dice())


def many(people: int, first_seal: bytes | None = None) -> tuple[Chronicle, list[str]]:
    """An office of anne and so many people, admitted in one breath."""
    chronicle = Chronicle()
    names = [f"person {n}" for n in range(people)]
    tip = [chronicle.found]
    for name in names:
        joiner = (device(name), keys(name).seal_key if first_seal is None else first_seal)
        tip = [chronicle.write("anne", a.Admit(a.NEW, (joiner,)), after=tip)]
        chronicle.persons[name] = PersonId(tip[0].id)
    return chronicle, names


def test_150_boxes_fit_with_the_longest_text_and_one_more_is_refused_before_anything_is_drawn() -> None:
    chronicle, names = many(limits.BOXES)
    office = chronicle.office()
    content = Answer("\N{SMILING FACE WITH SUNGLASSES}" * limits.POST, bytes(32))
    to = [person(chronicle, name) for name in names]
    body = write_letter(office, device("anne"), to[:-1], content, dice(), EntryId(b"\x01" * 32))
    assert len(parts(body).boxes) == limits.BOXES and len(body) <= limits.BODY
    assert isinstance(opened(office, body, names[100]), Opened)
    drawn: list[int] = []

    def counting(n: int) -> bytes:
        drawn.append(n)
        return bytes(n)

    with pytest.raises(Refused, match="151 PCs; 150"):
        write_letter(office, device("anne"), to, content, counting)
    assert drawn == []


def test_a_seal_key_that_would_make_every_secret_public_gets_no_box() -> None:
    """Found by trying: libsodium raises on such a key, so one member could have kept all others from sealing."""
    for unusable in (bytes(32), b"\x01" + bytes(31), b"\xed" + b"\xff" * 30 + b"\x7f"):
        chronicle, names = many(1, unusable)
        chronicle.name(names[0], "Mallory")
        with pytest.raises(Refused, match="No PC of Mallory"):
            written(chronicle, names[0])
        chronicle.admit("second", person=names[0])
        assert len(parts(written(chronicle, names[0])).boxes) == 2


# --- an author without honour -----------------------------------------------------------------------------
def test_one_ciphertext_that_opens_as_two_texts_is_read_under_the_committed_key_alone() -> None:
    """XChaCha20-Poly1305 has no objection to it; so each box's secret must be the one committed to."""
    office = book().office()
    bound = b"deskblog/1 sealed" + office.id + device("anne")
    first, second, nonce, text = two_texts(bound, sealed.PAD)
    for secret in (first, second):
        assert bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(text, bound, nonce, secret)
    both = tuple(sorted((
        boxes.make_box(first, keys("bruno").seal_key), boxes.make_box(second, keys("chloe").seal_key),
    )))  # fmt: skip
    for chosen, other, reader, shut_out in ((first, second, "bruno", "chloe"), (second, first, "chloe", "bruno")):
        held = sealed.Sealed(boxes.commitment(chosen), nonce, text, both)
        assert opened(office, bytes(16) + codec.encode(held), shut_out) is Closed.DAMAGED
        assert boxes.open_boxes(both, held.commitment, keys(shut_out)) == (None, True)
        assert boxes.open_boxes(both, held.commitment, keys(reader)) == (chosen, True)
        assert sealed.unseal(office.id, device("anne"), held, other) is None


def test_it_cannot_be_lifted_into_another_log_or_another_office() -> None:
    chronicle = book()
    body = written(chronicle, "bruno")
    assert opened(chronicle.office(), body, "bruno", author="chloe") is Closed.DAMAGED
    assert open_sealed(OfficeId(bytes(32)), device("anne"), body, keys("bruno")) is Closed.DAMAGED


def test_dice_that_repeat_do_not_make_two_texts_share_a_key() -> None:
    chronicle = book()
    office, to = chronicle.office(), [person(chronicle, "bruno")]
    first, second = (write_letter(office, device("anne"), to, Post(text), bytes) for text in ("un", "deux"))
    assert parts(first).nonce == parts(second).nonce
    assert parts(first).commitment != parts(second).commitment
    assert isinstance(opened(office, second, "bruno"), Opened)


def test_readers_named_that_have_no_box_are_told_from_those_that_have() -> None:
    chronicle = book()
    office = chronicle.office()
    to = [person(chronicle, name) for name in ("bruno", "chloe")]
    honest = write_letter(office, device("anne"), to, NEW_TEXT, dice())
    said = opened(office, honest, "bruno")
    assert isinstance(said, Opened)
    assert {(r.person, r.can_open) for r in letter.named_readers(office, honest, said)} == {
        (person(chronicle, name), True) for name in ("anne", "bruno", "chloe")
    }
    # Chloé is named, but her box is for a key nobody has; the number of boxes is right.
    false_keys = [keys(name).seal_key for name in ("anne", "bruno", "nobody")]
    false = letter.compose(office, device("anne"), to, false_keys, NEW_TEXT, dice())
    said = opened(office, false, "bruno")
    assert isinstance(said, Opened) and opened(office, false, "chloe") is Closed.ELSEWHERE
    assert {r.person for r in letter.named_readers(office, false, said) if not r.can_open} == {to[1]}


def test_a_reader_who_has_left_since_or_is_one_with_another_is_still_told_right() -> None:
    chronicle = book()
    body = written(chronicle, "bruno", "chloe")
    chronicle.remove("chloe")
    pair = sorted((person(chronicle, "anne"), person(chronicle, "bruno")))
    chronicle.write("anne", a.Merge(tuple(pair)))
    office = chronicle.office()
    said = opened(office, body, "bruno")
    assert isinstance(said, Opened)
    readers = letter.named_readers(office, body, said)
    assert {(r.person, r.can_open) for r in readers} == {(pair[0], True), (person(chronicle, "chloe"), True)}
    stranger = Opened(said.content, (bytes(16),), None, said.secret)
    assert letter.named_readers(office, body, stranger) == (letter.Reader(None, False),)


def sealed_plain(office: Office, plain: bytes) -> bytes:
    return sealed.seal(office.id, device("anne"), [keys("bruno").seal_key], plain, dice())


@pytest.mark.parametrize(
    ("inner", "why"),
    [
        (["post", codec.encode([""]), [bytes(16)], b""], Closed.DAMAGED),
        (["post", b"\xc1", [bytes(16)], b""], Closed.DAMAGED),
        (["open", codec.encode([bytes(32)]), [bytes(16)], b""], Closed.LATER),
        (["sealed", b"", [bytes(16)], b""], Closed.LATER),
        (["poll", b"", [bytes(16)], b""], Closed.LATER),
        (["poll", b"", [b"\x01" * 16, bytes(16)], b""], Closed.DAMAGED),
        (["post", codec.encode(["x"]), [], b""], Closed.DAMAGED),
        (["post", codec.encode(["x"]), [bytes(16)], b"short"], Closed.DAMAGED),
        (["group", codec.encode(["\u200b"]), [bytes(16)], b""], Closed.DAMAGED),
        (["keys", codec.encode([[]]), [bytes(16)], b""], Closed.DAMAGED),
        ([], Closed.DAMAGED),
    ],
)
def test_what_is_inside_is_read_as_strictly_as_what_is_outside(inner: list[object], why: Closed) -> None:
    office = book().office()
    assert opened(office, sealed_plain(office, codec.encode(inner)), "bruno") is why


def test_a_body_that_is_none_is_said_to_be_none() -> None:
    chronicle = book()
    office, body = chronicle.office(), written(chronicle, "bruno")

    def with_boxes(change: Callable[[list[bytes]], list[bytes]]) -> bytes:
        return rewritten(body, lambda items: items.__setitem__(3, change(list(items[3]))))

    def with_text(size: int) -> bytes:
        return rewritten(body, lambda items: items.__setitem__(2, bytes(size)))

    for bad in (
        with_text(0), with_text(15), with_text(sealed.PAD + 15), b"",
        bytes(16), body[:-1], body + bytes(limits.BODY), with_boxes(lambda held: held[::-1]),
        with_boxes(lambda held: []), with_boxes(lambda held: held * 60), with_boxes(lambda held: [*held, held[-1]]),
        with_boxes(lambda held: [held[0][:-1]]),
    ):  # fmt: skip
        assert opened(office, bad, "bruno") is Closed.MALFORMED
    longer = rewritten(body, lambda items: items.append("of a later version"))
    assert isinstance(opened(office, longer, "bruno"), Opened)


@given(st.data())
def test_whatever_one_byte_is_changed_to_nothing_else_is_ever_read(data: st.DataObject) -> None:
    chronicle = book()
    office, body = chronicle.office(), written(chronicle, "bruno")
    at = data.draw(st.integers(sealed.SALT, len(body) - 1))
    changed = body[:at] + bytes([body[at] ^ data.draw(st.integers(1, 255))]) + body[at + 1 :]
    said = opened(office, changed, "laptop")
    assert isinstance(said, Closed) or said.content == NEW_TEXT


# --- closed groups ----------------------------------------------------------------------------------------
def test_deleting_a_closed_group_tells_no_name() -> None:
    chronicle = book()
    body = written(chronicle, "bruno", content=Group("Plan social"))
    target = codec.digest(body)
    withdrawal = kinds.encode_body(kinds.Withdraw(target), bytes(16))
    assert b"Plan" not in body and withdrawal[16:] == codec.encode([target])


# --- the examples -----------------------------------------------------------------------------------------
def test_the_kept_example_is_opened_from_the_protocol_alone() -> None:
    """By libsodium's functions and the numbers in docs/protocol.md, and by nothing of ours."""
    kept: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))["sealed"]
    body = bytes.fromhex(kept["body"])
    commitment, nonce, text, held = codec.decode(body[16:], list, limits.BODY)
    reader = bytes.fromhex(kept["reader_seal_secret"])
    public = bindings.crypto_scalarmult_base(reader)
    box = next(b for b in held if b.hex() == kept["reader_box"])
    secret = bindings.crypto_box_seal_open(box, public, reader)
    assert secret.hex() == kept["key"]
    assert commitment == codec.digest(b"deskblog/1 commit", secret)
    bound = b"deskblog/1 sealed" + bytes.fromhex(kept["office"]) + bytes.fromhex(kept["author"])
    padded = bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(text, bound, nonce, secret)
    plain = padded.rstrip(b"\0")[:-1]
    assert len(padded) % 128 == 0 and plain.hex() == kept["plain"]
    kind, content, readers, group = codec.decode(plain, list, limits.BODY)
    assert (kind, codec.decode(content, list, 1000), group) == ("post", [kept["text"], []], b"")
    assert [mark.hex() for mark in readers] == kept["readers"]
