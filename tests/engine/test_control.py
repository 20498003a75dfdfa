"""The local door: a command goes through the running engine, and a stranger at it gets nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from deskblog.control import ControlClient, ControlServer, read_asked
from deskblog.errors import Refused, Unusable
from tests.engine.desk import Desk, desks


@pytest.fixture(autouse=True)
def own_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))


@asynccontextmanager
async def served(folder: Path) -> AsyncIterator[tuple[Desk, ControlServer]]:
    async with desks(folder, "Anne") as (anne,):
        await anne.found()
        server = ControlServer(anne.engine, anne.bell, anne.folder)
        await server.start()
        try:
            yield anne, server
        finally:
            await server.stop()


async def client(desk: Desk) -> ControlClient:
    made = await ControlClient.connect(desk.folder)
    assert made is not None
    return made


async def test_commands_are_answered_one_after_another_and_refusals_come_in_words(tmp_path: Path) -> None:
    async with served(tmp_path) as (anne, _server):
        door = await client(anne)
        for n in range(3):
            lines = [line async for line in door.run("post", {"text": f"post {n}"})]
            assert len(lines[0]["id"]) == 64
        with pytest.raises(Refused, match="nothing to post"):
            async for _line in door.run("post", {"text": " "}):
                pass
        rows = [line["text"] async for line in door.run("timeline", {"limit": 2})]
        assert rows == ["post 2", "post 1"]
        await door.close()


async def test_an_invitation_whose_asker_has_gone_is_cancelled(tmp_path: Path) -> None:
    async with served(tmp_path) as (anne, _server):
        door = await client(anne)
        lines = door.run("invite", {"minutes": 10})
        assert (await anext(lines))["code"]
        await door.close()
        await anne.until(lambda: "cancelled" in anne.invitations())


async def test_a_second_invitation_ends_the_first_and_not_itself(tmp_path: Path) -> None:
    async with served(tmp_path) as (anne, _server):
        first_door, second_door = await client(anne), await client(anne)
        first, second = first_door.run("invite", {"minutes": 10}), second_door.run("invite", {"minutes": 10})
        codes = [(await anext(lines))["code"] for lines in (first, second)]
        with pytest.raises(Refused, match="cancelled"):
            await anext(first)
        assert [one.code for one in anne.engine._net().invitations()] == codes[1:]
        waiting = asyncio.ensure_future(anext(second))
        await first_door.close()
        assert await asyncio.wait([waiting], timeout=0.2) == (set(), {waiting}), "its own end has not come"
        await anne.engine.cancel_invitation()
        with pytest.raises(Refused, match="cancelled"):
            await waiting
        await second_door.close()


async def test_two_invitations_at_once_are_two_in_turn(tmp_path: Path) -> None:
    async with served(tmp_path) as (anne, _server):
        first, second = await asyncio.gather(anne.engine.invite(), anne.engine.invite())
        assert anne.invitations() == ["open", "cancelled", "open"]
        assert [one.code for one in anne.engine._net().invitations()] == [second.code] != [first.code]


async def test_without_the_token_nothing_is_answered(tmp_path: Path) -> None:
    async with served(tmp_path) as (anne, _server):
        door = await client(anne)
        door._token = "guessed"
        with pytest.raises(Unusable, match="deskblog ended while it was asked"):
            async for _line in door.run("timeline", {}):
                pass
        await door.close()
        held = json.loads((anne.folder / "control.json").read_text())
        assert (anne.folder / "control.json").stat().st_mode & 0o077 == 0 and len(held["token"]) == 32


STRANGE = (
    b"[" * 20_000, b"[1]", b"null", b"no json", b"\xff", b'{"token": "\\ud800"}',
    '{"do": "timeline", "with": {}, "token": "é"}'.encode(),
)  # fmt: skip


@pytest.mark.parametrize("line", STRANGE, ids=range(len(STRANGE)))
async def test_what_is_no_command_closes_the_door_and_is_nobodys_fault(tmp_path: Path, line: bytes) -> None:
    faults: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, fault: faults.append(fault))
    async with served(tmp_path) as (anne, _server):
        where = json.loads((anne.folder / "control.json").read_text())["unix"]
        reader, writer = await asyncio.open_unix_connection(where)
        writer.write(line + b"\n")
        assert await reader.read() == b""
        writer.close()
        door = await client(anne)
        assert [line async for line in door.run("people", {})]
        await door.close()
    assert faults == []


@pytest.mark.parametrize("asked", [{"do": "nonsense", "with": {}}, {"do": [], "with": {}}, {"do": "people"}])
def test_a_command_that_is_none_is_refused_even_with_the_token(asked: dict[str, object]) -> None:
    assert read_asked(b'{"do": "people", "with": {}, "token": "t"}', "t") == ("people", {})
    with pytest.raises(ValueError, match="no command"):
        read_asked(json.dumps({**asked, "token": "t"}).encode(), "t")


async def test_with_no_engine_there_is_no_door(tmp_path: Path) -> None:
    async with served(tmp_path) as (anne, _server):
        pass
    assert await ControlClient.connect(anne.folder) is None
