"""Why somebody is not here: facts in, findings out. No words, no sockets; what is sure comes before what may be.

A PC alone cannot tell a firewall from a PC that is off. Two that are linked can: each tries the other's door, and of
a third, whom one of them cannot reach, the other says what it found (docs/protocol.md, section 12).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum

from msgspec import Struct, field

from deskblog.net.reach import Outcome

SKEW_MS = 5 * 60_000  # as much as an entry may be ahead of the clock here


class Cause(StrEnum):
    """What the doctor can name, the most telling first."""

    NO_NETWORK = "no network"
    NO_OFFICE = "no office"
    REMOVED = "removed"
    WRONG_CODE = "wrong code"
    ALONE = "alone"
    TWINS = "twins"
    CLOCK = "clock"
    PERMISSION = "permission"
    PUBLIC = "public network"
    VPN = "vpn"
    OWN_FIREWALL = "own firewall"
    ISOLATION = "isolation"
    THEIR_FIREWALL = "their firewall"
    BETWEEN = "between"
    OTHER_SUBNET = "other subnet"
    SILENT_NETWORK = "silent network"
    MDNS = "mdns"
    PORT = "port"
    NOBODY_ON = "nobody on"


class Colleague(Struct, frozen=True):
    """What is known of one device of another person, or of an own one.

    `here`: can be reached, over others perhaps; `heard`: by what ("mdns", "beacon"); `outcomes`: of the attempts at
    its addresses; `near`: it has an address on a network of this PC's own; `astray`: the system would not go there by
    that network; `tried`: what others found at its door, by their names.
    """

    name: str
    here: bool = False
    linked: bool = False
    heard: frozenset[str] = frozenset()
    outcomes: tuple[Outcome, ...] = ()
    near: bool = False
    astray: bool = False
    tried: tuple[tuple[str, Outcome], ...] = ()


class Facts(Struct, frozen=True):
    """All that this PC knows of its network. `skews`: of each linked device, how many ms its clock is ahead."""

    addresses: tuple[str, ...] = ()
    vpns: tuple[str, ...] = ()  # names of interfaces that look like a VPN's
    port: int = 0
    usual_port: int = 0
    in_office: bool = True
    removed: bool = False
    wrong_code: bool = False
    others: int = 0  # devices of the office beside this one
    mdns_fault: str = ""
    beacon_fault: str = ""
    forbidden: bool = False  # the system lets nothing out to the own network
    public: bool = False  # the system takes the network for a public one
    twins: bool = False
    skews: tuple[int, ...] = ()
    tried_me: tuple[tuple[str, Outcome], ...] = ()  # what colleagues found at this PC's door
    colleagues: tuple[Colleague, ...] = field(default=())


class Finding(Struct, frozen=True):
    """`ok`: nothing is wrong there. `who`: whom it is about; `by`: who found it out, or an interface's name."""

    cause: Cause
    ok: bool
    who: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    number: int = 0


def diagnose(facts: Facts) -> tuple[Finding, ...]:
    """One finding for each cause, what is wrong first, the most telling of it first of all."""
    found = [_CHECKS[cause](facts) for cause in Cause]
    return tuple(sorted(found, key=lambda finding: finding.ok))


def first_wrong(facts: Facts) -> Finding | None:
    """What an empty list of people is to say."""
    return next((finding for finding in diagnose(facts) if not finding.ok), None)


def _missing(facts: Facts) -> list[Colleague]:
    return [one for one in facts.colleagues if not one.linked]


def _finding(cause: Cause, who: Iterable[Colleague] = (), by: Iterable[str] = ()) -> Finding:
    names = tuple(dict.fromkeys(one.name for one in who))
    return Finding(cause, ok=not names, who=names, by=tuple(dict.fromkeys(by)))


def _plain(cause: Cause, holds: Callable[[Facts], bool]) -> Callable[[Facts], Finding]:
    return lambda facts: Finding(cause, ok=not holds(facts))


def _clock(facts: Facts) -> Finding:
    """One colleague says that one of two clocks is wrong; most of several say whose."""
    wrong = [skew for skew in facts.skews if abs(skew) > SKEW_MS]
    if not wrong or 2 * len(wrong) < len(facts.skews):
        return Finding(Cause.CLOCK, ok=True)
    from statistics import median  # four milliseconds, that a start can do without

    sure = ("sure",) if len(facts.skews) > 1 else ()
    return Finding(Cause.CLOCK, ok=False, by=sure, number=int(median(wrong)))


