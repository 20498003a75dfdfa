"""Where the office is: sites, the roads that join them, and why somebody cannot be reached."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from deskblog.engine.doctor_words import Said, in_words
from deskblog.engine.network import Network
from deskblog.engine.options import read_address
from deskblog.engine.sites import site_rows
from deskblog.engine.standing import Standing
from deskblog.engine.vault import Vault
from deskblog.errors import Refused
from deskblog.i18n import _
from deskblog.log import kinds
from deskblog.log.office import Office
from deskblog.net.sighting import diallable
from deskblog.values import Address, SiteRow


class Places:
    """What may be asked about the network, by name; Refused where there is none, or no office."""

    def __init__(self, vault: Vault, standing: Standing, network: Callable[[], Network]) -> None:
        self._vault = vault
        self._standing = standing
        self._network = network
        self._since = 0.0

    def begin(self) -> None:
        """The engine serves from now on."""
        self._since = asyncio.get_running_loop().time()

    @property
    def running_for(self) -> float:
        """Seconds since the start."""
        return asyncio.get_running_loop().time() - self._since

    def _office(self) -> Office:
        if self._vault.office is None:
            raise Refused(
                _("This PC is in no office yet."),
                next_step=_("Found one, or join one with a code that a colleague gives you."),
            )
        return self._vault.office

    # --- sites --------------------------------------------------------------------------------------------
    async def sites(self) -> tuple[SiteRow, ...]:
        """The office by sites, one's own first."""
        return site_rows(self._office(), self._network().company)

    async def name_site(self, name: str) -> None:
        """What the site is called where this PC stands; empty: it goes by what colleagues there say."""
        self._office()
        await self._network().company.name_place(kinds.written_name(name) if name.strip() else "")

    def roads(self) -> tuple[Address, ...]:
        """The addresses at which other sites are dialled, by all."""
        return self._vault.roads

    async def add_road(self, text: str) -> Address:
        """HOST:PORT of a PC of another site: from now on all dial it who are to; Refused if it is no such address."""
        host, port = read_address(text)
        if host.casefold() == "localhost" or (_is_number(host) and not diallable(host)):
            raise Refused(
                _("“{text}” is not the address of another PC.").format(text=text),
                next_step=_("Ask at the other site: the invitation there shows it."),
            )
        await self._say_road(host, port, leads=True)
        return host, port

    async def remove_road(self, text: str) -> Address:
        """Nobody dials there any more; Refused if nobody did."""
        address = read_address(text)
        if address not in self._vault.roads:
            raise Refused(_("Nobody dials {text}.").format(text=text))
        await self._say_road(*address, leads=False)
        return address

    async def _say_road(self, host: str, port: int, *, leads: bool) -> None:
        self._office()
        await self._standing.check()
        if ((host, port) in self._vault.roads) is not leads:
            await self._vault.write(kinds.Road(host, port, leads))
        if leads:
            self._network().reach((host, port))

    # --- the doctor ---------------------------------------------------------------------------------------
    async def doctor(self) -> tuple[Said, ...]:
        """Why somebody is not here, what is wrong first; takes a few seconds, for doors that do not answer."""
        network = self._network()
        return tuple(in_words(finding, network.port) for finding in await network.doctor.examine())

    async def diagnosis(self) -> Said | None:
        """The likeliest reason why nobody is here, as far as it is known without trying doors; None: nothing is."""
        network = self._network()
        found = await network.doctor.glance()
        return next((in_words(finding, network.port) for finding in found if not finding.ok), None)


def _is_number(host: str) -> bool:
    return ":" in host or host.replace(".", "").isdigit()
