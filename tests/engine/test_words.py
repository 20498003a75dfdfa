"""What commands answer reads as text too, each of them, from a real office."""

from __future__ import annotations

from pathlib import Path

from deskblog import commands
from deskblog.cli_text import line_text
from deskblog.commands import COMMANDS
from tests.engine.desk import desks


def test_no_two_commands_have_one_name() -> None:
    groups = [
        vars(module)["COMMANDS"]
        for module in vars(commands).values()
        if "COMMANDS" in getattr(module, "__dict__", {})
    ]
    assert len(groups) >= 10
    assert sum(map(len, groups)) == len(COMMANDS)


async def test_every_act_of_talk_reads_as_text(tmp_path: Path) -> None:
    (tmp_path / "menu.txt").write_text("soup")
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()

        async def say(command: str, **args: object) -> list[str]:
            found = COMMANDS[command](anne.engine, args, lambda _hear: lambda: None)
            return [line_text(command, line) async for line in found]

        (posted,) = await say("post", text="Lunch? #kitchen", attach=[str(tmp_path / "menu.txt")], question=True)
        ident = posted.split()[-1]
        (asked,) = await say("poll", text="When?", options=["Monday", "Tuesday"])
        assert asked.splitlines()[1:] == ["    1. Monday: 0", "    2. Tuesday: 0"]
        (voted,) = await say("vote", id=asked.split()[0], numbers=[2])
        assert voted.splitlines()[2] == "    2. Tuesday: 1 (Anne)"
        (shown,) = await say("show", id=ident)
        assert "[1: menu.txt]" in shown
        (saved,) = await say("save", id=ident, folder=str(tmp_path / "out"))
        assert saved == f"Saved: {tmp_path / 'out' / 'menu.txt'}"
        (kept,) = await say("at-hand", id=ident)
        assert kept.startswith(ident)
        assert await say("saved", name="Mine", words="from:anne") == ["Mine: from:anne"]
        assert await say("watch", add=["lunch"]) == ["lunch"]
        await say("status", text="Tea")
        (doing,) = await say("status", history="")
        assert doing.endswith("  Tea")
        (answered,) = await say("post", text="Yes", answer=ident)
        await say("solve", id=ident, answer=answered.split()[-1])
        assert len(await say("like", text="Lunch")) == 1
        assert await say("who", text="Lunch") == []
        assert await say("export", file=str(tmp_path / "all.html")) == ["3 posts are in the file."]


async def test_what_is_said_of_people_and_groups_reads_as_text(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("2019-05-03 Moved in")
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)

        async def say(command: str, **args: object) -> list[str]:
            found = COMMANDS[command](anne.engine, args, lambda _hear: lambda: None)
            return [line_text(command, line) async for line in found]

        (sealed,) = await say("post", text="only you", to=["Paul"])
        (shown,) = await say("show", id=sealed.split()[-1])
        assert shown.endswith("Anne: 🔒 [Paul] only you")
        assert await say("readers", id=sealed.split()[-1]) == ["Anne", "Paul"]
        assert await say("group", do="new", name="Council", people=["Paul"]) == ["Council (closed): Anne, Paul"]
        assert await say("group", do="rename", name="Council", people=["The council"]) == [
            "The council (closed): Anne, Paul"
        ]
        (grouped,) = await say("post", text="agenda", group="The council")
        (shown,) = await say("show", id=grouped.split()[-1])
        assert shown.endswith("Anne: 🔒 [The council] agenda")
        assert await say("group", do="remove", name="The council", people=["Paul"]) == ["The council (closed): Anne"]
        assert await say("group", do="add", name="The council", people=["Paul"]) == [
            "The council (closed): Anne, Paul"
        ]
        assert await say("group", do="join", name="#Sales") == ["#sales (open): Anne"]
        assert await say("groups") == ["The council (closed): Anne, Paul", "#sales (open): Anne"]
        assert await say("group", do="leave", name="#sales") == ["#sales (open): nobody"]
        assert await say("group", do="end", name="The council") == ["The council (closed): Anne, Paul"]
        assert await say("groups") == []
        assert await say("profile", job="Director", phone="12") == ["Anne: Director, 12"]
        assert await say("profile", person="Paul") == ["Paul: –"]
        assert await say("keys") == []
        await say("post", text="cake", coffee=True)
        assert [line[-6:] for line in await say("timeline", view="coffee")] == ["☕ cake"]
        assert await say("import", file=str(tmp_path / "mine.txt"), dry=True) == ["1 post is new."]
        assert await say("import", file=str(tmp_path / "mine.txt")) == ["1 post was brought in."]
        assert await say("import", file=str(tmp_path / "mine.txt")) == ["0 posts are new. 1 was brought in before."]
        assert (await say("timeline"))[-1].endswith("Anne: [text] Moved in")
        assert await say("export", file=str(tmp_path / "all.html")) == [
            "2 posts are in the file. 2 sealed messages are left out."
        ]
