"""The device's key: made once, for its owner only, never written over."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from deskblog.errors import Unusable
from deskblog.log import codec
from deskblog.store.keyfile import FILE, load_or_make_keys
from tests.store.faults import read_only


def test_a_new_folder_gets_keys_that_stay(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "deskblog"
    made = load_or_make_keys(folder)
    assert load_or_make_keys(folder) == made
    assert made != load_or_make_keys(tmp_path)
    assert [path.name for path in folder.iterdir()] == [FILE], "nothing half-written is left"


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        load_or_make_keys(tmp_path)
    finally:
        os.umask(old)
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    (tmp_path / FILE).chmod(0o644)
    load_or_make_keys(tmp_path)
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600


def test_secrets_are_not_in_what_is_printed(tmp_path: Path) -> None:
    keys = load_or_make_keys(tmp_path)
    for secret in (keys.seed, keys.seal_secret):
        assert repr(secret) not in repr(keys) and secret.hex() not in repr(keys)


def whole() -> bytes:
    return codec.encode((1, bytes(32), bytes(range(32))))


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        whole()[:-1],
        whole() + b"\x00",
        codec.encode((0, bytes(32), bytes(32))),
        codec.encode((1, bytes(31), bytes(32))),
        codec.encode((1, bytes(32))),
        codec.encode({"seed": bytes(32)}),
        b"\xdc\x00\x03" + whole()[1:],
        whole() + bytes(300),
        b"\xff" * 70,
    ],
)
def test_a_damaged_key_is_told_and_never_written_over(tmp_path: Path, damaged: bytes) -> None:
    (tmp_path / FILE).write_bytes(damaged)
    with pytest.raises(Unusable) as caught:
        load_or_make_keys(tmp_path)
    assert str(tmp_path / FILE) in caught.value.what
    assert caught.value.kept and "backup" in caught.value.next_step
    assert (tmp_path / FILE).read_bytes() == damaged


def test_a_key_cut_off_while_it_was_made_is_made_again(tmp_path: Path) -> None:
    (tmp_path / f"{FILE}.part").write_bytes(whole()[:20])
    assert load_or_make_keys(tmp_path) == load_or_make_keys(tmp_path)


def test_a_key_that_cannot_be_read_is_told_with_a_next_step(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with pytest.raises(Unusable) as caught:
        load_or_make_keys(tmp_path)
    assert str(tmp_path) in caught.value.what and "--data" in caught.value.next_step


def test_a_folder_that_cannot_be_written_is_told_with_a_next_step() -> None:
    with read_only(lambda folder: None) as folder, pytest.raises(Unusable) as caught:
        load_or_make_keys(folder)
    assert str(folder) in caught.value.what and "--data" in caught.value.next_step


def test_a_key_is_read_also_where_its_mode_cannot_be_changed() -> None:
    def make(folder: Path) -> None:
        (folder / FILE).write_bytes(whole())
        (folder / FILE).chmod(0o644)

    with read_only(make, others=True) as folder:
        assert load_or_make_keys(folder).seal_secret == bytes(range(32))
