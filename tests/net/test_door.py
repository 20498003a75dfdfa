"""The doors on real sockets: who goes through them, and that nobody can break them from outside."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from deskblog.errors import PeerError
from deskblog.log import charter
from deskblog.log.act import Act, Remove, write_act
from deskblog.log.keys import DeviceKeys
from deskblog.log.office import Office, fold
from deskblog.net import handshake as h
from deskblog.net import messages as m
from deskblog.net.certificate import make_certificate
from deskblog.net.door import Arrival, Guest, InnerDoor, OuterDoor
from deskblog.net.frames import frame
from tests.net.sockets import PATIENCE, Side, contexts, dialled, keys, listening

READY = m.ServerReady(b"annesrun", 1, ())


@dataclass
class Pair:
    """Anne, who listens, and Paul, who dials; what each knows of the office."""

    anne: DeviceKeys = field(default_factory=keys)
    paul: DeviceKeys = field(default_factory=keys)

    def acts(self, *newcomers: DeviceKeys) -> list[Act]:
        found = list(charter.founding(self.anne, bytes(32 - 1) + b"\x09", "Office", "Anne", 1))
        for newcomer in newcomers:
            found += self.admitting(fold(found), newcomer)
        return found

    def admitting(self, office: Office, newcomer: DeviceKeys) -> Iterable[Act]:
        return charter.admitting(self.anne, office, (newcomer.device, newcomer.seal_key), "New", None, 2)
