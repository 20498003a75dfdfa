"""The start mark: a store that was copied or restored is told from the one that was last here."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from deskblog.store.store import Store
from tests.log.chronicle import device
from tests.store.diary import NOON


def start(folder: Path, state: Path, name: str = "anne") -> bool:
    """Opens a store and closes it again; whether its old logs may not be continued."""
    folder.mkdir(exist_ok=True)
    store = Store.open(folder, device(name), lambda: NOON, mark_folder=state)
    fresh = store.fresh_logs
    store.close()
    return fresh


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


def test_the_same_store_on_the_same_pc_goes_on(data: Path, state: Path) -> None:
    assert [start(data, state) for _ in range(4)] == [False] * 4


def test_a_restored_backup_is_told_and_told_once(data: Path, state: Path, tmp_path: Path) -> None:
    start(data, state)
    shutil.copytree(data, tmp_path / "backup")
    start(data, state)
    shutil.rmtree(data)
    shutil.copytree(tmp_path / "backup", data)
    assert start(data, state)
    assert not start(data, state)


def test_a_copy_on_another_pc_is_told(data: Path, state: Path, tmp_path: Path) -> None:
    start(data, state)
    shutil.copytree(data, tmp_path / "copy")
    assert start(tmp_path / "copy", tmp_path / "state of another PC")
    assert not start(data, state)


def test_two_copies_on_one_pc_are_both_told(data: Path, state: Path, tmp_path: Path) -> None:
    start(data, state)
    shutil.copytree(data, tmp_path / "copy")
    assert not start(tmp_path / "copy", state), "the first to start is the one that was last here"
    assert start(data, state)


def test_each_device_has_a_double_of_its_own(tmp_path: Path, state: Path) -> None:
    for name in ("anne", "bruno"):
        start(tmp_path / name, state, name)
    assert not start(tmp_path / "anne", state, "anne")
    assert not start(tmp_path / "bruno", state, "bruno")


@pytest.mark.parametrize("spoiled", [b"", b"\xff\xfe", b"something else"])
def test_a_spoiled_double_gives_an_alarm_that_costs_a_new_log_only(data: Path, state: Path, spoiled: bytes) -> None:
    start(data, state)
    (double,) = state.iterdir()
    double.write_bytes(spoiled)
    assert start(data, state)
    assert not start(data, state)


def test_where_no_double_can_be_kept_nothing_is_suspected(data: Path, state: Path) -> None:
    state.write_text("a file where the folder should be")
    assert [start(data, state) for _ in range(3)] == [False] * 3


def test_without_a_folder_for_marks_none_are_kept(tmp_path: Path) -> None:
    store = Store.open(tmp_path, device("anne"), lambda: NOON)
    assert not store.fresh_logs and store.get("mark") == ""
    store.close()
