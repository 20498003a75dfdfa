"""What is said of posts, from one desk to another: reactions, answers taken, corrections, and taking back."""

from __future__ import annotations

from pathlib import Path

import pytest

from deskblog import events
from deskblog.commands import COMMANDS
from deskblog.errors import Refused
from deskblog.log import kinds
from deskblog.values import Row, View
from tests.engine.desk import Desk, desks


def last(desk: Desk, text: str) -> Row | None:
    """The row with that text as this desk was last told of it."""
    told = [event.rows for event in desk.said if isinstance(event, events.Posted | events.RowsChanged)]
    return next((row for rows in reversed(told) for row in rows if row.text == text), None)


async def together(anne: Desk, paul: Desk) -> None:
    await anne.found()
    await anne.admit(paul)


async def test_a_reaction_is_seen_by_both_and_is_no_post(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await together(anne, paul)
        post = await anne.engine.post("Cake at four")
        await paul.until_held("Cake at four")
        await paul.engine.talk.react(post.id, "☕")

        def reacted() -> bool:
            row = last(anne, "Cake at four")
            return row is not None and [(one.sign, one.people) for one in row.reactions] == [("☕", ("Paul",))]

        await anne.until(reacted)
        assert anne.texts_told() == ["Cake at four"]
        before = len(await paul.rows())
        again = await paul.engine.talk.react(post.id, "☕")
        assert again.reactions[0].mine and len(await paul.rows()) == before
        await paul.engine.talk.react(post.id, "")
        await anne.until(lambda: (row := last(anne, "Cake at four")) is not None and not row.reactions)


async def test_of_two_pcs_with_clocks_apart_what_was_said_last_holds(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        post = await anne.engine.post("Cake at four")
        for sign in ("👍", "☕", "", "🎉"):
            row = await anne.engine.talk.react(post.id, sign)
            assert [one.sign for one in row.reactions] == [sign] * bool(sign)


async def test_the_asker_takes_an_answer_and_the_question_is_open_no_more(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await together(anne, paul)
        asked = await anne.engine.post("Who has the key?", kind="question")
        await paul.until_held("Who has the key?")
        answer = await paul.engine.post("I have", answer_to=asked.id)
        await anne.until_held("I have")
        assert (row := last(anne, "Who has the key?")) is not None and row.answers == 1
        with pytest.raises(Refused, match="Only Anne"):
            await paul.engine.talk.solve(asked.id, answer.id)
        await anne.engine.talk.solve(asked.id, answer.id)
        await paul.until(lambda: (row := last(paul, "Who has the key?")) is not None and row.solved == answer.id)
        assert (await paul.engine.timeline(view=View.OPEN)).rows == ()
        await anne.engine.talk.solve(asked.id, "")
        await paul.until(lambda: (row := last(paul, "Who has the key?")) is not None and not row.solved)
        assert [row.id for row in (await paul.engine.timeline(view=View.OPEN)).rows] == [asked.id]


async def test_what_cannot_be_said_is_refused_in_words(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        post, other = await anne.engine.post("One"), await anne.engine.post("Two", kind="question")
        with pytest.raises(Refused, match="not one of the signs"):
            await anne.engine.talk.react(post.id, "💣")
        with pytest.raises(Refused, match="not a question"):
            await anne.engine.talk.solve(post.id, other.id)
        with pytest.raises(Refused, match="no answer to that"):
            await anne.engine.talk.solve(other.id, post.id)
        with pytest.raises(Refused, match="There is no post"):
            await anne.engine.talk.react("abcdef", "👍")
        with pytest.raises(Refused, match="characters"):
            await anne.engine.talk.correct(post.id, "x" * 281)
        assert [row.text for row in await anne.rows()] == ["Two", "One"]


async def test_a_correction_is_found_by_its_new_words_and_all_versions_are_kept(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await together(anne, paul)
        post = await anne.engine.post("Lunch at tvelve")
        await paul.until_held("Lunch at tvelve")
        with pytest.raises(Refused, match="Only Anne"):
            await paul.engine.talk.correct(post.id, "No lunch")
        await anne.engine.talk.correct(post.id, "Lunch at twelve")
        await paul.until_held("Lunch at twelve")
        assert [row.text for row in (await paul.engine.search("twelve")).rows] == ["Lunch at twelve"]
        assert (await paul.engine.search("tvelve")).rows == ()
        versions = await paul.engine.talk.versions(post.id)
        assert [one.text for one in versions] == ["Lunch at tvelve", "Lunch at twelve"]
        assert not (await paul.rows())[0].corrected, "within ten minutes"


async def test_who_withdraws_a_post_withdraws_all_it_ever_said(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await together(anne, paul)
        post = await anne.engine.post("Salary of Karim: 3000")
        for text in ("Salary of Karim: 3100", "Salary of Karim: 3200"):
            await anne.engine.talk.correct(post.id, text)
        await paul.until_held("Salary of Karim: 3200")
        await anne.engine.withdraw(post.id)
        await paul.until_rows(lambda rows: not rows)
        for desk in (anne, paul):
            store = desk.engine._vault.store
            bodies = await desk.engine._vault.call(
                store.database.rows, "SELECT body FROM entry WHERE body IS NOT NULL"
            )
            assert not any(b"Salary" in body for (body,) in bodies)


def test_each_sign_is_taken_however_it_is_typed() -> None:
    from deskblog.engine.talk import _sign

    assert [_sign(sign) for sign in kinds.SIGNS] == list(kinds.SIGNS)
    assert _sign("❤") == "❤️" and _sign(" 👍 ") == "👍" and _sign("") == ""


async def test_every_act_is_a_command_too(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()

        async def run(do: str, **args: object) -> list[dict[str, object]]:
            return [line async for line in COMMANDS[do](anne.engine, dict(args), anne.bell.hear)]

        (asked,) = await run("post", text="Who has the kee?", question=True)
        (answer,) = await run("post", text="Me", answer=asked["id"])
        (row,) = await run("react", id=asked["id"], sign="👀")
        assert row["reactions"] == {"👀": ["Anne"]} and row["answer_count"] == 1 and row["solved"] is None
        (row,) = await run("correct", id=asked["id"], text="Who has the key?")
        assert row["text"] == "Who has the key?" and row["corrected"] is False
        assert [line["text"] for line in await run("versions", id=asked["id"])] == [
            "Who has the kee?",
            "Who has the key?",
        ]
        assert [line["id"] for line in await run("timeline", view="open")] == [asked["id"]]
        (row,) = await run("solve", id=asked["id"], answer=answer["id"])
        assert row["solved"] == answer["id"] and await run("timeline", view="open") == []
        (shown,) = await run("show", id=asked["id"])
        assert [line["text"] for line in shown["answers"]] == ["Me"]  # type: ignore[attr-defined]
        (row,) = await run("solve", id=asked["id"])
        assert row["solved"] is None


async def test_who_answered_such_questions_may_know(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        assert await anne.engine.talk.knows("Where is the projector cable?", 3) == ()
        for text in ("Where is the projector?", "Who has the projector cable?"):
            asked = await anne.engine.post(text, kind="question")
            await paul.until_held(text)
            answer = await paul.engine.post(f"In the cellar: {text}", answer_to=asked.id)
            await anne.until_held(f"In the cellar: {text}")
            await anne.engine.talk.solve(asked.id, answer.id)
        own = await anne.engine.post("Which cable for the projector?", kind="question")
        mine = await anne.engine.post("The black one", answer_to=own.id)
        await anne.engine.talk.solve(own.id, mine.id)
        assert await anne.engine.talk.knows("Any projector cable?", 3) == (("Paul", 2),)
        assert await anne.engine.talk.knows("Lunch at noon?", 3) == ()
        found = [
            line async for line in COMMANDS["who"](anne.engine, {"text": "projector cable"}, lambda _h: lambda: None)
        ]
        assert found == [{"person": "Paul", "answers": 2}]
        rows = [line async for line in COMMANDS["like"](anne.engine, {"text": "projector"}, lambda _h: lambda: None)]
        assert len(rows) == 3
