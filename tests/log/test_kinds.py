"""Bodies: what is written is read, what cannot be read is not shown, and text is what it looks like."""

from __future__ import annotations

import unicodedata
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskblog import limits
from deskblog.errors import Refused
from deskblog.log import kinds
from deskblog.log.attachment import Attachment, BlobName
from deskblog.log.kinds import (
    Answer,
    Open,
    Post,
    Question,
    Status,
    decode_body,
    encode_body,
    shown_text,
    written_text,
)

SALT = bytes(range(16))
ONE = b"\x01" * 32


def attachment(**more: Any) -> Attachment:
    made: dict[str, Any] = {"name": "leaf.jpg", "kind": 1, "blob": BlobName(ONE, 5)} | more
    return Attachment(**made)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("open", Open(ONE)),
        ("open", Open(ONE, ((b"12345678", 7, ONE),))),
        ("post", Post("Bonjour")),
        ("question", Question("Who has the key of the cellar?")),
        ("answer", Answer("Me.", ONE)),
        ("post", Post("Look", (attachment(), attachment(preview=BlobName(ONE, 48 * 1024))))),
        ("question", Question("", (attachment(kind=9),))),
        ("answer", Answer("", ONE, (attachment(),) * limits.ATTACHMENTS)),
        ("status", Status("Accounts")),
        ("poll", kinds.Poll("When?", ("Monday", "Tuesday"), 5, True)),
        ("vote", kinds.Vote(ONE, (0, 5))),
        ("status", Status("")),
        ("road", kinds.Road("10.1.2.3", 20140, True)),
        ("public", kinds.Public(ONE, True)),
        ("public", kinds.Public(ONE, False)),
    ],
)
def test_what_was_written_is_read_again(kind: str, content: kinds.Content) -> None:
    assert kinds.kind_of(content) == kind
    body = encode_body(content, SALT)
    assert body[:16] == SALT
    assert decode_body(kind, body) == content


def test_a_salt_has_sixteen_bytes() -> None:
    with pytest.raises(ValueError, match="16"):
        encode_body(Post("x"), bytes(15))


def test_equal_texts_with_other_salts_are_other_bodies() -> None:
    assert encode_body(Post("x"), SALT) != encode_body(Post("x"), bytes(16))


def test_a_kind_from_a_later_version_is_not_shown() -> None:
    assert decode_body("hologram", encode_body(Post("x"), SALT)) is None


def test_fields_a_later_version_added_are_passed_over() -> None:
    assert decode_body("post", SALT + msgspec.msgpack.encode(["x", [], {"deep": [None]}])) == Post("x")


@pytest.mark.parametrize(
    "fields",
    [
        b"",
        b"\xc1",
        msgspec.msgpack.encode([]),
        msgspec.msgpack.encode("x"),
        msgspec.msgpack.encode([""]),
        msgspec.msgpack.encode([3]),
        msgspec.msgpack.encode(["x" * 281]),
        msgspec.msgpack.encode(["\u202e\u200b"]),
        msgspec.msgpack.encode([" \n\t "]),
        b"\x91\xa2\xff\xfe",
        b"\x91" * 5000,
        msgspec.msgpack.encode(["x", bytes(limits.BODY)]),
    ],
)
def test_a_body_that_cannot_be_read_or_says_nothing_is_not_shown(fields: bytes) -> None:
    assert decode_body("post", SALT + fields) is None


def test_a_body_shorter_than_its_salt_is_not_shown() -> None:
    assert decode_body("post", bytes(15)) is None


@pytest.mark.parametrize(
    "attached",
    [
        [attachment()] * (limits.ATTACHMENTS + 1),
        [attachment(name="")],
        [attachment(name="x" * (limits.FILE_NAME + 1))],
        [attachment(blob=BlobName(ONE, 0))],
        [attachment(blob=BlobName(ONE, limits.BLOB + 1))],
        [attachment(blob=BlobName(bytes(31), 5))],
        [attachment(preview=BlobName(ONE, limits.PREVIEW + 1))],
        [attachment(width=65_536)],
        [attachment(seconds=3601)],
        [attachment(kind=256)],
        [["leaf.jpg"]],
        3,
    ],
)
def test_a_post_with_an_attachment_past_its_range_is_not_shown(attached: Any) -> None:
    assert decode_body("post", SALT + msgspec.msgpack.encode(["x", attached])) is None


