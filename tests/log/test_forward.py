"""Rules for the road and carriers' words: for whom they open, and what they cannot be."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from deskblog import limits
from deskblog.errors import Refused
from deskblog.log import codec
from deskblog.log.forward import Declined, Forward, Sending, Sent, Word
from deskblog.log.letter import Closed, Opened, write_letter
from deskblog.values import DeviceKey
from tests.log.chronicle import Chronicle, device
from tests.log.test_sealed import book, dice, opened, person

URL = "freemobile://12345678/s3cr3tk3y"
RULE = Forward((URL,), ("announcements",), 30, (b"\x01" * 32,), 8, 19)
ID, ENTRY = b"\x02" * 32, b"\x03" * 32
WORDS: list[Word] = [RULE, Sending(ID, ENTRY, 7), Sent(ID, ENTRY, 8, "down", 60_000, 500), Declined(ID)]


def written(chronicle: Chronicle, content: Word, *devices: DeviceKey) -> bytes:
    """By anne, for these of bruno's and her own alone."""
    to = [person(chronicle, "bruno")]
    return write_letter(chronicle.office(), device("anne"), to, content, dice(), devices=devices)


@pytest.mark.parametrize("content", WORDS)
def test_it_opens_on_the_pcs_chosen_and_on_no_other_of_the_same_person(content: Word) -> None:
    chronicle = book()
    body = written(chronicle, content, device("laptop"))
    for name in ("anne", "laptop"):
        said = opened(chronicle.office(), body, name)
        assert isinstance(said, Opened) and said.content == content
    for name in ("bruno", "chloe"):
        assert opened(chronicle.office(), body, name) is Closed.ELSEWHERE


def test_a_pc_that_is_out_or_was_never_in_gets_no_box() -> None:
    chronicle = book()
    chronicle.remove(pc="laptop")
    body = written(chronicle, RULE, device("laptop"), device("bruno"), DeviceKey(bytes(32)))
    assert opened(chronicle.office(), body, "laptop") is Closed.ELSEWHERE
    assert isinstance(opened(chronicle.office(), body, "bruno"), Opened)


def test_more_pcs_than_boxes_are_refused() -> None:
    chronicle = book()
    for n in range(limits.BOXES):
        chronicle.admit(f"pc{n}", person="bruno")
    devices = [device(f"pc{n}") for n in range(limits.BOXES)]
    with pytest.raises(Refused):
        written(chronicle, RULE, *devices)


@pytest.mark.parametrize(
    ("content", "changes"),
    [
        (RULE, {"urls": ()}),
        (RULE, {"urls": (URL,) * (limits.FORWARD_URLS + 1)}),
        (RULE, {"urls": ("",)}),
        (RULE, {"urls": ("x" * (limits.FORWARD_URL + 1),)}),
        (RULE, {"kinds": ("mentions",) * (limits.FORWARD_KINDS + 1)}),
        (RULE, {"kinds": ("No kind",)}),
        (RULE, {"cap": 0}),
        (RULE, {"cap": limits.FORWARD_CAP + 1}),
        (RULE, {"carriers": ()}),
        (RULE, {"carriers": (ID,) * (limits.CARRIERS + 1)}),
        (RULE, {"carriers": (b"short",)}),
        (RULE, {"begins": 25}),
        (RULE, {"until": -1}),
        (WORDS[2], {"again": limits.FORWARD_WAIT + 1}),
        (WORDS[2], {"why": ""}),
        (WORDS[2], {"why": "x" * 33}),
        (WORDS[2], {"status": 65_536}),
        (WORDS[1], {"entry": b""}),
        (WORDS[3], {"forward": b""}),
    ],
)
def test_what_is_out_of_its_range_says_nothing(content: Word, changes: dict[str, Any]) -> None:
    chronicle = book()
    wrong = msgspec.structs.replace(content, **changes)  # msgspec looks at ranges when it reads, not here
    assert opened(chronicle.office(), written(chronicle, wrong, device("bruno")), "bruno") is Closed.DAMAGED


def test_what_a_later_version_adds_is_passed_over() -> None:
    items = [*codec.decode(codec.encode(RULE), list, limits.BODY), "new"]
    assert codec.decode_prefix(codec.encode(items), Forward, limits.BODY) == RULE


def test_the_credential_is_in_no_repr() -> None:
    chronicle = book()
    said = opened(chronicle.office(), written(chronicle, RULE, device("bruno")), "bruno")
    assert "s3cr3t" not in repr(RULE) + repr(said) and "announcements" in repr(RULE)


def test_the_longest_rule_fits_a_body() -> None:
    chronicle = book()
    urls = ("\U0001f600" * limits.FORWARD_URL,) * limits.FORWARD_URLS
    longest = Forward(
        urls, ("announcements",) * limits.FORWARD_KINDS, 200, (ID,) * limits.CARRIERS, 24, 24, limits.TIME
    )
    body = written(chronicle, longest, device("bruno"))
    boxes = limits.ACT_DEVICES * 82  # as many PCs as one admission can bring
    assert len(body) + boxes <= limits.BODY
