"""Atom, RSS and JSON Feed: nothing to complain of, whatever was posted; what went in is read back by others."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import fastfeedparser  # type: ignore[import-untyped]
import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree  # type: ignore[import-untyped]

from deskblog import limits
from deskblog.publish import words
from deskblog.publish.atom import atom
from deskblog.publish.feed import Channel, items
from deskblog.publish.jsonfeed import jsonfeed
from deskblog.publish.published import Published, urn
from deskblog.publish.rss import rss
from deskblog.records import replace
from tests.publish.posts import ANNE, HOME, NOW, TEXTS, channel, ident, nasty, photo, post
from tests.publish.rules import atom_faults, html_faults, json_faults, parsed, plain_faults, rss_faults

WRITERS = {"atom": (atom, atom_faults), "rss": (rss, rss_faults), "json": (jsonfeed, json_faults)}
SCHEMA = etree.RelaxNG(etree.parse(Path(__file__).with_name("atom.rng")))
kinds = pytest.mark.parametrize("kind", WRITERS)


def fifties(posts: list[Published]) -> list[list[Published]]:
    return [posts[n : n + limits.FEED_POSTS] for n in range(0, len(posts), limits.FEED_POSTS)]


@kinds
def test_posts_of_every_nastiness_make_a_feed_without_a_fault(kind: str) -> None:
    write, faults = WRITERS[kind]
    for part in fifties(nasty()):
        assert faults(write(channel(kind), part)) == []


@kinds
def test_an_empty_feed_is_one_too(kind: str) -> None:
    write, faults = WRITERS[kind]
    assert faults(write(channel(kind), [])) == []


def test_atom_is_as_its_schema_has_it() -> None:
    for part in [[], *fifties(nasty())]:
        SCHEMA.assertValid(parsed(atom(channel(), part)))


def test_the_schema_and_the_rules_do_find_faults() -> None:
    """Lest they let everything pass."""
    good = atom(channel(), [post(1)])
    for old, new in [
        (b"urn:uuid:", b"http://"), (b"<updated>2", b"<updated>x2"), (b'rel="self"', b'rel="me"'),
        (b"<name>Anne Martin</name>", b"<name></name>"), (b"<content ", b"<summary/><content "),
    ]:  # fmt: skip
        assert not SCHEMA.validate(parsed(good.replace(old, new))), old
    for old, new in [
        (b"&lt;p&gt;", b"&lt;script&gt;"), (b"Coffee is", b"&lt;/b&gt;"), (b"Anne", b"&amp;amp;"),
        (b"Coffee", "\ufffd".encode()), (b"2026-", b"2036-"), (b"2026-", b"1986-"), (b'rel="self"', b'rel="me"'),
    ]:  # fmt: skip
        assert atom_faults(good.replace(old, new)), old
    assert rss_faults(rss(channel("rss"), [post(1)]).replace(b"<pubDate>Wed", b"<pubDate>Thu"))
    assert json_faults(jsonfeed(channel("json"), [post(1)]).replace(b"urn:uuid:", b""))


@given(st.text(), st.text(max_size=80), st.lists(st.text(max_size=60), max_size=3), st.integers(-(2**53), 2**53))
def test_any_text_name_tags_and_date(text: str, name: str, tags: list[str], at: int) -> None:
    one = Published(ident(1), ANNE, name, text, at, tags=tuple(tags))
    for kind, (write, faults) in WRITERS.items():
        assert faults(write(channel(kind), [one])) == []


PIECES = ["&", "<", ">", "/", "#", "x", "amp", ";", "b", "!", "?", "@", "http://", "\n", " "]


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_what_looks_like_markup_never_is(text: str) -> None:
    assert [*plain_faults("title", words.title(post(1, text)))] == []
    assert html_faults(words.html(text) or "<p>x</p>") == []


# --- read back --------------------------------------------------------------------------------------------
def test_feedparser_reads_back_item_for_item() -> None:
    """What it makes of markup itself is off: it would write <br> as <br />."""
    for part in fifties(nasty()):
        wanted = items(channel(), part)
        for kind in ("atom", "rss"):
            read = feedparser.parse(
                WRITERS[kind][0](channel(kind), part), sanitize_html=False, resolve_relative_uris=False
            )
            assert not read.bozo
            assert [entry.id for entry in read.entries] == [item.id for item in wanted]
            assert [entry.title for entry in read.entries] == [item.title for item in wanted]
            assert [entry.author for entry in read.entries] == [item.author for item in wanted]
            assert [entry.get("link", "") for entry in read.entries] == [item.link for item in wanted]
            said = [entry.content[0].value if kind == "atom" else entry.summary for entry in read.entries]
            assert said == [item.html for item in wanted]
            assert [tuple(tag.term for tag in entry.get("tags", ())) for entry in read.entries] == [
                item.tags for item in wanted
            ]


def test_another_parser_reads_back_item_for_item() -> None:
    for part in fifties(nasty()):
        wanted = items(channel(), part)
        for kind in ("atom", "rss", "json"):
            read = fastfeedparser.parse(WRITERS[kind][0](channel(kind), part))
            assert [entry.id for entry in read.entries] == [item.id for item in wanted]
            assert [entry.title for entry in read.entries] == [item.title for item in wanted]
            assert [entry.author for entry in read.entries] == [item.author for item in wanted]
            dated = [(entry, item) for entry, item in zip(read.entries, wanted, strict=True) if item.published]
            for entry, item in dated:
                at = datetime.fromisoformat(entry.published).timestamp()
                assert int(at) == item.published // 1000


def test_a_json_feed_says_what_the_others_say() -> None:
    for part in fifties(nasty()):
        wanted = items(channel("json"), part)
        read = json.loads(jsonfeed(channel("json"), part))["items"]
        assert [(one["id"], one["content_html"], one.get("content_text", "")) for one in read] == [
            (item.id, item.html, item.text) for item in wanted
        ]


# --- what stands where ------------------------------------------------------------------------------------
def test_the_newest_fifty_newest_first_and_none_twice() -> None:
    posts = [post(n, f"post {n}", NOW - n * 1000) for n in range(limits.FEED_POSTS + 5)]
    found = items(channel(), [*reversed(posts), posts[0]])
    assert [item.title for item in found] == [f"post {n}" for n in range(limits.FEED_POSTS)]


def test_an_id_is_of_the_post_alone_and_updated_moves_only_with_it() -> None:
    one = post(1)
    moved = replace(channel(), own="http://127.0.0.1:1/x", home="http://127.0.0.1:1/", key="other")
    here, there = (parsed(atom(c, [one, post(2)])) for c in (channel(), moved))
    path = "{*}entry/{*}id", "{*}entry/{*}updated"
    assert [[e.text for e in here.findall(p)] for p in path] == [[e.text for e in there.findall(p)] for p in path]
    corrected = parsed(atom(channel(), [replace(one, text="tea", updated=NOW - 5)]))
    assert corrected.findtext("{*}entry/{*}id") == urn(one.id)
    assert corrected.findtext("{*}entry/{*}updated") > here.findtext("{*}entry/{*}updated")


def test_posts_of_one_instant_do_not_say_one_updated() -> None:
    posts = [post(n) for n in range(limits.FEED_POSTS)]
    found = parsed(atom(channel(), posts)).findall("{*}entry/{*}updated")
    assert len({one.text for one in found}) == limits.FEED_POSTS


def test_the_bytes_do_not_hang_on_the_hour() -> None:
    """Else nobody's copy would ever be the newest."""
    later = replace(channel(), now=NOW + 3_600_000)
    for write, _faults in WRITERS.values():
        assert write(channel(), [post(1)]) == write(later, [post(1)])


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("a", "a"),
        ("one\ntwo", "one two"),
        ("if a<b then", "if a‹b then"),
        ("1 < 2 & 3 > 2", "1 < 2 & 3 > 2"),
        ("R&D &amp; AT&T", "R&D ＆amp; AT&T"),
        ("word " * 30, "word " * 15 + "word…"),
        ("m" * 100, "m" * 79 + "…"),
    ],
)
def test_a_title_is_the_beginning_of_the_text_without_markup(text: str, title: str) -> None:
    assert words.title(post(1, text)) == title
    assert len(title) <= limits.FEED_TITLE


