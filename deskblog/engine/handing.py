"""Giving another PC of one's own the keys of earlier sealed messages, once its person has said that it is theirs.

A keyholder can let in any PC as another of mine, or say that two people are one. So nothing earlier is given by
itself: the person is asked, on a PC that can read it. What is written from then on is sealed for all PCs of its
readers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from msgspec import Struct

from deskblog.engine.talk import Talk
from deskblog.engine.vault import Vault
from deskblog.errors import Refused, UserError
from deskblog.i18n import _
from deskblog.log import boxes
from deskblog.log.clerk import owner
from deskblog.log.keyring import give_keys
from deskblog.log.office import Office
from deskblog.values import DeviceKey, EntryId

LOOKED_AT = 200  # sealed entries at a time, in search of those another PC cannot read
KEY, YES, NO = "hand-", "yes", "no"


class OwnPc(Struct, frozen=True):
    """Another PC of one's own that cannot read all that this one can. `answer`: "yes", "no", or "" before one is
    asked; `let_in_by`: a name, and when (UTC ms)."""

    device: str
    let_in_by: str
    at: int
    answer: str


class Handing:
    """Asks nobody itself: `waiting` says of which PCs to ask."""

    def __init__(self, vault: Vault, talk: Talk) -> None:
        self._vault = vault
        self._talk = talk
        self._handing: asyncio.Task[None] | None = None
        self._again = False

    # --- asking -------------------------------------------------------------------------------------------
    async def pcs(self) -> tuple[OwnPc, ...]:
        """The other PCs of one's own that lack something this one can read."""
        office = self._vault.office
        found = []
        for device in self._others():
            assert office is not None
            if await self._lacks(device, office):
                found.append(self._shown(device, office, await self._answer(device)))
        return tuple(found)

    async def waiting(self) -> tuple[OwnPc, ...]:
        """Those of which its person was not asked yet."""
        return tuple(pc for pc in await self.pcs() if not pc.answer)

    async def decide(self, device: str, *, give: bool) -> None:
        """The person says whether that PC (the beginning of its id) is theirs and may read it all."""
        found = [one for one in self._others() if len(device) >= 4 and one.hex().startswith(device.strip().lower())]
        if len(found) != 1:
            raise Refused(
                _("None of your other PCs is called {id}.").format(id=device),
                next_step=_("“deskblog office people” shows them."),
            )
        await self._vault.call(self._vault.store.put, KEY + found[0].hex(), YES if give else NO)
        if give:
            await self.hand_on()

    def _others(self) -> list[DeviceKey]:
        """The other devices of one's own that are in and can open anything; none while this one is out."""
        office, me = self._vault.office, self._vault.keys.device
        person = office.person_of(me) if office is not None else None
        if office is None or person is None or not office.is_in(me):
            return []
        return [DeviceKey(one) for one in person.devices if one != me and boxes.usable(office.seal_keys[one])]

    async def _answer(self, device: DeviceKey) -> str:
        return await self._vault.call(self._vault.store.get, KEY + device.hex())

    def _shown(self, device: DeviceKey, office: Office, answer: str) -> OwnPc:
        admission = office.admission_of(device)
        act = office.acts[admission] if admission is not None else None
        by = owner(office, act.author) if act is not None else None
        name = by.name if by is not None else _("the recovery words")
        return OwnPc(device.hex(), name, act.time if act is not None else 0, answer)

    # --- handing on ---------------------------------------------------------------------------------------
    def hand_on_soon(self) -> None:
        """Sees to it that those PCs can read what came since."""
        self._again = True
        if self._handing is None or self._handing.done():
            self._handing = asyncio.ensure_future(self._hand_on_until_done())

    async def _hand_on_until_done(self) -> None:
        while self._again:
            self._again = False
            with suppress(UserError):  # a full disk, or this PC is out: it is tried again at the next start
                await self.hand_on()

    async def stop(self) -> None:
        """Before the store closes."""
        if self._handing is not None:
            await self._handing

    async def hand_on(self) -> int:
        """Gives the PCs of which the person said so the keys of what they cannot read; how many."""
        given = 0
        for device in self._others():
            if await self._answer(device) == YES:
                given += await self._hand_to(device)
        return given

    async def _lacks(self, device: DeviceKey, office: Office) -> bool:
        """Whether that PC cannot read something; what it can is noted, and not looked at again."""
        letters = self._vault.store.archive.letters
        while ids := await self._vault.call(letters.not_handed, device, LOOKED_AT):
            lacking = await self._vault.call(self._lacking, office.seal_keys[device], ids)
            if lacking:
                return True
            await self._vault.call(self._handed, device, ids)
        return False

    async def _hand_to(self, device: DeviceKey) -> int:
        given, letters = 0, self._vault.store.archive.letters
        while ids := await self._vault.call(letters.not_handed, device, LOOKED_AT):
            office = self._vault.office
            assert office is not None
            lacking = await self._vault.call(self._lacking, office.seal_keys[device], ids)
            if lacking:
                for body in give_keys(office, self._vault.keys.device, device, lacking, self._vault.dice):
                    await self._talk.write(body)
            await self._vault.call(self._handed, device, ids)
            given += len(lacking)
        return given

    def _lacking(self, seal_key: bytes, ids: Sequence[EntryId]) -> dict[EntryId, bytes]:
        archive = self._vault.store.archive
        return archive.letters.lacking(seal_key, archive.whole(ids))

    def _handed(self, device: DeviceKey, ids: Sequence[EntryId]) -> None:
        store = self._vault.store
        with store.database.transaction(durable=False):
            store.archive.letters.hand(device, ids)
