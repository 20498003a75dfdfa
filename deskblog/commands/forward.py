"""Commands about what is sent after one on the road: forward set, show, off, test, carriers, decline."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence

from deskblog.attention.gateway import shown
from deskblog.attention.travel import Kind
from deskblog.commands.forms import Json, time_json
from deskblog.commands.office import Command, Hear
from deskblog.engine import Engine
from deskblog.engine.forwarding import Carrier, Forwarding, SentLine
from deskblog.errors import Refused
from deskblog.i18n import _


async def _set(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    """The rule as it is then. What carriers learn is read, and agreed to, before they are given an address."""
    forwarding, urls, carriers = engine.forwarding, args.get("urls") or (), args.get("carriers")
    if (urls or carriers) and not args.get("agreed"):
        raise await _not_agreed(forwarding, urls)
    chosen = args.get("kinds")
    await forwarding.set(
        urls,
        kinds=[Kind(kind) for kind in chosen] if chosen is not None else None,
        cap=args.get("cap"),
        carriers=carriers,
        hours=tuple(args["hours"]) if args.get("hours") else None,
        ends=args.get("until"),
    )
    yield await _rule_json(forwarding)


async def _not_agreed(forwarding: Forwarding, urls: Sequence[str]) -> Refused:
    rule = await forwarding.rule()
    told = forwarding.learned(urls or (rule.urls if rule is not None else ()))
    return Refused(
        " ".join(told), kept=_("Nothing was changed."), next_step=_("If that is well, say it again with --agreed.")
    )


async def _rule_json(forwarding: Forwarding) -> Json:
    rule = await forwarding.rule()
    if rule is None:
        return {"what": "rule", "on": False}
    return {
        "what": "rule",
        "on": True,
        "addresses": [shown(url) for url in rule.urls],
        "kinds": [kind.value for kind in rule.kinds],
        "used": (await forwarding.sent()).used,
        "cap": rule.cap,
        "carriers": [_carrier_json(one) for one in await forwarding.carriers() if one.chosen],
        "hours": [rule.begins, rule.until],
        "until": time_json(rule.ends) if rule.ends else None,
    }


def _carrier_json(one: Carrier) -> Json:
    return {"device": one.device, "person": one.person, "here": one.here, "declined": one.declined}


async def _show(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    """The rule, what was sent by it, and for whom this PC sends."""
    forwarding = engine.forwarding
    yield await _rule_json(forwarding)
    for line in (await forwarding.sent()).lines:
        yield {"what": "sent", **_sent_json(line)}
    for person, declined in await forwarding.carried():
        yield {"what": "for", "person": person.name, "declined": declined}


def _sent_json(line: SentLine) -> Json:
    said = {"carrier": line.carrier, "said": line.said, "ok": line.ok}
    return {"at": time_json(line.at), "id": line.entry, "person": line.who, "text": line.text, **said}


async def _off(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    await engine.forwarding.off()
    yield await _rule_json(engine.forwarding)


async def _test(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    """{said}: what came of a test message."""
    yield {"said": await engine.forwarding.try_out(args["url"])}


async def _carriers(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    """A line for each PC of a colleague's that can be chosen."""
    for one in await engine.forwarding.carriers():
        yield {**_carrier_json(one), "chosen": one.chosen}


async def _decline(engine: Engine, args: Json, hear: Hear) -> AsyncGenerator[Json]:
    await engine.forwarding.decline(args["person"], on=not args.get("allow"))
    for person, declined in await engine.forwarding.carried():
        yield {"person": person.name, "declined": declined}


COMMANDS: dict[str, Command] = {
    "forward-set": _set,
    "forward-show": _show,
    "forward-off": _off,
    "forward-test": _test,
    "forward-carriers": _carriers,
    "forward-decline": _decline,
}