def test_a_post_without_words_is_called_after_what_is_beside_it() -> None:
    assert words.title(replace(post(1, ""), beside=(photo(),))) == "cake.jpg"
    assert words.title(post(1, "\u200b")) == "Anne Martin"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("one\ntwo\n\nthree", "<p>one<br>two</p><p>three</p>"),
        ("see http://a.example/x.", '<p>see <a href="http://a.example/x">http://a.example/x</a>.</p>'),
        ("http://a.example/a b", '<p><a href="http://a.example/a">http://a.example/a</a> b</p>'),
        ("javascript:x ftp://a.example", "<p>javascript:x ftp://a.example</p>"),
        ("https://bank.example@evil.example/", "<p>https://bank.example@evil.example/</p>"),
        ("http://é.example/é", '<p><a href="http://xn--9ca.example/%C3%A9">http://é.example/é</a></p>'),
        ('<a href="x">&amp;', "<p>&lt;a href=&quot;x&quot;&gt;&amp;amp;</p>"),
    ],
)
def test_text_becomes_html(text: str, html: str) -> None:
    assert words.html(text) == html


def test_dates_that_cannot_be_are_not_said() -> None:
    odd = post(1, at=2**48)
    assert items(channel(), [odd])[0].published == 0
    assert b"<published>" not in atom(channel(), [odd]) and b"<pubDate>" not in rss(channel(), [odd])
    assert [item.key for item in items(channel(), [odd, post(2)])] == [ident(2), ident(1)]


