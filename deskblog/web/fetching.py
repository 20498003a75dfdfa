"""Asks the child process for a page, and ends it when its time is over."""

from __future__ import annotations

import msgspec

from deskblog.child import ask
from deskblog.errors import Unusable
from deskblog.i18n import _
from deskblog.web.wire import Answer, Request

SECONDS = 12.0  # for all of it
STEP_SECONDS = 5.0


class Fetched(msgspec.Struct, frozen=True):
    """`url`: where it came from in the end; `kind`: its Content-Type."""

    url: str
    kind: str
    body: bytes


async def fetch(url: str, ceiling: int, *, local: bool) -> Fetched:
    """The first `ceiling` bytes of a page or picture. Unusable says why there are none. `local`: see wire.py."""
    request = msgspec.msgpack.encode(Request(url, ceiling, STEP_SECONDS, local))
    said = await ask("deskblog.web.child", request, SECONDS)
    try:
        answer = msgspec.msgpack.decode(said, type=Answer) if said is not None else Answer("time")
    except msgspec.MsgspecError:
        answer = Answer("time")
    if answer.fault:
        raise Unusable(_said(answer.fault), kept=_("Your text is kept."), next_step=_("Post it without a card."))
    return Fetched(answer.url, answer.kind, answer.body)


def _said(fault: str) -> str:
    return {
        "address": _("This is no address of a page."),
        "inside": _("That page leads into the own network: it is not followed."),
        "redirects": _("That page leads from one place to the next without end."),
        "certificate": _("The certificate of that site does not hold."),
        "connection": _("That site does not answer."),
        "time": _("That site takes too long to answer."),
    }.get(fault, _("That site has no such page ({why}).").format(why=fault))
