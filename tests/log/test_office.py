"""What an office says when asked: people, names, roles, borders, chains, what others lack, what waits."""

from __future__ import annotations

import pytest

from deskblog.log import act as a
from deskblog.log.office import Limit, Office, fold
from deskblog.values import ActId, EntryId, LogName, OfficeId, PersonId, Role
from tests.log.chronicle import RECOVERY, Chronicle, device, entry_at, heads, keys, log_of, office_of


@pytest.fixture
def book() -> Chronicle:
    return office_of("bruno", "chloe")


def limit(log: LogName, seq: int) -> Limit:
    return Limit(seq, EntryId(entry_at(log, seq)))


def admission(book: Chronicle, name: str) -> ActId:
    return book.warrants[name][0]


# --- people -------------------------------------------------------------------------------------------------
def test_the_founder_is_the_first_keyholder_and_the_office_has_its_id(book: Chronicle) -> None:
    office = book.office()
    assert office.id == OfficeId(book.found.id)
    assert office.devices[device("anne")] == PersonId(book.found.id)
    assert office.persons[PersonId(office.id)].role is Role.KEYHOLDER
    assert office.recovery == device(RECOVERY)
    assert office.seal_keys[device("bruno")] == keys("bruno").seal_key


def test_a_person_has_all_their_devices_sorted(book: Chronicle) -> None:
    book.admit("xavier", person="bruno")
    office = book.office()
    person = office.persons[book.persons["bruno"]]
    assert person.devices == tuple(sorted((device("bruno"), device("xavier"))))
    assert office.person_of(device("xavier")) == person and not person.gone


def test_who_was_removed_is_still_known_with_who_did_it(book: Chronicle) -> None:
    book.name("bruno", "Bruno")
    removal = book.remove("bruno", by="chloe")
    office = book.office()
    person = office.person_of(device("bruno"))
    assert person is not None and person.gone and person.name == "Bruno"
    assert person.removed_by == book.persons["chloe"]
    assert office.was_removed(device("bruno")) == removal
    assert office.admission_of(device("bruno")) is None
    assert office.chain(device("bruno")) == ()
    assert office.warrants(device("bruno"), keyholder=False) is None


def test_of_two_removals_the_one_with_the_lower_id_is_told(book: Chronicle) -> None:
    before = [book.acts[-1]]
    removals = [book.remove("bruno", by=by, after=before) for by in ("anne", "chloe")]
    assert book.office().was_removed(device("bruno")) == min(removals, key=lambda act: act.id)


def test_who_is_out_once_more_is_told_of_the_latest_removal(book: Chronicle) -> None:
    for _time in range(6):
        removal = book.remove("bruno", by="chloe")
        assert book.office().was_removed(device("bruno")) == removal
        assert book.office().persons[book.persons["bruno"]].removed_by == book.persons["chloe"]
        book.admit("bruno", person="bruno")
        assert book.office().is_in(device("bruno"))


def test_who_the_recovery_key_removed_was_removed_by_nobody_in_the_office(book: Chronicle) -> None:
    book.remove("bruno", by=RECOVERY)
    person = book.office().person_of(device("bruno"))
    assert person is not None and person.gone and person.removed_by is None


def test_a_stranger_was_never_here(book: Chronicle) -> None:
    office = book.office()
    stranger = device("xavier")
    assert not office.is_in(stranger)
    assert office.was_removed(stranger) is None and office.person_of(stranger) is None
    assert office.admission_of(stranger) is None and office.warrants(stranger, keyholder=False) is None


def test_a_removed_device_whose_admission_is_void_is_told_it_was_removed(book: Chronicle) -> None:
    before = [book.acts[-1]]
    guest = book.admit("xavier", by="bruno", after=before)
    removal = book.remove("xavier", by="chloe", after=[guest])
    assert book.office().was_removed(device("xavier")) == removal
    book.remove("bruno", by="chloe", after=before)
    office = book.office()
    assert guest.id not in office.standing
    assert office.was_removed(device("xavier")) == removal


def test_of_several_admissions_the_lowest_id_is_the_one_it_is_in_by(book: Chronicle) -> None:
    first = book.admit("xavier")
    before = [first]
    more = [book.admit("xavier", by=by, person="xavier", after=before) for by in ("anne", "bruno", "chloe")]
    assert book.office().admission_of(device("xavier")) == min(act.id for act in (first, *more))


# --- names and rules ----------------------------------------------------------------------------------------
def test_the_latest_name_counts_and_of_two_at_once_the_lowest_id(book: Chronicle) -> None:
    assert book.office().persons[book.persons["bruno"]].name == ""
    first = book.name("bruno", "Brun0")
    pair = [book.name("bruno", name, by=by, after=[first]) for name, by in (("Bruno", "bruno"), ("B.", "anne"))]
    winner = min(pair, key=lambda act: act.id)
    assert isinstance(winner.fields, a.Call)
    assert book.office().persons[book.persons["bruno"]].name == winner.fields.name
    book.name("bruno", "Bruno M.", by="bruno")
    assert book.office().persons[book.persons["bruno"]].name == "Bruno M."


