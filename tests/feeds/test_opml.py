"""Lists of feeds come in however they were written, and go out so that they come in again."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import listparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskblog.errors import Malformed
from deskblog.feeds.listed import FeedList, Listed
from deskblog.feeds.opml import read_opml
from deskblog.feeds.opml_written import write_opml
from deskblog.limits import OPML_DEPTH, OPML_FEEDS
from tests.feeds.corpora import corpus

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
NESTED = """<?xml version="1.0" encoding="utf-8"?><opml version="2.0"><head><title>Mine &amp; yours</title>
<dateCreated>2026-01-02T03:04:05Z</dateCreated><ownerName>Ann</ownerName></head><body>
<outline text="Beer"><outline text="Belgian"><outline type="rss" text="Bob's" xmlUrl="https://bob.example/feed"/>
</outline><outline text="Dog" XMLURL="feed://dog.example/rss" htmlUrl="https://dog.example/"/></outline>
<outline title="No text" xmlUrl="bare.example/feed.xml" category="/a/b,c"/>
<outline text="Bob again" xmlUrl="https://bob.example/feed"/>
<outline text="A page" xmlUrl="" htmlUrl="https://page.example/"/>
<outline text="bad" xmlUrl="javascript:alert(1)"/><outline text="bad" xmlUrl="file:///etc/passwd"/>
</body></opml>"""


def test_a_nested_list_is_read() -> None:
    found = read_opml(NESTED.encode())
    assert (found.title, found.owner, found.created) == (
        "Mine & yours",
        "Ann",
        datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    )
    assert found.feeds == (
        Listed("https://bob.example/feed", "Bob's", (("Beer", "Belgian"),)),
        Listed("http://dog.example/rss", "Dog", (("Beer",),)),
        Listed("https://bare.example/feed.xml", "No text", (("a", "b"), ("c",))),
    )
    assert found.pages == (Listed("https://page.example/", "A page"),)
    assert found.left_out == 2


@pytest.mark.parametrize(
    "body",
    [
        NESTED.replace("</body></opml>", ""),
        NESTED[: NESTED.index("<outline text=\"Bob again")],
        NESTED.replace("&amp;", "&"),
        NESTED.replace("</outline>", "", 1) + "</outline></outline></outline>",
        "\ufeff\n" + NESTED,
        NESTED.replace("<?xml", "<!DOCTYPE opml [<!ENTITY a 'b'><!ENTITY c '&a;&a;'>]><?xml"),
        NESTED.replace("Beer", "Bi&egrave;re &nbsp; \x00\x0b"),
    ],
)  # fmt: skip
def test_a_broken_list_is_read_as_far_as_it_goes(body: str) -> None:
    assert [feed.url for feed in read_opml(body.encode()).feeds][:2] == [
        "https://bob.example/feed",
        "http://dog.example/rss",
    ]


def test_any_encoding() -> None:
    for encoding in ("utf-16", "latin-1", "utf-8-sig"):
        body = NESTED.replace("Beer", "Bière").replace('encoding="utf-8"', f'encoding="{encoding}"').encode(encoding)
        assert read_opml(body).feeds[0].folders == (("Bière", "Belgian"),), encoding


@pytest.mark.parametrize("body", [b"", b"\x00", b"words", b"<html><body>", b"<rss/>", b"{}", b"<!--" * 50])
def test_what_is_no_list_is_said(body: bytes) -> None:
    with pytest.raises(Malformed):
        read_opml(body)


def test_a_thousand_feeds_go_out_and_come_in() -> None:
    feeds = tuple(
        Listed(
            f"https://{n}.example/feed?a=1&b=2", f'Feed <{n}> "é"', ((f"F {n % 7}", "in, it/self"),) if n % 3 else ()
        )
        for n in range(1000)
    )
    body = write_opml("Ann's", feeds, NOW)
    found = read_opml(body)
    assert found.title == "Ann's" and found.created == NOW
    assert sorted(found.feeds, key=lambda one: one.url) == sorted(feeds, key=lambda one: one.url)
    assert not listparser.parse(body).bozo


def test_a_feed_in_several_folders_comes_back_in_them() -> None:
    feed = Listed("https://a.example/", "A", (("x", "y"), ("z",), ("x",)))
    (back,) = read_opml(write_opml("t", [feed], NOW)).feeds
    assert set(back.folders) == set(feed.folders)


def test_a_list_past_its_ceilings_is_read_up_to_them() -> None:
    many = "".join(f'<outline text="{n}" xmlUrl="https://a.example/{n}"/>' for n in range(OPML_FEEDS + 5))
    found = read_opml(f'<opml version="2.0"><body>{many}</body></opml>'.encode())
    assert len(found.feeds) == OPML_FEEDS and found.left_out == 5
    deep = '<outline text="d">' * (OPML_DEPTH * 3) + '<outline text="f" xmlUrl="https://a.example/"/>'
    (one,) = read_opml(f'<opml version="2.0"><body>{deep}</body></opml>'.encode()).feeds
    assert one.folders == (("d",) * OPML_DEPTH,)


def test_every_list_of_listparsers_own_is_read_as_it_expects() -> None:
    """Its samples say what is expected as Python on its own result; ours is shown to them under its names."""
    files = sorted(corpus("listparser", "tests", "files").rglob("*.xml"))
    wrong = [f"{file.name}: {expected}" for file in files for expected in unmet(file.read_bytes())]
    assert len(files) > 70 and wrong == []


def unmet(body: bytes) -> list[str]:
    expected = [line.strip() for line in re.findall(r"Eval:\s*(.*)", body.decode("utf-8", "replace"))]
    if b"weirdo" in body or "result['version'] == ''" in expected:
        with pytest.raises(Malformed):
            read_opml(body)
        return []
    try:
        found = read_opml(body)
    except Malformed:
        return ["is no list"]
    return [one for one in expected if not holds(one, found)]


def holds(expected: str, found: FeedList) -> bool:
    """`bozo`, the version of the format and the owner's addresses are not kept here: they hold."""
    if "bozo" in expected or "version" in expected or "['email']" in expected or "['author']['url']" in expected:
        return True
    meta: dict[str, Any] = {"title": found.title} if found.title else {}
    meta |= {"author": {"name": found.owner}} if found.owner else {}
    for name, at in (("created", found.created), ("modified", found.modified)):
        meta |= {f"{name}_parsed": at, name: expected.partition("== ")[2].strip("'\"")} if at else {}
    result = {
        "feeds": [shown(one) for one in found.feeds],
        "lists": [shown(one) for one in found.lists],
        "opportunities": [shown(one) for one in found.pages],
        "meta": meta,
    }
    names = {"result": result, "datetime": SimpleNamespace(datetime=datetime, timezone=SimpleNamespace(utc=UTC))}
    return bool(eval(expected, {"__builtins__": {"len": len}}, names))


def shown(one: Listed) -> dict[str, Any]:
    folders = [list(path) for path in one.folders]
    return {"url": one.url, "title": one.title, "categories": folders, "tags": [p[0] for p in folders if len(p) == 1]}


TEXT = st.text(max_size=12)
LISTED = st.builds(
    Listed,
    st.integers(0, 5).map(lambda n: f"https://{n}.example/"),
    TEXT,
    st.lists(st.lists(TEXT, max_size=3).map(tuple), max_size=2).map(tuple),
)


@given(TEXT, st.lists(LISTED, max_size=6))
def test_whatever_is_written_is_read(title: str, feeds: list[Listed]) -> None:
    found = read_opml(write_opml(title, feeds, NOW))
    assert {one.url for one in found.feeds} == {one.url for one in feeds}


@given(st.binary(max_size=300))
def test_any_bytes_are_a_list_or_none(body: bytes) -> None:
    for start in (b"", b'<opml version="2.0"><body><outline text="a">'):
        try:
            found = read_opml(start + body)
        except Malformed:
            continue
        assert all(one.url.startswith(("http://", "https://")) for one in (*found.feeds, *found.pages))
