"""Being shown one's own removal: what is believed, what is forged, and what the fold knows better."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy

import pytest

from deskblog.errors import Forged
from deskblog.log import act as a
from deskblog.log import charter, removing
from deskblog.log.act import Act, write_act
from deskblog.log.office import Office, fold
from deskblog.net import handshake as h
from deskblog.net import messages as m
from deskblog.net.removal import believable, foldable, read_removal
from deskblog.values import PersonId, Role
from tests.log.chronicle import RECOVERY, Chronicle, device, keys, office_of

ME = device("chloe")


def signed(*acts: Act) -> list[m.SignedAct]:
    return [(act.raw, act.signature) for act in acts]


def shown_by(office: Office) -> list[m.SignedAct]:
    """What a PC that holds this office shows chloe's."""
    shown = h.removal_shown(office, ME)
    assert shown is not None
    return list(shown.acts)


def away(book: Chronicle) -> Office:
    """The office as chloe's PC knows it; then something happens that it does not hear of."""
    office = book.office()
    book.name("anne", "Anne B.")
    return office


def elsewhere(book: Chronicle) -> Chronicle:
    """The same history so far, to be gone on with apart."""
    return deepcopy(book)


def test_a_removal_by_somebody_known_is_believed_though_it_cannot_be_folded() -> None:
    book = office_of("bruno", "chloe")
    here = away(book)
    book.remove("chloe", by="bruno")
    acts = read_removal(here, ME, shown_by(book.office()))
    assert acts[-1].author == device("bruno") and believable(here, ME, acts)
    assert foldable(here, acts) == ()


def test_a_removal_by_a_keyholder_not_heard_of_is_believed_by_what_warrants_it() -> None:
    book = office_of("bruno", "chloe")
    here = away(book)
    book.keyholder("david", by="bruno")
    book.remove("chloe", by="david")
    acts = read_removal(here, ME, shown_by(book.office()))
    assert acts[-1].author == device("david") and believable(here, ME, acts)


def test_a_removal_with_the_recovery_words_or_by_oneself_is_believed() -> None:
    book = office_of("bruno", "chloe")
    book.admit("laptop", person="chloe")
    here = away(book)
    for author, fields in (
        (RECOVERY, a.Remove(book.persons["chloe"], b"")),
        ("laptop", a.Remove(b"", ME)),
        ("laptop", a.Remove(book.persons["chloe"], b"")),
    ):
        apart = elsewhere(book)
        apart.write(author, fields)
        assert believable(here, ME, read_removal(here, ME, shown_by(apart.office())))


def test_whoever_takes_out_the_pc_that_let_one_in_needs_no_key_if_it_is_their_own() -> None:
    """Anne's second PC, which holds no key, takes out her first, which had let Chloé in meanwhile."""
    book = office_of("bruno")
    book.admit("laptop", person="anne")
    apart = elsewhere(book)
    book.admit("chloe")
    here = away(book)
    apart.remove(pc="anne", by="laptop")
    acts = fold([*apart.acts, *(act for act in book.acts if act not in apart.acts)])
    shown = read_removal(here, ME, shown_by(acts))
    assert shown[-1].author == device("laptop") and believable(here, ME, shown)
    apart.admit("stranger", by="bruno")
    apart.remove(pc="anne", by="stranger")
    with pytest.raises(Forged):
        read_removal(here, ME, signed(*apart.acts[:-3], *apart.acts[-2:]))


def test_what_can_be_folded_is_given_to_the_fold() -> None:
    book = office_of("bruno", "chloe")
    here = book.office()
    book.remove("chloe", by="bruno")
    acts = read_removal(here, ME, shown_by(book.office()))
    assert fold([*here.acts.values(), *foldable(here, acts)]).was_removed(ME) == acts[-1]


def forged(book: Chronicle, author: str, fields: a.Fields, warrants: tuple[bytes, ...]) -> Act:
    return write_act(keys(author), book.found.office, [book.acts[-1].id], warrants, 9, fields)  # type: ignore[arg-type]


def _by_a_stranger(book: Chronicle) -> list[m.SignedAct]:
    """Signed with a key of its own, on the warrants of somebody else."""
    act = forged(book, "xavier", a.Remove(b"", ME), book.warrants["bruno"])
    return signed(*(book.act(w) for w in book.warrants["bruno"]), act)


def _by_a_member(book: Chronicle) -> list[m.SignedAct]:
    """Without a key."""
    office = book.office()
    admission = office.admission_of(device("david"))
    assert admission is not None
    return signed(*office.chain(device("david")), forged(book, "david", a.Remove(b"", ME), (admission,)))


def _of_another_office(book: Chronicle) -> list[m.SignedAct]:
    other = Chronicle("bruno")
    other.admit("chloe", by="bruno")
    other.remove("chloe", by="bruno")
    return shown_by(other.office())


def _true(book: Chronicle) -> list[m.SignedAct]:
    book.remove("chloe", by="bruno")
    return shown_by(book.office())


FORGED: dict[str, Callable[[Chronicle], list[m.SignedAct]]] = {
    "by a stranger": _by_a_stranger,
    "by a member": _by_a_member,
    "of another office": _of_another_office,
    "without its warrants": lambda book: _true(book)[:1] + _true(book)[-1:],
    "without the founding": lambda book: _true(book)[1:],
    "nothing": lambda book: [],
    "no removal": lambda book: _true(book)[:-1],
    "of somebody else": lambda book: [*_true(book)[:-1], *signed(book.remove("david", by="bruno"))],
    "removals in between": lambda book: [*_true(book), *_true(book)[-1:]],
    "the newest left out": lambda book: _true(book)[:1],
}


