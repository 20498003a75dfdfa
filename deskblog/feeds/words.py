"""What is said to a person about a feed that did not come: what happened, what to do."""

from __future__ import annotations

from deskblog.i18n import _


def happened(fault: str) -> str:
    """A sentence for a word of the child's (wire.Answer.fault)."""
    if fault.startswith("status "):
        return _status(fault.removeprefix("status "))
    return {
        "address": _("This is no address of a feed."),
        "inside": _("That address leads into the own network: it is not followed."),
        "name": _("No site has that name."),
        "proxy": _("The proxy of this network does not let it through."),
        "certificate": _("The certificate of that site does not hold."),
        "connection": _("That site does not answer."),
        "garbled": _("That site does not answer as a site should."),
        "time": _("That site takes too long to answer."),
        "redirects": _("That address leads from one place to the next without end."),
        "size": _("That feed is too large."),
        "packed": _("That feed is packed in a way that cannot be read."),
        "empty": _("That feed is empty."),
        "page": _("That is a page, and it names no feed."),
        "offers": _("That is a page, and it names feeds."),
        "entities": _("That feed defines things that could make it grow without end: it is not read."),
        "deep": _("That feed is nested without end: it is not read."),
        "broken": _("That feed is broken, or its end is missing."),
        "other": _("That is no feed."),
        "list": _("That is no list of feeds."),
        "memory": _("That feed takes too much memory to read."),
        "work": _("That feed takes too long to read."),
        "child": _("It could not be fetched: no process for it could be started."),
    }.get(fault, _("That feed could not be read."))


def _status(status: str) -> str:
    return {
        "401": _("That feed asks for a name and a password."),
        "403": _("That site does not let this PC read the feed."),
        "404": _("There is no feed at that address."),
        "407": _("The proxy of this network asks for a name and a password."),
        "410": _("That feed is gone for ever, says its site."),
        "429": _("That site is asked too often, it says."),
        "503": _("That site is busy, it says."),
    }.get(status, _("That site says that something is wrong with it ({status}).").format(status=status))


def next_step(fault: str) -> str:
    """What a person can do, or what happens by itself."""
    return {
        "address": _("Check the address."),
        "name": _("Check the address, and whether this PC is online."),
        "inside": _("If it is a feed of the office, give its own address."),
        "certificate": _("Tell whoever runs that site."),
        "proxy": _("Ask whoever runs this network."),
        "status 407": _("Ask whoever runs this network."),
        "page": _("Look for the feed's own address on that page."),
        "offers": _("Choose one of them."),
        "other": _("Check the address."),
        "list": _("Choose a file of the kind OPML."),
        "status 401": _("Give the address with the name and the password in it: https://name:password@site/feed"),
        "status 404": _("It is tried again; if it stays so, look for its new address."),
        "status 410": _("It is asked for no more. Its items stay, the feed can be removed."),
        "status 429": _("It is asked again later, and less often."),
        "status 503": _("It is asked again later."),
    }.get(fault, _("It is tried again later."))


def first_step(fault: str) -> str:
    """… where it is not followed yet: nothing happens by itself then."""
    if fault.startswith("status 4") and fault not in ("status 401", "status 407", "status 429"):
        return _("Check the address.")
    step = next_step(fault)
    return (
        _("Try again later.") if step in (next_step(""), next_step("status 429"), next_step("status 503")) else step
    )


def kept() -> str:
    return _("What came before is kept.")


def cut() -> str:
    return _("The end of that feed is missing: what came whole is here.")
