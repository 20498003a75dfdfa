"""Acts that wait: parents first, none lost, and nobody's flood in anybody's way."""

from __future__ import annotations

import secrets

import pytest

from deskblog import limits
from deskblog.log import act as a
from deskblog.log.act import Act, write_act
from deskblog.log.keys import DeviceKeys
from deskblog.log.office import fold
from deskblog.log.pending import Author, Pending
from deskblog.values import DeviceKey
from tests.log.chronicle import Chronicle, device, keys, office_of


@pytest.fixture
def book() -> Chronicle:
    return office_of("bruno", "chloe")


def test_acts_wait_for_their_parents_and_come_out_parents_first(book: Chronicle) -> None:
    pending = Pending([book.found])
    rest = book.acts[1:]
    for act in reversed(rest[1:]):
        assert pending.add(act) == []
    assert pending.add(rest[0]) == rest


def test_an_act_comes_out_once(book: Chronicle) -> None:
    pending = Pending([book.found])
    first, second = book.acts[1:3]
    assert pending.add(second) == [] and pending.add(second) == []
    assert pending.add(first) == [first, second]
    assert pending.add(first) == [] and pending.add(second) == []
    assert pending.add(book.found) == []


def test_no_more_acts_wait_than_the_ceiling_says() -> None:
    book = Chronicle()
    parent = book.name("anne", "Anne")
    children: list[Act] = [
        write_act(keys("anne"), book.found.office, [parent.id], [book.found.id], n, a.Rule("x"))
        for n in range(limits.ACTS_WAITING + 1)
    ]
    pending = Pending([book.found])
    for child in children:
        assert pending.add(child) == []
    assert pending.add(parent) == [parent, *children[:-1]]
    assert pending.add(children[-1]) == [children[-1]], "what was dropped is taken when it is sent again"


# --- ceilings -----------------------------------------------------------------------------------------------
ROOM = 5


def few(author: DeviceKey) -> tuple[Author, int]:
    """Anne may write much, her colleagues five acts, all others five together."""
    if author == device("anne"):
        return author, limits.ACTS
    return (author if author in (device("bruno"), device("chloe")) else None), ROOM


def a_row(book: Chronicle, by: str, count: int) -> list[Act]:
    """So many acts of one author, each after the one before."""
    acts = [book.write(by, a.Call(book.persons[by], f"{by} 0"))]
    for n in range(1, count):
        acts.append(book.write(by, a.Call(book.persons[by], f"{by} {n}"), after=[acts[-1]]))
    return acts


def waiting(book: Chronicle) -> Pending:
    return Pending(list(book.acts), few)


def test_past_the_ceiling_an_authors_acts_wait_until_somebody_elses_follow(book: Chronicle) -> None:
    pending = waiting(book)
    flood = a_row(book, "bruno", 12)
    assert [act for each in flood for act in pending.add(each)] == flood[:ROOM]
    theirs = book.write("chloe", a.Call(book.persons["chloe"], "Chloé"), after=[flood[ROOM - 1]])
    assert pending.add(theirs) == [theirs], "nobody else waits"
    follows = book.write("anne", a.Rule("After all of it"), after=[flood[-1], theirs])
    assert pending.add(follows) == [*flood[ROOM:], follows]
    assert fold([*book.acts]).name == "After all of it"


def test_who_was_never_let_in_has_one_ceiling_for_all(book: Chronicle) -> None:
    pending = waiting(book)
    taken = []
    for _n in range(20):
        nobody = DeviceKeys(secrets.token_bytes(32), secrets.token_bytes(32))
        act = write_act(nobody, book.found.office, [book.found.id], [book.found.id], 1, a.Rule("mine"))
        taken += pending.add(act)
    assert len(taken) == ROOM


def test_those_past_the_ceiling_make_way_for_whoever_must_wait(book: Chronicle) -> None:
    pending = waiting(book)
    for act in a_row(book, "bruno", limits.ACTS_WAITING + 2 * ROOM):
        pending.add(act)
    parent = book.write("chloe", a.Call(book.persons["chloe"], "Chloé"), after=[book.found])
    child = book.write("anne", a.Rule("x"), after=[parent])
    assert pending.add(child) == []
    assert pending.add(parent) == [parent, child]


def test_once_the_author_is_known_to_hold_a_key_the_others_come_in(book: Chronicle) -> None:
    ceiling = {"bruno": ROOM}
    pending = Pending(list(book.acts), lambda author: (author, ceiling["bruno"]))
    flood = a_row(book, "bruno", 12)
    taken = [act for each in flood for act in pending.add(each)]
    assert len(taken) < len(flood) and pending.ready() == []
    ceiling["bruno"] = 100
    assert [*taken, *pending.ready()] == flood


def test_what_could_not_be_kept_may_come_again(book: Chronicle) -> None:
    pending = waiting(book)
    first, *_rest = a_row(book, "bruno", 2)
    assert pending.add(first) == [first] and pending.add(first) == []
    pending.forget([first])
    assert pending.add(first) == [first]
