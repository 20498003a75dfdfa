"""Examines why somebody is not here: collects what this PC knows and has doors tried; the verdict is net.doctor's."""

from __future__ import annotations

import asyncio
import errno
import os
import sys
from collections.abc import Mapping, Sequence

from deskblog.engine.company import Company
from deskblog.engine.contacts import Contacts
from deskblog.engine.options import Options
from deskblog.engine.tries import Tries
from deskblog.engine.vault import Vault
from deskblog.net.doctor import Colleague, Facts, Finding, diagnose
from deskblog.net.exchange import Peer
from deskblog.net.hub import Hub
from deskblog.net.interfaces import Interfaces, own_interfaces
from deskblog.net.reach import Address, Outcome, source_of
from deskblog.net.surroundings import is_public, vpns
from deskblog.net.tally import Facts as ChannelFacts
from deskblog.records import replace
from deskblog.values import DeviceKey

Found = tuple[tuple[str, Outcome], ...]  # who tried a door, and what they found
ASKED = 3  # colleagues who are asked to try a door
EXAMINED = 16  # doors of those missing that are tried


class Doctor:
    """One for each engine; examines when it is asked to."""

    def __init__(self, vault: Vault, hub: Hub, contacts: Contacts, company: Company, options: Options) -> None:
        self._vault = vault
        self._hub = hub
        self._contacts = contacts
        self._company = company
        self._options = options
        self.tries = Tries(contacts.addresses, company.port_of)
        self.twins = False
        self.wrong_code = False
        self.removed = False

    async def examine(self) -> tuple[Finding, ...]:
        """All findings, what is wrong first; takes up to ten seconds, for doors that do not answer."""
        missing = [d for d in self._others() if d not in self._hub.peers and self._contacts.addresses(d)][:EXAMINED]
        peers = [peer for peer in self._hub.peers.values() if peer.counted][:ASKED]
        tried_me, _own, tried = await asyncio.gather(
            self._ask(peers, self._vault.keys.device), self._knock(missing), self._ask_all(peers, missing)
        )
        facts = await self._facts(tried_me, dict(zip(missing, tried, strict=True)))
        return diagnose(replace(facts, public=await is_public()))

    async def glance(self) -> tuple[Finding, ...]:
        """What can be said with no door tried."""
        return diagnose(await self._facts((), {}))

    # --- trying doors -------------------------------------------------------------------------------------
    async def _knock(self, devices: Sequence[DeviceKey]) -> None:
        """Tries the doors of those missing from here; the outcomes are kept by address."""
        for device in devices:
            await asyncio.gather(*(self._try(address) for address in self._contacts.addresses(device)))

    async def _try(self, address: Address) -> None:
        link = await self._hub.open(address)  # notes what became of it
        if link is not None:
            link.end("looked", at_once=True)

    async def _ask_all(self, peers: Sequence[Peer], devices: Sequence[DeviceKey]) -> list[Found]:
        return [await self._ask(peers, device) for device in devices]

    async def _ask(self, peers: Sequence[Peer], device: DeviceKey) -> Found:
        """What colleagues find at a door, by their names."""
        found = await asyncio.gather(*(self.tries.ask(peer, device) for peer in peers))
        pairs = zip(peers, found, strict=True)
        return tuple((self._name(peer.device), outcome) for peer, outcome in pairs if outcome is not None)

    # --- facts --------------------------------------------------------------------------------------------
    def _others(self) -> list[DeviceKey]:
        office = self._vault.office
        return [DeviceKey(d) for d in office.devices if d != self._vault.keys.device] if office is not None else []

    async def _facts(self, tried_me: Found, tried: Mapping[DeviceKey, Found]) -> Facts:
        here = await asyncio.to_thread(own_interfaces)
        office = self._vault.office
        channels = self._contacts.channels
        mdns = _faults(channels.mdns) if channels is not None else ""
        beacon = _faults(channels.beacon) if channels is not None else ""
        forbidden = os.strerror(errno.EHOSTUNREACH) in mdns + beacon
        return Facts(
            addresses=tuple(sorted(here.addresses)),
            vpns=await asyncio.to_thread(vpns),
            port=self._hub.port,
            usual_port=self._options.port or self._hub.port,
            in_office=office is not None,
            removed=self.removed,
            wrong_code=self.wrong_code,
            others=len(self._others()),
            mdns_fault=mdns,
            beacon_fault=beacon,
            forbidden=forbidden and sys.platform == "darwin",
            twins=self.twins,
            skews=tuple(skew for device, skew in self.tries.skews.items() if device in self._hub.peers),
            tried_me=tried_me,
            colleagues=tuple(self._colleague(device, here, tried.get(device, ())) for device in self._others()),
        )

    def _colleague(self, device: DeviceKey, here: Interfaces, tried: Found) -> Colleague:
        addresses = self._contacts.addresses(device)
        near = [host for host, _port in addresses if here.near(host)]
        outcomes = [self._hub.outcomes.of(address) for address in addresses]
        return Colleague(
            name=self._name(device),
            here=device in self._company.here,
            linked=device in self._hub.peers,
            heard=self._contacts.heard(device),
            outcomes=tuple(outcome for outcome in outcomes if outcome is not None),
            near=bool(near),
            astray=any(_leads_astray(host, here) for host in near),
            tried=tried,
        )

    def _name(self, device: DeviceKey) -> str:
        person = self._vault.office.person_of(device) if self._vault.office else None
        return person.name if person is not None and person.name else device.hex()[:8]


def _faults(facts: ChannelFacts) -> str:
    return "; ".join(f"{where}: {said}" for where, said in facts.faults)


def _leads_astray(host: str, here: Interfaces) -> bool:
    """The system would go to an address of one's own network by way of another: a VPN swallows it."""
    source = source_of(host)
    return bool(source) and "%" not in host and not here.together(host, source)
