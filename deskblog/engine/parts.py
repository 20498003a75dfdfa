"""What an engine can do that most runs are never asked for. Each part is loaded when it is first wanted."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING

from deskblog import events
from deskblog.engine.attaching import Attaching
from deskblog.engine.membership import Membership
from deskblog.engine.network import Network
from deskblog.engine.standing import Standing
from deskblog.engine.talk import Talk
from deskblog.engine.vault import Vault, now_ms
from deskblog.values import Row

if TYPE_CHECKING:
    from deskblog.engine.bundle import Bundles
    from deskblog.engine.exporting import Exporting
    from deskblog.engine.importing import Importing
    from deskblog.engine.leaving import Leaving
    from deskblog.engine.linkcards import LinkCards
    from deskblog.engine.office_settings import OfficeSettings
    from deskblog.engine.polls import Polls


class Parts(ABC):
    """Those of one engine, which has all that they stand on."""

    membership: Membership
    talk: Talk
    attaching: Attaching
    _vault: Vault
    _standing: Standing
    _network: Network | None

    @abstractmethod
    def _tell(self, event: events.Event) -> None: ...

    @abstractmethod
    async def post(self, text: str, *, answer_to: str = "") -> Row: ...

    @cached_property
    def office_settings(self) -> OfficeSettings:
        from deskblog.engine.office_settings import OfficeSettings

        return OfficeSettings(self._vault, self._standing, self.membership, now_ms)

    @cached_property
    def leaving(self) -> Leaving:
        from deskblog.engine.leaving import Leaving

        return Leaving(self._vault, self.membership, lambda text, target: self.post(text, answer_to=target))

    @cached_property
    def bundles(self) -> Bundles:
        from deskblog.engine.bundle import Bundles

        return Bundles(self._vault, self._standing, lambda: self._network, self._tell)

    @cached_property
    def importing(self) -> Importing:
        from deskblog.engine.importing import Importing

        return Importing(self._vault, self._standing, self._tell)

    @cached_property
    def exporting(self) -> Exporting:
        from deskblog.engine.exporting import Exporting

        return Exporting(self._vault)

    @cached_property
    def polls(self) -> Polls:
        from deskblog.engine.polls import Polls

        return Polls(self.talk, now_ms)

    @cached_property
    def linkcards(self) -> LinkCards:
        from deskblog.engine.linkcards import LinkCards

        return LinkCards(self.attaching)
