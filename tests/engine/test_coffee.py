"""The coffee corner: apart from everything else, and emptied by age."""

from __future__ import annotations

from pathlib import Path

from deskblog.values import Audience, View
from tests.engine.desk import Desk, desks

COFFEE = Audience(coffee=True)


async def seen(desk: Desk, view: View) -> list[str]:
    return [row.text for row in (await desk.engine.timeline(view=view)).rows]


async def until_drunk(desk: Desk, text: str) -> None:
    await desk.until(lambda: text in desk.texts_told())


async def test_it_is_on_no_other_part_and_on_everybody_s_own(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        cake = await anne.engine.post("Cake in the kitchen, @Paul #cake", to=COFFEE)
        await until_drunk(paul, cake.text)
        answer = await paul.engine.post("What kind?", answer_to=cake.id)
        assert answer.kind == "coffee", "what answers coffee is coffee"
        await until_drunk(anne, "What kind?")
        await anne.engine.post("Sales meeting at two")
        for desk in (anne, paul):
            await desk.until_held("Sales meeting at two")
            assert await seen(desk, View.ALL) == ["Sales meeting at two"]
            assert await seen(desk, View.COFFEE) == ["What kind?", cake.text]
            assert await seen(desk, View.MENTIONS) == []
            assert (await desk.engine.search("cake")).rows == ()
            assert [row.text for row in (await desk.engine.search("cake is:coffee")).rows] == [cake.text]
            assert [row.text for row in (await desk.engine.show(cake.id)).answers] == ["What kind?"]
        await anne.engine.talk.react(answer.id, "😄")
        await anne.engine.talk.correct(cake.id, "Lemon cake in the kitchen")
        await anne.engine.withdraw(cake.id)
        assert await seen(anne, View.COFFEE) == ["What kind?"]
