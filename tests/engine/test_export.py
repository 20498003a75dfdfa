"""Everything in one file: read by any browser, checked without deskblog."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

from tests.engine.desk import Desk, desks

CHECK = Path(__file__).parents[2] / "docs" / "check_export.py"
NASTY = "</script><img src=x onerror=alert(1)> & <b>bold</b>"


class Seen(HTMLParser):
    """Every tag of a page with its attributes, and the text that stands in paragraphs."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


async def checked(file: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(CHECK), str(file)]
    return await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, timeout=60, check=False)


async def talk(anne: Desk, paul: Desk) -> None:
    await anne.found()
    await anne.admit(paul)
    asked = await anne.engine.post("Who has the kee?", kind="question")
    await anne.engine.talk.correct(asked.id, "Who has the key?")
    await paul.until_held("Who has the key?")
    answer = await paul.engine.post(NASTY, answer_to=asked.id)
    await anne.until_held(NASTY)
    await anne.engine.talk.react(answer.id, "👍")
    await anne.engine.polls.begin("When?", ["Monday", "Tuesday"])
    gone = await anne.engine.post("withdrawn")
    await anne.engine.withdraw(gone.id)


async def test_a_page_shows_all_and_what_others_wrote_is_text(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await talk(anne, paul)
        assert (await anne.engine.exporting.all(tmp_path / "all.html")).posts == 3
    content = await asyncio.to_thread((tmp_path / "all.html").read_text, encoding="utf-8")
    seen = Seen()
    seen.feed(content)
    names = [tag for tag, _attrs in seen.tags]
    assert names.count("article") == 3 and "img" not in names
    assert [tag for tag in names if tag == "script"] == ["script", "script"]
    assert (
        NASTY in seen.text
        and "Who has the key?" in seen.text
        and "👍 Anne" in seen.text
        and "withdrawn" not in seen.text
    )
    (policy,) = [attrs["content"] for tag, attrs in seen.tags if tag == "meta" and "http-equiv" in attrs]
    assert policy is not None and policy.startswith("default-src 'none'") and "unsafe" not in policy
    assert not re.search(r"(src|href)=.?(https?:)?//", content)


async def test_it_is_checked_without_deskblog_and_one_letter_is_noticed(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await talk(anne, paul)
        for name in ("all.html", "all.jsonl"):
            await anne.engine.exporting.all(tmp_path / name)
    for name in ("all.html", "all.jsonl"):
        done = await checked(tmp_path / name)
        assert done.returncode == 0, done.stderr
        assert "all signed" in done.stdout
    content = await asyncio.to_thread((tmp_path / "all.html").read_text, encoding="utf-8")
    forged = content.replace("Who has the key?</p>", "Who had the key?</p>")
    assert forged != content
    await asyncio.to_thread((tmp_path / "forged.html").write_text, forged, encoding="utf-8")
    done = await checked(tmp_path / "forged.html")
    assert done.returncode != 0 and "nobody signed that text" in done.stderr
    lines = (await asyncio.to_thread((tmp_path / "all.jsonl").read_text, encoding="utf-8")).splitlines()
    changed = [json.loads(line) for line in lines]
    last = next(line for line in changed if line["signature"])
    last["signature"] = "00" * 64
    await asyncio.to_thread(
        (tmp_path / "forged.jsonl").write_text, "\n".join(map(json.dumps, changed)), encoding="utf-8"
    )
    assert (await checked(tmp_path / "forged.jsonl")).returncode != 0
