"""What the doctor concludes from what is known: one cause for each picture, and none where all is well."""

from __future__ import annotations

import pytest

from deskblog.net.doctor import Cause, Colleague, Facts, Finding, diagnose, first_wrong
from deskblog.net.reach import Outcome
from deskblog.records import replace

OPEN, SILENT, REFUSED, NO_ROUTE = Outcome.OPEN, Outcome.SILENT, Outcome.REFUSED, Outcome.NO_ROUTE
BOTH = frozenset({"mdns", "beacon"})
WELL = Facts(
    addresses=("10.0.0.1",), port=20140, usual_port=20140, others=2,
    tried_me=(("Paul", OPEN),), skews=(3, -800),
    colleagues=(
        Colleague("Paul", here=True, linked=True, heard=BOTH, near=True),
        Colleague("Karim", here=True, linked=True, heard=BOTH, near=True),
    ),
)  # fmt: skip
PAUL = WELL.colleagues[0]


def wrong(facts: Facts) -> list[Cause]:
    return [finding.cause for finding in diagnose(facts) if not finding.ok]


def with_karim(karim: Colleague, **facts: object) -> Facts:
    return replace(WELL, colleagues=(PAUL, karim), **facts)  # type: ignore[arg-type]


def test_where_all_is_well_every_cause_was_looked_for_and_none_found() -> None:
    findings = diagnose(WELL)
    assert [finding.cause for finding in findings] == list(Cause) and all(finding.ok for finding in findings)
    assert first_wrong(WELL) is None


ALONE = replace(WELL, others=0, colleagues=(), tried_me=(), skews=())
PICTURES: dict[Cause, tuple[Facts, Finding]] = {
    Cause.NO_NETWORK: (replace(WELL, addresses=()), Finding(Cause.NO_NETWORK, ok=False)),
    Cause.NO_OFFICE: (replace(ALONE, in_office=False), Finding(Cause.NO_OFFICE, ok=False)),
    Cause.REMOVED: (replace(WELL, removed=True), Finding(Cause.REMOVED, ok=False)),
    Cause.WRONG_CODE: (replace(ALONE, in_office=False, wrong_code=True), Finding(Cause.WRONG_CODE, ok=False)),
    Cause.ALONE: (ALONE, Finding(Cause.ALONE, ok=False)),
    Cause.TWINS: (replace(WELL, twins=True), Finding(Cause.TWINS, ok=False)),
    Cause.CLOCK: (
        replace(WELL, skews=(540_000, 541_000)),
        Finding(Cause.CLOCK, ok=False, by=("sure",), number=540_500),
    ),
    Cause.PERMISSION: (replace(WELL, forbidden=True), Finding(Cause.PERMISSION, ok=False)),
    Cause.PUBLIC: (replace(WELL, public=True), Finding(Cause.PUBLIC, ok=False)),
    Cause.VPN: (
        with_karim(Colleague("Karim", near=True, astray=True, outcomes=(SILENT,)), vpns=("tun0",)),
        Finding(Cause.VPN, ok=False, who=("Karim",), by=("tun0",)),
    ),
    Cause.OWN_FIREWALL: (
        replace(WELL, tried_me=(("Paul", SILENT), ("Karim", REFUSED))),
        Finding(Cause.OWN_FIREWALL, ok=False, by=("Paul", "Karim")),
    ),
    Cause.ISOLATION: (
        with_karim(Colleague("Karim", here=True, near=True, outcomes=(NO_ROUTE,))),
        Finding(Cause.ISOLATION, ok=False, who=("Karim",)),
    ),
    Cause.THEIR_FIREWALL: (
        with_karim(Colleague("Karim", heard=BOTH, near=True, outcomes=(SILENT, NO_ROUTE), tried=(("Paul", SILENT),))),
        Finding(Cause.THEIR_FIREWALL, ok=False, who=("Karim",), by=("Paul",)),
    ),
    Cause.BETWEEN: (
        with_karim(Colleague("Karim", here=True, near=True, outcomes=(SILENT,), tried=(("Paul", OPEN),))),
        Finding(Cause.BETWEEN, ok=False, who=("Karim",), by=("Paul",)),
    ),
    Cause.OTHER_SUBNET: (
        with_karim(Colleague("Karim", outcomes=(SILENT,))),
        Finding(Cause.OTHER_SUBNET, ok=False, who=("Karim",)),
    ),
    Cause.SILENT_NETWORK: (
        with_karim(Colleague("Karim", here=True, linked=True, near=True)),
        Finding(Cause.SILENT_NETWORK, ok=False, who=("Karim",)),
    ),
    Cause.MDNS: (
        replace(WELL, colleagues=tuple(replace(one, heard=frozenset({"beacon"})) for one in WELL.colleagues)),
        Finding(Cause.MDNS, ok=False, who=("Paul", "Karim")),
    ),
    Cause.PORT: (replace(WELL, port=20141), Finding(Cause.PORT, ok=False, number=20141)),
    Cause.NOBODY_ON: (
        replace(WELL, tried_me=(), skews=(), colleagues=(Colleague("Paul"), Colleague("Karim"))),
        Finding(Cause.NOBODY_ON, ok=False),
    ),
}


def test_no_cause_lacks_its_picture() -> None:
    assert list(PICTURES) == list(Cause)


@pytest.mark.parametrize("cause", list(Cause))
def test_each_cause_is_named_alone(cause: Cause) -> None:
    facts, finding = PICTURES[cause]
    assert wrong(facts) == [cause]
    assert first_wrong(facts) == finding


def test_one_colleague_whose_clock_is_off_among_three_is_not_this_pcs_trouble() -> None:
    assert wrong(replace(WELL, skews=(900_000, 10, 20))) == []
    found = first_wrong(replace(WELL, skews=(-900_000,)))
    assert found is not None and found.cause is Cause.CLOCK and not found.by, "either may be wrong"


def test_a_door_that_one_colleague_found_open_is_open() -> None:
    assert wrong(replace(WELL, tried_me=(("Paul", SILENT), ("Karim", OPEN)))) == []


def test_who_is_off_has_no_shut_door() -> None:
    """Neither heard nor here: a PC that is switched off answers as little as one behind a firewall."""
    assert wrong(with_karim(Colleague("Karim", near=True, outcomes=(SILENT,)))) == []
    assert wrong(with_karim(Colleague("Karim", near=True, outcomes=(NO_ROUTE,)))) == []


def test_who_is_reached_over_a_colleague_of_another_network_is_well_served() -> None:
    assert wrong(with_karim(Colleague("Karim", here=True, outcomes=(SILENT,)))) == []


def test_who_was_not_dialled_yet_is_nobodys_fault() -> None:
    assert wrong(with_karim(Colleague("Karim", heard=BOTH, near=True))) == []


def test_the_most_telling_cause_comes_first() -> None:
    facts = replace(PICTURES[Cause.THEIR_FIREWALL][0], twins=True, port=20150)
    assert wrong(facts) == [Cause.TWINS, Cause.THEIR_FIREWALL, Cause.PORT]
