"""Commands about the network: doctor, sites, site, road."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress

from deskblog import events
from deskblog.commands.forms import Json, time_json
from deskblog.commands.office import Command, Hear
from deskblog.engine import Engine
from deskblog.engine.options import address_text
from deskblog.values import SiteRow

LISTEN_SECONDS = 6.0  # an engine started for this alone has to hear the others first


async def _doctor(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    """{check, ok, cause, say, do, send} a line, what is wrong first; `cause` is null where all is well."""
    with suppress(TimeoutError):
        async with asyncio.timeout(max(0.0, LISTEN_SECONDS - engine.places.running_for)):
            await _all_here(engine, hear)
    for one in await engine.places.doctor():
        cause = None if one.ok else one.check
        yield {"check": one.check, "ok": one.ok, "cause": cause, "say": one.say, "do": one.do, "send": one.send}


async def _all_here(engine: Engine, hear: Hear) -> None:
    """Until there is nobody left to wait for."""
    news = asyncio.Event()
    stop = hear(lambda event: news.set() if isinstance(event, events.PeopleChanged) else None)
    try:
        while not await engine.all_here():
            news.clear()
            await news.wait()
    finally:
        stop()


def _site_json(site: SiteRow) -> Json:
    return {
        "name": site.name,
        "mine": site.mine,
        "here": site.here,
        "people": list(site.people),
        "off": list(site.off),
        "at": time_json(site.at) if site.at else None,
        "carrier": site.carrier or None,
    }


async def _sites(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    """{name, mine, here, people:[name], off:[name], at, carrier} a site, one's own first; then {road, leads} each."""
    for site in await engine.places.sites():
        yield _site_json(site)
    for host, port in engine.places.roads():
        yield {"road": address_text(host, port), "leads": True}


async def _site(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    """{name}: what the site is called here now."""
    await engine.places.name_site(args["name"])
    yield {"name": args["name"].strip()}


async def _road(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    """{road, leads}: an address at which another site is dialled by all from now on, or no more."""
    leads = not args.get("remove", False)
    host, port = await (engine.places.add_road if leads else engine.places.remove_road)(args["at"])
    yield {"road": address_text(host, port), "leads": leads}


COMMANDS: dict[str, Command] = {"doctor": _doctor, "sites": _sites, "site": _site, "road": _road}
