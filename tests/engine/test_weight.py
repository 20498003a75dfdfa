"""How often the store is asked for what people do most: each turn of its thread wakes two threads and a loop."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from deskblog import events
from deskblog.engine.vault import Vault
from tests.engine.desk import desks


async def test_a_post_is_two_turns_of_the_authors_store_and_one_of_the_readers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One more of the author's counts again once the reader has said that it holds it."""
    turns: list[Vault] = []
    call = Vault.call

    async def counted(self: Vault, *work: Any, **more: Any) -> Any:
        turns.append(self)
        return await call(self, *work, **more)

    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        await anne.engine.post("Is everybody here?")
        await paul.until_held("Is everybody here?")
        await anne.until(lambda: anne.said[-1] == events.Copied(0))
        monkeypatch.setattr(Vault, "call", counted)
        said = len(anne.said)
        await anne.engine.post("Cake at four")
        await anne.until(lambda: events.Copied(0) in anne.said[said:])
        monkeypatch.undo()
        assert turns.count(anne.engine._vault) <= 3
        assert turns.count(paul.engine._vault) == 1
