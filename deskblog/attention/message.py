"""What leaves the office: the words of one message, in the shapes that gateways take."""

from __future__ import annotations

from msgspec import Struct

from deskblog.attention.sms import sms_text
from deskblog.attention.travel import Kind
from deskblog.i18n import _


class Message(Struct, frozen=True):
    """`short`: what an SMS says; the rest is for e-mail and push."""

    short: str
    title: str
    body: str


def compose(kind: Kind, who: str, text: str, office: str) -> Message:
    """Of what is sealed only that it came: a gateway, and a phone's locked screen, are no readers of it."""
    if kind is Kind.SEALED:
        text = _("A sealed message waits for you.")
    title = f"{who} ({office})" if office else who
    return Message(sms_text(who, text, office), " ".join(title.split()), text)
