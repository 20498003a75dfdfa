"""Writing removals and recoveries: what is written stands, names every log, and brings nobody in by the way."""

from __future__ import annotations

import pytest

from deskblog.errors import Refused
from deskblog.limits import ACT_HEADS
from deskblog.log import act as a
from deskblog.log import charter, removing
from deskblog.log.act import Act
from deskblog.log.clerk import keyholders
from deskblog.log.office import Office, fold
from deskblog.values import Role
from tests.log.chronicle import RECOVERY, Chronicle, device, heads, keys, log_of, members, office_of

ALL = ("anne", "bruno", "chloe", "david", "laptop")


def with_acts(office: Office, acts: tuple[Act, ...]) -> Office:
    after = fold([*office.acts.values(), *acts])
    assert {act.id for act in acts} <= after.standing
    return after


def merged(book: Chronicle, *names: str) -> Office:
    book.write("anne", a.Merge(tuple(sorted(book.persons[name] for name in names))))
    return book.office()


def test_a_person_goes_with_all_pcs_and_the_logs_count_to_where_they_are_held() -> None:
    book = office_of("bruno", "chloe")
    book.admit("laptop", person="bruno")
    points = heads((log_of("bruno"), 9), (log_of("laptop"), 4), (log_of("chloe"), 3))
    office = with_acts(
        book.office(), removing.removing_person(keys("anne"), book.office(), book.persons["bruno"], points, 9)
    )
    assert members(office, ALL) == {"anne", "chloe"}
    opened = book.persons["bruno"]
    limits = [office.border(log_of(name), opened) for name in ("bruno", "laptop")]
    assert [limit.seq for limit in limits if limit] == [9, 4]
    assert office.border(log_of("chloe"), book.persons["chloe"]) is None


def test_a_merged_person_goes_under_every_id() -> None:
    book = office_of("bruno", "chloe")
    book.admit("laptop", person="chloe")
    office = merged(book, "bruno", "chloe")
    person = office.devices[device("bruno")]
    for author in ("anne", "bruno", "chloe"):  # by another, and by oneself from either PC
        after = with_acts(office, removing.removing_person(keys(author), office, person, (), 9))
        assert members(after, ALL) == {"anne"}


def test_a_merged_member_without_a_key_takes_out_the_id_they_write_under() -> None:
    book = office_of()
    book.admit("bruno")
    book.admit("chloe")
    office = merged(book, "bruno", "chloe")
    after = with_acts(office, removing.removing_person(keys("bruno"), office, office.devices[device("bruno")], (), 9))
    assert members(after, ALL) == {"anne", "chloe"}


def test_one_pc_goes_and_its_person_stays() -> None:
    book = office_of("bruno")
    book.admit("laptop", person="bruno")
    points = heads((log_of("laptop"), 4))
    for author in ("anne", "bruno"):
        acts = removing.removing_device(keys(author), book.office(), device("laptop"), points, 9)
        after = with_acts(book.office(), acts)
        assert members(after, ALL) == {"anne", "bruno"}
        limit = after.border(log_of("laptop"), book.persons["bruno"])
        assert limit is not None and limit.seq == 4


def test_a_member_takes_out_a_pc_of_their_own_and_none_of_another() -> None:
    book = office_of("chloe")
    book.admit("bruno")
    book.admit("laptop", person="bruno")
    office = book.office()
    after = with_acts(office, removing.removing_device(keys("bruno"), office, device("laptop"), (), 9))
    assert members(after, ALL) == {"anne", "bruno", "chloe"}
    for act in (
        lambda: removing.removing_device(keys("bruno"), office, device("chloe"), (), 9),
        lambda: removing.removing_person(keys("bruno"), office, book.persons["chloe"], (), 9),
    ):
        with pytest.raises(Refused, match="Only a keyholder"):
            act()


def test_more_logs_than_an_act_names_are_all_bordered_where_they_are_held() -> None:
    """The ceiling on heads in one act loses nothing."""
    book = office_of("bruno")
    logs = [log_of("bruno", n) for n in range(2 * ACT_HEADS + 7)]
    points = heads(*((log, n + 1) for n, log in enumerate(logs)))
    acts = removing.removing_person(keys("anne"), book.office(), book.persons["bruno"], points, 9)
    office = with_acts(book.office(), acts)
    limits = [office.border(log, book.persons["bruno"]) for log in logs]
    assert [limit.seq for limit in limits if limit] == [n + 1 for n in range(len(logs))]


