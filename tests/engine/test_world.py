"""The world's faults, met by a whole engine: told in one sentence with what to do; what was acknowledged is kept."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest

from deskblog.engine import Engine, Options
from deskblog.errors import InUse, Unusable
from tests.engine.desk import Desk, desks
from tests.store.faults import SmallDisk


async def test_a_full_disk_is_told_and_all_that_was_acknowledged_can_still_be_read(tmp_path: Path) -> None:
    (tmp_path / "small").mkdir()
    disk = SmallDisk(tmp_path / "small")
    written: list[str] = []
    try:
        async with desks(tmp_path / "small", "Anne", network=False) as (anne,):
            await anne.found()
            await anne.engine.post("before")
            vault = anne.engine._vault
            await vault.call(disk.fill, vault.store)
            fault = await until_refused(anne, written)
            assert "The disk is full" in fault.what and fault.kept and fault.next_step
            assert [row.text for row in reversed(await anne.rows())] == ["before", *written]
        async with desks(tmp_path / "small", "Anne", network=False) as (anne,):
            assert [row.text for row in reversed(await anne.rows())] == ["before", *written]
    finally:
        disk.close()


async def until_refused(desk: Desk, written: list[str]) -> Unusable:
    """Posts until there is no room; what was acknowledged is in `written`."""
    for n in range(300):
        try:
            await desk.engine.post(f"post {n}")
        except Unusable as fault:
            return fault
        written.append(f"post {n}")
    raise AssertionError("never full")


async def test_one_folder_is_for_one_program(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne") as (anne,):
        other = Engine(anne.folder, lambda _event: None, options=Options(network=False, state=tmp_path / "s"))
        with pytest.raises(InUse, match="already running") as fault:
            await other.start()
        assert "--data" in fault.value.next_step


async def test_a_program_that_is_about_to_end_is_waited_for(tmp_path: Path) -> None:
    """A command has the folder for a moment, just as the app starts with the session."""
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        patient = Options(network=False, state=tmp_path / "Anne-state", patience=20.0)
        app = Engine(anne.folder, lambda _event: None, options=patient)
        starting = asyncio.create_task(app.start())
        assert await asyncio.wait([starting], timeout=0.2) == (set(), {starting}), "it does not say that it cannot"
        await anne.engine.stop()
        await starting
        assert app.in_office
        await app.stop()


async def test_a_taken_port_is_passed_over(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET6) as taken:
        taken.bind(("::", 0))
        taken.listen()
        port: int = taken.getsockname()[1]
        anne = Desk(tmp_path, "Anne", port=port)
        await anne.engine.start()
        try:
            assert anne.engine.port not in (0, port)
        finally:
            await anne.engine.stop()


async def test_a_damaged_store_is_set_aside_and_the_office_heals_it(tmp_path: Path) -> None:
    async with desks(tmp_path, "Paul") as (paul,):
        async with desks(tmp_path, "Anne") as (anne,):
            await anne.found()
            await anne.admit(paul)
            for n in range(20):
                await anne.engine.post(f"kept {n}")
            await paul.until_held("kept 19")
        (tmp_path / "Anne" / "posts.db").write_bytes(b"not a database " * 4096)
        async with desks(tmp_path, "Anne") as (anne,):
            assert "damaged" in "".join(getattr(event, "what", "") for event in anne.said)
            assert anne.engine.in_office and await anne.rows() == ()
            await anne.meet(paul)
            await anne.until_held(*(f"kept {n}" for n in range(20)))
            await anne.engine.post("and I go on in a new log")
            await paul.until_held("and I go on in a new log")
        assert len(list((tmp_path / "Anne").glob("posts.damaged-*.db"))) == 1
