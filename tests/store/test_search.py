"""Search: every word, the last one as it is being typed, newest first; nothing typed can mean more than words."""

from __future__ import annotations

from datetime import date

import pytest

from deskblog.errors import Refused
from deskblog.log import kinds
from deskblog.log.attachment import Attachment
from deskblog.store.search import WORD, Asked, asked, midnight, named, plain, shown_words
from deskblog.values import Sort, View
from tests.log.chronicle import Chronicle
from tests.store.diary import DAY, Diary, Shelf
from tests.store.test_blobs import LEAF, blob, photo


def expression(words: str) -> str:
    return asked(words, midnight).match


TEXTS = (
    "Réunion d’été à l’Étage, aujourd’hui à 14h30",
    "L'imprimante du 2e étage est réparée",
    "Die Größe stimmt: 42",
    "snake_case and C++ (and #tags too)",
    "Кофе готов",
    "コーヒー",
    "NOT AND OR NEAR text",
)


@pytest.fixture
def full(shelf: Shelf, bruno: Diary) -> Shelf:
    for text in TEXTS:
        bruno.post(text)
    shelf.take(bruno)
    return shelf


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("été", 0), ("ete", 0), ("ETE", 0), ("e\u0301te\u0301", 0), ("d'été", 0), ("d’été", 0),
        ("aujourd'hui", 0), ("aujourd’hui", 0), ("reunion etage", 0), ("14h", 0),
        ("imprim", 1), ("2e rep", 1), ("l’imprimante", 1),
        ("gro", 2), ("42", 2), ("größe", 2), ("GRÖSSE 42", None),
        ("snake_ca", 3), ("case snake", 3), ("c++", 3), ("#tags", 3),
        ("кофе", 4), ("КОФ", 4), ("コーヒー", 5), ("near text", 6), ('"near"', 6), ("text*", 6), ("not", 6),
    ],
)  # fmt: skip
def test_words_find_the_post_that_has_them(full: Shelf, words: str, place: int | None) -> None:
    assert full.found(words) == ([] if place is None else [TEXTS[place]])


def test_the_last_word_is_a_beginning_until_a_space_says_it_is_whole(full: Shelf) -> None:
    assert full.found("imprim") == [TEXTS[1]]
    assert full.found("imprim ") == []
    assert full.found("imprim étage") == [], "words before the last are whole"
    assert full.found("imprimante ") == [TEXTS[1]]
    assert full.found("repare\u0301") == full.found("réparé") == [TEXTS[1]]


def test_every_word_must_be_there(full: Shelf) -> None:
    assert full.found("étage") == [TEXTS[1], TEXTS[0]]
    assert full.found("étage été") == [TEXTS[0]]
    assert full.found("étage café") == []


@pytest.mark.parametrize("words", ["", "   ", "…", "“ ”", "***", "_", "\x00", "🎂", "-", "\udcff"])
def test_nothing_searchable_finds_nothing(full: Shelf, words: str) -> None:
    assert full.found(words) == [] and full.store.search(words).next_before is None


@pytest.mark.parametrize(
    "words",
    [
        '" OR "q', "text:q", "words MATCH q", "near NEAR(q)", "^q", "{not}: q", "not\x00q", "-q", "NOT q", "(", "q)",
        "𞤀", "x" * 9999,
    ],
)  # fmt: skip
def test_what_is_typed_is_never_more_than_words(full: Shelf, words: str) -> None:
    assert full.found(words) == []


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ('"à l’étage" ', 0), ('"l etage aujourd’hui" ', 0), ('"A L ETAGE"', 0), ('"etage l" ', None),
        ('"réunion été" ', None), ('"réunion d’é', 0), ('"réunion d’x', None), ('"2e étage" imprim', 1),
        ('"étage 2e" imprim', None), ('"NOT AND" "NEAR text" ', 6), ('"near not" ', None), ('"text', 6),
    ],
)  # fmt: skip
def test_the_words_of_a_phrase_stand_one_after_another(full: Shelf, words: str, place: int | None) -> None:
    assert full.found(words) == ([] if place is None else [TEXTS[place]])


