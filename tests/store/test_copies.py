"""What sites answered, on the disk: whole or not there, the newest of each, and not without end."""

from __future__ import annotations

import os
from hashlib import blake2b
from pathlib import Path

import pytest

from deskblog import limits
from deskblog.store.copies import FOLDER, Copies

TAGS = [bytes([n]) * 16 for n in range(4)]


def digest(body: bytes) -> bytes:
    return blake2b(body, digest_size=32).digest()


def test_what_is_put_is_read_and_the_newest_takes_its_place(tmp_path: Path) -> None:
    copies = Copies(tmp_path)
    assert copies.read(TAGS[0], digest(b"one")) is None
    assert copies.put(TAGS[0], b"one") == []
    assert copies.read(TAGS[0], digest(b"one")) == b"one"
    copies.put(TAGS[0], b"two")
    assert copies.read(TAGS[0], digest(b"one")) is None
    assert Copies(tmp_path).read(TAGS[0], digest(b"two")) == b"two"
    copies.remove(TAGS[0])
    assert copies.read(TAGS[0], digest(b"two")) is None
    copies.put(TAGS[1], b"three")
    copies.clear()
    assert list((tmp_path / FOLDER).iterdir()) == []


@pytest.mark.parametrize("damage", [b"", b"rubbish", b"x\x9c"])
def test_a_damaged_one_is_none(tmp_path: Path, damage: bytes) -> None:
    copies = Copies(tmp_path)
    copies.put(TAGS[0], b"one" * 1000)
    (tmp_path / FOLDER / TAGS[0].hex()).write_bytes(damage)
    assert copies.read(TAGS[0], digest(b"one" * 1000)) is None


def test_past_the_ceiling_the_oldest_go_and_never_the_one_that_came(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "FEED_COPIES", 1500)
    copies = Copies(tmp_path)
    for n, tag in enumerate(TAGS[:2]):
        assert copies.put(tag, os.urandom(600)) == []
        os.utime(tmp_path / FOLDER / tag.hex(), (n, n))
    assert copies.put(TAGS[2], os.urandom(700)) == [TAGS[0]]
    assert copies.put(TAGS[3], os.urandom(5000)) == [TAGS[1], TAGS[2]]
