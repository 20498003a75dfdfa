"""The card of a link: made once by its author's PC, shown everywhere, and nobody else asks the site."""

from __future__ import annotations

from pathlib import Path

import pytest

from deskblog.commands import COMMANDS
from deskblog.errors import Refused
from deskblog.media.linkcard import LinkCard, decode_card
from deskblog.values import BlobState, Row, Sort
from tests.engine.desk import desks
from tests.web.site import site


def carded(row: Row) -> bool:
    return all(
        blob is not None and blob.state is BlobState.HERE for one in row.attached for blob in (one.blob, one.preview)
    )


async def test_a_card_travels_and_readers_ask_nobody(tmp_path: Path) -> None:
    with site() as made:
        async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
            await anne.found()
            await anne.admit(paul)
            url = f"{made.address}/page"
            one, _notice = await anne.engine.linkcards.make(url)
            assert made.asked == ["/page", "/photo.jpg"] and anne.engine.attaching.chosen == (one,)
            await anne.engine.post(f"Trains: {url}", attached=[one])
            await paul.until_rows(lambda rows: len(rows) == 1 and carded(rows[0]))
            (row,) = await paul.rows()
            (held,) = row.attached
            assert (held.sort, held.name) == (Sort.LINK, "127.0.0.1")
            path = await paul.engine.attaching.path(held.blob)
            assert path is not None
            assert decode_card(path.read_bytes()) == LinkCard(
                url, "Grève des trains & plan B", "What runs <b>tomorrow</b>"
            )
            assert made.asked == ["/page", "/photo.jpg"], "nobody else asked"
            assert len((await paul.engine.search("has:link")).rows) == 1


async def test_what_gives_no_card_is_said_and_nothing_is_posted(tmp_path: Path) -> None:
    with site() as made:
        async with desks(tmp_path, "Anne", network=False) as (anne,):
            await anne.found()
            cards = anne.engine.linkcards
            for url, said in (
                (f"{made.address}/bare", "says nothing of itself"),
                ("ftp://example.org/", "no address"),
                ("https://", "no address"),
            ):
                with pytest.raises(Refused, match=said):
                    await cards.make(url)

            async def say(text: str) -> list[object]:
                args = {"text": text, "card": True}
                return [line async for line in COMMANDS["post"](anne.engine, args, lambda _hear: lambda: None)]

            with pytest.raises(Refused, match="no link in it"):
                await say("nothing to see")
            with pytest.raises(Refused, match="says nothing"):
                await say(f"see {made.address}/bare.")
            assert await anne.rows() == () and anne.engine.attaching.chosen == ()
            await say(f"see ({made.address}/page).")
            assert [one.sort for one in (await anne.rows())[0].attached] == [Sort.LINK]