@pytest.mark.parametrize(
    "fields",
    [
        ["x" * (limits.PROFILE + 1)],
        ["", "x" * (limits.PROFILE + 1)],
        ["", "", "1" * (limits.PHONE + 1)],
        ["", "", "", ["me.jpg", 1, [bytes(32), limits.PREVIEW + 1]]],
    ],
)
def test_a_profile_past_its_range_is_not_shown(fields: list[Any]) -> None:
    assert decode_body("profile", SALT + msgspec.msgpack.encode(fields)) is None
    assert decode_body("profile", SALT + msgspec.msgpack.encode([])) is not None


@pytest.mark.parametrize("hours", [[-1, 60, 1], [0, 1441, 1], [0, 60, 128], [0, 60]])
def test_hours_that_no_day_has_are_not_shown(hours: list[int]) -> None:
    assert decode_body("profile", SALT + msgspec.msgpack.encode(["", "", "", None, [0, 1440, 127]])) is not None
    assert decode_body("profile", SALT + msgspec.msgpack.encode(["", "", "", None, hours])) is None


def test_a_tag_followed_has_at_most_50_characters() -> None:
    assert decode_body("follow", SALT + msgspec.msgpack.encode(["x" * limits.TAG, True])) is not None
    for tag in ("", "x" * (limits.TAG + 1)):
        assert decode_body("follow", SALT + msgspec.msgpack.encode([tag, True])) is None


@pytest.mark.parametrize("target", [b"x", bytes(31), bytes(33)])
def test_coffee_answers_an_entry_or_nothing(target: bytes) -> None:
    assert decode_body("coffee", SALT + msgspec.msgpack.encode(["cake", target])) is None
    assert decode_body("coffee", SALT + msgspec.msgpack.encode(["cake", bytes(32)])) is not None
    assert decode_body("coffee", SALT + msgspec.msgpack.encode(["cake"])) is not None


def test_only_beside_an_attachment_a_text_may_be_blank() -> None:
    assert decode_body("post", encode_body(Post(" ", (attachment(),)), SALT)) == Post(" ", (attachment(),))
    assert decode_body("post", encode_body(Post(" "), SALT)) is None
    assert written_text(" ", alone=False) == ""


def test_what_a_later_version_attaches_is_shown_as_a_file() -> None:
    assert [attachment(kind=kind).sort.name for kind in (0, 1, 2, 3, 4, 5, 255)] == [
        "FILE", "PHOTO", "VOICE", "FILM", "LINK", "FILE", "FILE",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "fields",
    [
        ["When?", ["Monday"]],
        ["When?", [str(n) for n in range(limits.OPTIONS + 1)]],
        ["When?", ["Monday", "Monday"]],
        ["When?", ["Monday", " Monday\u200b"]],
        ["When?", ["Monday", " \n"]],
        ["When?", ["Monday", "x" * (limits.OPTION + 1)]],
        ["\u200b", ["Monday", "Tuesday"]],
        ["When?", ["Monday", "Tuesday"], -1],
        ["When?"],
    ],
)
def test_a_poll_that_cannot_be_is_not_shown(fields: list[Any]) -> None:
    assert decode_body("poll", SALT + msgspec.msgpack.encode(fields)) is None


@pytest.mark.parametrize(
    "fields",
    [
        ["", ONE, 1, 1],
        ["\u200b", ONE, 1, 1],
        ["x" * (limits.POST + 1), ONE, 1, 1],
        ["Fire", b"short", 1, 1],
        ["Fire", ONE, 0, 1],
        ["Fire", ONE, limits.ANNOUNCED_DAYS + 1, 1],
        ["Fire", ONE, 1, 3],
        ["Fire", ONE, 1],
    ],
)
def test_an_announcement_that_cannot_be_is_not_shown(fields: list[Any]) -> None:
    assert decode_body("announcement", SALT + msgspec.msgpack.encode(fields)) is None
    good = decode_body("announcement", SALT + msgspec.msgpack.encode(["Fire", ONE, limits.ANNOUNCED_DAYS, 2]))
    assert isinstance(good, kinds.Announcement)


