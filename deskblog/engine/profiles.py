"""What a person says of themselves: job, place, telephone, a picture."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deskblog import limits
from deskblog.engine.attaching import blob_name, read_photo
from deskblog.engine.talk import Talk
from deskblog.engine.vault import Vault
from deskblog.log import kinds
from deskblog.log.attachment import Attachment
from deskblog.media.photo import portrait
from deskblog.records import replace
from deskblog.values import Blob, BlobState, Hours, PersonId, Profile, Sort


class Profiles:
    """Each change is an entry with all of it."""

    def __init__(self, vault: Vault, talk: Talk) -> None:
        self._vault = vault
        self._talk = talk
        self._changing = asyncio.Lock()  # what is said is said whole: each change starts from the one before

    @property
    def mine(self) -> Profile:
        office = self._vault.office
        me = office.person_of(self._vault.keys.device) if office is not None else None
        return self._vault.profiles.get(PersonId(me.id), Profile()) if me is not None else Profile()

    async def say(self, *, job: str | None = None, place: str | None = None, phone: str | None = None) -> Profile:
        """What is given takes the place of what was said, empty: nothing any more. Refused if too long."""
        given = {
            "job": job if job is None else kinds.written_line(job, limits.PROFILE),
            "place": place if place is None else kinds.written_line(place, limits.PROFILE),
            "phone": phone if phone is None else kinds.written_line(phone, limits.PHONE),
        }
        return await self._say({field: said for field, said in given.items() if said is not None})

    async def show_picture(self, photo: Path | bytes | None) -> Profile:
        """A picture from a photo, cut to a small square; None: none any more. Refused if it is no photo."""
        if photo is None:
            return await self._say({"picture": None})
        data = await asyncio.to_thread(read_photo, photo) if isinstance(photo, Path) else photo
        made = await asyncio.to_thread(portrait, data)
        async with self._vault.blobs.naming:
            name = await self._vault.blobs.put(made)
            return await self._say({"picture": Blob(name.hash.hex(), name.size, BlobState.HERE)})

    async def tell_hours(self, hours: Hours | None) -> None:
        """When popups may come to the person; None: nothing is said, and colleagues assume those of the office."""
        if self._vault.office is not None:
            await self._say({"hours": hours})

    async def _say(self, changes: Mapping[str, Any]) -> Profile:
        async with self._changing:
            old = self.mine
            new = replace(old, **changes)
            if replace(new, picture=None) != replace(old, picture=None) or _hash(new) != _hash(old):
                picture = Attachment("portrait.jpg", int(Sort.PHOTO), blob_name(new.picture)) if new.picture else None
                await self._talk.write(kinds.Profile(new.job, new.place, new.phone, picture, _hours(new.hours)))
            return self.mine


def _hours(hours: Hours | None) -> kinds.WorkHours | None:
    if hours is None:
        return None
    if not hours.on:
        return kinds.WorkHours(0, 0, 127)
    return kinds.WorkHours(hours.begins, hours.ends, sum(1 << n for n in hours.days))


def _hash(profile: Profile) -> str:
    return profile.picture.hash if profile.picture is not None else ""
