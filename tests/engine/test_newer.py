"""A newer deskblog on a colleague’s PC is told of once a version; whatever else a peer writes there is nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from deskblog import events
from deskblog.commands.forms import event_json
from deskblog.engine import company, newer
from deskblog.net.release import number
from deskblog.values import DeviceKey
from tests.engine.desk import Desk, desks

A, B = DeviceKey(b"a" * 32), DeviceKey(b"b" * 32)


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("0.1.0", (0, 1, 0)),
        ("12", (12,)),
        ("1.2.3.4", (1, 2, 3, 4)),
        ("", ()),
        ("1.2.3.4.5", ()),
        ("0.2.0rc1", ()),
        ("01.2", ()),
        ("-1", ()),
        ("1.0000000", ()),
        ("٣.١", ()),
        ("<b>9</b>", ()),
    ],
)
def test_what_is_a_version(said: str, means: tuple[int, ...]) -> None:
    assert number(said) == means


def test_the_highest_is_named_and_one_not_higher_is_not() -> None:
    assert newer.newest({A: "0.2.0", B: "0.10.0"}, "0.1.0") == (B, "0.10.0")
    assert newer.newest({A: "0.1.0", B: "9.x"}, "0.1.0") is None
    assert newer.newest({}, "0.1.0") is None
    assert newer.newest({B: "1.0", A: "1.0"}, "0.9") == (A, "1.0")


def told(desk: Desk) -> list[events.Newer]:
    return [event for event in desk.said if isinstance(event, events.Newer)]


async def test_a_colleague_with_a_newer_one_is_named_once_of_each_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(company, "__version__", "7.0.1")
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        await anne.until(lambda: bool(told(anne)))
        (said,) = told(anne)
        assert (said.version, said.person) == ("7.0.1", "Paul")
        line = event_json(said)
        assert line["what"] == f"Paul's PC has deskblog 7.0.1, this one {said.own}."
        await paul.engine.stop()
        await anne.until(lambda: "Paul" not in anne.linked_with())
        async with desks(tmp_path, "Paul") as (again,):
            again.engine.reach(anne.address)
            await anne.until(lambda: "Paul" in anne.linked_with())
            await again.engine.post("I am back")
            await anne.until_held("I am back")
            assert len(told(anne)) == 1, "of one version once, over a restart of either"
