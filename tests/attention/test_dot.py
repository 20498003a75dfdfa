"""The dot and the number on the icon, and popups of what was read meanwhile: real engines."""

from __future__ import annotations

from pathlib import Path

import pytest

from deskblog import events
from deskblog.values import View
from tests.attention.test_attention import office

pytestmark = pytest.mark.usefixtures("bus")


async def test_the_dot_and_the_number_follow_the_rules(tmp_path: Path) -> None:
    async with office(tmp_path) as (anne, paul):
        await paul.engine.unread.watch()
        for text in ("morning", "@Paul look", "about #lunch", "fresh pot"):
            await anne.engine.post(text)
        await paul.until(lambda: (paul.engine.unread.said.shown, paul.engine.unread.said.for_me) == (4, 1))
        assert paul.engine.unread.said.counts == {View.ALL: 4, View.OFFICE: 4, View.MENTIONS: 1}
        await paul.engine.attention.mute("#lunch", until=0)
        await paul.until(lambda: paul.engine.unread.said.shown == 3)
        assert paul.engine.unread.said.counts[View.ALL] == 4, "what is muted is unread all the same"
        await paul.engine.keepsakes.watch(["pot"])
        await paul.until(lambda: paul.engine.unread.said.for_me == 2)
        await paul.engine.unread.read_all(View.MENTIONS)
        await paul.until(lambda: paul.engine.unread.said.for_me == 1)
        await paul.engine.unread.read_all()
        await paul.until(lambda: paul.engine.unread.said == events.UnreadChanged({}, 0, 0))


async def test_a_popup_goes_once_all_of_its_thread_is_read(tmp_path: Path) -> None:
    async with office(tmp_path) as (anne, paul):
        first = await anne.engine.post("@Paul one")
        second = await anne.engine.post("@Paul two", answer_to=first.id)
        await paul.until_held("@Paul two")
        await paul.until(lambda: bool(paul.up))
        await paul.engine.unread.read([first.id])
        assert not paul.gone(first.id)
        await paul.engine.unread.read([second.id])
        await paul.until(lambda: paul.gone(first.id))