def test_a_rare_phrase_of_frequent_words_is_found_page_by_page(shelf: Shelf, bruno: Diary) -> None:
    bruno.post("the lift key")
    for n in range(300):
        bruno.post(f"the key of the lift {n}")
    shelf.take(bruno)
    found, before = [], None
    for _page in range(20):
        page = shelf.store.search('"lift key" ', limit=5, before=before)
        found += [row.text for row in page.rows]
        before = page.next_before
        if before is None:
            break
    assert found == ["the lift key"] and before is None


def test_letters_that_sqlite_takes_for_no_letters_part_words_and_break_nothing(shelf: Shelf, bruno: Diary) -> None:
    newer = "\u19b0"  # a letter to Python, and none to SQLite’s Unicode 6.1 as it comes with 3.40
    bruno.post(f"one{newer}two three")
    bruno.say(kinds.Question(f"one{newer}two three 10½ metres?"))
    shelf.take(bruno)
    assert len(shelf.found(f"one{newer}two ")) == len(shelf.found(f"one{newer}tw")) == 2
    assert shelf.found(f"one{newer}four ") == shelf.found(f"nothing{newer} ") == []
    assert shelf.found(newer) == []
    like = shelf.store.archive.finder.like
    assert len(like(f"one{newer}two three 10½ metres", 3)) == 1


def test_a_beginning_finds_the_same_whether_it_is_in_the_newest_or_the_oldest(shelf: Shelf, bruno: Diary) -> None:
    texts = [
        f"{'Éclair' if n % 3 == 0 else 'zebra' if n % 97 == 0 else 'dish'} {n} #Étage x_y l’été" for n in range(400)
    ]
    for text in texts:
        bruno.post(text)
    shelf.take(bruno)
    newest = texts[::-1]

    def beginning(letter: str) -> list[str]:
        return [t for t in newest if any(word.startswith(letter) for word in WORD.findall(plain(t)))]

    for typed in ("e", "E", "z", "d", "y", "3", "q", "Ecla", "etag", "zebr", "dish", "dist"):
        asked_for, before = [], None
        while True:
            page = shelf.store.search(typed, limit=50, before=before)
            asked_for += [row.text for row in page.rows]
            before = page.next_before
            if before is None:
                break
        assert asked_for == beginning(typed.lower()), typed
    assert shelf.found("#é") == newest[:50] and shelf.found("#d") == []


def test_an_expression_quotes_every_word() -> None:
    assert expression('a "b" NEAR/2 c*') == '"a" AND "b" AND "NEAR" AND "2" AND "c"'
    assert expression("été d'a") == '"été" AND "d" AND "a" *'
    assert expression('"par ici" là') == '"par ici" AND "là" *'
    assert expression('"par ici') == '"par ici" *'
    assert expression("foo:bar http://x.example") == '"foo" AND "bar" AND "http" AND "x" AND "example" *'


def day(text: str) -> int:
    return midnight(date.fromisoformat(text))


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("from:anne ", Asked(people=("anne",))),
        ('de:"Anne Martin" ', Asked(people=("Anne Martin",))),
        ("tag:Sales ", Asked('"sales"', tags=("sales",))),
        ("#foo-bar ", Asked('"foo bar"', tags=("foo-bar",))),
        ("#fo", Asked('"fo" *', tags=("fo*",))),
        ("# x ", Asked('"x"')),
        ("before:2026-11-05 ", Asked(until=day("2026-11-05"))),
        ("avant:5/11/2026 ", Asked(until=day("2026-11-05"))),
        ("after:2026-11-05 ", Asked(since=day("2026-11-06"))),
        ("après:2026-12 ", Asked(since=day("2027-01-01"))),
        ("after:2025 before:2027 ", Asked(since=day("2026-01-01"), until=day("2027-01-01"))),
        ("before:2026-13 ", Asked(nothing=True)),
        ("before:2026-1", Asked(until=day("2026-01-01"))),
        ("before:tomorrow", Asked(nothing=True)),
        ("before:99999-01-01", Asked(nothing=True)),
        ("after:2201 ", Asked(nothing=True)),
        ("is:question ", Asked(kind="question")),
        ("est:ouverte clé ", Asked('"clé"', kind="open")),
        ("avec:photo", Asked(beside=frozenset({Sort.PHOTO}))),
        ("von:„Anne Martin“ vor:5.11.2026 ", Asked(people=("Anne Martin",), until=day("2026-11-05"))),
        ("ist:offen wort:Kasse mit:Datei", Asked('"kasse"', tags=("kasse",), kind="open", beside=frozenset())),
        ("van:anne na:2026-12 ", Asked(people=("anne",), since=day("2027-01-01"))),
        ("is:peiling met:foto", Asked(kind="poll", beside=frozenset({Sort.PHOTO}))),
        ("„zwei Wörter“ ", Asked('"zwei Wörter"')),
        ("has:file is:poll", Asked(kind="poll", beside=frozenset())),
        ("has:nothing", Asked(nothing=True)),
        ("is:nonsense", Asked(nothing=True)),
        ("from: ", Asked('"from"')),
    ],
)
def test_what_is_looked_for(typed: str, found: Asked) -> None:
    assert asked(typed, midnight) == found


