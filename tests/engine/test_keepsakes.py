"""What a person keeps for themselves: kept over a restart and in a backup, and told to nobody."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from deskblog.commands import COMMANDS
from deskblog.engine.keepsakes import MOST_SEARCHES
from deskblog.errors import Refused
from deskblog.store.keeping import read_backup
from deskblog.store.watch import watched
from deskblog.values import Search, View
from tests.engine.desk import Desk, desks


async def kept(desk: Desk) -> list[str]:
    return [row.text for row in (await desk.engine.timeline(view=View.KEPT)).rows]


async def test_a_post_is_kept_until_it_is_not_and_nobody_hears_of_it(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        for text in ("one", "two", "three"):
            await paul.engine.post(text)
        await anne.until_held("one", "two", "three")
        rows = {row.text: row for row in await anne.rows()}
        heads = anne.engine._vault.store.own_logs()
        assert (await anne.engine.keepsakes.keep(rows["one"].id)).kept
        assert (await anne.engine.keepsakes.keep(rows["three"].id[:12])).kept
        assert anne.engine._vault.store.own_logs() == heads, "nothing was written that travels"
        assert await kept(anne) == ["three", "one"] and await kept(paul) == []
        await anne.engine.stop()
        anne = Desk(tmp_path, "Anne")
        await anne.engine.start()
        try:
            assert await kept(anne) == ["three", "one"]
            assert not (await anne.engine.keepsakes.keep(rows["three"].id, on=False)).kept
            await paul.engine.withdraw(rows["one"].id)
            await anne.meet(paul)
            await anne.until_rows(lambda found: all(row.text != "one" for row in found))
            assert await kept(anne) == []
        finally:
            await anne.engine.stop()


async def test_searches_and_words_are_kept_and_come_back_with_a_backup(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        keepsakes = anne.engine.keepsakes
        await keepsakes.keep_search(" Sales  of  the year", "tag:sales after:2026 ")
        await keepsakes.keep_search("Sales of the year", "tag:sales")
        await keepsakes.keep_search("Other", "x")
        await keepsakes.keep_search("Other", "")
        assert keepsakes.searches == (Search("Sales of the year", "tag:sales"),)
        assert await keepsakes.watch(["Lyon", " Lyon ", "#ventes", ""]) == ("Lyon", "#ventes")
        post = await anne.engine.post("Lyon called")
        await keepsakes.keep(post.id)
        await anne.engine.keeping.backup(tmp_path / "all.backup")
        with pytest.raises(Refused, match="too long"):
            await keepsakes.watch(["x" * 61])
        for n in range(MOST_SEARCHES - 1):
            await keepsakes.keep_search(str(n), "x")
        with pytest.raises(Refused, match="the most that can be kept"):
            await keepsakes.keep_search("one more", "x")
    await asyncio.to_thread(read_backup, tmp_path / "all.backup", "", tmp_path / "Again", lambda: 0)
    again = Desk(tmp_path, "Again", network=False)
    await again.engine.start()
    assert await kept(again) == ["Lyon called"]
    assert again.engine.keepsakes.searches == (Search("Sales of the year", "tag:sales"),)
    assert again.engine.keepsakes.words == ("Lyon", "#ventes")
    await again.engine.stop()


@pytest.mark.parametrize("nonsense", ["{", "[1, 2]", '["no id"]', "null", '[{"name": 1}]'])
async def test_a_setting_that_makes_no_sense_is_nothing(nonsense: str, tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        for key in ("ui-kept", "ui-searches", "ui-words"):
            await anne.engine._vault.call(anne.engine._vault.store.put, key, nonsense)
        await anne.engine.stop()
        anne = Desk(tmp_path, "Anne", network=False)
        await anne.engine.start()
        assert await kept(anne) == [] and anne.engine.keepsakes.searches == ()
        await anne.engine.stop()


@pytest.mark.parametrize(
    ("word", "text", "has"),
    [
        ("lyon", "We go to LYON.", True),
        ("ete", "L’été est là", True),
        ("été", "ete", True),
        ("Lyon", "Lyonnais", False),
        ("lyon*", "Lyonnais", True),
        ("#ventes", "voir #Ventes", True),
        ("#ventes", "les ventes", False),
        ("price list", "The new price list is here", True),
        ("price list", "list price", False),
        ("price li*", "price lists", True),
        ("...", "...", False),
        ("", "anything", False),
    ],
)
def test_which_words_a_text_has(word: str, text: str, has: bool) -> None:
    assert watched([word], text) is has


async def test_each_act_is_a_command(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()

        async def run(command: str, **args: object) -> list[dict[str, object]]:
            return [line async for line in COMMANDS[command](anne.engine, args, lambda _hear: lambda: None)]

        post = await anne.engine.post("keep me")
        (line,) = await run("at-hand", id=post.id)
        assert line["kept"] is True
        assert await run("saved", name="Mine", words="from:anne") == [{"name": "Mine", "words": "from:anne"}]
        assert await run("saved", name="Mine", words="") == []
        assert await run("watch", add=["a", "b"]) == [{"word": "a"}, {"word": "b"}]
        assert await run("watch", remove=["a"]) == [{"word": "b"}]
        (line,) = await run("at-hand", id=post.id, remove=True)
        assert line["kept"] is False