def test_the_last_keyholder_may_leave_and_the_words_bring_the_office_back() -> None:
    book = Chronicle()
    book.admit("bruno")
    left = removing.removing_person(keys("anne"), book.office(), book.persons["anne"], (), 9)
    office = with_acts(book.office(), left)
    assert keyholders(office) == ()
    back = with_acts(office, removing.recovering(keys(RECOVERY), office, device("bruno"), 10))
    assert [person.id for person in keyholders(back)] == [book.persons["bruno"]]
    assert members(back, ALL) == {"bruno"}


def test_two_who_removed_each_other_and_recovery_brings_one_back_with_the_key() -> None:
    """Attack 10, table row 10: both are out; the words let one in again, a member only the other."""
    book = office_of("bruno")
    book.admit("chloe")
    before = book.office()
    acts = [
        *removing.removing_person(keys("anne"), before, book.persons["bruno"], (), 9),
        *removing.removing_person(keys("bruno"), before, book.persons["anne"], (), 9),
    ]
    office = fold([*before.acts.values(), *acts])
    assert members(office, ALL) == {"chloe"} and keyholders(office) == ()
    restore = removing.restorable(office, book.persons["bruno"])
    back = with_acts(office, removing.recovering(keys(RECOVERY), office, device("anne"), 10, restore=restore))
    assert members(back, ALL) == {"anne", "bruno", "chloe"}
    assert [person.id for person in keyholders(back)] == [book.persons["anne"]]
    assert back.persons[book.persons["bruno"]].role is Role.MEMBER
    assert with_acts(back, charter.admitting(keys("anne"), back, (device("david"), bytes(32)), "D", None, 11))


def test_a_stolen_senior_pc_is_removed_once_more_and_its_late_acts_are_void() -> None:
    """Attack 6: what it does unheard, before or after, brings nobody in and puts nobody out."""
    book = office_of("bruno", "chloe")
    seen = removing.removing_person(
        keys("anne"), book.office(), book.persons["bruno"], (), 9
    )  # the thief, on Anne's PC
    office = with_acts(book.office(), seen)
    puppet = charter.admitting(keys("anne"), office, (device("david"), bytes(32)), "David", None, 10)
    unheard = removing.removing_person(keys("anne"), office, book.persons["chloe"], (), 10)
    assert removing.thrown_out_by(office, [device("anne")]) == (book.persons["bruno"],)
    acts = removing.recovering(
        keys(RECOVERY), office, device("chloe"), 11,
        without=book.persons["anne"], restore=removing.restorable(office, book.persons["bruno"]),
    )  # fmt: skip
    back = with_acts(office, acts)
    late = fold([*back.acts.values(), *puppet, *unheard])
    for after in (back, late):
        assert members(after, ALL) == {"bruno", "chloe"}
        assert [person.id for person in keyholders(after)] == [book.persons["chloe"]]


def test_a_lost_pc_is_left_out_and_its_person_stays_a_keyholder() -> None:
    book = office_of("bruno")
    book.admit("laptop", person="bruno")
    office = book.office()
    acts = removing.recovering(keys(RECOVERY), office, device("bruno"), 9, without=device("laptop"))
    back = with_acts(office, acts)
    assert members(back, ALL) == {"anne", "bruno"}
    assert len(acts) == 1  # nothing else was wanted


def test_a_pc_that_was_taken_out_by_itself_does_not_come_back_with_its_person() -> None:
    book = office_of("bruno")
    book.admit("laptop", person="bruno")
    book.remove(pc="laptop")
    book.remove("bruno")
    assert removing.restorable(book.office(), book.persons["bruno"]) == (device("bruno"),)
    assert removing.restorable(book.office(), book.persons["anne"]) == ()


def test_a_lowered_member_recovers_as_keyholder() -> None:
    book = office_of("bruno")
    book.role("bruno", Role.MEMBER)
    office = book.office()
    back = with_acts(office, removing.recovering(keys(RECOVERY), office, device("bruno"), 9))
    assert book.persons["bruno"] in {person.id for person in keyholders(back)}


def test_whom_somebody_threw_out_is_told_by_person_and_by_pc() -> None:
    book = office_of("bruno", "chloe")
    book.admit("david")
    book.remove("bruno", by="anne")
    book.remove(pc="chloe", by="anne")
    book.remove("david", by="anne")
    office = with_acts(book.office(), charter.readmitting(keys("anne"), book.office(), [device("david")], 9))
    expected = tuple(sorted(book.persons[name] for name in ("bruno", "chloe")))
    assert removing.thrown_out_by(office, [device("anne")]) == expected
    assert removing.thrown_out_by(office, [device("david")]) == ()
