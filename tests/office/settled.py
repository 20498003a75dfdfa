"""An office that is there already: many codes would take their time, and joining has tests of its own."""

from __future__ import annotations

import os
from collections.abc import Sequence

from deskblog.engine.vault import Vault, now_ms
from deskblog.log import charter
from deskblog.log.act import Act
from deskblog.log.keys import DeviceKeys
from deskblog.log.office import fold
from tests.office.hosts import Host


async def settle(office: str, people: Sequence[tuple[Host, str]]) -> None:
    """One office in the folders of all of them; the first founded it."""
    vaults = [Vault(host.data, host.folder / "home/.local/state/deskblog") for host, _person in people]
    for vault in vaults:
        await vault.open()
    founder = vaults[0].keys
    recovery = DeviceKeys(os.urandom(32), os.urandom(32)).device
    acts: list[Act] = list(charter.founding(founder, recovery, office, people[0][1], now_ms()))
    for vault, (_host, person) in zip(vaults[1:], people[1:], strict=True):
        joiner = (vault.keys.device, vault.keys.seal_key)
        acts += charter.admitting(founder, fold(acts), joiner, person, None, now_ms())
    for vault in vaults:
        await vault.settle(acts)
        await vault.close()
