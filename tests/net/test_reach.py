"""What became of an attempt: told apart on real sockets, remembered for a bounded many."""

from __future__ import annotations

import errno
import socket

import pytest

from deskblog import limits
from deskblog.net.reach import Outcome, Outcomes, knock, outcome_of, source_of


async def test_an_open_door_and_a_shut_one_are_told_apart() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
        assert await knock(("127.0.0.1", port)) is Outcome.OPEN
    assert await knock(("127.0.0.1", port)) is Outcome.REFUSED


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (TimeoutError(), Outcome.SILENT),
        (OSError(errno.ETIMEDOUT, ""), Outcome.SILENT),
        (ConnectionRefusedError(errno.ECONNREFUSED, ""), Outcome.REFUSED),
        (OSError(errno.EHOSTUNREACH, ""), Outcome.NO_ROUTE),
        (OSError(errno.ENETUNREACH, ""), Outcome.NO_ROUTE),
        (socket.gaierror(socket.EAI_NONAME, ""), Outcome.NO_ROUTE),
        (ConnectionResetError(errno.ECONNRESET, ""), Outcome.SILENT),
    ],
)
def test_each_fault_says_something_else(fault: OSError, outcome: Outcome) -> None:
    assert outcome_of(fault) is outcome


def test_the_system_says_by_which_address_it_would_go() -> None:
    assert source_of("127.0.0.1") == "127.0.0.1"
    assert source_of("::1") in ("::1", "")
    assert source_of("no address") == ""


def test_the_latest_few_are_remembered() -> None:
    outcomes = Outcomes()
    for port in range(1, limits.OUTCOMES + 2):
        outcomes.note(("10.0.0.1", port), Outcome.SILENT)
    outcomes.note(("10.0.0.1", 2), Outcome.OPEN)
    assert outcomes.of(("10.0.0.1", 1)) is None
    assert outcomes.of(("10.0.0.1", 2)) is Outcome.OPEN
    assert outcomes.of(("10.0.0.1", limits.OUTCOMES + 1)) is Outcome.SILENT