@pytest.mark.parametrize("what", FORGED)
def test_what_does_not_hold_is_forged(what: str) -> None:
    """Attack 6 turned round: nobody talks a PC out of its office without a keyholder's hand."""
    book = office_of("bruno", "chloe")
    book.admit("david")
    here = book.office()
    with pytest.raises(Forged):
        read_removal(here, ME, FORGED[what](book))


def test_an_altered_signature_is_forged() -> None:
    book = office_of("bruno", "chloe")
    here = book.office()
    *chain, (raw, signature) = _true(book)
    with pytest.raises(Forged):
        read_removal(here, ME, [*chain, (raw, signature[:-1] + bytes([signature[-1] ^ 1]))])


def test_a_removal_that_was_followed_by_a_readmission_is_the_folds_business() -> None:
    book = office_of("bruno", "chloe")
    true = _true(book)
    back = charter.readmitting(keys("anne"), book.office(), [ME], 9)
    here = fold([*book.acts, *back])
    acts = read_removal(here, ME, true)
    assert acts[-1].id in here.acts and here.is_in(ME)


def test_a_removal_by_somebody_who_was_removed_here_is_not_believed() -> None:
    """Attack 6: removed yesterday, he removes the others with acts dated back, of which nobody has the parents."""
    book = office_of("bruno", "chloe", "david")
    apart = elsewhere(book)
    apart.name("bruno", "B.", by="bruno")
    apart.remove("chloe", by="bruno")
    book.remove("bruno", by="david")
    assert not believable(book.office(), ME, read_removal(book.office(), ME, shown_by(apart.office())))


def test_a_removal_by_somebody_removed_by_oneself_is_believed_for_both_are_out() -> None:
    book = office_of("bruno", "chloe")
    apart = elsewhere(book)
    apart.remove("chloe", by="bruno")
    book.remove("bruno", by="chloe")
    here = book.office()
    acts = read_removal(here, ME, shown_by(apart.office()))
    assert believable(here, ME, acts)
    both = fold([*here.acts.values(), *foldable(here, acts)])
    assert not both.is_in(ME) and not both.is_in(device("bruno"))


def test_a_removal_by_somebody_lowered_here_is_not_believed() -> None:
    book = office_of("bruno", "chloe")
    apart = elsewhere(book)
    apart.name("bruno", "B.", by="bruno")
    apart.remove("chloe", by="bruno")
    book.role("bruno", Role.MEMBER)
    here = book.office()
    assert not believable(here, ME, read_removal(here, ME, shown_by(apart.office())))
    book.role("bruno")
    here = away(book)
    book.remove("chloe", by="bruno")
    assert believable(here, ME, read_removal(here, ME, shown_by(book.office())))


# --- taken back by the recovery words ---------------------------------------------------------------------
def test_who_the_words_took_back_shows_it_to_those_who_hold_them_for_removed() -> None:
    book = office_of("chloe")
    book.remove("chloe")
    here = book.office()
    back = fold([*book.acts, *removing.recovering(keys(RECOVERY), here, ME, 9)])
    shown = h.answer_who(back, ME)
    assert h.taken_back(back, ME) and not h.taken_back(here, ME)
    judge = h.Judge(here, ME)
    assert len(judge.first_word()) == 1 and not judge.sure
    judge.receive(shown)
    assert (judge.sure, judge.provisional) == (True, True)


@pytest.mark.parametrize("what", ["what it had", "a keyholder's word", "another's recovery", "nothing"])
def test_a_removed_device_gets_in_by_nothing_else(what: str) -> None:
    """Attack 6, table row 15: old warrants, an admission nobody here knows, another device's recovery."""
    book = office_of("bruno", "chloe")
    before = book.office()
    book.remove("chloe")
    here = book.office()
    friends = fold([*book.acts, *charter.readmitting(keys("bruno"), here, [ME], 9)])
    book.remove("bruno")
    others = fold([*book.acts, *removing.recovering(keys(RECOVERY), book.office(), device("bruno"), 9)])
    chain = {
        "what it had": h.answer_who(before, ME),
        "a keyholder's word": h.answer_who(friends, ME),
        "another's recovery": h.answer_who(others, device("bruno")),
        "nothing": m.Warrants(()),
    }[what]
    judge = h.Judge(here, ME)
    judge.first_word()
    with pytest.raises(Forged):
        judge.receive(chain)


def test_a_recovery_that_was_followed_by_a_removal_is_no_way_back() -> None:
    book = office_of("bruno", "chloe")
    book.remove("chloe")
    acts = removing.recovering(keys(RECOVERY), book.office(), ME, 9)
    back = fold([*book.acts, *acts])
    shown = h.answer_who(back, ME)
    again = removing.removing_person(keys("anne"), back, PersonId(book.persons["chloe"]), (), 10)
    judge = h.Judge(fold([*back.acts.values(), *again]), ME)
    judge.first_word()
    with pytest.raises(Forged):
        judge.receive(shown)


def test_not_even_its_own_act_is_taken_by_a_pc_from_somebody_removed() -> None:
    """A disk put back may have lost a second removal behind the readmission: a click takes the person back again."""
    book = office_of("bruno", "chloe")
    book.remove("chloe", by="anne")
    here = book.office()
    back = fold([*book.acts, *charter.readmitting(keys("anne"), here, [ME], 9)])
    assert not h.taken_back(back, ME)
    judge = h.Judge(here, ME)
    judge.first_word()
    with pytest.raises(Forged):
        judge.receive(h.answer_who(back, ME))
