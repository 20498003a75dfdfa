"""What all links of this device share: the office, how far logs are held, who fetches what."""

from __future__ import annotations

from collections import OrderedDict

from msgspec import Struct, field

from deskblog import limits
from deskblog.log.office import Office
from deskblog.net.heads import HeadIndex
from deskblog.net.pace import Pace
from deskblog.values import DeviceKey, EntryId, LogName, Point, Role


class Replica(Struct):
    """One for each device; sessions read it, the keeper writes it."""

    me: DeviceKey
    office: Office
    heads: HeadIndex
    fetching: dict[LogName, object] = field(default_factory=dict)  # log -> whoever fetches it
    pace: Pace = field(default_factory=Pace)
    refused: OrderedDict[tuple[LogName, EntryId], None] = field(default_factory=OrderedDict)

    def refuse(self, log: LogName, point: Point) -> None:
        """The store does not keep what leads there: it is not asked for again."""
        self.refused[log, point.id] = None
        if len(self.refused) > limits.NOT_KEPT:
            self.refused.popitem(last=False)

    def gets_all(self, device: bytes, log: LogName) -> bool:
        """True if what is set aside of a log is this device's business: it is its own, or a keyholder's."""
        person = self.office.person_of(device) if self.office.is_in(device) else None
        return log.device == device or (person is not None and person.role is Role.KEYHOLDER)

    def limit(self, log: LogName) -> int | None:
        """The seq past which nothing of a log counts, as far as that is known; None: nothing limits it."""
        ends, reach = self.heads.ends(log), self.office.reach(log)
        return ends.limit if ends is not None else reach.seq if reach is not None else None

    def lacks(self, log: LogName, point: Point) -> Point | None:
        """What of an offer is to be fetched: the point, or the border before it; None: nothing.

        A point whose seq is not past the ends held may be held further down: that takes a look into the store.
        """
        if (log, point.id) in self.refused or self.heads.holds(log, point):
            return None
        if self.gets_all(self.me, log):
            return point
        limit, reach = self.limit(log), self.office.reach(log)
        if limit is None or point.seq <= limit:
            return point
        if reach is None or reach.id is None or reach.seq != limit:
            return None
        border = Point(reach.seq, reach.id)
        return None if self.heads.holds(log, border) or (log, border.id) in self.refused else border
