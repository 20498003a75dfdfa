"""A colleague’s PC has a newer deskblog: said once of each version. It is a hint; nothing comes of it by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from deskblog import __version__, events
from deskblog.engine.vault import Vault
from deskblog.i18n import _
from deskblog.net.release import number
from deskblog.values import DeviceKey

KEY = "newer-told"


def newest(programs: Mapping[DeviceKey, str], than: str) -> tuple[DeviceKey, str] | None:
    """The device with the highest version, if that is higher than `than`; of several the first by key."""
    device = max(sorted(programs), key=lambda one: number(programs[one]), default=None)
    if device is None or number(programs[device]) <= number(than):
        return None
    return device, programs[device]


def newer_words(said: events.Newer) -> events.Trouble:
    """For a banner or a line."""
    what = _("{person}'s PC has deskblog {version}, this one {own}.")
    return events.Trouble(
        "newer",
        what.format(person=said.person, version=said.version, own=said.own),
        _("The two go on working together."),
        _("Whoever installs programs here can bring the new one."),
    )


class Newer:
    """Lives on the engine's loop."""

    def __init__(self, vault: Vault, tell: Callable[[events.Event], None], own: str = __version__) -> None:
        self._vault = vault
        self._tell = tell
        self._own = own
        self._told: str | None = None  # not read yet

    def is_news(self, programs: Mapping[DeviceKey, str]) -> bool:
        """Whether anybody has a newer one; mostly nobody has, and then nothing is begun."""
        found = newest(programs, self._own)
        return found is not None and number(found[1]) > number(self._told or "")

    async def look(self, programs: Mapping[DeviceKey, str]) -> None:
        """`programs`: of those who are here, what they say to run."""
        found, office = newest(programs, self._own), self._vault.office
        if found is None or office is None:
            return
        if self._told is None:
            self._told = await self._vault.call(self._vault.store.get, KEY)
        device, version = found
        person = office.person_of(device)
        if person is None or number(version) <= number(self._told):
            return
        self._told = version
        await self._vault.call(self._vault.store.put, KEY, version)
        self._tell(events.Newer(version, person.name, self._own))