def test_a_name_from_a_peer_is_shown_without_what_turns_or_hides_text(book: Chronicle) -> None:
    book.name("bruno", "\u202ebruno\n\n\u200bM.\x07")
    book.write("anne", a.Rule("Le\u2028Bureau"))
    office = book.office()
    assert office.persons[book.persons["bruno"]].name == "bruno M."
    assert office.name == "Le Bureau"


def test_the_office_has_the_name_and_settings_of_its_latest_rule(book: Chronicle) -> None:
    assert (book.office().name, dict(book.office().settings)) == ("", {})
    first = book.write("anne", a.Rule("Bureau"))
    pair = [
        book.write(by, a.Rule(name, (("retention-days", days), ("site", name))), after=[first])
        for by, name, days in (("anne", "Nord", 90), ("bruno", "Sud", 30))
    ]
    winner = min(pair, key=lambda act: act.id).fields
    office = book.office()
    assert isinstance(winner, a.Rule)
    assert (office.name, dict(office.settings)) == (winner.name, dict(winner.settings))


def test_merged_persons_are_one_named_by_the_lowest_id(book: Chronicle) -> None:
    for name in ("xavier", "yann", "zoe"):
        book.admit(name)
    chloe, xavier, yann, zoe = (book.persons[name] for name in ("chloe", "xavier", "yann", "zoe"))
    book.write("anne", a.Merge(tuple(sorted((xavier, yann)))))
    book.write("anne", a.Merge(tuple(sorted((yann, zoe, chloe)))))
    office = book.office()
    lowest = min(chloe, xavier, yann, zoe)
    assert {office.devices[device(name)] for name in ("chloe", "xavier", "yann", "zoe")} == {lowest}
    assert office.persons.keys().isdisjoint({chloe, xavier, yann, zoe} - {lowest})
    assert office.persons[lowest].role is Role.KEYHOLDER
    assert len(office.persons[lowest].devices) == 4
    assert all(office.person_now(one) is office.persons[lowest] for one in (chloe, xavier, yann, zoe))
    book.name("zoe", "Zoé")
    assert book.office().persons[lowest].name == "Zoé"
    assert book.office().author(device("yann"), admission(book, "yann")) == lowest


def test_the_old_role_of_who_was_removed_is_gone(book: Chronicle) -> None:
    book.remove("bruno")
    assert book.office().persons[book.persons["bruno"]].role is Role.MEMBER


# --- logs ---------------------------------------------------------------------------------------------------
def test_a_log_belongs_to_whoever_its_admission_says(book: Chronicle) -> None:
    book.admit("xavier", person="bruno")
    office = book.office()
    assert office.author(device("xavier"), admission(book, "xavier")) == book.persons["bruno"]
    assert office.author(device("chloe"), admission(book, "xavier")) is None
    assert office.author(device("xavier"), bytes(32)) is None
    assert office.author(device("bruno"), book.warrants["bruno"][1]) is None
    assert office.author(device("anne"), office.id) == book.persons["anne"]


def test_a_log_under_a_void_admission_is_not_part_of_the_office(book: Chronicle) -> None:
    before = [book.acts[-1]]
    guest = book.admit("xavier", by="bruno", after=before)
    assert book.office().author(device("xavier"), guest.id) == book.persons["xavier"]
    book.remove("bruno", after=before)
    assert book.office().author(device("xavier"), guest.id) is None


def test_a_log_nobody_removed_is_open(book: Chronicle) -> None:
    office = book.office()
    assert office.border(log_of("bruno"), admission(book, "bruno")) is None
    assert office.border(log_of("bruno"), bytes(32)) is None


def test_a_removed_log_ends_where_the_remover_says_and_others_at_nothing(book: Chronicle) -> None:
    one, two = log_of("bruno", 1), log_of("bruno", 2)
    book.remove("bruno", heads=heads((one, 7)))
    office = book.office()
    assert office.border(one, admission(book, "bruno")) == limit(one, 7)
    assert office.border(two, admission(book, "bruno")) == Limit(0, None)
    assert office.border(log_of("chloe"), admission(book, "chloe")) is None


def test_the_furthest_of_several_borders_counts_and_keyholders_may_raise_it(book: Chronicle) -> None:
    log = log_of("bruno")
    before = [book.acts[-1]]
    book.remove("bruno", by="anne", after=before, heads=heads((log, 7)))
    book.remove("bruno", by="chloe", after=before, heads=heads((log, 9)))
    assert book.office().border(log, admission(book, "bruno")) == limit(log, 9)
    book.write("chloe", a.Border(heads((log, 12))))
    book.write("anne", a.Border(heads((log, 10))))
    assert book.office().border(log, admission(book, "bruno")) == limit(log, 12)