def _vpn(facts: Facts) -> Finding:
    astray = [one for one in _missing(facts) if one.astray]
    return _finding(Cause.VPN, astray, facts.vpns)


def _own_firewall(facts: Facts) -> Finding:
    """Colleagues who are linked, because this PC dialled them, find its own door shut."""
    shut = [name for name, outcome in facts.tried_me if outcome in (Outcome.SILENT, Outcome.REFUSED)]
    opened = any(outcome is Outcome.OPEN for _name, outcome in facts.tried_me)
    return Finding(Cause.OWN_FIREWALL, ok=not shut or opened, by=tuple(shut))


def _isolation(facts: Facts) -> Finding:
    """On one's own network, known to be on, and no more to be found there than if it were not."""
    apart = [
        one
        for one in _missing(facts)
        if one.here and one.near and not one.astray and not one.heard and set(one.outcomes) <= {Outcome.NO_ROUTE}
    ]
    return _finding(Cause.ISOLATION, [one for one in apart if one.outcomes])


def _their_firewall(facts: Facts) -> Finding:
    """Heard or known to be here, on a network this PC reaches, and the door is shut; others find the same."""
    shut = [one for one in _shut_out(facts) if not _reached_by(one)]
    by = [name for one in shut for name, outcome in one.tried if _is_shut((outcome,))]
    return _finding(Cause.THEIR_FIREWALL, shut, by)


def _between(facts: Facts) -> Finding:
    """Colleagues find that door open: neither PC is at fault, but what lies between the two."""
    apart = [one for one in _shut_out(facts) if _reached_by(one)]
    return _finding(Cause.BETWEEN, apart, [name for one in apart for name in _reached_by(one)])


def _shut_out(facts: Facts) -> list[Colleague]:
    there = [one for one in _missing(facts) if (one.heard or one.here) and one.near and not one.astray]
    return [one for one in there if _is_shut(one.outcomes)]


def _reached_by(one: Colleague) -> list[str]:
    return [name for name, outcome in one.tried if outcome is Outcome.OPEN]


def _is_shut(outcomes: Sequence[Outcome]) -> bool:
    return Outcome.OPEN not in outcomes and bool({Outcome.SILENT, Outcome.REFUSED} & set(outcomes))


def _other_subnet(facts: Facts) -> Finding:
    """Known addresses lie on other networks only, and nobody carries there."""
    beyond = [one for one in _missing(facts) if not one.here and not one.near and not one.heard and one.outcomes]
    return _finding(Cause.OTHER_SUBNET, beyond)


def _silent_network(facts: Facts) -> Finding:
    """Linked by an address known from before, and neither heard by multicast nor by broadcast."""
    return _finding(
        Cause.SILENT_NETWORK, [one for one in facts.colleagues if one.linked and one.near and not one.heard]
    )


def _mdns(facts: Facts) -> Finding:
    """Only the beacon is heard."""
    silent = [one for one in facts.colleagues if one.heard == {"beacon"}]
    if any("mdns" in one.heard for one in facts.colleagues):
        silent = []
    return _finding(Cause.MDNS, silent, [facts.mdns_fault] if facts.mdns_fault else [])


def _port(facts: Facts) -> Finding:
    taken = facts.port != 0 and facts.port != facts.usual_port
    return Finding(Cause.PORT, ok=not taken, number=facts.port)


def _nobody_on(facts: Facts) -> Finding:
    """Nothing else explains it: nobody was heard, nobody answers."""
    alone = facts.others > 0 and not any(one.linked or one.here or one.heard for one in facts.colleagues)
    return Finding(Cause.NOBODY_ON, ok=not alone)


_CHECKS: dict[Cause, Callable[[Facts], Finding]] = {
    Cause.NO_NETWORK: _plain(Cause.NO_NETWORK, lambda facts: not facts.addresses),
    Cause.NO_OFFICE: _plain(Cause.NO_OFFICE, lambda facts: not facts.in_office and not facts.wrong_code),
    Cause.REMOVED: _plain(Cause.REMOVED, lambda facts: facts.removed),
    Cause.WRONG_CODE: _plain(Cause.WRONG_CODE, lambda facts: facts.wrong_code),
    Cause.ALONE: _plain(Cause.ALONE, lambda facts: facts.in_office and not facts.removed and not facts.others),
    Cause.TWINS: _plain(Cause.TWINS, lambda facts: facts.twins),
    Cause.CLOCK: _clock,
    Cause.PERMISSION: _plain(Cause.PERMISSION, lambda facts: facts.forbidden),
    Cause.PUBLIC: _plain(Cause.PUBLIC, lambda facts: facts.public),
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
