"""Roles taken down again: the power goes, the person stays."""

from __future__ import annotations

import pytest

from deskblog.log import act as a
from deskblog.log.act import Act
from deskblog.values import Role
from tests.log.chronicle import Chronicle, device, keys, members, office_of

ALL = ("anne", "bruno", "chloe", "david", "xavier")


@pytest.fixture
def four() -> Chronicle:
    return office_of("bruno", "chloe", "david")


def who(book: Chronicle) -> set[str]:
    return members(book.office(), ALL)


def stand(book: Chronicle, act: Act) -> bool:
    return act.id in book.office().standing


def test_a_lowering_voids_the_unseen_acts_by_the_power_and_leaves_the_person_in(four: Chronicle) -> None:
    before = [four.acts[-1]]
    four.role("bruno", Role.MEMBER, after=before)
    guest = four.admit("xavier", by="bruno", after=before)
    name = four.name("bruno", "Bruno", by="bruno", after=before)
    assert not stand(four, guest)
    assert stand(four, name)
    assert who(four) == {"anne", "bruno", "chloe", "david"}
    assert four.office().persons[four.persons["bruno"]].role is Role.MEMBER


def test_two_who_lower_each_other_are_both_lowered(four: Chronicle) -> None:
    before = [four.acts[-1]]
    four.role("bruno", Role.MEMBER, by="chloe", after=before)
    four.role("chloe", Role.ANNOUNCER, by="bruno", after=before)
    office = four.office()
    assert office.persons[four.persons["bruno"]].role is Role.MEMBER
    assert office.persons[four.persons["chloe"]].role is Role.ANNOUNCER


def test_a_founder_lowered_and_raised_again_has_the_keys_again(four: Chronicle) -> None:
    four.role("anne", Role.MEMBER, by="bruno")
    assert four.office().warrants(device("anne"), keyholder=True) is None
    four.role("anne", by="bruno")
    assert four.office().warrants(device("anne"), keyholder=True) is not None
    assert stand(four, four.admit("xavier", by="anne"))


def test_a_lowered_founder_cannot_borrow_the_role_act_of_another(four: Chronicle) -> None:
    before = [four.acts[-1]]
    four.role("anne", Role.MEMBER, by="bruno", after=before)
    newer = four.role("chloe", by="bruno")
    guest = four.write(
        "anne",
        a.Admit(a.NEW, ((device("xavier"), keys("xavier").seal_key),)),
        warrants=[four.found.id, newer.id],
    )
    assert guest.id in four.office().sound
    assert not stand(four, guest)


def test_of_a_role_raised_and_lowered_at_once_the_lowest_counts() -> None:
    book = office_of("bruno", "chloe")
    book.admit("david")
    before = [book.acts[-1]]
    book.role("david", Role.KEYHOLDER, by="anne", after=before)
    book.role("david", Role.ANNOUNCER, by="bruno", after=before)
    book.role("david", Role.ANNOUNCER, by="chloe", after=before)
    assert book.office().persons[book.persons["david"]].role is Role.ANNOUNCER


def test_the_keys_count_only_if_given_in_knowledge_of_every_lowering(four: Chronicle) -> None:
    before = [four.acts[-1]]
    lowering = four.role("david", Role.MEMBER, by="bruno", after=before)
    for by in ("anne", "bruno", "chloe"):
        for _again in range(3):
            four.role("david", by=by, after=before)
    knowing = four.role("david", by="chloe", after=[lowering])
    office = four.office()
    assert office.persons[four.persons["david"]].role is Role.KEYHOLDER
    assert set(office.warrants(device("david"), keyholder=True) or ()) == {four.warrants["david"][0], knowing.id}
    assert stand(four, four.admit("xavier", by="david"))
