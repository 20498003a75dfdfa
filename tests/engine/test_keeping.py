"""Backup, restore, repair and damage, as a person meets them: the command line and real engines."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest

from deskblog import events
from deskblog.cli import main
from deskblog.store.database import FILE
from deskblog.store.keeping import read_backup
from tests.engine.desk import Desk, desks

NOW = 1_800_000_000_000


async def test_what_was_written_since_the_backup_comes_back_with_a_receipt(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        await paul.meet(anne)
        await paul.engine.post("in the backup")
        done = await paul.engine.keeping.backup(tmp_path / "paul.backup", "a passphrase")
        assert done.posts == 1 and await paul.engine.keeping.last_backup() > 0
        for n in range(14):
            await paul.engine.post(f"since then {n}")
        await anne.until_held("since then 13")
        await paul.engine.stop()
        back = await asyncio.to_thread(
            read_backup, tmp_path / "paul.backup", "a passphrase", tmp_path / "new" / "Paul", lambda: NOW
        )
        assert (back.person, back.posts) == ("Paul", 1)
        again = Desk(tmp_path / "new", "Paul")
        await again.engine.start()
        await again.engine.post("first of all")
        await again.meet(anne)
        await again.until(lambda: any(isinstance(event, events.Restored) for event in again.said))
        receipts = [event for event in again.said if isinstance(event, events.Restored)]
        assert sum(one.count for one in receipts) == 14 and receipts[0].people == ("Anne",)
        assert not [event for event in again.said if isinstance(event, events.Trouble)], "a restore is no alarm"
        await anne.until_held("first of all")
        await again.engine.stop()


async def test_a_damaged_page_costs_nothing_that_can_be_read_or_that_others_have(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        await paul.meet(anne)
        said = [f"post number {n}" + " with some words to fill a page" * 6 for n in range(60)]
        for text in said:
            await paul.engine.post(text)
        await anne.until_held(*said)
        await paul.engine.stop()
        await asyncio.to_thread(_spoil, paul.folder / "posts.db")
        again = Desk(tmp_path, "Paul")
        await again.engine.start()
        (trouble,) = [event for event in again.said if isinstance(event, events.Trouble)]
        assert "damaged" in trouble.what and "kept as" in trouble.kept and trouble.next_step
        await again.meet(anne)
        await again.until_held(*said)
        assert not list(again.folder.glob("*.part"))
        await again.engine.stop()


def _spoil(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    for place in range(len(raw) // 4096 // 2, len(raw) // 4096 // 2 + 3):
        raw[place * 4096 : (place + 1) * 4096] = b"\xaa" * 4096
    path.write_bytes(raw)
    path.with_name(FILE + ".damaged").touch()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("DESKBLOG_DATA", str(tmp_path / "data"))
    assert main(["office", "found", "Dupont", "--me", "Anne"]) == 0
    assert main(["post", "kept for ever"]) == 0
    capsys.readouterr()
    return tmp_path


def test_the_commands_back_up_restore_and_repair(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(folder / "all.backup")
    assert main(["backup", file, "--json"]) == 0
    line = json.loads(capsys.readouterr().out)
    assert (line["posts"], line["file"]) == (1, file) and line["acts"] == 3 and line["bytes"] > 500
    assert main(["backup", file]) == 0
    assert "keep it as one keeps a key" in capsys.readouterr().out
    assert main(["post", "not in the backup"]) == 0
    assert main(["restore", file]) == 0
    said = capsys.readouterr().out
    assert "1 post is back" in said and "kept in" in said
    assert main(["timeline", "--json"]) == 0
    assert [json.loads(row)["text"] for row in capsys.readouterr().out.splitlines()] == ["kept for ever"]
    assert main(["repair", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "acts": 3, "entries": 2, "dropped": 0, "wanted": 0, "salvaged": 0, "aside": None,
    }  # fmt: skip
    assert main(["repair"]) == 0
    assert "2 entries were checked" in capsys.readouterr().out


def test_what_is_no_backup_is_refused_in_words(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "letter.txt").write_text("Dear colleagues")
    assert main(["restore", str(folder / "letter.txt")]) == 1
    assert "no backup" in capsys.readouterr().err
    assert main(["restore", str(folder / "nothing")]) == 1
    assert "no file" in capsys.readouterr().err
    assert main(["timeline", "--json"]) == 0
    assert "kept for ever" in capsys.readouterr().out


def test_no_secret_is_an_argument_or_is_printed(folder: Path) -> None:
    """The passphrase comes on stdin; what is printed, and the folder's other files, hold neither it nor the key."""
    file = folder / "sealed.backup"
    command = [sys.executable, "-m", "deskblog", "backup", str(file), "--passphrase"]
    ended = subprocess.run(command, input="open sesame\n", capture_output=True, text=True, check=True, timeout=60)
    key = (folder / "data" / "device.key").read_bytes()
    seed = key[3:37]
    said = (ended.stdout + ended.stderr).encode()
    assert b"sesame" not in said and seed not in said and seed.hex().encode() not in said
    for path in (folder / "data").rglob("*"):
        if path.is_file() and path.name != "device.key":
            raw = path.read_bytes()
            assert seed not in raw and b"sesame" not in raw, path
    assert seed not in file.read_bytes()
    restore = [sys.executable, "-m", "deskblog", "--data", str(folder / "new"), "restore", str(file)]
    wrong = subprocess.run(restore, input="open barley\n", capture_output=True, text=True, check=False, timeout=60)
    assert wrong.returncode == 1 and "passphrase is wrong" in wrong.stderr and "Traceback" not in wrong.stderr
    right = subprocess.run(restore, input="open sesame\n", capture_output=True, text=True, check=True, timeout=60)
    assert "1 post is back" in right.stdout
