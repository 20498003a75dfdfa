"""A folder kept as it should be: few writes, nothing of others touched, and whole whatever happens on the way."""

from __future__ import annotations

import json
import os
import re
import resource
import signal
import subprocess
import sys
from hashlib import blake2b
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deskblog import limits
from deskblog.errors import Refused, Unusable
from deskblog.publish.folder import LIST, Changed, Content, Copied, keep
from deskblog.publish.ours import Known, ours, read_list, written_list

FIRST: dict[str, Content] = {"index.html": b"one", "posts/a.html": b"two", "posts/b.html": b"three"}


def held(place: Path) -> dict[str, bytes]:
    """All files but ours for the keeping of the list."""
    return {
        path.relative_to(place).as_posix(): path.read_bytes()
        for path in place.rglob("*")
        if path.is_file() and not path.name.startswith(".deskblog")
    }


def test_only_what_changed_is_written_and_what_is_gone_is_removed(tmp_path: Path) -> None:
    assert keep(tmp_path, FIRST) == Changed(3, 0, 0)
    assert keep(tmp_path, FIRST) == Changed(0, 0, 3)
    before = (tmp_path / "posts/a.html").stat()
    second = {"index.html": b"ONE", "posts/a.html": b"two", "tags/c.html": b"new"}
    assert keep(tmp_path, second) == Changed(2, 1, 1)
    assert held(tmp_path) == second
    after = (tmp_path / "posts/a.html").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_what_nobody_published_any_more_leaves_no_empty_folder(tmp_path: Path) -> None:
    keep(tmp_path, FIRST)
    keep(tmp_path, {"index.html": b"one"})
    assert not (tmp_path / "posts").exists()


def test_files_of_others_stay_and_are_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(b"theirs")
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts/mine.txt").write_bytes(b"theirs")
    keep(tmp_path, FIRST)
    keep(tmp_path, {})
    assert held(tmp_path) == {"logo.png": b"theirs", "posts/mine.txt": b"theirs"}


@pytest.mark.parametrize("name", ["index.html", "posts/b.html"])
def test_a_file_of_another_in_the_way_refuses_before_anything_is_done(tmp_path: Path, name: str) -> None:
    (tmp_path / "posts").mkdir()
    (tmp_path / name).write_bytes(b"theirs")
    with pytest.raises(Refused, match="was not written by deskblog") as refused:
        keep(tmp_path, FIRST)
    assert refused.value.kept and refused.value.next_step
    assert held(tmp_path) == {name: b"theirs"}


def test_a_page_that_somebody_changed_is_not_ours_any_more(tmp_path: Path) -> None:
    keep(tmp_path, FIRST)
    (tmp_path / "index.html").write_bytes(b"by hand")
    for wanted in ({**FIRST, "index.html": b"ONE"}, {}):
        with pytest.raises(Refused, match=r"index\.html"):
            keep(tmp_path, wanted)
    assert held(tmp_path)["index.html"] == b"by hand"


def test_a_copied_folder_is_known_by_its_bytes(tmp_path: Path) -> None:
    keep(tmp_path, FIRST)
    for name in FIRST:
        os.utime(tmp_path / name, (1, 1))
    assert keep(tmp_path, {**FIRST, "index.html": b"ONE"}) == Changed(1, 0, 2)
    assert keep(tmp_path, {**FIRST, "index.html": b"ONE"}) == Changed(0, 0, 3)


@pytest.mark.parametrize("lost", [b"", b"{", b"[]", b'{"deskblog":1}', b"\xff", b"[" * 100_000])
def test_without_its_list_it_takes_what_is_as_it_would_write_it_and_no_more(tmp_path: Path, lost: bytes) -> None:
    keep(tmp_path, FIRST)
    (tmp_path / LIST).write_bytes(lost)
    assert keep(tmp_path, FIRST) == Changed(0, 0, 3)
    (tmp_path / LIST).write_bytes(lost)
    with pytest.raises(Refused):
        keep(tmp_path, {**FIRST, "index.html": b"ONE"})


@pytest.mark.parametrize("left", [b"", b"\0" * 4096])
def test_what_a_power_cut_left_of_a_page_is_written_again(tmp_path: Path, left: bytes) -> None:
    keep(tmp_path, FIRST)
    (tmp_path / "index.html").write_bytes(left)
    keep(tmp_path, FIRST)
    assert held(tmp_path) == FIRST


# --- links that lead elsewhere ----------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["index.html", "posts", ".deskblog-site.json", ".deskblog-site.lock"])
def test_a_link_in_the_folder_is_not_followed(tmp_path: Path, name: str) -> None:
    place, outside = tmp_path / "site", tmp_path / "outside"
    place.mkdir()
    outside.mkdir()
    (outside / "secret").write_bytes(b"theirs")
    (place / name).symlink_to(outside if name == "posts" else outside / "secret")
    with pytest.raises(Refused):
        keep(place, FIRST)
    assert held(outside) == {"secret": b"theirs"}


def test_the_file_that_is_being_written_is_never_a_link(tmp_path: Path) -> None:
    place, secret = tmp_path / "site", tmp_path / "secret"
    place.mkdir()
    secret.write_bytes(b"theirs")
    (place / ".deskblog-site.part").symlink_to(secret)
    keep(place, FIRST)
    assert secret.read_bytes() == b"theirs" and held(place) == FIRST


