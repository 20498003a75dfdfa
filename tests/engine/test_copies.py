"""Copies and backups of a PC, with real engines: nothing is lost, and a person is told in words."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

from deskblog import events
from tests.engine.desk import Desk, desks


def troubles(desk: Desk, where: str) -> list[events.Trouble]:
    return [event for event in desk.said if isinstance(event, events.Trouble) and event.where == where]


async def safe(desk: Desk) -> None:
    """Waits until it is said that all posts are elsewhere too."""
    async with asyncio.timeout(20):
        while await desk.engine.only_here():
            seen = len(desk.said)
            await desk.until(lambda: len(desk.said) > seen)  # noqa: B023


async def copied(folder: Path, name: str, to: str) -> None:
    """Copies a whole PC: data folder, and what the system keeps elsewhere."""
    for part in ("", "-state"):
        source = folder / f"{name}{part}"
        if source.exists():
            await asyncio.to_thread(shutil.copytree, source, folder / to / f"{name}{part}")


async def test_a_pc_restored_from_an_image_gets_back_what_it_wrote_since(tmp_path: Path) -> None:
    """The image has the mark's double too, so nothing tells at the start that it is old: the colleague's heads do."""
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        await paul.engine.post("In the image")
        await anne.until_held("In the image")
        await paul.engine.stop()
        await copied(tmp_path, "Paul", "image")
        again = Desk(tmp_path, "Paul")
        await again.engine.start()
        await again.meet(anne)
        await again.engine.post("After the image")
        await anne.until_held("After the image")
        await again.engine.stop()
        restored = Desk(tmp_path / "image", "Paul")
        await restored.engine.start()
        try:
            await restored.engine.post("Written before any colleague was met")
            await restored.meet(anne)
            await restored.until_held("After the image")
            await restored.engine.post("Afterwards")
            everything = ("In the image", "After the image", "Written before any colleague was met", "Afterwards")
            await anne.until_held(*everything)
            await restored.until_held(*everything)
            (said,) = troubles(restored, "copies")
            assert said.kept and said.next_step
        finally:
            await restored.engine.stop()


async def test_two_pcs_with_one_key_are_told_and_both_go_on(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        await paul.engine.post("Before")
        await anne.until_held("Before")
        await paul.engine.stop()
        await copied(tmp_path, "Paul", "clone")
        one, other = Desk(tmp_path, "Paul"), Desk(tmp_path / "clone", "Paul")
        try:
            await one.engine.start()
            await one.meet(anne)
            await other.engine.start()
            other.engine.reach(anne.address)
            await anne.until(lambda: bool(troubles(anne, "twins")))
            await one.until(lambda: bool(troubles(one, "twins")))
            await other.until(lambda: bool(troubles(other, "twins")))
            assert "Paul" in troubles(anne, "twins")[0].what
            await one.engine.post("From the one")
            await other.engine.post("From the other")
            await anne.until_held("From the one", "From the other")
        finally:
            await one.engine.stop()
            await other.engine.stop()


async def test_a_restart_is_no_copy(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        for n in range(3):
            await paul.engine.stop()
            paul = Desk(tmp_path, "Paul")
            await paul.engine.start()
            await paul.meet(anne)
            await paul.engine.post(f"Start {n}")
            await anne.until_held(f"Start {n}")
        assert not troubles(anne, "twins") and not troubles(paul, "twins") and not troubles(paul, "copies")
        await paul.engine.stop()


async def test_it_is_safe_to_close_once_a_colleague_has_it(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        assert await anne.engine.only_here() == 0
        row = await anne.engine.post("Is it safe?")
        await safe(anne)
        assert await anne.engine.only_here() == 0
        assert await anne.engine.copies([row.id]) == {row.id: 1}
        assert await paul.engine.copies([row.id]) == {}
        await paul.engine.stop()
        await anne.until(lambda: "Paul" not in anne.linked_with())
        lonely = await anne.engine.post("Nobody is there")
        assert await anne.engine.only_here() == 1
        assert await anne.engine.copies([row.id, lonely.id]) == {row.id: 1, lonely.id: 0}
        await anne.engine.stop()
        anne = Desk(tmp_path, "Anne")
        await anne.engine.start()
        assert await anne.engine.copies([row.id, lonely.id]) == {row.id: 1, lonely.id: 0}
        paul = Desk(tmp_path, "Paul")
        await paul.engine.start()
        await paul.meet(anne)
        await safe(anne)
        assert await anne.engine.copies([row.id, lonely.id]) == {row.id: 1, lonely.id: 1}
        await paul.engine.stop()
        await anne.engine.stop()


async def test_a_withdrawn_post_goes_from_every_pc_that_hears_of_it(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul", "Karim") as (anne, paul, karim):
        await anne.found()
        await anne.admit(paul)
        await anne.admit(karim)
        row = await paul.engine.post("Said too early")
        await anne.until_held("Said too early")
        await karim.until_held("Said too early")
        await karim.engine.stop()
        await paul.engine.withdraw(row.id[:12])
        await anne.until(lambda: any(isinstance(event, events.TimelineChanged) for event in anne.said))
        assert not await anne.rows() and not await paul.rows()
        karim = Desk(tmp_path, "Karim")
        await karim.engine.start()
        await karim.meet(anne)
        await karim.until(lambda: any(isinstance(event, events.TimelineChanged) for event in karim.said))
        assert not await karim.rows()
        await karim.engine.stop()