@pytest.mark.parametrize(
    "targets", [[], [ONE, ONE], [b"\x02" * 32, b"\x01" * 32], [b"x"], [bytes([0, n]) * 16 for n in range(65)], ONE]
)
def test_a_receipt_that_cannot_be_says_nothing(targets: Any) -> None:
    assert decode_body("receipt", SALT + msgspec.msgpack.encode([targets])) is None
    most = [bytes([0, n]) * 16 for n in range(limits.RECEIPTS)]
    assert isinstance(decode_body("receipt", SALT + msgspec.msgpack.encode([most])), kinds.Receipt)


@pytest.mark.parametrize("options", [[1, 0], [1, 1], [-1], [limits.OPTIONS], ["0"], 1])
def test_a_vote_that_cannot_be_says_nothing(options: Any) -> None:
    assert decode_body("vote", SALT + msgspec.msgpack.encode([ONE, options])) is None


def test_an_answer_says_to_what() -> None:
    assert decode_body("answer", SALT + msgspec.msgpack.encode(["x"])) is None
    assert decode_body("answer", SALT + msgspec.msgpack.encode(["x", bytes(31)])) is None


def test_an_opening_names_at_most_256_earlier_logs() -> None:
    points = tuple((n.to_bytes(8, "big"), 1, ONE) for n in range(limits.BEFORE + 1))
    most = Open(ONE, points[:-1])
    assert decode_body("open", encode_body(most, SALT)) == most
    assert decode_body("open", encode_body(Open(ONE, points), SALT)) is None


@given(st.sampled_from(["open", "post", "question", "answer", "other"]), st.binary(max_size=200))
def test_any_bytes_are_shown_or_not_and_never_an_error(kind: str, body: bytes) -> None:
    content = decode_body(kind, body)
    assert content is None or kinds.kind_of(content) == kind


# --- text ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("  café \n", "café"),
        ("cafe\u0301", "café"),
        ("a\tb", "a b"),
        ("a\r\nb", "a\nb"),
        ("a\rb", "ab"),
        ("a\x00\x07\x1b[31mb", "a[31mb"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("\u2066a\u2069\u200e\u200f\u061c", "a"),
        ("pay\u200bpal\ufeff\u00ad\u2060", "paypal"),
        ("\u3164", ""),
        ("a\ue000b", "ab"),
        ("a\udc80b", "ab"),
        ("a" + "\n" * 1000 + "b", "a\n\nb"),
        ("a" + "\u2028" * 1000 + "b", "a\n\nb"),
        ("a\n \n \n \nb", "a\n \n  b"),
        ("👩\u200d🔬", "👩\u200d🔬"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("<b>&amp;</b>", "<b>&amp;</b>"),
        ("=cmd()", "=cmd()"),
    ],
)
def test_text_is_shown_as_what_it_is(raw: str, shown: str) -> None:
    assert shown_text(raw) == shown


INVISIBLE = "\u200b\u2060\u00ad\u061c\u180e\u200e\u202e\u2066\u206f\u3164\uffa0\ufff9\ufeff"
AWKWARD = (
    INVISIBLE
    + " \n\r\t\x0b\x0c\x1c\x1f\x7f\x85\x9f\xa0\u2028\u2029\u202f\u0301\u0300e\u212b\ue000\udc80\U0010fffd\U0010ffff"
)


def slowly_shown(text: str) -> str:
    """The same, character by character, as the Unicode of this Python has it."""
    lines = text.replace("\r\n", "\n").replace("\t", " ").replace("\u2028", "\n").replace("\u2029", "\n")
    kept = [
        c for c in lines if c == "\n" or (c not in INVISIBLE and unicodedata.category(c) not in ("Cc", "Cs", "Co"))
    ]
    out, newlines = "", 0
    for c in kept:
        newlines = newlines + 1 if c == "\n" else newlines if c.isspace() else 0
        out += "" if c == "\n" and newlines > 2 else c
    return unicodedata.normalize("NFC", out).strip()