def test_only_words_stand_out_in_what_was_found() -> None:
    assert shown_words('from:anne "par ici" tag:x été before:2026 foo:bar') == "par ici été foo:bar"


@pytest.mark.parametrize(
    ("typed", "who"), [("an", True), ("mar", True), ("anne m", True), ("nne", False), ("é", False)]
)
def test_a_person_is_meant_by_the_beginning_of_a_name(typed: str, who: bool) -> None:
    assert named(typed, "Anne-Marie Martin") is who


def test_who_when_which_tag_and_what_kind_narrow_a_search(shelf: Shelf, anne: Diary, bruno: Diary) -> None:
    old = midnight(date(2025, 3, 10)) + 1000
    bruno.post("price list #sales", at=old)
    question = bruno.say(kinds.Question("which price? #sales-north"), at=old + DAY)
    anne.post("the price is right", at=old + 2 * DAY)
    answer = anne.answer(question, "the old price", at=old + 3 * DAY).entry.id
    shelf.take(bruno)
    shelf.take(anne)
    assert shelf.found("price from:bruno ") == ["which price? #sales-north", "price list #sales"]
    assert shelf.found("from:bru") == ["which price? #sales-north", "price list #sales"]
    assert shelf.found("price tag:sales ") == shelf.found("#sales ") == ["price list #sales"]
    assert shelf.found("#sales") == ["which price? #sales-north", "price list #sales"], "it is being typed"
    assert shelf.found("before:2025-03-11 ") == ["price list #sales"]
    assert shelf.found("after:2025-03-11 ") == ["the old price", "the price is right"]
    assert shelf.found("after:2025-03-10 before:2025-03-12 ") == ["which price? #sales-north"]
    assert shelf.found("is:question ") == shelf.found("is:open price ") == ["which price? #sales-north"]
    assert shelf.found("from:bruno is:open ") == ["which price? #sales-north"]
    assert shelf.found('"price is" ') == ["the price is right"] and shelf.found('"is price" ') == []
    assert shelf.found("before:2200-12-31 price list") == ["price list #sales"] and shelf.found("after:2200 ") == []
    assert shelf.found("from:nobody ") == shelf.found("price is:sideways") == []
    bruno.say(kinds.Solve(question.entry.id, answer))
    shelf.take(bruno, bruno.held[-1:])
    assert shelf.found("is:open ") == [] and shelf.found("is:question ") == ["which price? #sales-north"]


def test_a_rare_tag_among_many_words_is_found_page_by_page(shelf: Shelf, bruno: Diary) -> None:
    bruno.post("first #sales")
    bruno.posts(700, "sales {n}")
    shelf.take(bruno)
    found: list[str] = []
    before = None
    for _page in range(5):
        page = shelf.store.search("tag:sales ", before=before, limit=10)
        found += [row.text for row in page.rows]
        before = page.next_before
        if before is None:
            break
    assert found == ["first #sales"]


def test_findings_come_newest_first_in_pages(shelf: Shelf, anne: Diary, bruno: Diary) -> None:
    for n in range(12):
        (anne, bruno)[n % 2].post(f"coffee {n}")
        (anne, bruno)[n % 2].post("tea")
    shelf.take(anne)
    shelf.take(bruno)
    found, before = [], None
    while True:
        page = shelf.store.search("coffee", before=before, limit=5)
        found += list(page.rows)
        before = page.next_before
        if before is None:
            break
    assert [row.key for row in found] == sorted((row.key for row in found), reverse=True)
    assert {row.text for row in found} == {f"coffee {n}" for n in range(12)} and len(found) == 12


