"""The virtual office for tests; where it cannot be built the tests are left out and say so, and on CI they fail."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.office.hosts import Office
from tests.office.space import why_not

REASON = why_not()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves the office's tests out where there can be no office; never on CI."""
    if REASON is None or os.environ.get("DESKBLOG_CI"):
        return
    ours = [item for item in items if "office" in getattr(item, "fixturenames", ())]
    items[:] = [item for item in items if item not in ours]
    config.hook.pytest_deselected(items=ours)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if REASON is not None:
        terminalreporter.write_line(f"office tests left out: {REASON}")


@pytest.fixture
def office() -> Iterator[Office]:
    assert REASON is None, f"no virtual office can be built here: {REASON}"
    with Office() as made:
        yield made