def test_the_removed_cannot_raise_their_own_border(book: Chronicle) -> None:
    log = log_of("bruno")
    before = [book.acts[-1]]
    book.remove("bruno", heads=heads((log, 7)), after=before)
    book.write("bruno", a.Border(heads((log, 99))), after=before)
    assert book.office().border(log, admission(book, "bruno")) == limit(log, 7)


def test_a_removal_speaks_only_of_the_logs_it_takes(book: Chronicle) -> None:
    log = log_of("bruno")
    book.admit("xavier")
    book.remove("bruno", heads=heads((log, 7)))
    accomplice = book.remove("xavier", by="xavier", heads=heads((log, 99), (log_of("xavier"), 3)))
    office = book.office()
    assert accomplice.id in office.standing
    assert office.border(log, admission(book, "bruno")) == limit(log, 7)
    assert office.border(log_of("xavier"), admission(book, "xavier")) == limit(log_of("xavier"), 3)


def test_of_two_points_at_one_seq_the_lower_id_is_the_border(book: Chronicle) -> None:
    logs = [log_of("bruno", 1), log_of("bruno", 2)]
    before = [book.acts[-1]]
    low, high = bytes(31) + b"\x01", bytes(31) + b"\x02"
    for by, ids in (("anne", (low, high)), ("chloe", (high, low))):
        lines = tuple((log.device, log.number, 7, ident) for log, ident in zip(logs, ids, strict=True))
        book.remove("bruno", by=by, after=before, heads=lines)
    for log in logs:
        assert book.office().border(log, admission(book, "bruno")) == Limit(7, EntryId(low))


def test_who_is_taken_back_has_open_new_logs_and_bordered_old_ones(book: Chronicle) -> None:
    old, new = log_of("bruno", 1), log_of("bruno", 2)
    first = admission(book, "bruno")
    book.remove("bruno", heads=heads((old, 7)))
    back = book.admit("bruno", person="bruno")
    office = book.office()
    assert office.border(old, first) == limit(old, 7)
    assert office.border(new, back.id) is None
    assert office.border(new, first) == Limit(0, None), "a new log that names the old admission is no way around"
    assert office.author(device("bruno"), first) == office.author(device("bruno"), back.id) == book.persons["bruno"]


def test_a_lowering_borders_no_log(book: Chronicle) -> None:
    log = log_of("bruno")
    book.role("bruno", Role.MEMBER, heads=heads((log, 3)))
    assert book.office().border(log, admission(book, "bruno")) is None


# --- writing and meeting others -----------------------------------------------------------------------------
def test_the_recovery_key_writes_by_the_founding(book: Chronicle) -> None:
    assert book.office().warrants(device(RECOVERY), keyholder=True) == (book.found.id,)


def test_the_founder_names_the_founding_once_for_both(book: Chronicle) -> None:
    office = book.office()
    assert office.warrants(device("anne"), keyholder=True) == (book.found.id,)
    assert office.warrants(device("bruno"), keyholder=True) == tuple(sorted(book.warrants["bruno"]))
    assert office.warrants(device("bruno"), keyholder=False) == (admission(book, "bruno"),)


def test_a_chain_goes_back_to_the_founding_by_way_of_every_inviter(book: Chronicle) -> None:
    book.admit("xavier", by="bruno")
    chain = book.office().chain(device("xavier"))
    assert {act.id for act in chain} == {book.found.id, *book.warrants["bruno"], admission(book, "xavier")}
    assert chain[0] == book.found and chain[-1].id == admission(book, "xavier")


def test_nothing_is_missing_for_who_has_our_tips_and_all_is_for_a_newcomer(book: Chronicle) -> None:
    office = book.office()
    assert office.missing_for(office.tips) == ()
    assert office.missing_for([]) == tuple(office.acts.values())
    assert office.missing_for([ActId(bytes(32))]) == tuple(office.acts.values())
    assert office.missing_for([ActId(bytes(32)), book.acts[1].id]) == tuple(list(office.acts.values())[2:])


def test_equal_sets_of_acts_are_equal_offices_with_equal_digests(book: Chronicle) -> None:
    one, other = book.office(), fold(reversed(book.acts))
    assert one == other and hash(one) == hash(other) and one.digest == other.digest and len(one.digest) == 32
    book.name("bruno", "Bruno")
    assert book.office() != one and book.office().digest != one.digest
    assert one != "an office"


def test_one_may_ask_which_of_two_acts_knew_the_other(book: Chronicle) -> None:
    office: Office = book.office()
    first, last = book.acts[0].id, book.acts[-1].id
    assert office.knew(last, first)
    assert not office.knew(first, last) and not office.knew(first, first)
