"""Sends one message out of the office, in a process that is ended when its time is over."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from deskblog import limits
from deskblog.attention.gateway import checked
from deskblog.attention.message import Message
from deskblog.attention.outcome import Happened, Outcome
from deskblog.attention.wire import Answer, Request
from deskblog.child import ask
from deskblog.i18n import _

SECONDS = 40.0  # for one address, all of it: Apprise itself takes half a second to load
STEP_SECONDS = 15.0
ADDRESSES = limits.FORWARD_URLS  # of one rule; all of them must be through while a claim holds (travel.py)


async def send(url: str, message: Message, *, local: bool = False) -> Outcome:
    """Sends by one address, once. `local`: the own machine may be asked, as the address is one's own."""
    request = Request(url, message.short, message.title, message.body, STEP_SECONDS, local)
    said = await ask("deskblog.attention.child", msgspec.msgpack.encode(request), SECONDS)
    if said is None:  # it may have been taken before the time was over
        return Outcome(Happened.PERHAPS)
    try:
        answer = msgspec.msgpack.decode(said, type=Answer)
        return Outcome(Happened(answer.happened), answer.status)
    except msgspec.MsgspecError:  # it died on the way
        return Outcome(Happened.PERHAPS)


async def send_by_first(urls: Iterable[str], message: Message, *, local: bool = False) -> Outcome:
    """Sends by the first address that takes it, and stops where it may have been taken.

    Of those that did not, what passes counts before what lasts: then it is tried again.
    """
    worst = Outcome(Happened.UNUSABLE)
    for url in tuple(urls)[:ADDRESSES]:
        outcome = await send(url, message, local=local)
        if outcome.happened in (Happened.TAKEN, Happened.PERHAPS):
            return outcome
        if outcome.retry or not worst.retry:
            worst = outcome
    return worst


async def try_out(url: str) -> Outcome:
    """Sends a first message by one's own address, from one's own PC. Refused if it is no address of a gateway."""
    text = _("deskblog reaches you here.")
    return await send(checked(url), Message(text, "deskblog", text), local=True)
