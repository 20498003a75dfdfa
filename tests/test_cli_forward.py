"""`deskblog forward`: said, agreed to, shown, ended; and no key in what is printed."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from deskblog.cli import main
from tests.attention.gateways import Gateway, gateway
from tests.engine.desk import desks

KEY = "s3cr3tk3y"


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
def there() -> Iterator[Gateway]:
    with gateway() as made:
        yield made


def run(capsys: pytest.CaptureFixture[str], folder: Path, *words: str) -> tuple[int, str, str]:
    code = main(["--data", str(folder / "Anne"), *words])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_what_carriers_learn_is_read_and_agreed_to_before_they_are_given_a_key(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out, _err = run(capsys, folder, "forward", "carriers")
    assert code == 0 and out.startswith("[ ] Karim's PC ")
    address = f"freemobile://12345678/{KEY}"
    code, _out, err = run(capsys, folder, "forward", "set", address, "--carrier", "Karim")
    assert code == 1 and "With this key those PCs can send SMS to your own phone" in err and "--agreed" in err
    assert run(capsys, folder, "forward", "show")[1] == "Nothing is sent after you.\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{address}\n\n"))
    words = ("forward", "set", "-", "--carrier", "Karim", "--cap", "10", "--hours", "8-19", "--agreed")
    code, out, err = run(capsys, folder, *words)
    assert (code, err) == (0, "")
    assert out.splitlines()[:2] == ["Sent to: freemobile://…", "What: announcements, mentions"]
    assert out.splitlines()[3:] == ["Hours: 8 to 19", "This month: 0 of 10"]
    code, out, err = run(capsys, folder, "forward", "set", "--kinds", "sealed", "--until", "2030-01-01")
    assert "What: sealed" in out and "Hours: 8 to 19" in out and "Until 2030-01-01 23:59" in out
    code, out, _err = run(capsys, folder, "forward", "show", "--json")
    [line] = [json.loads(line) for line in out.splitlines()]
    assert line["addresses"] == ["freemobile://…"] and line["carriers"][0]["person"] == "Karim" and line["cap"] == 10
    assert KEY not in out + err
    assert run(capsys, folder, "forward", "off")[1] == "Nothing is sent after you.\n"


def test_a_test_message_and_what_the_gateway_says(
    folder: Path, there: Gateway, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _err = run(capsys, folder, "forward", "test", f"json://a:{KEY}@{there.address}/200")
    assert (code, out) == (0, "Sent: the gateway took it.\n")
    assert [body["message"] for _path, _headers, body in there.taken] == ["deskblog reaches you here."]
    _code, out, _err = run(capsys, folder, "forward", "test", f"json://a:{KEY}@{there.address}/403")
    assert out.startswith("Not sent: the gateway refuses the credential (403)") and KEY not in out
    code, out, err = run(capsys, folder, "forward", "test", f"slack://{KEY}")
    assert code == 1 and KEY not in out + err


@pytest.mark.parametrize("words", [("--kinds", "all"), ("--cap", "0"), ("--hours", "8"), ("--until", "soon")])
def test_what_makes_no_sense_is_wrong_usage(
    folder: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run(capsys, folder, "forward", "set", *words)
    assert ended.value.code == 2


def test_for_whom_a_pc_sends_and_no_more(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async def choose() -> None:
        async with desks(folder, "Anne", "Karim") as (anne, karim):
            await anne.meet(karim)
            await karim.engine.forwarding.set(["ntfy://there/topic"], carriers=["Anne"])

            async with asyncio.timeout(20):
                while not await anne.engine.forwarding.carried():
                    anne._news.clear()
                    await anne._news.wait()

    asyncio.run(choose())
    out = run(capsys, folder, "forward", "show")[1]
    assert out.splitlines()[-1] == "This PC sends for Karim."
    assert run(capsys, folder, "forward", "decline", "Karim")[1] == "This PC sends nothing for Karim.\n"
    assert run(capsys, folder, "forward", "decline", "Karim", "--allow")[1] == "This PC sends for Karim.\n"
