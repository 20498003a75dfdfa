"""The gateways a message may leave by: a short list, and of each what its address may say beside who and where.

An address is written by a colleague and used on this PC. Apprise knows 150 services, some of which act on the PC
itself, and options that read its files (`attach`, `pgpprv`) or take care away (`verify`, `redirect`); so what is not
named here is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum, auto

from msgspec import Struct

from deskblog import limits
from deskblog.errors import Refused
from deskblog.i18n import _

URL = limits.FORWARD_URL
_SCHEMA = re.compile(r"([a-z]{2,16})://.")


class Way(Enum):
    """What a message looks like at the other end."""

    SMS = auto()  # one short text
    PUSH = auto()  # a title and a text
    MAIL = auto()


class Gateway(Struct, frozen=True):
    """`free`: names with these first characters may be anything (headers and fields of a firm's own gateway)."""

    name: str
    way: Way
    options: frozenset[str]
    free: str = ""


def _gateway(name: str, way: Way, options: str = "", free: str = "") -> Gateway:
    return Gateway(name, way, frozenset(options.split()), free)


_NTFY = _gateway("ntfy", Way.PUSH, "auth mode priority tags to token xtags")
_MAIL = _gateway("E-mail", Way.MAIL, "from mode name pass reply smtp to user")
_OWN = _gateway("JSON", Way.SMS, "method", "+:-")
_EAGLE = _gateway("SMSEagle", Way.SMS, "priority to token")

GATEWAYS = {
    "freemobile": _gateway("Free Mobile", Way.SMS),
    "httpsms": _gateway("httpSMS", Way.SMS, "from key to"),
    "json": _OWN,
    "jsons": _OWN,
    "mailto": _MAIL,
    "mailtos": _MAIL,
    "ntfy": _NTFY,
    "ntfys": _NTFY,
    "octopush": _gateway("Octopush", Way.SMS, "key login purpose sender to type"),
    "seven": _gateway("seven", Way.SMS, "from source to"),
    "sfr": _gateway("SFR", Way.SMS, "from lang media sender to"),
    "sinch": _gateway("Sinch", Way.SMS, "from region source spi to token"),
    "smseagle": _EAGLE,
    "smseagles": _EAGLE,
    "twilio": _gateway("Twilio", Way.SMS, "apikey from sid source to token"),
    "vonage": _gateway("Vonage", Way.SMS, "from key secret source to"),
}


def schema_of(url: str) -> str:
    """What stands before ://, empty if the address is none that could be used."""
    found = _SCHEMA.match(url)
    return found[1] if found and found[1] in GATEWAYS and len(url) <= URL and url.isprintable() else ""


def permits(schema: str, options: Iterable[str]) -> bool:
    """Whether an address of this schema may say all of these."""
    gateway = GATEWAYS.get(schema)
    return gateway is not None and all(
        option in gateway.options or option[:1] in tuple(gateway.free) for option in options
    )


def shown(url: str) -> str:
    """The address as it may be shown, logged or told: who is asked, nothing of the credential."""
    schema = schema_of(url)
    return f"{schema}://…" if schema else "…"


def checked(url: str) -> str:
    """The address as it is kept; Refused if it is none of a gateway that is used here. Repeats nothing of it."""
    url = url.strip()
    if not schema_of(url):
        raise Refused(
            _("This is no address of a gateway that deskblog uses."),
            kept=_("Nothing was changed."),
            next_step=_("It begins with one of: {schemas}.").format(
                schemas=", ".join(f"{schema}://" for schema in GATEWAYS)
            ),
        )
    return url


def entrusted(url: str) -> str:
    """What whoever has this address can do with it: told to a person before colleagues' PCs are chosen to have it."""
    words = {
        "freemobile": _("With this key those PCs can send SMS to your own phone, and to no other."),
        "ntfy": _("With this address those PCs can read this topic and write to it."),
        "mailto": _(
            "With this password those PCs can send from this mailbox, and often read it: "
            "take one that is used for nothing else."
        ),
        "json": _("With this address those PCs can ask that gateway for all that it allows you."),
    }
    schema = schema_of(url)
    what = words.get(schema) or words.get(schema.removesuffix("s"))
    return " ".join((
        what or _("With this credential those PCs can send to any number, at the cost of whoever pays for it."),
        _("Taking a PC off the list does not take this back; a new credential at the gateway does."),
    ))  # fmt: skip
