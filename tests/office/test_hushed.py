"""An app whose window is not up yet is on nobody's network: counted in datagrams, on a virtual PC."""

from __future__ import annotations

import asyncio
from importlib import import_module
from pathlib import Path

from deskblog.engine import Engine, Options
from tests.office.hosts import Office

TURNS = 50


def sent() -> int:
    """Datagrams that left this thread's PC so far."""
    lines = [Path(f"/proc/thread-self/net/{name}").read_text().splitlines() for name in ("snmp", "snmp6")]
    names, values = (line.split()[1:] for line in lines[0] if line.startswith("Udp:"))
    six = dict(line.split() for line in lines[1])
    return int(values[names.index("OutDatagrams")]) + int(six["Udp6OutDatagrams"])


async def told(folder: Path, *, hushed: bool) -> tuple[int, int]:
    """How many datagrams left while the engine did other things, and how many once it was told to go out."""
    options = Options(port=0, web_port=0, watch=False, state=folder / "state", hushed=hushed)
    engine = Engine(folder, lambda _event: None, options=options)
    import_module("deskblog.net.discovery")  # so that a turn of the loop is all it would take
    before = sent()
    await engine.start()
    await engine.found("Dupont & fils", "Anne")
    for _turn in range(TURNS):
        await engine.remembered("nothing")
    quiet = sent() - before
    engine.go_out()
    while sent() == before:
        await engine.remembered("nothing")
    await engine.stop()
    return quiet, sent() - before


def test_who_is_hushed_is_silent_until_told_to_go_out(office: Office, tmp_path: Path) -> None:
    anne = office.host("anne", office.lan())
    with anne.inside():
        quiet, at_last = asyncio.run(asyncio.wait_for(told(tmp_path / "hushed", hushed=True), 30))
        at_once, _later = asyncio.run(asyncio.wait_for(told(tmp_path / "open", hushed=False), 30))
    assert quiet == 0 < at_last
    assert at_once > 0
