"""Virtual PCs for jobs that need a network of their own; where there are none, the job says so and ends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from bench.measure import tell
from tests.office.hosts import Host, Office
from tests.office.space import why_not


@contextmanager
def office(job: str) -> Iterator[Office | None]:
    """An office to build PCs in; None, and said in words, where this machine can have none."""
    reason = why_not()
    if reason is not None:
        tell(job, f"Left out, for it needs virtual PCs (root, network namespaces): {reason}.")
        yield None
        return
    with Office() as made:
        yield made


def carried(host: Host) -> int:
    """Bytes that its network card has sent and got, headers and all."""
    links = json.loads(host.ip("-s", "-j", "link"))
    stats = next(one["stats64"] for one in links if one["ifname"].startswith("eth0"))
    total: int = stats["rx"]["bytes"] + stats["tx"]["bytes"]
    return total