def test_a_file_where_a_folder_should_be_is_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "posts").write_bytes(b"theirs")
    with pytest.raises(Refused):
        keep(tmp_path, FIRST)
    assert held(tmp_path) == {"posts": b"theirs"}


@pytest.mark.parametrize(
    "name",
    ["../x", "/x", "a/../b", "a//b", ".x", "a/.x", "A", "a b", "a\\b", "a/b/c/d/e", "", "a/", "é", "a\n"],
)
def test_a_name_that_would_leave_the_folder_is_none_of_ours(name: str) -> None:
    assert not ours(name)
    listed = json.dumps({"deskblog": 1, "files": {name: ["0" * 64, 1, 1]}, "coming": {name: "0" * 64}})
    assert read_list(listed.encode()) == {}
    with pytest.raises(ValueError, match=f"^{re.escape(name)}$"):
        written_list({name: Known("0" * 64, 1, 1)}, {})


def test_a_list_past_its_size_is_in_the_way(tmp_path: Path) -> None:
    with (tmp_path / LIST).open("wb") as file:
        file.truncate(limits.SITE_LIST + 1)
    with pytest.raises(Refused):
        keep(tmp_path, FIRST)


# --- broken off -------------------------------------------------------------------------------------------
def test_a_full_disk_is_said_and_the_next_run_goes_on(tmp_path: Path) -> None:
    """A ceiling on the size of files stands for the disk: the system refuses the write either way."""
    keep(tmp_path, FIRST)
    wanted: dict[str, Content] = {**FIRST, "index.html": b"ONE", "posts/b.html": b"x" * 100_000}
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, before[1]))
    try:
        with pytest.raises(Unusable, match="cannot be written") as told:
            keep(tmp_path, wanted)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert told.value.kept and told.value.next_step
    for name, data in held(tmp_path).items():
        assert data in (FIRST.get(name), wanted.get(name))
    keep(tmp_path, wanted)
    assert held(tmp_path) == wanted


KILLED = """
import sys
from pathlib import Path
from deskblog.publish.folder import Copied, keep
place, pipe = Path(sys.argv[1]), Path(sys.argv[2])
keep(place, {"posts/a.html": b"TWO", "posts/c.html": b"new", "x.bin": Copied(pipe, "0" * 64), "index.html": b"ONE"})
"""


@pytest.mark.parametrize("after", [FIRST, {"index.html": b"third"}, {}])
def test_a_run_killed_half_way_is_healed_by_the_next(tmp_path: Path, after: dict[str, Content]) -> None:
    """It hangs at a pipe in the middle of its work, where it is killed; the next may want something else."""
    place, pipe = tmp_path / "site", tmp_path / "pipe"
    keep(place, FIRST)
    os.mkfifo(pipe)
    run = subprocess.Popen([sys.executable, "-c", KILLED, place, pipe])
    with pipe.open("wb"):  # opens when the other side has come so far
        run.send_signal(signal.SIGKILL)
        run.wait()
    assert held(place)["posts/a.html"] == b"TWO"
    keep(place, after)
    assert held(place) == after


def test_two_runs_at_a_time_do_not_undo_each_other(tmp_path: Path) -> None:
    place, pipe = tmp_path / "site", tmp_path / "pipe"
    os.mkfifo(pipe)
    run = subprocess.Popen([sys.executable, "-c", KILLED, place, pipe])
    with pipe.open("wb"):
        with pytest.raises(Refused, match="already"):
            keep(place, FIRST)
        run.kill()
        run.wait()


# --- bytes that lie elsewhere -----------------------------------------------------------------------------
def copied(file: Path) -> Copied:
    return Copied(file, blake2b(file.read_bytes(), digest_size=32).hexdigest())


def test_a_photo_is_copied_once(tmp_path: Path) -> None:
    photo = tmp_path / "photo"
    photo.write_bytes(b"p" * 3_000_000)
    wanted: dict[str, Content] = {"files/a.jpg": copied(photo)}
    assert keep(tmp_path / "site", wanted) == Changed(1, 0, 0)
    photo.unlink()
    assert keep(tmp_path / "site", wanted) == Changed(0, 0, 1)


def test_bytes_that_are_not_what_they_are_said_to_be_are_not_published(tmp_path: Path) -> None:
    photo = tmp_path / "photo"
    photo.write_bytes(b"something else")
    with pytest.raises(Unusable):
        keep(tmp_path / "site", {"files/a.jpg": Copied(photo, "0" * 64)})
    assert held(tmp_path / "site") == {}


NAMES = st.sampled_from(["index.html", "posts/a.html", "posts/b.html", "people/a.atom", "x.css"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.lists(st.dictionaries(NAMES, st.binary(max_size=3).map(lambda data: b"." + data)), min_size=1, max_size=6))
def test_whatever_is_published_after_whatever_the_folder_is_as_the_last_had_it(
    tmp_path: Path, runs: list[dict[str, bytes]]
) -> None:
    (tmp_path / "theirs").write_bytes(b"theirs")
    for wanted in runs:
        keep(tmp_path, dict(wanted))
        assert held(tmp_path) == {**wanted, "theirs": b"theirs"}