def test_attachments_stand_in_the_text_and_beside_it() -> None:
    one = replace(post("photo"), beside=(photo(), photo("b.png", "image/png", "https://x.example/b.png")))
    (entry,) = parsed(atom(channel(), [one])).findall("{*}entry")
    links = [link for link in entry.findall("{*}link") if link.get("rel") == "enclosure"]
    assert [(link.get("href"), link.get("length")) for link in links] == [
        ("https://x.example/a%20b.jpg", "12345"), ("https://x.example/b.png", "12345"),
    ]  # fmt: skip
    assert entry.findtext("{*}content").count("<img ") == 2
    assert len(parsed(rss(channel(), [one])).findall("channel/item/enclosure")) == 1


def test_a_host_without_a_dot_has_no_enclosure_in_rss_which_is_not_let_have_one() -> None:
    one = replace(post("photo"), beside=(photo(url="http://anne-pc:8080/a.jpg"),))
    assert b"<enclosure" not in rss(channel(), [one]) and b"http://anne-pc:8080/a.jpg" in rss(channel(), [one])


def test_an_answer_names_what_it_answers() -> None:
    one = replace(post("answer"), answer_to=ident("plain"), answers=2)
    (entry,) = parsed(atom(channel(), [one])).findall("{*}entry")
    (answered,) = entry.findall("{http://purl.org/syndication/thread/1.0}in-reply-to")
    assert answered.get("ref") == urn(ident("plain"))
    assert answered.get("href") == f"{HOME}posts/{ident('plain')[:32]}.html"
    assert entry.findtext("{http://purl.org/syndication/thread/1.0}total") == "2"


def test_words_of_every_kind_are_published_as_they_may_be_shown() -> None:
    for name, text in TEXTS.items():
        found = words.clean(text)
        assert words.clean(found) == found, name


def test_a_channel_without_words_has_a_title_all_the_same() -> None:
    bare = Channel("\x0b", "", "k", f"{HOME}a", HOME, "en", NOW)
    assert atom_faults(atom(bare, [])) == rss_faults(rss(bare, [])) == []
