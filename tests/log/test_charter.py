"""Writing acts: what is written stands."""

from __future__ import annotations

import pytest

from deskblog.errors import Refused
from deskblog.limits import ACT_AFTER
from deskblog.log import act as a
from deskblog.log import charter
from deskblog.log.office import fold
from deskblog.values import PersonId, Role
from tests.log.chronicle import RECOVERY, Chronicle, device, keys, office_of


def test_a_founding_makes_an_office_with_its_name_and_its_founders() -> None:
    acts = charter.founding(keys("anne"), device(RECOVERY), "Le Bureau", "Anne", 5)
    office = fold(acts)
    assert office.name == "Le Bureau" and office.recovery == device(RECOVERY)
    person = office.person_of(device("anne"))
    assert person is not None and (person.name, person.role) == ("Anne", Role.KEYHOLDER)
    assert office.standing == {act.id for act in acts}


def test_a_new_person_is_admitted_with_a_name() -> None:
    book = office_of("bruno")
    joiner = (device("xavier"), keys("xavier").seal_key)
    acts = charter.admitting(keys("bruno"), book.office(), joiner, "Xavier", None, 9)
    office = fold([*book.acts, *acts])
    person = office.person_of(device("xavier"))
    assert person is not None and person.name == "Xavier" and person.id == PersonId(acts[0].id)
    assert office.seal_keys[device("xavier")] == joiner[1]


def test_a_further_pc_is_admitted_to_the_person_it_was_said_to_be_of() -> None:
    book = office_of("bruno")
    joiner = (device("xavier"), keys("xavier").seal_key)
    acts = charter.admitting(keys("anne"), book.office(), joiner, "ignored", book.persons["bruno"], 9)
    office = fold([*book.acts, *acts])
    assert office.devices[device("xavier")] == book.persons["bruno"]
    assert len(acts) == 1


def test_a_member_who_holds_no_key_is_told_who_does() -> None:
    book = Chronicle()
    book.admit("bruno")
    with pytest.raises(Refused) as fault:
        charter.keyholder_warrants(keys("bruno"), book.office())
    assert fault.value.next_step


@pytest.mark.parametrize("tips", [ACT_AFTER, ACT_AFTER + 1, 65])
def test_an_act_stands_however_many_tips_there_are(tips: int) -> None:
    book = office_of("bruno")
    before = [book.acts[-1]]
    for n in range(tips):
        book.write("anne", a.Call(book.persons["anne"], f"Anne {n}"), after=before)
    office = book.office()
    assert len(office.tips) == tips
    joiner = (device("xavier"), keys("xavier").seal_key)
    acts = charter.admitting(keys("bruno"), office, joiner, "Xavier", None, 9)
    assert len(acts[0].after) <= ACT_AFTER
    assert fold([*book.acts, *acts]).is_in(device("xavier"))
