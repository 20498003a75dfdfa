"""Bundles between engines that no link ever joins: all arrives, both ways, once, late, twice or in pieces."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.engine.desk import Desk, desks


@asynccontextmanager
async def sites(folder: Path, *others: str) -> AsyncIterator[list[Desk]]:
    """Anne's office; the others joined it, and are on without any network from then on."""
    async with desks(folder, "Anne", *others) as made:
        await made[0].found()
        for other in made[1:]:
            await made[0].admit(other)
    apart = [Desk(folder, desk.name, network=False) for desk in made]
    for desk in apart:
        await desk.engine.start()
    try:
        yield apart
    finally:
        for desk in apart:
            await desk.engine.stop()


async def texts(desk: Desk) -> list[str]:
    return sorted(row.text for row in await desk.rows())


async def test_two_sites_have_the_same_after_a_bundle_each_way(tmp_path: Path) -> None:
    file = tmp_path / "stick" / "to-lille.bundle"
    async with sites(tmp_path, "Karim") as (anne, karim):
        for n in range(3):
            await anne.engine.post(f"from the one site {n}")
        await karim.engine.post("from the other")
        written = await anne.engine.bundles.write(file)
        assert (written.posts, written.whole) == (3, True) and written.size == file.stat().st_size
        read = await karim.engine.bundles.read(file)
        assert (read.writer, read.new, read.known, read.lacking, read.answer) == ("Anne", 3, 0, 0, 1)
        assert read.people == (("Anne", 3),) and len(karim.texts_told()) == 4
        back = await karim.engine.bundles.write(file)
        assert (back.posts, back.entries, back.against) == (1, 2, ("Anne",)), (
            "only what Anne lacks: a post and its opening"
        )
        assert (await anne.engine.bundles.read(file)).new == 1
        assert await texts(anne) == await texts(karim) and len(await texts(anne)) == 4
        assert await anne.engine.only_here() == 0, "Karim said that he holds them"
