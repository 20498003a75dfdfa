"""Which blob is fetched from whom: without a socket, a clock or a disk.

Of one blob one peer at a time is asked for part after part; of one peer limits.BLOBS_FLYING parts are in flight at
most, over all blobs. Parts come in the order in which they were asked for, so what is here of a blob is always its
beginning, and another peer can go on from there. A blob that turns out wrong is begun anew: from one peer alone, if
several had given of it, so that the liar is known and asked for it no more.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from msgspec import Struct, field

from deskblog import limits
from deskblog.log.attachment import BlobName
from deskblog.values import DeviceKey

_UNKNOWN = DeviceKey(b"")  # whoever gave what was here at the start


class Ask(Struct, frozen=True):
    device: DeviceKey
    name: BlobName
    offset: int


class _Blob(Struct):
    name: BlobName
    come: int  # so much of it was handed to the store
    asked: int = 0  # so much of it is here or in flight
    source: DeviceKey | None = None
    since: float = 0.0  # when something of it was last asked for or came
    alone: bool = False  # all of it must come from one peer
    givers: set[DeviceKey] = field(default_factory=set)
    lacking: set[DeviceKey] = field(default_factory=set)  # who said not to hold it
    liars: set[DeviceKey] = field(default_factory=set)

    def begin_anew(self) -> None:
        self.come = self.asked = 0
        self.source = None
        self.givers.clear()


class Gathering:
    """What is being fetched, of all links together."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._blobs: OrderedDict[BlobName, _Blob] = OrderedDict()
        self._flying: dict[DeviceKey, int] = {}  # by peer: parts asked for and not come

    @property
    def room(self) -> int:
        """How many blobs more may be fetched at a time."""
        return limits.BLOBS_WANTED - len(self._blobs)

    def __contains__(self, name: BlobName) -> bool:
        return name in self._blobs

    # --- what is wanted -----------------------------------------------------------------------------------
    def want(self, name: BlobName, come: int, *, first: bool = False) -> None:
        """`come`: how much of it is here. `first`: somebody waits for it."""
        if name not in self._blobs:
            if self.room <= 0 and not first:
                return
            self._blobs[name] = _Blob(name, come, come, givers={_UNKNOWN} if come else set())
        if first:
            self._blobs.move_to_end(name, last=False)

    def forget(self, name: BlobName) -> None:
        """It is here, or nobody wants it."""
        self._blobs.pop(name, None)

    def rest(self) -> None:
        """Drops what no peer holds: there may be others in the store that one does."""
        for name, blob in list(self._blobs.items()):
            if blob.source is None and not self._candidates(blob):
                del self._blobs[name]

    def again(self) -> None:
        """Asks once more those who did not hold it."""
        for blob in self._blobs.values():
            blob.lacking.clear()

    # --- peers --------------------------------------------------------------------------------------------
    def joined(self, device: DeviceKey) -> None:
        self._flying[device] = 0
        for blob in self._blobs.values():
            blob.lacking.discard(device)

    def left(self, device: DeviceKey) -> None:
        self._flying.pop(device, None)
        for blob in self._blobs.values():
            if blob.source == device:
                self._let_go(blob)

    def holds(self, device: DeviceKey, name: BlobName) -> None:
        """A peer says that it holds it now."""
        if name in self._blobs:
            self._blobs[name].lacking.discard(device)

    @staticmethod
    def _let_go(blob: _Blob) -> None:
        """Its source will bring no more of it."""
        blob.source = None
        blob.asked = blob.come
        if blob.alone:
            blob.begin_anew()

    # --- parts --------------------------------------------------------------------------------------------
    def lacks(self, device: DeviceKey, name: BlobName) -> None:
        """A peer does not hold what it was asked for."""
        self._landed(device)
        blob = self._blobs.get(name)
        if blob is not None:
            blob.lacking.add(device)
            if blob.source == device:
                self._let_go(blob)

    def part(self, device: DeviceKey, name: BlobName, offset: int, size: int) -> bool:
        """A part came; True if it is the next one of its blob, and is to be kept."""
        self._landed(device)
        blob = self._blobs.get(name)
        if blob is None or blob.source != device or offset != blob.come:
            return False
        if size != min(limits.BLOB_PART, name.size - offset):
            blob.lacking.add(device)
            self._let_go(blob)
            return False
        blob.come += size
        blob.since = self._now()
        blob.givers.add(device)
        return True

    def _landed(self, device: DeviceKey) -> None:
        if self._flying.get(device):
            self._flying[device] -= 1

    def wrong(self, name: BlobName) -> None:
        """Its hash is another."""
        blob = self._blobs.get(name)
        if blob is None:
            return
        if len(blob.givers) == 1:
            blob.liars |= blob.givers
        blob.alone = True
        blob.begin_anew()

    def give_up_late(self) -> None:
        """Who was asked and is silent is asked for that blob no more, for now."""
        for blob in self._blobs.values():
            waits = blob.source is not None and blob.asked > blob.come
            if waits and self._now() - blob.since > limits.ANSWER_SECONDS:
                assert blob.source is not None
                blob.lacking.add(blob.source)
                self._flying[blob.source] = 0
                self._let_go(blob)

    # --- asking -------------------------------------------------------------------------------------------
    def next(self) -> list[Ask]:
        """What to ask for now."""
        asks: list[Ask] = []
        for blob in self._blobs.values():
            if blob.source is None and blob.come < blob.name.size:
                free = [device for device in self._candidates(blob) if self._flying[device] < limits.BLOBS_FLYING]
                blob.source = min(free, key=lambda device: self._flying[device], default=None)
            asks += self._ask(blob)
        return asks

    def _candidates(self, blob: _Blob) -> list[DeviceKey]:
        return [device for device in self._flying if device not in blob.lacking and device not in blob.liars]

    def _ask(self, blob: _Blob) -> list[Ask]:
        asks: list[Ask] = []
        source = blob.source
        while source is not None and blob.asked < blob.name.size and self._flying[source] < limits.BLOBS_FLYING:
            asks.append(Ask(source, blob.name, blob.asked))
            blob.asked += min(limits.BLOB_PART, blob.name.size - blob.asked)
            self._flying[source] += 1
            blob.since = self._now()
        return asks