@given(st.text(st.one_of(st.sampled_from(AWKWARD), st.characters(max_codepoint=0x250)), max_size=40))
def test_the_short_way_to_a_shown_text_and_the_long_one_end_alike(text: str) -> None:
    assert shown_text(text) == slowly_shown(text)


def test_every_character_of_the_short_way_is_shown_as_it_is() -> None:
    plain = [chr(n) for n in range(0x3000) if kinds._PLAIN.fullmatch(chr(n))]
    assert len(plain) > 500
    assert [c for c in plain if slowly_shown(f"a{c}a") != f"a{c}a"] == []


def test_an_emoji_newer_than_this_python_is_no_blank() -> None:
    unassigned = "\U0001fb0f" if unicodedata.category("\U0001fb0f") == "Cn" else "\U0001fadf"
    assert shown_text(f"{unassigned}") == unassigned
    assert decode_body("post", encode_body(Post("\U0001fae8"), SALT)) == Post("\U0001fae8")


@given(st.text(max_size=60))
def test_what_is_shown_once_is_shown_so_again(text: str) -> None:
    shown = shown_text(text)
    assert shown_text(shown) == shown
    assert not any(unicodedata.category(c) == "Cc" and c != "\n" for c in shown)
    assert unicodedata.is_normalized("NFC", shown)
    assert "\n\n\n" not in shown


@pytest.mark.parametrize("text", ["", "   ", "\n\n", "\u200b\u202e", "\x00", "\u3164"])
def test_a_blank_post_is_refused_with_a_next_step(text: str) -> None:
    with pytest.raises(Refused) as fault:
        written_text(text)
    assert fault.value.next_step


def test_280_characters_are_taken_and_281_refused_with_the_count() -> None:
    assert written_text("é" * 280) == "é" * 280
    assert written_text("e\u0301" * 280 + "  ") == "é" * 280
    with pytest.raises(Refused, match="281") as fault:
        written_text("é" * 281)
    assert "280" in fault.value.what and fault.value.next_step


@given(st.text(min_size=1, max_size=300))
def test_what_may_be_posted_is_shown_by_whoever_gets_it(text: str) -> None:
    try:
        clean = written_text(text)
    except Refused:
        return
    content = decode_body("post", encode_body(Post(clean), SALT))
    assert content == Post(clean) and shown_text(clean) == clean


def test_a_name_is_one_line_of_at_most_64_characters() -> None:
    assert kinds.written_name(" Anne\n\n  Le Gall\u202e ") == "Anne Le Gall"
    assert kinds.written_name("n" * 64) == "n" * 64
    with pytest.raises(Refused, match="65"):
        kinds.written_name("n" * 65)
    with pytest.raises(Refused):
        kinds.written_name("\u200b ")


def test_a_status_has_at_most_140_characters_and_is_shown_on_one_line() -> None:
    assert decode_body("status", SALT + msgspec.msgpack.encode(["x" * 140])) == Status("x" * 140)
    assert decode_body("status", SALT + msgspec.msgpack.encode(["x" * 141])) is None
    assert kinds.written_status(" two\n\u202elines\t ") == "two lines"
    assert kinds.written_status("\n") == ""
    with pytest.raises(Refused, match="141"):
        kinds.written_status("x" * 141)


@pytest.mark.parametrize(
    ("host", "port", "good"),
    [("10.1.2.3", 20140, True), ("x" * 253, 1, True), ("x" * 254, 1, False), ("", 1, False), ("a", 0, False),
     ("a", 65536, False)],
)  # fmt: skip
def test_a_road_has_a_host_and_a_port(host: str, port: int, good: bool) -> None:
    content = decode_body("road", SALT + msgspec.msgpack.encode([host, port, True]))
    assert content == (kinds.Road(host, port, True) if good else None)