def test_search_can_be_of_one_person_by_name_or_id(shelf: Shelf, anne: Diary, bruno: Diary) -> None:
    anne.post("coffee, says Anne")
    bruno.post("coffee, says Bruno")
    shelf.take(anne)
    shelf.take(bruno)
    ident = shelf.book.persons["bruno"].hex()
    for person in ("Bruno", " bruno ", "BRUNO", ident, ident[:8], ident[:8].upper()):
        assert shelf.found("coffee", person) == ["coffee, says Bruno"]
    assert shelf.found("coffee", "chloé") == []
    assert len(shelf.found("coffee", None)) == 2


def test_two_of_one_name_are_both_searched(shelf: Shelf, book: Chronicle, bruno: Diary, anne: Diary) -> None:
    book.name("anne", "Bruno")
    shelf.learn()
    for diary in (anne, bruno):
        diary.post("coffee")
        shelf.take(diary)
    assert len(shelf.found("coffee", "Bruno")) == 2


@pytest.mark.parametrize("person", ["Xavier", "ab", "zzzz", " "])
def test_searching_nobodys_posts_is_refused(full: Shelf, person: str) -> None:
    with pytest.raises(Refused):
        full.found("text", person)


def test_what_is_no_longer_shown_is_no_longer_found(shelf: Shelf, book: Chronicle, bruno: Diary) -> None:
    bruno.post("coffee")
    bruno.say(kinds.Question("more coffee?"))
    shelf.take(bruno)
    assert len(shelf.found("coffee")) == 2
    book.remove("bruno")
    shelf.learn()
    assert shelf.found("coffee") == []


def test_posts_that_name_oneself_are_found_and_no_others(shelf: Shelf, bruno: Diary) -> None:
    for text in ("ask @anne", "anne knows", "@Anne.Martin too", "@ANNE!", "mail x@anne.example", "@annette"):
        bruno.post(text)
    shelf.take(bruno)
    assert [row.text for row in shelf.store.timeline(view=View.MENTIONS).rows] == ["@ANNE!", "ask @anne"]


def test_earlier_questions_like_one_are_found_answered_ones_first(shelf: Shelf, anne: Diary, bruno: Diary) -> None:
    said = [
        bruno.say(kinds.Question("Qui a la clé des archives ?")),
        bruno.say(kinds.Question("Où est la clé de la cave des archives ?")),
        bruno.say(kinds.Question("Which train to Lyon?")),
    ]
    bruno.post("La clé des archives est sur mon bureau")
    answer = anne.answer(said[0], "Moi").entry.id
    bruno.say(kinds.Solve(said[0].entry.id, answer))
    shelf.take(bruno)
    shelf.take(anne)

    def like(text: str) -> list[str]:
        return [row.text for row in shelf.store.archive.finder.like(text, 3)]

    assert like("Quelqu’un a les archives ?") == [
        "Qui a la clé des archives ?",
        "Où est la clé de la cave des archives ?",
    ]
    assert like("la CAVE des archives") == ["Qui a la clé des archives ?", "Où est la clé de la cave des archives ?"]
    assert like("cave archive fournisseur facture") == [], "less than half of its words"
    assert like("LYON train") == ["Which train to Lyon?"]
    assert like("") == like("a la des") == like('" OR *') == []


def test_looking_for_questions_like_one_looks_at_a_bounded_number_of_posts(shelf: Shelf, bruno: Diary) -> None:
    bruno.say(kinds.Question("coffee machine broken?"))
    bruno.posts(2100, "coffee machine {n}")
    shelf.take(bruno)
    assert shelf.store.archive.finder.like("coffee machine", 3) == (), "too long ago among so many"


def test_what_goes_with_a_post_is_looked_for(shelf: Shelf, bruno: Diary) -> None:
    bruno.say(kinds.Post("a leaf", (photo(LEAF),)))
    bruno.say(kinds.Post("a plan", (Attachment("plan.pdf", Sort.FILE, blob(LEAF)),)))
    bruno.say(kinds.Poll("a question to all", ("yes", "no")))
    bruno.post("a word")
    shelf.take(bruno)
    assert shelf.found("has:photo") == ["a leaf"]
    assert shelf.found("has:file") == ["a plan", "a leaf"]
    assert shelf.found("plan avec:fichier") == ["a plan"]
    assert shelf.found("word has:file") == []
    assert shelf.found("est:sondage") == ["a question to all"]
