"""The doctor's findings in words: what is so, what to do, and a text for whoever looks after the network."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from deskblog.i18n import _, plural
from deskblog.net.doctor import Cause, Finding

MINUTE_MS = 60_000


class Said(Struct, frozen=True):
    """A finding as it is shown. `send`: to be passed on to whoever can change it; empty if that is oneself."""

    check: str
    ok: bool
    say: str
    do: str = ""
    send: str = ""


def in_words(finding: Finding, port: int) -> Said:
    """`port`: on which this PC listens."""
    if finding.ok:
        return Said(finding.cause.value, ok=True, say=_FINE[finding.cause]())
    say, do, send = _WRONG[finding.cause](finding, port)
    return Said(finding.cause.value, ok=False, say=say, do=do, send=send)


def report(said: tuple[Said, ...]) -> str:
    """All of it as one text to send on: what is wrong first."""
    wrong = [one for one in said if not one.ok]
    lines = [_("What deskblog found out about this network:"), ""]
    for one in wrong:
        lines += [f"• {one.say}", *([f"  {one.do}"] if one.do else []), *([f"  {one.send}"] if one.send else [])]
    lines += [f"✓ {one.say}" for one in said if one.ok]
    return "\n".join(lines)


_Words = tuple[str, str, str]


def _who(finding: Finding) -> str:
    """Up to three names, and how many more."""
    names, more = ", ".join(finding.who[:3]), len(finding.who) - 3
    return names if more <= 0 else names + " " + plural("and {n} more", "and {n} more", more)


def _no_network(finding: Finding, port: int) -> _Words:
    return (
        _("This PC is on no network."),
        _("Plug the cable in, or join the Wi-Fi. What is written meanwhile leaves as soon as there is one."),
        "",
    )


def _no_office(finding: Finding, port: int) -> _Words:
    return _("This PC is in no office yet."), _("Found one, or join one with a code that a colleague gives you."), ""


def _removed(finding: Finding, port: int) -> _Words:
    return (
        _("This PC was taken out of the office; colleagues do not link with it."),
        _("If that is a mistake, ask a keyholder to take it back."),
        "",
    )


def _wrong_code(finding: Finding, port: int) -> _Words:
    return _("The words of the code were not the right ones."), _("Ask for them once more, and type them again."), ""


def _alone(finding: Finding, port: int) -> _Words:
    return (
        _("Nobody else has joined this office yet."),
        _("Invite a colleague: “Invite…” makes a code to read to them."),
        "",
    )


def _twins(finding: Finding, port: int) -> _Words:
    return (
        _("Another PC uses the same key as this one."),
        _("If a disk or a deskblog folder was copied, have the copy join the office as a new PC."),
        "",
    )


def _clock(finding: Finding, port: int) -> _Words:
    minutes = max(1, abs(finding.number) // MINUTE_MS)
    behind = finding.number > 0  # theirs are ahead
    if not finding.by:
        say = plural(
            "The clocks of this PC and a colleague's are {n} minute apart.",
            "The clocks of this PC and a colleague's are {n} minutes apart.",
            minutes,
        )
    elif behind:
        say = plural("The clock of this PC is {n} minute slow.", "The clock of this PC is {n} minutes slow.", minutes)
    else:
        say = plural("The clock of this PC is {n} minute fast.", "The clock of this PC is {n} minutes fast.", minutes)
    return say, _("Have the system set the time by itself. Nothing is lost: posts are only dated wrongly."), ""


def _permission(finding: Finding, port: int) -> _Words:
    return (
        _("The system does not let deskblog onto the local network."),
        _("In System Settings, under Privacy & Security, Local Network, switch deskblog off and on again."),
        "",
    )


def _public(finding: Finding, port: int) -> _Words:
    return (
        _("Windows takes this network for a public one, and lets nobody in."),
        _("In Settings, under Network & Internet, set the network to “Private”."),
        "",
    )


def _vpn(finding: Finding, port: int) -> _Words:
    by = ", ".join(finding.by) or _("a VPN")
    return (
        _("A VPN ({by}) takes what is meant for the own network. Out of reach: {who}.").format(
            by=by, who=_who(finding)
        ),
        _("Close the VPN for a moment and look again."),
        _("Please allow “local LAN access” (split tunnelling) in the VPN {by}.").format(by=by),
    )


def _own_firewall(finding: Finding, port: int) -> _Words:
    return (
        _("The firewall of this PC lets nobody in. Tried by: {who}.").format(who=", ".join(finding.by)),
        _("Posts still come and go, for this PC dials the others. Allow deskblog in the firewall all the same."),
        _("Please allow incoming TCP on port {port} for deskblog, on private networks.").format(port=port),
    )


def _isolation(finding: Finding, port: int) -> _Words:
    return (
        _("This network keeps its devices apart. On it, yet out of reach: {who}.").format(who=_who(finding)),
        _("Posts still travel by way of colleagues. A cable helps at once."),
        _("Please switch off “client isolation” (also “AP isolation”, “guest mode”) on the access point."),
    )


def _their_firewall(finding: Finding, port: int) -> _Words:
    seen = (
        _("{by} found the same.").format(by=", ".join(finding.by))
        if finding.by
        else _("If their PC can reach this one, it will dial, and all is well.")
    )
    return (
        _("On, but behind a firewall that does not let this PC in: {who}.").format(who=_who(finding)),
        seen,
        _("Please allow incoming TCP on port {port} for deskblog on the PC of {who}.").format(
            port=port, who=_who(finding)
        ),
    )


def _between(finding: Finding, port: int) -> _Words:
    by = ", ".join(finding.by)
    return (
        _("Something stands between this PC and that of {who}. It is reached by: {by}.").format(
            who=_who(finding), by=by
        ),
        _("Posts still travel by way of colleagues."),
        _("Please let TCP on port {port} pass between this PC and the one of {who}.").format(
            port=port, who=_who(finding)
        ),
    )


def _other_subnet(finding: Finding, port: int) -> _Words:
    return (
        _("On another network, to which nothing leads now: {who}.").format(who=_who(finding)),
        _("A colleague there can give the address of a PC: paste it under “Sites”; once is enough for all."),
        _("Please let TCP on port {port} pass between the two networks.").format(port=port),
    )


def _silent_network(finding: Finding, port: int) -> _Words:
    return (
        _("This network passes on no announcements. Found by an address known from before: {who}.").format(
            who=_who(finding)
        ),
        _("New colleagues have to join with an address: the invitation shows it."),
        _("Please let multicast (UDP 5353) or broadcast (UDP 20140) pass between the PCs."),
    )


def _mdns(finding: Finding, port: int) -> _Words:
    return (
        _("mDNS does not get through here; colleagues are heard by deskblog's own call alone."),
        _("Nothing is to be done: it works."),
        _("Please let multicast (UDP 5353) pass between the PCs.") if not finding.by else "",
    )


def _port(finding: Finding, port: int) -> _Words:
    return (
        _("The usual port was taken by another program or user of this PC; deskblog listens on {port}.").format(
            port=finding.number
        ),
        _("That works, unless a firewall was opened for the usual port only."),
        "",
    )


def _nobody_on(finding: Finding, port: int) -> _Words:
    return (
        _("No colleague was heard, and none answers where they were before."),
        _("Most likely their PCs are off. If you know that one is on, have deskblog examine the network there too."),
        _("Please look whether the network keeps its devices apart (“client isolation”), or whether port {port} "
          "(TCP), 5353 and 20140 (UDP) are blocked.").format(port=port),
    )  # fmt: skip


_WRONG: dict[Cause, Callable[[Finding, int], _Words]] = {
    Cause.NO_NETWORK: _no_network,
    Cause.NO_OFFICE: _no_office,
    Cause.REMOVED: _removed,
    Cause.WRONG_CODE: _wrong_code,
    Cause.ALONE: _alone,
    Cause.TWINS: _twins,
    Cause.CLOCK: _clock,
    Cause.PERMISSION: _permission,
    Cause.PUBLIC: _public,
    Cause.VPN: _vpn,
    Cause.OWN_FIREWALL: _own_firewall,
    Cause.ISOLATION: _isolation,
    Cause.THEIR_FIREWALL: _their_firewall,
    Cause.BETWEEN: _between,
    Cause.OTHER_SUBNET: _other_subnet,
    Cause.SILENT_NETWORK: _silent_network,
    Cause.MDNS: _mdns,
    Cause.PORT: _port,
    Cause.NOBODY_ON: _nobody_on,
}
_FINE: dict[Cause, Callable[[], str]] = {
    Cause.NO_NETWORK: lambda: _("This PC is on a network."),
    Cause.NO_OFFICE: lambda: _("This PC is in an office."),
    Cause.REMOVED: lambda: _("This PC belongs to the office."),
    Cause.WRONG_CODE: lambda: _("No code was typed wrongly."),
    Cause.ALONE: lambda: _("There are colleagues to be found."),
    Cause.TWINS: lambda: _("No other PC has the key of this one."),
    Cause.CLOCK: lambda: _("The clock is right."),
    Cause.PERMISSION: lambda: _("The system lets deskblog onto the network."),
    Cause.PUBLIC: lambda: _("The network is not taken for a public one."),
    Cause.VPN: lambda: _("No VPN is in the way."),
    Cause.OWN_FIREWALL: lambda: _("No colleague found the door of this PC shut."),
    Cause.ISOLATION: lambda: _("The network does not keep its devices apart."),
    Cause.THEIR_FIREWALL: lambda: _("No colleague's door was found shut."),
    Cause.BETWEEN: lambda: _("Nothing between two PCs is in the way."),
    Cause.OTHER_SUBNET: lambda: _("Nobody is on a network that nothing leads to."),
    Cause.SILENT_NETWORK: lambda: _("Announcements get through on this network."),
    Cause.MDNS: lambda: _("mDNS gets through on this network."),
    Cause.PORT: lambda: _("deskblog listens on its usual port."),
    Cause.NOBODY_ON: lambda: _("No other cause was found."),
}
