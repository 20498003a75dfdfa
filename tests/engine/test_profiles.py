"""What people say of themselves, on each other's desks."""

from __future__ import annotations

import asyncio
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from deskblog import limits
from deskblog.errors import Refused
from deskblog.values import Profile
from tests.engine.desk import Desk, desks, turns
from tests.media.test_photo import picture


def profile(desk: Desk, name: str) -> Profile:
    return next(person.profile for person in desk.engine._people() if person.name == name)


async def test_a_profile_is_seen_by_all_and_changed_in_parts(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        await anne.engine.profiles.say(job="Director", place="Lyon", phone="+33 4 00 00 00 00")
        await paul.until(lambda: profile(paul, "Anne").job == "Director")
        await anne.engine.profiles.say(place=" Paris \n 2nd floor ", phone="")
        await paul.until(lambda: profile(paul, "Anne") == Profile("Director", "Paris 2nd floor", ""))
        with pytest.raises(Refused, match="81 characters"):
            await anne.engine.profiles.say(job="x" * 81)
        assert anne.engine.profiles.mine == Profile("Director", "Paris 2nd floor", "")
    async with desks(tmp_path, "Paul") as (paul,):
        assert profile(paul, "Anne").job == "Director", "kept over a restart"


async def test_a_picture_is_a_small_square_without_anything_beside_it(tmp_path: Path) -> None:
    (tmp_path / "me.jpg").write_bytes(picture("JPEG", (1200, 800)))
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        await anne.engine.profiles.show_picture(tmp_path / "me.jpg")
        await paul.until(lambda: profile(paul, "Anne").picture is not None)
        shown = profile(paul, "Anne").picture
        assert shown is not None and shown.size <= limits.PREVIEW
        file = await paul.engine.attaching.bring(shown, 10)
        with Image.open(BytesIO(file.read_bytes())) as image:
            assert image.size == (192, 192) and not image.getexif()
        await anne.engine.attaching.collect()
        assert await anne.engine.attaching.path(shown) is not None, "it is named, and stays"
        await anne.engine.profiles.say(job="Director")
        assert anne.engine.profiles.mine.picture is not None, "what is not said anew stays"
        await anne.engine.profiles.show_picture(None)
        await paul.until(lambda: profile(paul, "Anne").picture is None)
        with pytest.raises(Refused, match="no photo"):
            await anne.engine.profiles.show_picture(b"not a photo")


async def test_two_things_said_while_the_disk_is_slow_are_both_said(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        profiles = anne.engine.profiles
        async with anne.slow_disk():
            saying = [asyncio.create_task(profiles.say(**said)) for said in ({"job": "Director"}, {"place": "Lyon"})]
            saying.append(asyncio.create_task(profiles.show_picture(picture("JPEG", (300, 300)))))
            await turns()
        await asyncio.gather(*saying)
        mine = profiles.mine
        assert (mine.job, mine.place) == ("Director", "Lyon") and mine.picture is not None
        await anne.engine.attaching.collect()
        assert await anne.engine.attaching.path(mine.picture) is not None
