"""`deskblog bundle`: on the store alone and through an engine that runs."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deskblog.cli import main
from deskblog.control import Bell, ControlServer
from deskblog.engine import EngineThread, Options
from tests.engine.desk import desks


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Anne's office, which Karim joined; both are off."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("DESKBLOG_LANGUAGE", "en")

    async def join() -> None:
        async with desks(tmp_path, "Anne", "Karim") as (anne, karim):
            await anne.found()
            await anne.admit(karim)

    asyncio.run(join())
    return tmp_path


@pytest.fixture
def running(folder: Path) -> Iterator[None]:
    """Karim's engine, with its local door open."""
    bell = Bell()
    thread = EngineThread(folder / "Karim", bell.ring, Options(discovery=False, port=0, state=folder / "Karim-state"))
    thread.start().result(20)
    door = ControlServer(thread.engine, bell, folder / "Karim")
    thread.submit(door.start()).result(20)
    yield
    thread.submit(door.stop()).result(20)
    thread.stop()
    assert "deskblog-engine" not in {one.name for one in threading.enumerate()}


def run(capsys: pytest.CaptureFixture[str], folder: Path, who: str, *words: str) -> tuple[int, str, str]:
    code = main(["--data", str(folder / who), *words])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_a_bundle_each_way_with_words_and_as_json(
    folder: Path, running: None, capsys: pytest.CaptureFixture[str]
) -> None:
    there, back = str(folder / "there.pli"), str(folder / "back.pli")
    assert run(capsys, folder, "Anne", "post", "bonjour")[0] == 0
    code, said, _err = run(capsys, folder, "Anne", "bundle", "write", there)
    assert code == 0 and said.startswith("In there.pli: 1 post. Carry it over")
    _code, said, _err = run(capsys, folder, "Karim", "bundle", "read", there, "--json")
    line = json.loads(said)
    assert (line["writer"], line["new"], line["known"], line["people"]) == ("Anne", 1, 0, {"Anne": 1})
    assert (line["lacking"], line["answer"]) == (0, 0)
    assert line["say"].startswith("1 post is new, from Anne. Anne wrote it on")
    run(capsys, folder, "Karim", "post", "bonsoir")
    _code, said, _err = run(capsys, folder, "Karim", "bundle", "write", back, "--json")
    line = json.loads(said)
    assert (line["posts"], line["whole"], line["against"], line["since"]) == (1, False, ["Anne"], None)
    assert line["bytes"] == Path(back).stat().st_size
    code, said, _err = run(capsys, folder, "Anne", "bundle", "read", back)
    assert (
        code == 0
        and said.startswith("1 post is new, from Karim. Karim wrote")
        and "Nothing from here was missing there." in said
    )
    code, said, _err = run(capsys, folder, "Anne", "bundle", "read", back)
    assert code == 0 and said.startswith("No post in it is new. 1 was here already.")


def test_since_is_days_or_a_day(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(folder / "a.pli")
    run(capsys, folder, "Anne", "post", "today")
    tomorrow = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
    for since, posts in (("1", 1), ("2020-01-31", 1), (tomorrow, 0)):
        _code, said, _err = run(capsys, folder, "Anne", "bundle", "write", file, "--since", since, "--json")
        assert json.loads(said)["posts"] == posts
    assert "What is older than" in run(capsys, folder, "Anne", "bundle", "write", file, "--since", tomorrow)[1]
    said = run(capsys, folder, "Karim", "bundle", "read", file)[1]
    assert "ask Anne for a whole one. Nothing is lost." in said
    for wrong in ("0", "soon", "99999999", "2026-02-31"):
        with pytest.raises(SystemExit) as ended:
            run(capsys, folder, "Anne", "bundle", "write", file, "--since", wrong)
        assert ended.value.code == 2
        capsys.readouterr()


def test_what_fails_is_explained(folder: Path, running: None, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "letter.txt").write_text("Dear colleagues")
    for who in ("Anne", "Karim"):
        code, said, err = run(capsys, folder, who, "bundle", "read", str(folder / "letter.txt"), "--json")
        assert (code, said) == (1, "") and json.loads(err)["kept"] == "Nothing was taken from it."
        code, _said, err = run(capsys, folder, who, "bundle", "read", str(folder / "nothing"))
        assert code == 1 and "no file" in err
        code, _said, err = run(capsys, folder, who, "bundle", "write", str(folder / "letter.txt" / "a.pli"))
        assert code == 1 and "cannot be written" in err
